import type { CheckResult } from "../grade/check.ts";
import { countTrials, gradeOf, gradedOf, modelOf, passesIn } from "../compare/arm.ts";
import { passHatK, wilson, type Interval } from "../compare/rates.ts";
import type { Counts } from "../compare/types.ts";
import type { Fidelity, Run, RunHeader, Trial } from "../replay/run.ts";

/** How one case of a run ended: by most of its trials. `missing`: not run yet. */
type CaseEnd = "pass" | "fail" | "invalid" | "error" | "missing";

export type CaseSummary = {
  readonly case_id: string;
  readonly label: "pass" | "fail";
  readonly codes: readonly string[];
  readonly end: CaseEnd;
  readonly counts: Counts;
  readonly ms: number;
  /** Checks that failed in some trial, each once, with what was found there. */
  readonly failing: readonly CheckResult[];
  readonly error: { readonly code: string; readonly message: string } | null;
};

/** A run in figures. Every case is in the denominator; `rate` is over all of them, so an error never makes it look better. */
export type RunSummary = {
  readonly schema: "casebook/run-report@1";
  readonly id: string;
  readonly dataset: RunHeader["dataset"];
  readonly prompt: RunHeader["prompt"];
  readonly depth: RunHeader["depth"];
  readonly model: string;
  readonly repeat: number;
  readonly started_at: string;
  readonly complete: boolean;
  readonly trials: { readonly done: number; readonly of: number };
  readonly ends: Readonly<Record<CaseEnd, number>>;
  readonly rate: { readonly passed: number; readonly of: number } & Interval;
  /** Mean pass^k over the cases with k graded trials or more: the chance that k attempts all pass. */
  readonly pass_hat: readonly { readonly k: number; readonly value: number; readonly cases: number }[];
  readonly fidelity: Fidelity;
  readonly tokens: { readonly input: number; readonly output: number } | null;
  readonly codes: readonly { readonly code: string; readonly cases: number; readonly passing: number }[];
  readonly cases: readonly CaseSummary[];
};

/** All the figures of a run, from its log alone. */
export function summariseRun({ header, trials, complete }: Run): RunSummary {
  const byCase = new Map<string, Trial[]>(header.cases.map(({ id }) => [id, []]));
  for (const trial of trials) byCase.get(trial.case_id)?.push(trial);
  const cases = header.cases.map((one) => summariseCase(one, byCase.get(one.id) ?? []));
  const count = (end: CaseEnd): number => cases.filter((one) => one.end === end).length;
  const passed = count("pass");
  const used = trials.flatMap(({ usage }) => (usage === undefined ? [] : [usage]));
  const add = (of: (trial: Trial) => number): number => trials.reduce((sum, trial) => sum + of(trial), 0);
  return {
    schema: "casebook/run-report@1",
    id: header.id,
    dataset: header.dataset,
    prompt: header.prompt,
    depth: header.depth,
    model: modelOf(header),
    repeat: header.repeat,
    started_at: header.started_at,
    complete,
    trials: { done: trials.length, of: header.cases.length * header.repeat },
    ends: { pass: passed, fail: count("fail"), invalid: count("invalid"), error: count("error"), missing: count("missing") },
    rate: { passed, of: cases.length, ...wilson(passed, cases.length) },
    pass_hat: passHats(cases, header.repeat),
    fidelity: {
      served: add(({ fidelity }) => fidelity.served),
      drifted: add(({ fidelity }) => fidelity.drifted),
      missed: add(({ fidelity }) => fidelity.missed),
      unconsumed: add(({ fidelity }) => fidelity.unconsumed),
    },
    tokens:
      used.length === 0
        ? null
        : { input: used.reduce((sum, { input = 0 }) => sum + input, 0), output: used.reduce((sum, { output = 0 }) => sum + output, 0) },
    codes: codesOf(cases),
    cases,
  };
}

function summariseCase({ id, label, codes }: RunHeader["cases"][number], trials: readonly Trial[]): CaseSummary {
  const counts = countTrials(trials);
  const grade = gradeOf(counts);
  const failing = new Map(trials.flatMap(({ checks }) => checks.filter(({ result }) => result === "fail").map((check) => [check.id, check] as const)));
  return {
    case_id: id,
    label,
    codes,
    end: trials.length === 0 ? "missing" : grade !== "graded" ? grade : passesIn(counts) ? "pass" : "fail",
    counts,
    ms: trials.reduce((sum, { ms }) => sum + ms, 0),
    failing: [...failing.values()],
    error: trials.find(({ error }) => error !== undefined)?.error ?? null,
  };
}

function passHats(cases: readonly CaseSummary[], repeat: number): RunSummary["pass_hat"] {
  return Array.from({ length: repeat }, (_, at) => at + 1).flatMap((k) => {
    const able = cases.filter(({ counts }) => gradedOf(counts) >= k);
    if (able.length === 0) return [];
    const sum = able.reduce((all, { counts }) => all + passHatK({ passed: counts.passed, trials: gradedOf(counts) }, k), 0);
    return [{ k, value: sum / able.length, cases: able.length }];
  });
}

function codesOf(cases: readonly CaseSummary[]): RunSummary["codes"] {
  const of = (one: CaseSummary): readonly string[] => (one.codes.length === 0 ? ["none"] : one.codes);
  return [...new Set(cases.flatMap(of))].sort().map((code) => {
    const mine = cases.filter((one) => of(one).includes(code));
    return { code, cases: mine.length, passing: mine.filter(({ end }) => end === "pass").length };
  });
}
