import type { Bump, Lock, LockedCase } from "./case.ts";

/** One difference between two locked states of a dataset. `parts` are what changed in an edited or reworded case. */
export type Change = {
  readonly id: string;
  readonly kind: "added" | "removed" | "renamed" | "edited" | "reworded" | "taxonomy";
  readonly bump: Exclude<Bump, "initial">;
  readonly words: string;
};

type State = Pick<Lock, "cases" | "taxonomy">;

/**
 * What changed between two states, by case id. PATCH: the same meaning in other words or bytes. MINOR: cases were added, or
 * the taxonomy moved on. MAJOR: something a replay is judged by was edited, removed, or is now under another id, so that
 * results before and after cannot be compared.
 */
export function changesBetween(before: State, after: State): Change[] {
  const changes: Change[] = [];
  const gone = Object.keys(before.cases).filter((id) => after.cases[id] === undefined);
  const fresh = Object.keys(after.cases).filter((id) => before.cases[id] === undefined);
  for (const id of gone) {
    const to = fresh.find((other) => after.cases[other]?.meaning === before.cases[id]?.meaning);
    if (to === undefined) changes.push({ id, kind: "removed", bump: "major", words: `removed ${id}` });
    else {
      fresh.splice(fresh.indexOf(to), 1);
      changes.push({ id: to, kind: "renamed", bump: "major", words: `renamed ${id} to ${to}` });
    }
  }
  for (const id of fresh) changes.push({ id, kind: "added", bump: "minor", words: `added ${id} (${summary(after.cases[id])})` });
  for (const [id, old] of Object.entries(before.cases)) {
    const now = after.cases[id];
    if (now === undefined) continue;
    const change = caseChange(id, old, now);
    if (change !== undefined) changes.push(change);
  }
  const { taxonomy } = after;
  if (taxonomy.version !== before.taxonomy.version)
    changes.push({ id: "", kind: "taxonomy", bump: "minor", words: `taxonomy ${before.taxonomy.version} to ${taxonomy.version}` });
  else if (taxonomy.hash !== before.taxonomy.hash)
    changes.push({ id: "", kind: "taxonomy", bump: "patch", words: `taxonomy ${taxonomy.version} reworded` });
  return changes.sort((a, b) => (a.words < b.words ? -1 : 1));
}

function caseChange(id: string, old: LockedCase, now: LockedCase): Change | undefined {
  if (now.meaning !== old.meaning) {
    const parts = (["input", "verdict", "checks", "recording"] as const).filter((part) => now.parts[part] !== old.parts[part]);
    const verdict = now.verdict === old.verdict ? "" : `, ${old.verdict} to ${now.verdict}`;
    return { id, kind: "edited", bump: "major", words: `edited ${id}: ${parts.join(", ")}${verdict}` };
  }
  const paths = new Set([...Object.keys(old.files), ...Object.keys(now.files)]);
  const files = [...paths].filter((path) => old.files[path] !== now.files[path]).sort();
  if (files.length === 0) return undefined;
  const what = old.parts.words === now.parts.words ? files.join(", ") : "words";
  return { id, kind: "reworded", bump: "patch", words: `reworded ${id}: ${what}` };
}

const summary = (entry: LockedCase | undefined): string =>
  entry === undefined ? "" : [entry.verdict, ...entry.codes.slice(0, 1)].join(": ");

/** The largest of the bumps; undefined where nothing changed. */
export function bumpOf(changes: readonly Change[]): Change["bump"] | undefined {
  return (["major", "minor", "patch"] as const).find((bump) => changes.some((change) => change.bump === bump));
}

/** `1.2.3` raised. The first release is 1.0.0. */
export function nextVersion(version: string | undefined, bump: Bump): string {
  if (version === undefined || bump === "initial") return "1.0.0";
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  if (bump === "major") return `${major + 1}.0.0`;
  return bump === "minor" ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`;
}
