import type { CheckResult } from "../grade/check.ts";
import { fidelityShare } from "./tape-match.ts";
import type { Fidelity, Trial } from "./run.ts";

/** How a trial's run came to its end, before its checks are looked at. `gradable`: the agent's own doing, good or bad. */
export type Ending =
  | { readonly kind: "gradable" }
  | { readonly kind: "missed"; readonly tool: string }
  | { readonly kind: "invalid"; readonly code: string; readonly message: string }
  | { readonly kind: "infra"; readonly code: string; readonly message: string };

/**
 * The one outcome of a trial. The world's failure is `error`, never `fail`. A tape too far from the run (`minFidelity`, or an
 * ending nothing was recorded for) is `invalid`. A missed call under `--on-miss fail` is `fail`. Else the checks decide; where none of them
 * could be answered the trial is `invalid` too, because nothing was graded.
 */
export function outcomeOf(trial: {
  readonly ending: Ending;
  readonly checks: readonly CheckResult[];
  readonly fidelity: Fidelity;
  readonly minFidelity: number;
}): Pick<Trial, "outcome" | "error"> {
  const { ending, checks, fidelity } = trial;
  if (ending.kind === "infra") return { outcome: "error", error: { code: ending.code, message: ending.message } };
  if (ending.kind === "invalid") return { outcome: "invalid", error: { code: ending.code, message: ending.message } };
  const share = fidelityShare(fidelity);
  if (share < trial.minFidelity)
    return {
      outcome: "invalid",
      error: { code: "low-fidelity", message: `${Math.floor(share * 100)} % of the calls were served as recorded; the floor is ${Math.round(trial.minFidelity * 100)} %.` },
    };
  if (ending.kind === "missed")
    return { outcome: "fail", error: { code: "tape-miss", message: `It called ${ending.tool}, and no call of ${ending.tool} is left on the tape.` } };
  const graded = checks.filter((check) => check.result !== "ungraded");
  if (graded.length === 0)
    return { outcome: "invalid", error: { code: "nothing-graded", message: "No check of this case could be answered here." } };
  return { outcome: graded.every((check) => check.result === "pass") ? "pass" : "fail" };
}
