import type { Trace } from "../trace/schema.ts";
import type { Check } from "./check.ts";
import type { Judged } from "./generate.ts";
import { gradeChecks, passes } from "./grade.ts";
import { subjectOf } from "./subject.ts";

export type RedFirst = { readonly ok: true } | { readonly ok: false; readonly why: string };

/**
 * Whether checks are worth keeping: those of a failed run must fail on its recording, those of a good one pass. Checks that
 * hold on both the bad run and a better one would never have caught it. `why` never quotes the trace.
 */
export function redFirst({ label, checks, trace }: { label: Pick<Judged, "verdict">; checks: readonly Check[]; trace: Trace }): RedFirst {
  if (checks.length === 0) return { ok: false, why: "there are no checks; say what should have happened, one line each, in the label's expectation" };
  const results = gradeChecks(checks, subjectOf(trace));
  const failing = results.filter((one) => one.result === "fail").map((one) => one.id);
  if (results.every((one) => one.result === "ungraded"))
    return { ok: false, why: "nothing here can answer its checks; add a line like: answer must contain \"…\", or: must not call TOOL" };
  if (label.verdict === "fail")
    return failing.length > 0 ? { ok: true } : { ok: false, why: "labelled fail, but all its checks pass on the recorded run, so they would not have caught it" };
  return passes(results) ? { ok: true } : { ok: false, why: `labelled pass, but the recorded run fails ${failing.join(", ")}` };
}
