import { CasebookError } from "../core/base/error.ts";
import { isCaseFile, writeDataset } from "../core/dataset/files.ts";
import { findLeaks, type Gated, type Leak, type Scanned } from "../core/dataset/leak.ts";
import { planBuild, type BuildPlan } from "../core/dataset/plan.ts";
import type { BuildInput } from "../core/dataset/candidates.ts";
import { caseIdsOf, readCaseFolder, readDatasetFile, textOf, type DatasetStage, type FileTree } from "../core/dataset/tree.ts";
import type { Taxonomy } from "../core/label/taxonomy.ts";
import type { DedupStore, LabelReader, TraceReader } from "../core/ports.ts";

export type BuildOptions = {
  readonly name: string;
  readonly description?: string | undefined;
  readonly allowVacuous?: string | undefined;
  readonly dryRun: boolean;
};

export type BuildPorts = {
  readonly labels: LabelReader;
  readonly suspects: BuildInput["suspects"];
  readonly traces: Pick<TraceReader, "get">;
  readonly dedup: Pick<DedupStore, "read">;
  readonly taxonomy: Taxonomy;
  readonly tree: FileTree;
  readonly stage: () => DatasetStage;
  readonly gated: Gated;
};

/** What build did or would do. With leaks nothing was written. */
export type Built = { readonly plan: BuildPlan; readonly leaks: readonly Leak[]; readonly written: boolean };

/**
 * Turns the labels in effect into case folders: plan, stage, gates over what is staged, exchange. Nothing is written when a
 * gate sees a leak. Throws `usage` when there are no labels, `bad-file` on a case that cannot be read.
 */
export async function build(options: BuildOptions, ports: BuildPorts): Promise<Built> {
  const { tree } = ports;
  const labels = ports.labels.labels();
  if (labels.length === 0)
    throw new CasebookError("usage", "There are no labels yet, so there is nothing to build.", { hint: "Judge some traces first: casebook label" });
  const plan = planBuild({
    labels,
    trace: (id) => ports.traces.get(id),
    decisions: ports.dedup.read(),
    suspects: ports.suspects,
    taxonomy: ports.taxonomy,
    existing: new Map(caseIdsOf(tree).map((id) => [id, readCaseFolder(tree, id)])),
    allowVacuous: options.allowVacuous,
  });
  const known = readDatasetFile(tree);
  const moving = plan.cases.filter((one) => one.status !== "unchanged");
  if (moving.length === 0 && (known !== undefined || plan.cases.length === 0)) return { plan, leaks: [], written: false };

  const stage = ports.stage();
  try {
    const staged: string[] = [];
    const write = (path: string, text: string): void => {
      stage.write(path, text);
      staged.push(path);
    };
    if (known === undefined) write("dataset.yaml", writeDataset(newDataset(options, ports.taxonomy)));
    for (const one of moving) {
      if (one.was !== undefined) stage.remove(`cases/${one.was}`);
      for (const path of tree.paths(`cases/${one.id}`))
        if (isCaseFile(path.slice(`cases/${one.id}/`.length))) stage.remove(path);
      for (const [path, text] of one.files) write(`cases/${one.id}/${path}`, text);
    }
    const leaks = await findLeaks(ports.gated, stagedFiles(stage, staged, tree.name));
    if (leaks.length > 0 || options.dryRun) return { plan, leaks, written: false };
    stage.commit();
    return { plan, leaks, written: true };
  } finally {
    stage.discard();
  }
}

const newDataset = ({ name, description }: BuildOptions, taxonomy: Taxonomy): Parameters<typeof writeDataset>[0] => ({
  schema: "casebook/dataset@1",
  name,
  description: description ?? "Labelled agent runs. Say here what they are for and where they come from.",
  taxonomy: taxonomy.version,
});

function* stagedFiles(stage: DatasetStage, paths: readonly string[], folder: string): Iterable<Scanned> {
  for (const path of paths) yield { path: `${folder}/${path}`, text: textOf(stage.read(path), path) };
}
