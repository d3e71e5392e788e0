import { diffDatasets, type DatasetDiff, type Moment } from "../core/dataset/diff.ts";
import { contentsOf } from "../core/dataset/lock.ts";
import { caseIdsOf, readCaseFolder, readLock, type FileTree } from "../core/dataset/tree.ts";
import type { Taxonomy } from "../core/label/taxonomy.ts";

/** What a person can name: a released version, the working tree, or a commit. */
export type Side = { readonly kind: "version"; readonly version: string } | { readonly kind: "tree"; readonly label: string; readonly tree: FileTree; readonly taxonomy: Taxonomy };

/** The difference between two sides of one dataset. `work` gives titles where a side is a lock, which has none. */
export function diff(work: FileTree, from: Side, to: Side): DatasetDiff {
  const titles = new Map(caseIdsOf(work).map((id) => [id, readCaseFolder(work, id).case.title]));
  return diffDatasets(momentOf(work, from, titles), momentOf(work, to, titles));
}

function momentOf(work: FileTree, side: Side, titles: ReadonlyMap<string, string>): Moment {
  if (side.kind === "version") {
    const { lock } = readLock(work, side.version);
    return { label: side.version, version: side.version, contents: lock, titles };
  }
  const cases = caseIdsOf(side.tree).map((id) => readCaseFolder(side.tree, id));
  return {
    label: side.label,
    version: undefined,
    contents: contentsOf(cases, side.taxonomy),
    titles: new Map(cases.map((folder) => [folder.case.id, folder.case.title])),
  };
}
