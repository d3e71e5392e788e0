import type { Problem, Where } from "../base/problem.ts";
import type { Piece } from "../trace/piece.ts";

/** What one foreign JSON value became. A value of no interest gives neither pieces nor problems. */
export type Read = { readonly pieces: readonly Piece[]; readonly problems: readonly Problem[] };

/**
 * One family of exports. `recognises` looks at the first record of a file only and must not throw; `read` takes one
 * JSON value (a line, an element of an array, a whole document) and never throws on what it holds.
 */
export type Source = {
  /** What `--format` calls it: `native`, `otlp`, `langfuse`, … */
  readonly name: string;
  readonly recognises: (value: unknown) => boolean;
  readonly read: (value: unknown, where: Where) => Read;
};

/** A row that is not what a source reads: its 1-based place in a page or list of several, and what stands where its trace's id should. */
export type LostRow = { readonly at: number; readonly trace: unknown };

const shown = 5;

/** The problem of rows that are not what a source reads; none where there are none. */
export function lostRows({ code, what, remedy }: { readonly code: string; readonly what: readonly [one: string, more: string]; readonly remedy: string }, lost: readonly LostRow[], { where, of }: { readonly where: Where; readonly of: number }): Problem[] {
  if (lost.length === 0) return [];
  const places = lost.length === of ? "" : ` (row ${lost.slice(0, shown).map(({ at }) => at).join(", ")}${lost.length > shown ? ", …" : ""})`;
  const traces = [...new Set(lost.map(({ trace }) => trace))].filter((id) => typeof id === "string" && id !== "").slice(0, shown) as string[];
  return [{ code, where, message: `${lost.length === 1 ? `a row is ${what[0]}` : `${lost.length} rows are ${what[1]}`}${places}.`, remedy, ...(traces.length === 0 ? {} : { trace_ids: traces }) }];
}
