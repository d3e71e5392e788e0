import type { Bump, LockedCase } from "./case.ts";
import type { Contents } from "./lock.ts";
import { bumpOf, changesBetween, nextVersion, type Change } from "./semver.ts";

/** A dataset at one moment. `label` is how a person calls it; titles are there where the case files could be read. */
export type Moment = { readonly label: string; readonly version: string | undefined; readonly contents: Pick<Contents, "cases" | "taxonomy">; readonly titles: ReadonlyMap<string, string> };

export type CaseDiff = Pick<Change, "id" | "kind" | "bump" | "words"> & {
  readonly title: string | undefined;
  readonly before: string | undefined;
  readonly after: string | undefined;
};

/** What differs, what bump that makes, and how the cases spread over verdicts and root causes on both sides. */
export type DatasetDiff = {
  readonly from: string;
  readonly to: string;
  readonly bump: Bump | "none";
  /** What the next version would be called, where `from` is a version. */
  readonly next: string | undefined;
  readonly changes: readonly CaseDiff[];
  readonly counts: readonly { readonly code: string; readonly before: number; readonly after: number }[];
};

/** The difference of two moments of one dataset, as data for every form of output. */
export function diffDatasets(from: Moment, to: Moment): DatasetDiff {
  const changes = changesBetween(from.contents, to.contents);
  const bump = bumpOf(changes) ?? "none";
  return {
    from: from.label,
    to: to.label,
    bump,
    next: from.version === undefined || bump === "none" ? undefined : nextVersion(from.version, bump),
    changes: changes.map(({ id, kind, bump: by, words }) => ({
      id,
      kind,
      bump: by,
      words,
      title: to.titles.get(id) ?? from.titles.get(id),
      before: verdictOf(from.contents.cases[id]),
      after: verdictOf(to.contents.cases[id]),
    })),
    counts: spread(from.contents.cases, to.contents.cases),
  };
}

const verdictOf = (entry: LockedCase | undefined): string | undefined => (entry === undefined ? undefined : [entry.verdict, ...entry.codes.slice(0, 1)].join(": "));

function spread(before: Contents["cases"], after: Contents["cases"]): DatasetDiff["counts"] {
  const count = (cases: Contents["cases"]): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const entry of Object.values(cases)) counts.set(verdictOf(entry) ?? "", (counts.get(verdictOf(entry) ?? "") ?? 0) + 1);
    return counts;
  };
  const [left, right] = [count(before), count(after)];
  return [...new Set([...left.keys(), ...right.keys()])].sort().map((code) => ({ code, before: left.get(code) ?? 0, after: right.get(code) ?? 0 }));
}
