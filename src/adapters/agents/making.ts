import type { Brain } from "./brain.ts";
import { ScriptEnded } from "./brain.ts";
import type { Call, Recording } from "./recording.ts";
import type { Sdk } from "./sdk.ts";
import { inScope } from "./stage.ts";

/** What went wrong in a trial that is not the agents' doing. The first of each kind is kept. */
export type Troubles = {
  /** What a model threw. */
  model: { readonly error: unknown } | undefined;
  /** A guardrail that had to decide about something its recording says nothing about. */
  unknowable: string | undefined;
};

/** What the agents of one trial are made with. */
export type Making = {
  readonly sdk: Sdk;
  readonly brain: Brain;
  readonly recording: Recording;
  readonly troubles: Troubles;
  readonly signal: AbortSignal | undefined;
};

/**
 * A call of an agent used as a tool: `body` runs that agent in the conversation of its recorded call. Where the recorded
 * conversation broke off before an answer (its own turns ran out, its guardrail tripped), what the caller was shown
 * then is shown again.
 */
export async function runNested({ recording, troubles }: Making, call: Call, body: () => Promise<unknown>): Promise<string> {
  const { take, leave } = recording.enter(call);
  const before = troubles.model;
  let output: unknown;
  try {
    output = await inScope(take?.span_id ?? `unrecorded:${call.name}`, body);
  } catch (error) {
    if (recording.missed() !== undefined || take?.output === undefined) throw error;
    if (troubles.model !== before && !(troubles.model?.error instanceof ScriptEnded)) throw error;
    output = take.output;
  }
  if (before === undefined && troubles.model?.error instanceof ScriptEnded && take?.output !== undefined) {
    troubles.model = undefined;
    output = take.output;
  }
  const words = typeof output === "string" ? output : JSON.stringify(output ?? "");
  leave(words);
  return words;
}
