import type { Capped, Likeness } from "./represent.ts";

/** Words as numbers, the heaviest of the store first, of all its documents. */
export type WeightedDocs = {
  /** Word numbers of each document, ascending: heaviest first. */
  readonly docs: readonly Uint32Array[];
  readonly weights: Float64Array;
  /** Total weight of each document. */
  readonly totals: Float64Array;
};

/**
 * Weighs words by squared inverse document frequency, `ln((N + 1) / n)²`: what few runs speak of says what a run is about.
 * Documents with the same words count once, so copies of one run do not make its words common.
 */
export function weigh(docs: readonly (readonly string[])[]): WeightedDocs {
  const distinct = [...new Map(docs.map((words) => [[...words].sort().join(" "), words])).values()];
  const frequency = new Map<string, number>();
  for (const words of distinct) for (const word of words) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const rarest = [...frequency].sort(([a, n], [b, m]) => n - m || (a < b ? -1 : 1));
  const numbers = new Map(rarest.map(([word], number) => [word, number]));
  const weights = Float64Array.from(rarest, ([, n]) => Math.log((distinct.length + 1) / n) ** 2);
  const numbered = docs.map((words) => Uint32Array.from(words, (word) => numbers.get(word) ?? 0).sort());
  return { docs: numbered, weights, totals: Float64Array.from(numbered, (doc) => doc.reduce((sum, word) => sum + (weights[word] ?? 0), 0)) };
}

/** Weight of the words two documents share over the weight of all their words. */
export function weightedJaccard({ docs, weights, totals }: WeightedDocs, a: number, b: number): number {
  const [one = nothing, other = nothing] = [docs[a], docs[b]];
  let shared = 0;
  for (let i = 0, j = 0; i < one.length && j < other.length; ) {
    const [x = 0, y = 0] = [one[i], other[j]];
    if (x === y) shared += weights[x] ?? 0;
    if (x <= y) i += 1;
    if (y <= x) j += 1;
  }
  const all = (totals[a] ?? 0) + (totals[b] ?? 0) - shared;
  return all <= 0 ? 0 : Math.min(1, shared / all);
}

const nothing = new Uint32Array();

/** A word that so many kept traces have is no way to find candidates. */
const longestPosting = 2_000;

/**
 * Same-task likeness. Candidates come from an inverted index of the heaviest words only: a pair that reaches the threshold
 * t shares at least t of each one's weight, so it must share a word among the heaviest that make up 1 − t of it
 * (prefix filtering, Chaudhuri et al. 2006). Exact but for the cap on very common words.
 */
export function sameTask(weighted: WeightedDocs, threshold: number, told: Capped): Likeness {
  const postings = new Map<number, number[]>();
  const heads = weighted.docs.map((doc, at) => headOf(doc, weighted.weights, (1 - threshold) * (weighted.totals[at] ?? 0)));
  return {
    *candidates(at) {
      const seen = new Set<number>();
      for (const word of heads[at] ?? []) {
        const posting = postings.get(word) ?? [];
        if (posting.length >= longestPosting) told.capped += 1;
        for (const other of posting) if (!seen.has(other)) yield (seen.add(other), other);
      }
    },
    score: (a, b) => weightedJaccard(weighted, a, b),
    keep(at) {
      for (const word of heads[at] ?? []) {
        const posting = postings.get(word) ?? [];
        if (posting.length < longestPosting) posting.push(at);
        postings.set(word, posting);
      }
    },
  };
}

/** The heaviest words, until they weigh more than `share`: what is left is too light for a match to rest on alone. */
function headOf(doc: Uint32Array, weights: Float64Array, share: number): Uint32Array {
  let sum = 0;
  let end = 0;
  while (end < doc.length && sum <= share) sum += weights[doc[end++] ?? 0] ?? 0;
  return doc.subarray(0, end);
}
