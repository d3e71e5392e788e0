import { canonicalJson } from "../base/json.ts";
import type { Case } from "../dataset/case.ts";
import { inputOf } from "../dataset/input.ts";
import type { Message, Trace } from "../trace/schema.ts";
import { isModelKind, treeOf, type Place } from "../trace/tree.ts";
import { conversationScope } from "./script.ts";

/** What one run of a conversation is given, and the agent that answered it first when it was recorded. */
export type RunInput = { readonly messages: readonly Message[]; readonly agent: string | undefined };

/**
 * What the replayed agent is given: one input per run of the conversation, the first with all that had been said before.
 * `case.yaml` decides; where it still says what was recorded, the recorded messages are taken instead, because they keep
 * earlier tool calls and results apart from text.
 */
export function runInputs(trace: Trace, { input }: Case): readonly RunInput[] {
  const places = treeOf(trace).places.filter((place) => isModelKind(place.span.kind) && conversationScope(place) === "" && place.span.model?.input !== undefined);
  const recorded = inputOf(trace);
  const untouched = recorded !== undefined && canonicalJson(recorded.messages) === canonicalJson(input.messages);
  const first = untouched && places[0] !== undefined ? said(trace, places[0]) : [];
  return [
    { messages: first.length > 0 ? first : input.messages.map(spoken), agent: input.agent ?? places[0]?.agent },
    ...(input.later ?? []).map((message) => ({ messages: [spoken(message)], agent: answererOf(trace, places, message.text) })),
  ];
}

const said = (trace: Trace, place: Place): readonly Message[] =>
  (place.span.model?.input ?? [])
    .flatMap((index) => trace.messages[index] ?? [])
    .filter((message) => message.role !== "system" && message.role !== "developer");

const answererOf = (trace: Trace, places: readonly Place[], text: string): string | undefined =>
  places.slice(1).find((place) => said(trace, place).some((message) => message.role === "user" && message.parts.some((part) => part.type === "text" && part.text === text)))?.agent;

const roles: ReadonlySet<string> = new Set(["user", "assistant", "tool", "system", "developer"]);
const spoken = ({ role, text }: { role: string; text: string }): Message => ({
  role: roles.has(role) ? (role as Message["role"]) : "user",
  parts: [{ type: "text", text }],
});
