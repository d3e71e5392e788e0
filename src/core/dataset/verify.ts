import { canonicalJson, prettyCanonicalJson } from "../base/json.ts";
import { CasebookError } from "../base/error.ts";
import { sha256 } from "../base/hash.ts";
import { redFirst } from "../grade/red-first.ts";
import { findCode } from "../label/codes.ts";
import type { Taxonomy } from "../label/taxonomy.ts";
import type { Lock } from "./case.ts";
import { annotatorFile, isCaseFile } from "./files.ts";
import { sealOf } from "./lock.ts";
import { caseIdsOf, readCaseFolder, readDatasetFile, readLock, versionsOf, type CaseFolder, type FileTree } from "./tree.ts";

/** Something wrong with a dataset: which file, what, and what to do. Never quotes a case. */
export type Finding = { readonly code: string; readonly path: string; readonly message: string; readonly remedy: string };

type Report = (code: string, path: string, message: string, remedy: string) => void;

const restore = "restore the file from git, or take the change: casebook release";
const rebuild = "casebook build, or edit the file by hand";

/**
 * Everything that can be told from the files alone: names, shapes, references, red-first, the chain of locks, and (with
 * `locks: "tree"`) that the tree is, byte for byte, what one version locked (the last, unless `version`). `history` checks
 * the locks but not the tree against them, which is what a release is about to change.
 */
export function verifyTree(
  tree: FileTree,
  options: { readonly taxonomy: Taxonomy; readonly locks: "tree" | "history"; readonly version?: string | undefined },
): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (code, path, message, remedy) => findings.push({ code, path: `${tree.name}/${path}`, message, remedy });
  checkNames(tree, report);
  checkDataset(tree, options.taxonomy, report);
  for (const id of caseIdsOf(tree)) {
    const folder = attempt(tree, `cases/${id}/case.yaml`, () => readCaseFolder(tree, id), findings);
    if (folder !== undefined) checkCase(id, folder, options.taxonomy, report);
  }
  const last = checkLocks(tree, report, findings);
  if (options.locks === "tree") {
    const lock = options.version === undefined ? last : attempt(tree, `versions/${options.version}.json`, () => readLock(tree, options.version ?? "").lock, findings);
    if (lock !== undefined) compareTree(tree, lock, report);
  }
  return findings;
}

const places = [/^(?:dataset\.yaml|README\.md|CHANGELOG\.md|baseline[a-z0-9._-]*\.jsonl)$/, /^versions\/\d+\.\d+\.\d+\.json$/];

function checkNames(tree: FileTree, report: Report): void {
  for (const path of tree.odd()) report("odd-file", path, "is no plain file (a link, perhaps)", "replace it by the file itself");
  for (const path of tree.paths()) {
    const inCase = /^cases\/[a-z0-9][a-z0-9-]*\/(.+)$/.exec(path)?.[1];
    if (inCase === undefined ? !places.some((place) => place.test(path)) : !isCaseFile(inCase))
      report("stray-file", path, "does not belong in a dataset", "move it elsewhere");
  }
}

function checkDataset(tree: FileTree, taxonomy: Taxonomy, report: Report): void {
  try {
    const dataset = readDatasetFile(tree);
    if (dataset === undefined) report("no-dataset", "dataset.yaml", "is missing", "restore it from git, or: casebook build");
    else if (dataset.name !== tree.name.split("/").at(-1)) report("wrong-name", "dataset.yaml", "names another dataset than its folder", "rename one of them");
    else if (major(dataset.taxonomy) > major(taxonomy.version)) report("old-taxonomy", "dataset.yaml", "was made with a later taxonomy", "bring taxonomy.yaml up to date");
  } catch (error) {
    if (!(error instanceof CasebookError)) throw error;
    const message = error.message.slice(error.message.indexOf("dataset.yaml") + "dataset.yaml".length).replace(/^:\s*/, "");
    report(error.code, "dataset.yaml", message, error.hint ?? "restore it from git");
  }
}

const major = (version: string): number => Number(version.split(".")[0] ?? 0) || 0;

