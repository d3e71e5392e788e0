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
