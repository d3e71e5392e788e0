import { join } from "node:path";
import { openRuns } from "../../src/adapters/files/runs.ts";
import type { Run, RunHeader, Trial } from "../../src/core/replay/run.ts";

/** A trial as a letter: passed, failed, invalid, error. */
const outcomes = { p: "pass", f: "fail", i: "invalid", e: "error" } as const;

/** What a run did, by case: a letter a trial. `hostile` is put wherever trace text may stand. */
export type Script = {
  readonly id: string;
  readonly cases: Readonly<Record<string, string>>;
  readonly codes?: Readonly<Record<string, readonly string[]>>;
  readonly header?: Partial<RunHeader>;
  readonly hostile?: string;
};

/** A run that was never replayed, for what reads runs. */
export function madeRun({ id, cases, codes = {}, header = {}, hostile = "" }: Script): Run {
  const repeat = Math.max(1, ...Object.values(cases).map(({ length }) => length));
  const trials = Object.entries(cases).flatMap(([case_id, letters]) => Array.from(letters, (letter, at) => madeTrial(case_id, at, letter as keyof typeof outcomes, hostile)));
  return {
    header: {
      schema: "casebook/run@1",
      id,
      dataset: { name: "support", version: "1.0.0", hash: "d" },
      prompt: { name: "support", version: id, hash: `hash-${id}` },
      target: { kind: "trace" },
      depth: "tape",
      model: { name: "m" },
      settings: {},
      on_miss: "fail",
      repeat,
      seed: 0,
      cases: Object.keys(cases).map((one) => ({ id: one, hash: `h-${one}`, label: "fail", codes: [...(codes[one] ?? [])] })),
      started_at: `2026-11-02T10:00:0${id.length % 10}.000Z`,
      ...header,
    },
    trials,
    complete: trials.length === Object.keys(cases).length * repeat,
  };
}

function madeTrial(case_id: string, repeat: number, letter: keyof typeof outcomes, hostile: string): Trial {
  const outcome = outcomes[letter];
  return {
    schema: "casebook/trial@1",
    case_id,
    repeat,
    outcome,
    checks: outcome === "pass" || outcome === "fail" ? [{ id: "no-refund", type: "called", result: outcome, expected: `no call of issue_refund${hostile}`, found: outcome === "pass" ? "no call" : `1 call${hostile}`, span_id: "s1" }] : [],
    fidelity: { served: 1, drifted: 0, missed: outcome === "invalid" ? 1 : 0, unconsumed: 0 },
    steps: [{ kind: "handoff", name: "Billing agent" }, outcome === "fail" ? { kind: "tool", name: `issue_refund${hostile}` } : { kind: "message", text: "Shall I?" }],
    ...(outcome === "error" ? { error: { code: "http-503", message: `the endpoint answered 503${hostile}` } } : {}),
    usage: { input: 100, output: 10 },
    ms: 5,
  };
}

/** Puts made runs where a workspace at `cwd` looks for them, through the real log. */
export function putRuns(cwd: string, ...runs: readonly Run[]): void {
  const log = openRuns(join(cwd, ".casebook", "runs"));
  for (const { header, trials } of runs) {
    log.create(header);
    for (const trial of trials) log.append(header.id, trial);
    log.close(header.id);
  }
}
