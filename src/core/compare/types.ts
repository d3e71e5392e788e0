/** What became of one case in two runs. Every case is in exactly one bucket; nothing leaves the denominator. */
export type Bucket = "both-pass" | "both-fail" | "newly-failing" | "newly-passing" | "invalid" | "error" | "not-comparable";

export type CaseChange = {
  readonly case_id: string;
  readonly codes: readonly string[];
  readonly bucket: Bucket;
  readonly baseline: { readonly passed: number; readonly trials: number };
  readonly candidate: { readonly passed: number; readonly trials: number };
};

export type Verdict = "pass" | "regressed" | "inconclusive";

/** The decision over two runs, with all that led to it. Probabilities are exact, one-sided towards worse. */
export type GateResult = {
  readonly verdict: Verdict;
  /** Sentences, most important first, saying why. */
  readonly reasons: readonly string[];
  readonly cases: readonly CaseChange[];
  readonly counts: Readonly<Record<Bucket, number>>;
  /** Exact paired McNemar on discordant cases. */
  readonly mcnemar: { readonly worse: number; readonly better: number; readonly p: number };
  readonly alpha: number;
};
