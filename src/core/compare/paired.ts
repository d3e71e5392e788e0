import { logChoose, signTail } from "./binomial.ts";

/** `one_sided` is towards worse: how often chance alone gives this many worse cases or more. */
export type Mcnemar = { readonly worse: number; readonly better: number; readonly one_sided: number; readonly two_sided: number };

/**
 * Exact McNemar test of two runs on the same cases: of the cases that changed, how many got worse? Under no change each
 * changed case is a fair coin. Exact binomial, never the chi-square approximation. With nothing changed both p are 1.
 */
export function mcnemar(worse: number, better: number): Mcnemar {
  const n = worse + better;
  return {
    worse,
    better,
    one_sided: signTail(worse, n),
    two_sided: Math.min(1, 2 * signTail(Math.max(worse, better), n)),
  };
}

/** The least number of changed cases, all for the worse, that reaches a one-sided `alpha`: 5 for 0.05. */
export function leastDiscordant(alpha: number): number {
  let n = 1;
  while (signTail(n, n) > alpha) n += 1;
  return n;
}

export type Tally = { readonly passed: number; readonly trials: number };

/**
 * Fisher's exact test of one case, one-sided towards worse: with the margins fixed, how often would chance put this few
 * passes or fewer into the candidate? 5 of 5 against 0 of 5 gives 1/252.
 */
export function fisherWorse(baseline: Tally, candidate: Tally): number {
  const passes = baseline.passed + candidate.passed;
  const all = logChoose(baseline.trials + candidate.trials, passes);
  let sum = 0;
  for (let k = 0; k <= candidate.passed; k += 1)
    sum += Math.exp(logChoose(candidate.trials, k) + logChoose(baseline.trials, passes - k) - all);
  return Math.min(1, sum);
}
