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
 * Same-task likeness. Candidates come from an inverted index, asked for a trace's heaviest words only: a pair that reaches
 * the threshold t shares at least t of each one's weight, so it shares one of the words that make up 1 − t of it (prefix
 * filtering, Chaudhuri et al. 2006). What those words share, and all the others could, must be enough for t. Exact but
 * for the cap on very common words.
 */
export function sameTask(weighted: WeightedDocs, threshold: number, told: Capped): Likeness {
  const { docs, weights, totals } = weighted;
  const postings = new Map<number, number[]>();
  const shared = new Float64Array(docs.length);
  const totalOf = (at: number): number => totals[at] ?? 0;
  return {
    candidates(at) {
      const touched: number[] = [];
      let asked = 0;
      let skipped = 0;
      for (const word of docs[at] ?? []) {
        if (asked > (1 - threshold) * totalOf(at)) break;
        const weight = weights[word] ?? 0;
        const posting = postings.get(word) ?? [];
        asked += weight;
        if (posting.length >= longestPosting) {
          told.capped += 1;
          skipped += weight;
          continue;
        }
        for (const other of posting) {
          if (shared[other] === 0) touched.push(other);
          shared[other] = (shared[other] ?? 0) + weight;
        }
      }
      const unknown = totalOf(at) - asked + skipped;
      const worth = touched.filter((other) => {
        const most = (shared[other] ?? 0) + unknown + rounding;
        return most >= threshold * (totalOf(at) + totalOf(other) - most);
      });
      for (const other of touched) shared[other] = 0;
      return worth;
    },
    score: (a, b) => weightedJaccard(weighted, a, b),
    keep(at) {
      for (const word of docs[at] ?? []) {
        const posting = postings.get(word);
        if (posting === undefined) postings.set(word, [at]);
        else if (posting.length < longestPosting) posting.push(at);
      }
    },
  };
}

/** Sums of the same weights in another order may differ by this much. */
const rounding = 1e-9;
