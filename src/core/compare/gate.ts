import { gradeOf, passesIn } from "./arm.ts";
import { compareArms, isClean } from "./compare.ts";
import { leastDiscordant } from "./paired.ts";
import type { GateRules } from "./rules.ts";
import type { Arm, CaseChange, Comparison, GateResult, Verdict } from "./types.ts";

/**
 * The gate. Two guards say `regressed`: broad drift (exact paired McNemar over the cases, p at or under alpha) and hard
 * breaks of single cases (confirmed by repeats, or by a depth that leaves nothing to chance); so does a failure code over
 * its limit. One newly failing trial of a sampled model is no break. `inconclusive`: a case that passed before may be broken
 * and nobody can say (too few repeats, off the tape, in error, changed, gone). Else `pass`. With nothing comparable, or more
 * unknown than `max_unknown`, there is no answer: `judged` is false, and that is never a pass.
 */
export function decideGate(baseline: Arm, candidate: Arm, rules: GateRules & { readonly seed?: number }): GateResult {
  const comparison = compareArms(baseline, candidate, rules);
  const against = reasonsAgainst(comparison, rules);
  const open = openQuestions(comparison, rules);
  const known = comparison.cases.filter(({ why }) => why !== "new");
  const unknown = known.length - comparison.comparable;
  const judged = comparison.comparable > 0 && unknown <= rules.max_unknown * known.length;
  const verdict: Verdict = against.length > 0 ? "regressed" : open.length > 0 || !judged ? "inconclusive" : "pass";
  const least = leastDiscordant(rules.alpha);
  const { alpha, confirm_p, max_unknown, codes } = rules;
  return {
    schema: "casebook/gate@1",
    verdict,
    judged: judged || verdict === "regressed",
    reasons: [
      ...against,
      ...(judged ? [] : [notJudged(comparison, unknown, known.length)]),
      ...open,
      ...(verdict === "pass" ? [whyPass(comparison)] : []),
      ...remarks(comparison, rules, least),
      ...untried(baseline, candidate),
    ],
    rules: { alpha, confirm_p, max_unknown, codes },
    detectable: { cases: least, of: comparison.comparable },
    ...comparison,
  };
}

const cases = (n: number): string => `${n} case${n === 1 ? "" : "s"}`;
const percent = (p: number): string => (p < 0.001 ? "under 0.001" : p.toPrecision(2));

function reasonsAgainst({ cases: all, mcnemar }: Comparison, rules: GateRules): string[] {
  const broken = all.filter((one) => one.break === "confirmed");
  const over = codeCounts(all, rules).filter(({ failing, limit }) => failing > limit);
  return [
    ...(broken.length === 0 ? [] : [`${cases(broken.length)} that passed before ${broken.length === 1 ? "is" : "are"} broken, and not by chance.`]),
    ...(mcnemar.one_sided > rules.alpha
      ? []
      : [`${mcnemar.worse} worse against ${mcnemar.better} better: chance alone does that with p = ${percent(mcnemar.one_sided)}.`]),
    ...over.map(({ code, failing, limit }) => `${code}: ${cases(failing)} fail${failing === 1 ? "s" : ""}, ${limit === 0 ? "none" : limit} may.`),
  ];
}

/** What could still be a regression, for want of evidence. */
function openQuestions({ cases: all }: Comparison, rules: GateRules): string[] {
  const suspected = all.filter((one) => one.break === "suspected").length;
  const lost = all.filter((one) => !isClean(one) && one.baseline !== null && gradeOf(one.baseline) === "graded" && passesIn(one.baseline));
  const count = (test: (one: CaseChange) => boolean): number => lost.filter(test).length;
  const [invalid, error] = [count(({ bucket }) => bucket === "invalid"), count(({ bucket }) => bucket === "error")];
  const stale = lost.length - invalid - error;
  const maybe = codeCounts(all, rules).filter(({ failing, unknown, limit }) => failing <= limit && failing + unknown > limit);
  return [
    ...(suspected === 0 ? [] : [`${cases(suspected)} newly failing, too few repeats to tell a break from chance: replay with --repeat 5 on both sides.`]),
    ...(error === 0 ? [] : [`${cases(error)} that passed before ended in an error of the world, not of the agent: replay again.`]),
    ...(invalid === 0 ? [] : [`${cases(invalid)} that passed before left the tape too far to be judged.`]),
    ...(stale === 0 ? [] : [`${cases(stale)} that passed before cannot be compared (changed, gone, or replayed in another way): bless a new baseline.`]),
    ...maybe.map(({ code, unknown }) => `${code}: ${cases(unknown)} could not be judged, and it has a limit.`),
  ];
}

/** A code limit counts a case as failing when any graded trial of it fails: one leak in five is a leak. */
function codeCounts(all: readonly CaseChange[], rules: GateRules): { code: string; failing: number; unknown: number; limit: number }[] {
  return Object.entries(rules.codes).map(([code, limit]) => {
    const mine = all.flatMap(({ codes, candidate }) => (codes.includes(code) && candidate !== null ? [candidate] : []));
    const failing = mine.filter(({ failed }) => failed > 0).length;
    return { code, limit, failing, unknown: mine.filter((one) => one.failed === 0 && gradeOf(one) !== "graded").length };
  });
}

function notJudged({ comparable }: Comparison, unknown: number, of: number): string {
  return comparable === 0
    ? "Nothing could be compared: no case was graded on both sides with the same content and setup."
    : `${unknown} of ${cases(of)} could not be compared; that is too many for an answer.`;
}

function whyPass({ comparable, mcnemar }: Comparison): string {
  const { worse, better } = mcnemar;
  if (worse === 0) return `${cases(comparable)} compared, none got worse${better === 0 ? "" : `, ${better} better`}.`;
  return `${cases(comparable)} compared: ${worse} worse and ${better} better is what chance does (p = ${percent(mcnemar.one_sided)}), and no case is broken for good.`;
}

/** A replay of recorded answers says nothing of other instructions: a gate that is asked about them must not seem to have tried them. */
function untried(baseline: Arm, candidate: Arm): string[] {
  const frozen = [...baseline.cases, ...candidate.cases].every(({ setup }) => setup.depth === "frozen");
  return frozen && baseline.prompt.hash !== candidate.prompt.hash
    ? ["The prompts differ, and frozen replays recorded answers, whatever a prompt says. To try the prompt itself: --depth tape."]
    : [];
}

/** Said beside any verdict, so that a pass is not taken for more than it is. */
function remarks(comparison: Comparison, rules: GateRules, least: number): string[] {
  const fresh = comparison.cases.filter(({ why }) => why === "new").length;
  const absent = codeCounts(comparison.cases, rules).filter(({ code }) => !comparison.cases.some(({ codes }) => codes.includes(code)));
  return [
    ...(fresh === 0 ? [] : [`${cases(fresh)} new since the baseline, not compared.`]),
    ...absent.map(({ code }) => `${code} has a limit and no case to show it.`),
    ...(comparison.baseline.model === comparison.candidate.model ? [] : ["The model differs too, not only the prompt."]),
    ...(comparison.comparable > 0 && comparison.comparable < least
      ? [`Fewer than ${least} comparable cases: only a confirmed break can show here, never broad drift.`]
      : []),
  ];
}
