import { gradedOf, gradeOf, passesIn } from "./arm.ts";
import { pairCases, type BreakRules } from "./pair.ts";
import { mcnemar } from "./paired.ts";
import { benjaminiHochberg, clusterBootstrap, wilson } from "./rates.ts";
import { buckets, type Arm, type ArmName, type Bucket, type CaseChange, type CodeRow, type Comparison, type Counts, type Rate, type Tokens } from "./types.ts";

/**
 * Two runs on the same cases, paired case by case: the unit is the case, never the pooled trial. Decides nothing. `seed`
 * is the bootstrap's; the same runs and seed give the same figures.
 */
export function compareArms(baseline: Arm, candidate: Arm, rules: BreakRules & { readonly seed?: number }): Comparison {
  const cases = pairCases(baseline, candidate, rules);
  const counts = countBuckets(cases);
  const clean = cases.filter(isClean);
  const changes = clean.map(({ case_id, baseline: before, candidate: after }) => ({
    cluster: case_id,
    value: shareOf(after) - shareOf(before),
  }));
  const { mean, low, high } = clusterBootstrap(changes, { seed: rules.seed ?? 1 });
  const now = cases.flatMap(({ candidate: after }) => (after === null ? [] : [after]));
  const unknown = now.filter((after) => gradeOf(after) !== "graded").length;
  const passing = now.filter((after) => gradeOf(after) === "graded" && passesIn(after)).length;
  const all = Math.max(1, now.length);
  return {
    baseline: nameOf(baseline),
    candidate: nameOf(candidate),
    cases,
    counts,
    comparable: clean.length,
    mcnemar: mcnemar(counts["newly-failing"], counts["newly-passing"]),
    rates: {
      baseline: rateOf(counts["both-pass"] + counts["newly-failing"], clean.length),
      candidate: rateOf(counts["both-pass"] + counts["newly-passing"], clean.length),
    },
    change: clean.length === 0 ? null : { mean, low, high },
    tokens: tokensOf(new Set(clean.map(({ case_id }) => case_id)), baseline, candidate),
    bounds: { worst: passing / all, best: (passing + unknown) / all },
    codes: codeRows(cases),
  };
}

/** Whether a case says something about the change: graded on both sides, same content, same setup. */
export const isClean = ({ bucket }: CaseChange): boolean => bucket !== "invalid" && bucket !== "error" && bucket !== "not-comparable";

function countBuckets(cases: readonly CaseChange[]): Record<Bucket, number> {
  return Object.fromEntries(buckets.map((bucket) => [bucket, cases.filter((one) => one.bucket === bucket).length])) as Record<Bucket, number>;
}

const shareOf = (counts: Counts | null): number => (counts === null ? 0 : counts.passed / Math.max(1, gradedOf(counts)));
const rateOf = (passed: number, of: number): Rate => ({ passed, of, ...wilson(passed, of) });
const nameOf = ({ name, dataset, prompt, model }: Arm): ArmName => ({ name, dataset, prompt, model });

/** Over the same cases on both sides, so that a case more or less is no saving. */
function tokensOf(clean: ReadonlySet<string>, baseline: Arm, candidate: Arm): Comparison["tokens"] {
  const before = new Map(baseline.cases.map(({ case_id, tokens }) => [case_id, tokens]));
  const both = candidate.cases.flatMap(({ case_id, tokens }) => {
    const was = before.get(case_id) ?? null;
    return tokens === null || was === null || !clean.has(case_id) ? [] : [{ was, is: tokens }];
  });
  if (both.length === 0) return null;
  const mean = (side: "was" | "is"): Tokens => ({
    input: both.reduce((sum, one) => sum + one[side].input, 0) / both.length,
    output: both.reduce((sum, one) => sum + one[side].output, 0) / both.length,
  });
  return { baseline: mean("was"), candidate: mean("is") };
}

/** One row for each failure code among the clean cases, worst first. Cases of good runs carry no code: their row is `none`. */
function codeRows(cases: readonly CaseChange[]): CodeRow[] {
  const codesOf = (one: CaseChange): readonly string[] => (one.codes.length === 0 ? ["none"] : one.codes);
  const codes = [...new Set(cases.flatMap(codesOf))].sort();
  const rows = codes.map((code) => {
    const mine = cases.filter((one) => isClean(one) && codesOf(one).includes(code));
    const count = (...wanted: Bucket[]): number => mine.filter(({ bucket }) => wanted.includes(bucket)).length;
    const newly_failing = count("newly-failing");
    const newly_passing = count("newly-passing");
    return {
      code,
      cases: mine.length,
      baseline_failing: count("both-fail", "newly-passing"),
      candidate_failing: count("both-fail", "newly-failing"),
      newly_failing,
      newly_passing,
      p: mcnemar(newly_failing, newly_passing).one_sided,
    };
  });
  const qs = benjaminiHochberg(rows.map(({ p }) => p));
  return rows
    .map((row, at) => ({ ...row, q: qs[at] ?? 1 }))
    .sort((a, b) => b.newly_failing - a.newly_failing || b.candidate_failing - a.candidate_failing);
}
