import { subjectOf } from "../../core/grade/subject.ts";
import type { Ending } from "../../core/replay/outcome.ts";
import type { Trace } from "../../core/trace/schema.ts";
import { statusOf } from "../../core/trace/status.ts";
import { RecordedEnd, ScriptEnded } from "./brain.ts";
import type { Troubles } from "./making.ts";
import { RecordedFailure, type Recording } from "./recording.ts";
import type { Sdk } from "./sdk.ts";

/** How the recorded run ended, where it ended badly: a frozen replay that comes to the same place ends the same way. */
export function recordedEnd(trace: Trace): string | undefined {
  const status = statusOf(trace);
  return status === "error" || status === "incomplete" ? (subjectOf(trace).error ?? "the recorded run broke off here") : undefined;
}

type Trouble = { readonly sdk: Sdk; readonly recording: Recording; readonly troubles: Troubles; readonly recorded: string | undefined };

/** Whose doing an error was: the agent's (graded), the tape's, or the world's. */
export function judge(thrown: unknown, { sdk, recording, troubles, recorded }: Trouble): { ending: Ending; error: string | undefined } {
  const missed = recording.missed();
  if (missed !== undefined) return { ending: { kind: "missed", tool: missed }, error: undefined };
  const causes = chainOf(thrown);
  // Older SDKs lack some of these classes.
  const find = <T extends Error>(kind: (abstract new (...args: never[]) => T) | undefined): T | undefined => causes.find((one): one is T => kind !== undefined && one instanceof kind);
  const tripped = [sdk.InputGuardrailTripwireTriggered, sdk.OutputGuardrailTripwireTriggered, sdk.ToolInputGuardrailTripwireTriggered, sdk.ToolOutputGuardrailTripwireTriggered];
  if (tripped.some((kind) => find(kind as never) !== undefined)) return { ending: { kind: "gradable" }, error: undefined };
  const end = find(RecordedEnd) ?? find(RecordedFailure);
  if (end !== undefined) return { ending: { kind: "gradable" }, error: end.message === "" ? undefined : (recorded ?? end.message) };
  if (find(ScriptEnded) !== undefined)
    return { ending: { kind: "invalid", code: "script-ended", message: "The agents asked their model more often than was recorded." }, error: undefined };
  if (troubles.model !== undefined) return { ending: { kind: "infra", code: "model", message: modelTrouble(troubles.model.error) }, error: undefined };
  if (find(sdk.MaxTurnsExceededError) ?? find(sdk.ModelBehaviorError) ?? find(sdk.ModelRefusalError)) return { ending: { kind: "gradable" }, error: (thrown as Error).message };
  return { ending: { kind: "infra", code: "target", message: `Code of the agents under test threw a ${thrown instanceof Error ? thrown.name : typeof thrown}.` }, error: undefined };
}

/** An error and what it wraps, in the ways the SDK does. */
function chainOf(thrown: unknown): Error[] {
  const chain: Error[] = [];
  for (let at: unknown = thrown; at instanceof Error && !chain.includes(at); at = (at as { error?: unknown }).error ?? at.cause) chain.push(at);
  return chain;
}

/** Never the body of an answer: it may quote what was sent. */
function modelTrouble(error: unknown): string {
  const { status, code } = error as { status?: unknown; code?: unknown };
  if (typeof status === "number") return `The model's endpoint answered ${status}${typeof code === "string" && /^[\w.-]{1,60}$/.test(code) ? ` (${code})` : ""}.`;
  const name = error instanceof Error ? error.constructor.name : typeof error;
  return /connection|timeout|network/i.test(name) ? "The model's endpoint could not be reached." : `The model failed with a ${name}.`;
}
