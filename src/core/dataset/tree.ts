import { CasebookError } from "../base/error.ts";
import { readYaml } from "../base/yaml.ts";
import { labelFormat, type Label } from "../label/label.ts";
import { traceFormat, type Trace } from "../trace/schema.ts";
import { caseFormat, datasetFormat, lockFormat, type Case, type Dataset, type Lock } from "./case.ts";

/**
 * The files of one dataset, by path inside its folder with `/`, sorted: of the working tree, a staging folder or a git
 * commit. `name` is the folder as a person knows it (`datasets/support`). `odd` are entries that are no plain files.
 */
export interface FileTree {
  readonly name: string;
  /** All of them, or those in one folder (`cases/a`). */
  paths(under?: string): readonly string[];
  odd(): readonly string[];
  read(path: string): Uint8Array;
}

/** Of sorted paths those in a folder; all of them without one. */
export function pathsUnder(sorted: readonly string[], under?: string): readonly string[] {
  if (under === undefined) return sorted;
  // `0` is what follows `/`, so the folder's paths are all that stand between the two.
  return sorted.slice(placeOf(sorted, `${under}/`), placeOf(sorted, `${under}0`));
}

/** How many of the sorted paths come before this one. */
function placeOf(sorted: readonly string[], path: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? "") < path) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A dataset's next state, put together beside it. Paths as in a tree; nothing is seen of it before `commit`. */
export interface DatasetStage {
  write(path: string, text: string): void;
  /** A case folder or a file in one. */
  remove(path: string): void;
  /** The bytes that `commit` would put in place. */
  read(path: string): Uint8Array;
  commit(): void;
  discard(): void;
}

/** One case as it lies on disk: what its files say, and their bytes by path inside the case folder. */
export type CaseFolder = {
  readonly case: Case;
  readonly trace: Trace;
  readonly labels: readonly Label[];
  readonly files: ReadonlyMap<string, Uint8Array>;
};

export function caseIdsOf(tree: FileTree): string[] {
  const ids = tree.paths("cases").flatMap((path) => /^cases\/([^/]+)\//.exec(path)?.[1] ?? []);
  return [...new Set(ids)];
}

/** Reads and validates one case folder. Throws `bad-file` or `newer-file` naming the file. */
export function readCaseFolder(tree: FileTree, id: string): CaseFolder {
  const start = `cases/${id}/`;
  const paths = tree.paths(`cases/${id}`);
  const files = new Map(paths.map((path) => [path.slice(start.length), tree.read(path)]));
  const text = (path: string): string => {
    const bytes = files.get(path);
    if (bytes === undefined)
      throw new CasebookError("bad-file", `${tree.name}/${start}${path} is missing.`, {
        hint: "Restore it from git, or remove the case folder and run: casebook build",
      });
    return textOf(bytes, `${tree.name}/${start}${path}`);
  };
  const where = (path: string): string => `${tree.name}/${start}${path}`;
  return {
    case: caseFormat.read(readYaml(text("case.yaml"), where("case.yaml")), where("case.yaml")),
    trace: traceFormat.read(readJson(text("trace.json"), where("trace.json")), where("trace.json")),
    labels: [...files.keys()]
      .filter((path) => /^labels\/[^/]+\.yaml$/.test(path))
      .map((path) => labelFormat.read(readYaml(text(path), where(path)), where(path))),
    files,
  };
}

/** `dataset.yaml`; undefined where there is none yet. */
export function readDatasetFile(tree: FileTree): Dataset | undefined {
  if (!tree.paths().includes("dataset.yaml")) return undefined;
  const where = `${tree.name}/dataset.yaml`;
  return datasetFormat.read(readYaml(textOf(tree.read("dataset.yaml"), where), where), where);
}

/** Versions there are, oldest first. */
export function versionsOf(tree: FileTree): string[] {
  const versions = tree.paths("versions").flatMap((path) => /^versions\/(\d+\.\d+\.\d+)\.json$/.exec(path)?.[1] ?? []);
  return versions.sort(compareVersions);
}

/** One lock and the bytes it was read from. Throws `usage` naming what versions there are. */
export function readLock(tree: FileTree, version: string): { readonly lock: Lock; readonly bytes: Uint8Array } {
  const path = `versions/${version}.json`;
  if (!tree.paths("versions").includes(path)) {
    const known = versionsOf(tree);
    throw new CasebookError("usage", `${tree.name} has no version ${version}.`, {
      hint: known.length === 0 ? "It was never released: casebook release" : `There is: ${known.join(", ")}`,
    });
  }
  const bytes = tree.read(path);
  const where = `${tree.name}/${path}`;
  return { lock: lockFormat.read(readJson(textOf(bytes, where), where), where), bytes };
}

/** By number, part by part. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split(".").map(Number), b.split(".").map(Number)];
  for (let at = 0; at < 3; at += 1) {
    const by = (left[at] ?? 0) - (right[at] ?? 0);
    if (by !== 0) return by;
  }
  return 0;
}

const strictly = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes as UTF-8 text. Throws `bad-file` where they are not. */
export function textOf(bytes: Uint8Array, where: string): string {
  try {
    return strictly.decode(bytes);
  } catch {
    throw new CasebookError("bad-file", `${where}: not UTF-8 text.`, { hint: "Restore it from git, or save it as UTF-8." });
  }
}

function readJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CasebookError("bad-file", `${where}: not readable as JSON.`, { hint: "Restore it from git." });
  }
}