function checkCase(id: string, { case: entry, trace, labels, files }: CaseFolder, taxonomy: Taxonomy, report: Report): void {
  const at = (path: string): string => `cases/${id}/${path}`;
  const spans = new Set(trace.spans.map((span) => span.id));
  if (entry.id !== id) report("wrong-id", at("case.yaml"), "has another id than its folder", "give the folder its old name, or: casebook build");
  if (!id.endsWith(`-${sha256(canonicalJson(entry.input)).slice(0, 8)}`))
    report("edited-input", at("case.yaml"), "holds another input than the one that gave it its id", "input is recorded, not written: restore it");
  if (new TextDecoder().decode(files.get("trace.json")) !== prettyCanonicalJson(trace)) report("not-canonical", at("trace.json"), "was edited by hand or by another tool", "restore it from git, or: casebook build");
  if (trace.id !== entry.provenance.trace_id) report("wrong-trace", at("trace.json"), "is not the trace that case.yaml names", rebuild);
  const { first_failing_span: first } = entry.label;
  if (first !== undefined && !spans.has(first)) report("no-such-span", at("case.yaml"), "names a first failing span that the trace does not have", rebuild);
  for (const code of entry.label.codes)
    if (findCode(taxonomy, code) === undefined) report("unknown-code", at("case.yaml"), `names ${code}, which the taxonomy does not have`, "add the code to taxonomy.yaml, or label the trace again");
  const beyond = trace.spans.some(({ model }) =>
    [model?.instructions, ...(model?.input ?? []), ...(model?.output ?? [])].some((index) => index !== undefined && trace.messages[index] === undefined),
  );
  if (beyond || trace.spans.some((span) => span.parent_id !== null && !spans.has(span.parent_id)))
    report("dangling", at("trace.json"), "points at messages or spans it does not have", "restore it from git, or: casebook build");
  const ids = entry.checks.map((check) => check.id);
  if (new Set(ids).size < ids.length) report("same-check-id", at("case.yaml"), "has two checks of one id", "give each check its own id");
  const proof = redFirst({ label: entry.label, checks: entry.checks, trace });
  if (!proof.ok && entry.vacuous === undefined) report("vacuous", at("case.yaml"), proof.why, "mend the checks, or record why: casebook build --allow-vacuous REASON");
  checkLabels(id, { entry, labels, files }, report);
}

function checkLabels(id: string, { entry, labels, files }: { entry: CaseFolder["case"]; labels: CaseFolder["labels"]; files: CaseFolder["files"] }, report: Report): void {
  const names = labels.map((label) => label.annotator).sort();
  for (const label of labels)
    if (!files.has(`labels/${annotatorFile(label.annotator)}`)) report("wrong-name", `cases/${id}/labels`, "has a file that is not named after its annotator", "rename the file");
  if (canonicalJson(names) !== canonicalJson([...entry.provenance.annotators].sort()))
    report("dangling", `cases/${id}/case.yaml`, "names other annotators than there are label files", "restore labels/ from git, or: casebook build");
  if (labels.length > 0 && !labels.some((label) => label.verdict === entry.label.verdict))
    report("label-edited", `cases/${id}/case.yaml`, "has a verdict that none of its label files has", "change it with casebook label, then casebook build");
}

/** Each lock by itself, and each against the one before it. The last one that could be read comes back. */
function checkLocks(tree: FileTree, report: Report, findings: Finding[]): Lock | undefined {
  const versions = versionsOf(tree);
  let last: Lock | undefined;
  for (const [index, version] of versions.entries()) {
    const path = `versions/${version}.json`;
    const read = attempt(tree, path, () => readLock(tree, version), findings);
    if (read === undefined) continue;
    const { lock, bytes } = read;
    last = lock;
    const before = versions[index - 1];
    if (lock.version !== version) report("wrong-name", path, "locks another version than its name says", "restore it from git");
    else if (new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes) !== prettyCanonicalJson(lock) || sealOf(lock) !== lock.seal) report("lock-edited", path, "was changed after it was written", "restore it from git: a released version never changes");
    const link = before === undefined ? undefined : { version: before, sha256: sha256(tree.read(`versions/${before}.json`)) };
    if (canonicalJson(lock.previous ?? null) !== canonicalJson(link ?? null))
      report("broken-chain", path, before === undefined ? "names a version before it that is not there" : `does not follow ${before} as it is now`, "restore versions/ from git");
  }
  return last;
}

function compareTree(tree: FileTree, lock: Lock, report: Report): void {
  const files = Object.entries(lock.cases).flatMap(([id, entry]) => Object.entries(entry.files).map(([path, hash]) => [`cases/${id}/${path}`, hash] as const));
  const locked = new Map<string, string>(files);
  const there = tree.paths("cases");
  for (const path of there) {
    const hash = locked.get(path);
    if (hash === undefined) report("not-locked", path, `is not in version ${lock.version}`, "casebook release, or remove it");
    else if (hash !== sha256(tree.read(path))) report("changed", path, `is not as version ${lock.version} locked it`, restore);
    locked.delete(path);
  }
  for (const path of locked.keys()) report("missing", path, `was locked by version ${lock.version} and is gone`, restore);
}

/** What could not be read is a finding, not the end: the other files are looked at too. */
function attempt<T>(tree: FileTree, path: string, read: () => T, findings: Finding[]): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CasebookError)) throw error;
    const start = `${tree.name}/`;
    const named = error.message.startsWith(start) ? error.message.split(/[: ]/, 1)[0] : undefined;
    const message = named === undefined ? error.message : error.message.slice(named.length).replace(/^[:\s]+/, "");
    findings.push({ code: error.code, path: named ?? start + path, message, remedy: error.hint ?? "restore it from git" });
    return undefined;
  }
}
