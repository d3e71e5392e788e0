import type { ToolTake } from "../trace/derived.ts";
import { exactKey, ruleKey, type MatchRule } from "./match-rule.ts";
import type { Fidelity, TrialStep } from "./run.ts";

/** A call that a replayed agent makes. */
export type Asked = { readonly name: string; readonly arguments: string };

/** How far one trial has read the tape. Belongs to that trial; never changed, each answer comes with the next cursor. */
export type Cursor = { readonly used: ReadonlySet<number>; readonly served: number; readonly drifted: number; readonly missed: number };

type Match = NonNullable<TrialStep["match"]>;
export type Answered = { readonly match: Match; readonly take: ToolTake | undefined; readonly cursor: Cursor };

export const startOfTape: Cursor = { used: new Set(), served: 0, drifted: 0, missed: 0 };

/**
 * Finds the recording that answers a call. First rung that holds: equal arguments not yet used (`exact`) → equal under
 * the declared rules (`rule`) → the next unused recording of the same tool, its arguments drifted (`sequence`) → a used
 * recording of the same tool with the same arguments, asked for once more (`elsewhere`) → `miss`. Identical calls
 * consume their recordings in order. The ladder is that of replay-style test doubles, with drift counted instead of hidden.
 */
export function answerFromTape(takes: readonly ToolTake[], cursor: Cursor, asked: Asked, rules: readonly MatchRule[] = []): Answered {
  const same = takes.filter((take) => take.name === asked.name);
  const unused = same.filter((take) => !cursor.used.has(take.seq));
  const exact = exactKey(asked.arguments);
  const loose = ruleKey(asked.name, asked.arguments, rules);
  const isExact = (take: ToolTake): boolean => exactKey(take.arguments) === exact;
  const isLoose = (take: ToolTake): boolean => loose !== undefined && ruleKey(take.name, take.arguments, rules) === loose;
  const rungs: readonly [Match, ToolTake | undefined][] = [
    ["exact", unused.find(isExact)],
    ["rule", unused.find(isLoose)],
    ["sequence", unused[0]],
    ["elsewhere", same.findLast((take) => isExact(take) || isLoose(take))],
  ];
  const [match, take] = rungs.find(([, found]) => found !== undefined) ?? (["miss", undefined] as const);
  return { match, take, cursor: advance(cursor, match, take) };
}

function advance(cursor: Cursor, match: Match, take: ToolTake | undefined): Cursor {
  const exact = match === "exact" || match === "rule";
  return {
    used: take === undefined ? cursor.used : new Set([...cursor.used, take.seq]),
    served: cursor.served + (exact ? 1 : 0),
    drifted: cursor.drifted + (!exact && take !== undefined ? 1 : 0),
    missed: cursor.missed + (take === undefined ? 1 : 0),
  };
}

/** What the tape did for a trial, once the trial is over. */
export function fidelityOf(takes: readonly ToolTake[], cursor: Cursor): Fidelity {
  const { served, drifted, missed } = cursor;
  return { served, drifted, missed, unconsumed: takes.filter((take) => !cursor.used.has(take.seq)).length };
}

/** Calls served as recorded over all calls, 0..1; 1 where nothing was called. */
export function fidelityShare({ served, drifted, missed }: Fidelity): number {
  const calls = served + drifted + missed;
  return calls === 0 ? 1 : served / calls;
}
