import type { RunHeader } from "../replay/run.ts";
import type { Mcnemar } from "./paired.ts";
import type { Interval } from "./rates.ts";

/** What became of one case in two runs. Every case is in exactly one bucket; nothing leaves the denominator. */
export const buckets = ["both-pass", "both-fail", "newly-failing", "newly-passing", "invalid", "error", "not-comparable"] as const;
export type Bucket = (typeof buckets)[number];

/** How the trials of one case in one run ended. `passed + failed` are the graded ones. */
export type Counts = { readonly passed: number; readonly failed: number; readonly invalid: number; readonly errors: number };

export type Tokens = { readonly input: number; readonly output: number };

/**
 * What has to be the same for two results of a case to mean the same; `settings` is a fingerprint of how it was replayed
 * (floors, ceilings, matching rules). The prompt and the model are not here: they are what is compared.
 */
export type Setup = {
  readonly depth: RunHeader["depth"];
  readonly target: RunHeader["target"]["kind"];
  readonly on_miss: RunHeader["on_miss"];
  readonly settings: string;
};

/** One case in one run. `course` is what the first graded trial did, a word a step (`tool get_invoice`, `handoff Billing agent`). */
export type ArmCase = {
  readonly case_id: string;
  readonly hash: string;
  readonly codes: readonly string[];
  readonly setup: Setup;
  readonly counts: Counts;
  /** Mean tokens of a trial, rounded; null where no trial told. */
  readonly tokens: Tokens | null;
  readonly course: readonly string[];
};

/** One side of a comparison: a run, or the blessed baseline of a dataset. */
export type Arm = {
  /** A run id, or the baseline's file. */
  readonly name: string;
  readonly dataset: { readonly name: string; readonly version: string };
  readonly prompt: RunHeader["prompt"];
  readonly model: string;
  readonly complete: boolean;
  readonly cases: readonly ArmCase[];
};

/** Why a case cannot be compared. `new`: no baseline yet; `gone`: not replayed; `changed`: its content; `setup`: depth, target, misses or settings. */
export type NotComparable = "new" | "gone" | "changed" | "setup";

/**
 * How sure a newly failing case is. `confirmed`: nothing in it is left to chance, or its repeats rule chance out.
 * `suspected`: it may well be broken, and too few repeats say so. `shaky`: it failed more often, as chance also makes it.
 */
export type Break = "confirmed" | "suspected" | "shaky";

export type CaseChange = {
  readonly case_id: string;
  readonly codes: readonly string[];
  readonly bucket: Bucket;
  readonly why?: NotComparable;
  /** Null: the case is not on that side. */
  readonly baseline: Counts | null;
  readonly candidate: Counts | null;
  readonly break?: Break;
  /** Of a newly failing case: Fisher's p over its trials, one-sided; 0 where nothing is left to chance. */
  readonly p?: number;
  /** 1-based step where the two courses part, and what each did there (`nothing` at its end). */
  readonly parts?: { readonly step: number; readonly baseline: string; readonly candidate: string };
};

/** One failure code over the comparable cases that carry it. `q`: Benjamini–Hochberg over the codes. */
export type CodeRow = {
  readonly code: string;
  readonly cases: number;
  readonly baseline_failing: number;
  readonly candidate_failing: number;
  readonly newly_failing: number;
  readonly newly_passing: number;
  readonly p: number;
  readonly q: number;
};

export type Rate = { readonly passed: number; readonly of: number } & Interval;
export type ArmName = Pick<Arm, "name" | "dataset" | "prompt" | "model">;

/** Two runs side by side, before anybody decides. */
export type Comparison = {
  readonly baseline: ArmName;
  readonly candidate: ArmName;
  /** Sorted: newly failing first, then by id. */
  readonly cases: readonly CaseChange[];
  readonly counts: Readonly<Record<Bucket, number>>;
  /** Cases that could be compared: the four clean buckets. */
  readonly comparable: number;
  readonly mcnemar: Mcnemar;
  /** Cases passing, of the comparable ones; 95 % Wilson. */
  readonly rates: { readonly baseline: Rate; readonly candidate: Rate };
  /** Candidate minus baseline, mean share of trials passed, 95 % bootstrap over cases. Null with nothing comparable. */
  readonly change: ({ readonly mean: number } & Interval) | null;
  /** Mean tokens of a trial over the comparable cases that tell on both sides; null where none does. */
  readonly tokens: { readonly baseline: Tokens; readonly candidate: Tokens } | null;
  /** The candidate's share of all its cases if every ungraded one failed, and if every one passed. */
  readonly bounds: { readonly worst: number; readonly best: number };
  readonly codes: readonly CodeRow[];
};

export type Verdict = "pass" | "regressed" | "inconclusive";

/** The decision, with all that led to it. `judged` false: so little could be compared that there is no answer (exit 3). */
export type GateResult = Comparison & {
  readonly schema: "casebook/gate@1";
  readonly verdict: Verdict;
  readonly judged: boolean;
  /** Sentences, most important first, saying why. */
  readonly reasons: readonly string[];
  readonly rules: { readonly alpha: number; readonly confirm_p: number; readonly max_unknown: number; readonly codes: Readonly<Record<string, number>> };
  /** The smallest drop the statistics could see here: this many cases, all for the worse. */
  readonly detectable: { readonly cases: number; readonly of: number };
};
