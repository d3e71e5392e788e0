import { oneLine } from "../base/text.ts";
import { gradedOf } from "../compare/arm.ts";
import type { ArmName, CaseChange, Comparison, Counts, GateResult, Tokens } from "../compare/types.ts";
import { percent, plural, points, pValue } from "./figures.ts";

/** What a report is made from: a gate's result, or a comparison that nobody decided. `reproduce` are commands to type. */
export type GateReport = (Comparison | GateResult) & { readonly reproduce: readonly string[] };

/** The decision, where there is one. */
export const resultOf = (report: GateReport): GateResult | undefined => ("verdict" in report ? report : undefined);

/** `support@2`, and the model where that is what differs. */
export const promptOf = ({ prompt }: ArmName): string => oneLine(`${prompt.name}@${prompt.version}`);

/** `4/5`; `4/5 (1 invalid)`; `–` for a case that is not on that side. */
export function scoreOf(counts: Counts | null): string {
  if (counts === null) return "–";
  const lost = [
    ...(counts.invalid === 0 ? [] : [`${counts.invalid} invalid`]),
    ...(counts.errors === 0 ? [] : [`${counts.errors} error`]),
  ];
  return `${counts.passed}/${gradedOf(counts)}${lost.length === 0 ? "" : ` (${lost.join(", ")})`}`;
}

/** How sure a newly failing case is: `confirmed, p 0.004`. */
export const sureness = ({ break: sure, p }: CaseChange): string =>
  sure === undefined ? "" : p === undefined || p === 0 ? sure : `${sure}, p ${pValue(p)}`;

/** Why a case fell out: `changed since the baseline`, … */
export const whyWords: Readonly<Record<NonNullable<CaseChange["why"]>, string>> = {
  new: "new, no baseline yet",
  gone: "not in this run",
  changed: "changed since the baseline",
  setup: "replayed in another way (depth, target, misses, settings)",
};

/** The word for one bucket in lists. */
export const bucketWords: Readonly<Record<CaseChange["bucket"], string>> = {
  "both-pass": "pass on both",
  "both-fail": "fail on both",
  "newly-failing": "newly failing",
  "newly-passing": "newly passing",
  invalid: "off the tape",
  error: "error",
  "not-comparable": "not comparable",
};

/** The figures of a comparison that both sides have: label, baseline, candidate. */
export function pairFigures({ rates: { baseline: was, candidate: is }, tokens }: Comparison): string[][] {
  const told = ({ input, output }: Tokens): string => `${Math.round(input)} + ${Math.round(output)}`;
  return [
    ["cases passing", `${was.passed}/${was.of}`, `${is.passed}/${is.of}`],
    ["95 % interval", `${percent(was.low)} to ${percent(was.high)}`, `${percent(is.low)} to ${percent(is.high)}`],
    ...(tokens === null ? [] : [["tokens a trial", told(tokens.baseline), told(tokens.candidate)]]),
  ];
}

/** The figures of the change itself: label and value. */
export function changeFigures({ change, mcnemar, comparable, counts, bounds }: Comparison): string[][] {
  const beside = (["invalid", "error", "not-comparable"] as const).flatMap((bucket) =>
    counts[bucket] === 0 ? [] : [`${counts[bucket]} ${bucketWords[bucket]}`],
  );
  return [
    ...(change === null ? [] : [["trials passed", `${points(change.mean)} points (95 %: ${points(change.low)} to ${points(change.high)})`]]),
    ["worse / better", `${mcnemar.worse} / ${mcnemar.better} cases (paired, one-sided p ${pValue(mcnemar.one_sided)})`],
    ["compared", [plural(comparable, "case"), ...beside].join(", ")],
    ...(bounds.worst === bounds.best ? [] : [["passing now", `${percent(bounds.worst)} to ${percent(bounds.best)}, as the ungraded would have gone`]]),
  ];
}
