import type { Sketch } from "./sketch.ts";

/** One trace that is like another. `score` 0..1. */
export type Match = { readonly dropped: number; readonly kept: number; readonly score: number };

/** Counts the look-ups that were cut short, so that a cap is never silent. */
export type Capped = { capped: number };

/** How one level compares: whom a trace may be like among those kept so far, and how alike two are. */
export type Likeness = {
  /** Positions of kept traces worth comparing, each once. */
  candidates(at: number): Iterable<number>;
  score(a: number, b: number): number;
  /** `at` is kept: later traces may be compared with it. */
  keep(at: number): void;
};

/**
 * Clusters around representatives: each trace, in the given order, is like the kept trace it scores highest with (the
 * earlier one of two equals) if that reaches the threshold, else it is kept itself. Nothing is dropped for being like
 * something dropped: likeness is not transitive, and chains of it swallow whole stores.
 */
export function represent(order: readonly number[], threshold: number, likeness: Likeness): Match[] {
  const rank = new Map(order.map((at, n) => [at, n]));
  const matches: Match[] = [];
  for (const at of order) {
    let best: { kept: number; score: number } | undefined;
    for (const kept of likeness.candidates(at)) {
      const score = likeness.score(at, kept);
      if (score < threshold || (best !== undefined && (score < best.score || (score === best.score && (rank.get(kept) ?? 0) > (rank.get(best.kept) ?? 0))))) continue;
      best = { kept, score };
    }
    if (best === undefined) likeness.keep(at);
    else matches.push({ dropped: at, ...best });
  }
  return matches;
}

/** Who is kept of those alike: the one recorded most fully, then the one with most to it, then the first to arrive. */
export function keepOrder(sketches: readonly Sketch[], size: (at: number) => number): number[] {
  const fullness = (at: number): number => sketches[at]?.fullness ?? 0;
  return sketches.map((_, at) => at).sort((a, b) => fullness(b) - fullness(a) || size(b) - size(a) || a - b);
}
