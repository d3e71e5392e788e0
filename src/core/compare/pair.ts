import { canonicalJson } from "../base/json.ts";
import { gradedOf, gradeOf, passesIn } from "./arm.ts";
import { fisherWorse } from "./paired.ts";
import type { Arm, ArmCase, Break, Bucket, CaseChange, NotComparable } from "./types.ts";

/** What it takes for a newly failing case to count as broken. */
export type BreakRules = { readonly alpha: number; readonly confirm_p: number };

/** Every case of either side, in exactly one bucket; newly failing ones first, then by id. */
export function pairCases(baseline: Arm, candidate: Arm, rules: BreakRules): CaseChange[] {
  const before = new Map(baseline.cases.map((one) => [one.case_id, one]));
  const after = new Map(candidate.cases.map((one) => [one.case_id, one]));
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort();
  const rank = ({ bucket }: CaseChange): number => (bucket === "newly-failing" ? 0 : 1);
  return ids.map((id) => pairOne(before.get(id), after.get(id), rules)).sort((a, b) => rank(a) - rank(b));
}

function pairOne(before: ArmCase | undefined, after: ArmCase | undefined, rules: BreakRules): CaseChange {
  const one = after ?? before;
  const shared = {
    case_id: one?.case_id ?? "",
    codes: one?.codes ?? [],
    baseline: before?.counts ?? null,
    candidate: after?.counts ?? null,
  };
  const why = whyNot(before, after);
  if (why !== undefined || before === undefined || after === undefined) return { ...shared, bucket: "not-comparable", why: why ?? "gone" };
  const bucket = bucketOf(before, after);
  const parted = bucket === "newly-failing" || bucket === "newly-passing" ? partOf(before.course, after.course) : undefined;
  return {
    ...shared,
    bucket,
    ...(bucket === "newly-failing" ? breakOf(before, after, rules) : {}),
    ...(parted === undefined ? {} : { parts: parted }),
  };
}

function whyNot(before: ArmCase | undefined, after: ArmCase | undefined): NotComparable | undefined {
  if (before === undefined) return "new";
  if (after === undefined) return "gone";
  if (before.hash !== after.hash) return "changed";
  return canonicalJson(before.setup) === canonicalJson(after.setup) ? undefined : "setup";
}

function bucketOf(before: ArmCase, after: ArmCase): Bucket {
  for (const { counts } of [after, before]) {
    const grade = gradeOf(counts);
    if (grade !== "graded") return grade;
  }
  const was = passesIn(before.counts);
  const is = passesIn(after.counts);
  if (was) return is ? "both-pass" : "newly-failing";
  return is ? "newly-passing" : "both-fail";
}

/**
 * How sure a newly failing case is. At depth `frozen` nothing is left to chance: one trial is proof. Else its repeats are put
 * to Fisher's test: at or under `confirm_p` it is confirmed (5 of 5 against 0 of 5: 0.004). Where every trial passed and every
 * trial now fails but there were too few of them, or p is at or under `alpha`, it is suspected and wants more repeats.
 */
function breakOf(before: ArmCase, after: ArmCase, { alpha, confirm_p }: BreakRules): { break: Break; p: number } {
  const clean = before.counts.failed === 0 && after.counts.passed === 0;
  if (clean && before.setup.depth === "frozen") return { break: "confirmed", p: 0 };
  const tally = ({ counts }: ArmCase): { passed: number; trials: number } => ({ passed: counts.passed, trials: gradedOf(counts) });
  const p = fisherWorse(tally(before), tally(after));
  if (p <= confirm_p) return { break: "confirmed", p };
  return { break: clean || p <= alpha ? "suspected" : "shaky", p };
}

/** The first step where two courses differ; undefined when they are the same. */
function partOf(baseline: readonly string[], candidate: readonly string[]): CaseChange["parts"] {
  const length = Math.max(baseline.length, candidate.length);
  for (let at = 0; at < length; at += 1)
    if (baseline[at] !== candidate[at])
      return { step: at + 1, baseline: baseline[at] ?? "nothing", candidate: candidate[at] ?? "nothing" };
  return undefined;
}
