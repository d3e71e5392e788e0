import { CasebookError } from "../base/error.ts";
import { sha256 } from "../base/hash.ts";
import { readYaml } from "../base/yaml.ts";
import { caseFormat, type Case } from "../dataset/case.ts";
import { partsOf } from "../dataset/digest.ts";
import { sealOf } from "../dataset/lock.ts";
import { caseIdsOf, readLock, textOf, versionsOf, type FileTree } from "../dataset/tree.ts";
import { traceFormat, type Trace } from "../trace/schema.ts";
import type { RunHeader } from "./run.ts";

/** The cases of one version of a dataset: what a run needs to know of all of them, and a way to load one. */
export type CaseSet = {
  readonly version: string;
  readonly hash: string;
  /** Sorted by id. `hash` is of what a replay is judged by, so that a new title makes no case another one. */
  readonly cases: RunHeader["cases"];
  load(id: string): { readonly case: Case; readonly trace: Trace };
};

/**
 * A released version (`undefined`: the newest), after every byte of its cases was compared with its lock; or the working tree as it is
 * (`unreleased`). A version whose files are not those that were released is `refused`, naming the first cases that differ.
 */
export function openCases(tree: FileTree, version: string | undefined): CaseSet {
  const files = keeping(tree);
  const load = loader(files);
  return version === "unreleased" ? workingTree(tree, load) : released(tree, version, { files, load });
}

function released(tree: FileTree, version: string | undefined, { files, load }: { files: Files; load: CaseSet["load"] }): CaseSet {
  const known = version ?? versionsOf(tree).at(-1);
  if (known === undefined)
    throw new CasebookError("usage", `${tree.name} was never released, so there is no version to replay.`, {
      hint: "casebook release, or replay what is there now: --unreleased",
    });
  const { lock } = readLock(tree, known);
  if (sealOf(lock) !== lock.seal) throw refused(tree, known, "its lock was edited");
  const same = (path: string, digest: string): boolean => {
    const bytes = files.read(path);
    return bytes !== undefined && sha256(bytes) === digest;
  };
  const ids = Object.keys(lock.cases).sort();
  const changed = ids.filter((id) => !Object.entries(lock.cases[id]?.files ?? {}).every(([path, digest]) => same(`cases/${id}/${path}`, digest)));
  if (changed.length > 0) throw refused(tree, known, `${changed.length} of its ${ids.length} cases are not as released (${changed.slice(0, 3).join(", ")}${changed.length > 3 ? ", …" : ""})`);
  return {
    version: known,
    hash: lock.hash,
    cases: ids.flatMap((id) => {
      const locked = lock.cases[id];
      return locked === undefined ? [] : [{ id, hash: locked.meaning, label: locked.verdict, codes: [...locked.codes] }];
    }),
    load,
  };
}

/** How much of a dataset is kept once read, bytes; and how large one may be whose cases are kept as they are understood, which takes much more. */
const room = 64 * 1024 * 1024;
const smallRoom = 4 * 1024 * 1024;

type Files = { readonly name: string; read(path: string): Uint8Array | undefined; isSmall(): boolean };

/** Reads a case; of a small dataset only once, because each repeat and each prompt version asks again. Nobody changes what it gives. */
function loader(files: Files): CaseSet["load"] {
  const known = new Map<string, ReturnType<CaseSet["load"]>>();
  return (id) => {
    const found = known.get(id) ?? loadCase(files, id);
    if (files.isSmall()) known.set(id, found);
    return found;
  };
}

/** A dataset whose small files are read once, so that what is replayed is what was compared. Undefined: no such file. */
function keeping(tree: FileTree): Files {
  const kept = new Map<string, Uint8Array>();
  let left = room;
  return {
    name: tree.name,
    isSmall: () => room - left <= smallRoom,
    read(path) {
      const known = kept.get(path);
      if (known !== undefined) return known;
      const bytes = attempt(tree, path);
      if (bytes === undefined) return bytes;
      if (bytes.length > left) {
        left = 0;
        return bytes;
      }
      left -= bytes.length;
      kept.set(path, bytes);
      return bytes;
    },
  };
}

function attempt(tree: FileTree, path: string): Uint8Array | undefined {
  try {
    return tree.read(path);
  } catch {
    return undefined;
  }
}

function workingTree(tree: FileTree, load: CaseSet["load"]): CaseSet {
  const cases = caseIdsOf(tree).sort().map((id) => {
    const { case: entry, trace } = load(id);
    return { id, hash: partsOf(entry, trace).meaning, label: entry.label.verdict, codes: [...entry.label.codes] };
  });
  return { version: "unreleased", hash: sha256(cases.map(({ id, hash }) => `${id} ${hash}\n`).join("")), cases, load };
}

function loadCase(files: Files, id: string): { case: Case; trace: Trace } {
  const text = (path: string): { text: string; where: string } => {
    const where = `${files.name}/cases/${id}/${path}`;
    const bytes = files.read(`cases/${id}/${path}`);
    if (bytes === undefined) throw new CasebookError("bad-file", `${where} is missing.`, { hint: "Restore it from git, or run: casebook build" });
    return { text: textOf(bytes, where), where };
  };
  const yaml = text("case.yaml");
  const recording = text("trace.json");
  let json: unknown;
  try {
    json = JSON.parse(recording.text);
  } catch {
    throw new CasebookError("bad-file", `${recording.where}: not readable as JSON.`, { hint: "Restore it from git." });
  }
  return { case: caseFormat.read(readYaml(yaml.text, yaml.where), yaml.where), trace: traceFormat.read(json, recording.where) };
}

const refused = (tree: FileTree, version: string, why: string): CasebookError =>
  new CasebookError("refused", `${tree.name} is not version ${version}: ${why}.`, {
    hint: `Look with casebook verify, make a new version with casebook release, or replay what is there now: --unreleased`,
  });
