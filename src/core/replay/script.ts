import type { ModelTake, Tape } from "../trace/derived.ts";
import type { Trace } from "../trace/schema.ts";
import { treeOf, type Place } from "../trace/tree.ts";

/** A recorded model answer and the conversation it belongs to (see `conversationScope`). */
export type ScriptLine = { readonly scope: string; readonly take: ModelTake };

/** What `frozen` answers from: the recorded model answers, each with its conversation, in order. */
export function scriptOf(trace: Trace, tape: Tape): readonly ScriptLine[] {
  const { at } = treeOf(trace);
  return tape.models.map((take) => {
    const place = at.get(take.span_id);
    return { scope: place === undefined ? "" : conversationScope(place), take };
  });
}

/** The next answer of one conversation, given how many it has had. Within a conversation model calls follow each other. */
export function nextLine(script: readonly ScriptLine[], scope: string, had: number): ModelTake | undefined {
  return script.filter((line) => line.scope === scope)[had]?.take;
}

/**
 * Who a model call talks with: `""` for the run itself, the id of the function span for an agent used as a tool,
 * `guardrail:NAME` for an agent that a guardrail asks.
 */
export function conversationScope(place: Place): string {
  for (let at = place.parent; at !== undefined; at = at.parent) {
    if (at.span.kind === "function") return at.span.id;
    if (at.span.guardrail !== undefined) return guardrailScope(at.span.guardrail.name);
  }
  return "";
}

export const guardrailScope = (name: string): string => `guardrail:${name}`;
