import { canonicalJson, prettyCanonicalJson } from "../base/json.ts";
import { sha256 } from "../base/hash.ts";
import type { Taxonomy } from "../label/taxonomy.ts";
import type { RedactionStamp } from "../redact/types.ts";
import type { Bump, Lock, LockedCase } from "./case.ts";
import { caseHash, partsOf } from "./digest.ts";
import { bumpOf, changesBetween, nextVersion, type Change } from "./semver.ts";
import type { CaseFolder } from "./tree.ts";

/** The present content of a dataset as a lock would hold it, without version and history. */
export type Contents = Pick<Lock, "hash" | "cases" | "taxonomy" | "redaction">;

/** Every file of every case goes into it, whatever it is called. */
export function contentsOf(cases: readonly CaseFolder[], taxonomy: Taxonomy): Contents {
  const sorted = [...cases].sort((a, b) => (a.case.id < b.case.id ? -1 : 1));
  const locked = Object.fromEntries(sorted.map((folder) => [folder.case.id, lockCase(folder)]));
  const stamps = new Map<string, RedactionStamp>(sorted.map(({ case: entry }) => [canonicalJson(entry.provenance.redaction), entry.provenance.redaction]));
  return {
    hash: sha256(Object.entries(locked).map(([id, entry]) => `${id} ${entry.case}\n`).join("")),
    cases: locked,
    taxonomy: { version: taxonomy.version, hash: sha256(canonicalJson(taxonomy)) },
    redaction: [...stamps].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, stamp]) => stamp),
  };
}

function lockCase({ case: entry, trace, files }: CaseFolder): LockedCase {
  const { parts, meaning } = partsOf(entry, trace);
  return {
    case: caseHash(entry),
    trace: sha256(files.get("trace.json") ?? ""),
    meaning,
    parts,
    verdict: entry.label.verdict,
    codes: entry.label.codes,
    files: Object.fromEntries([...files].map(([path, bytes]) => [path, sha256(bytes)])),
  };
}

/** A release worked out, not yet written. `text` is the lock's bytes. */
export type ReleasePlan = { readonly version: string; readonly bump: Bump; readonly changes: readonly Change[]; readonly lock: Lock; readonly text: string };

/**
 * The next lock of a dataset, or undefined where nothing changed since the last one. Nothing in it depends on a clock: the
 * same cases after the same history give the same bytes.
 */
export function planRelease(dataset: string, contents: Contents, last: { readonly lock: Lock; readonly bytes: Uint8Array } | undefined): ReleasePlan | undefined {
  const changes = last === undefined ? [] : changesBetween(last.lock, contents);
  const bump = last === undefined ? "initial" : bumpOf(changes);
  if (bump === undefined) return undefined;
  const version = nextVersion(last?.lock.version, bump);
  const count = Object.keys(contents.cases).length;
  const lock = sealLock({
    schema: "casebook/lock@1",
    dataset,
    version,
    ...contents,
    bump,
    why: last === undefined ? [`first release, ${count} ${count === 1 ? "case" : "cases"}`] : changes.map((change) => change.words),
    ...(last === undefined ? {} : { previous: { version: last.lock.version, sha256: sha256(last.bytes) } }),
  });
  return { version, bump, changes, lock, text: prettyCanonicalJson(lock) };
}

const sealLock = (lock: Omit<Lock, "seal">): Lock => ({ ...lock, seal: sealOf(lock) });

/** sha-256 of a lock's canonical JSON without its seal. */
export function sealOf(lock: Omit<Lock, "seal"> & { readonly seal?: string }): string {
  return sha256(canonicalJson({ ...lock, seal: undefined }));
}
