import type { AgentInputItem, AgentOutputItem } from "@openai/agents";
import type { Message, Part } from "../../core/trace/schema.ts";

/** Canonical messages as items of the SDK's protocol: what a run is given. Calls without an id get one by their place. */
export function inputItems(messages: readonly Message[]): AgentInputItem[] {
  const ids = callIds();
  return messages.flatMap((message) => {
    const items = message.parts.flatMap((part): AgentInputItem[] => callItem(part, ids));
    const text = message.parts.flatMap((part) => wordsOf(part)).join("\n");
    return text === "" ? items : [messageItem(message.role, text), ...items];
  });
}

/**
 * What a model said, as the SDK's models answer it. Reasoning and hosted tools' items are left out: nothing acts on them. `ids` belongs to
 * one trial.
 */
export function outputItems(messages: readonly Message[], ids: CallIds): AgentOutputItem[] {
  return messages.flatMap((message) =>
    message.parts.flatMap((part): AgentOutputItem[] => {
      if (part.type === "text") return [{ type: "message", role: "assistant", status: "completed", content: [{ type: "output_text", text: part.text }] }];
      if (part.type === "refusal") return [{ type: "message", role: "assistant", status: "completed", content: [{ type: "refusal", refusal: part.text }] }];
      if (part.type !== "tool_call") return [];
      return [{ type: "function_call", status: "completed", name: part.name, arguments: part.arguments, callId: ids.asked(part.name, part.call_id) }];
    }),
  );
}

function messageItem(role: Message["role"], text: string): AgentInputItem {
  if (role === "assistant") return { role: "assistant", status: "completed", content: [{ type: "output_text", text }] };
  return { role: role === "system" || role === "developer" ? "system" : "user", content: text };
}

function callItem(part: Part, ids: CallIds): AgentInputItem[] {
  if (part.type === "tool_call") return [{ type: "function_call", status: "completed", name: part.name, arguments: part.arguments, callId: ids.asked(part.name, part.call_id) }];
  if (part.type !== "tool_result") return [];
  const { name, callId } = ids.answered(part.name, part.call_id);
  return [{ type: "function_call_result", status: "completed", name, callId, output: { type: "text", text: part.output } }];
}

function wordsOf(part: Part): string[] {
  if (part.type === "text" || part.type === "refusal") return [part.text];
  if (part.type === "binary") return [`[${part.media}, ${part.bytes} bytes, not kept]`];
  return part.type === "ref" ? [`[${part.media} ${part.ref}]`] : [];
}

export type CallIds = {
  asked(name: string, id: string | undefined): string;
  answered(name: string | undefined, id: string | undefined): { readonly name: string; readonly callId: string };
};

/** Keeps call ids unique, as the SDK wants them: calls that lost theirs, or share one, get a made-up one, and so do their results. */
export function callIds(): CallIds {
  let made = 0;
  const used = new Set<string>();
  const open: { readonly name: string; readonly id: string | undefined; readonly callId: string }[] = [];
  const fresh = (id: string | undefined): string => {
    let callId = id ?? `call_${(made += 1)}`;
    while (used.has(callId)) callId = `${id ?? "call"}_${(made += 1)}`;
    used.add(callId);
    return callId;
  };
  return {
    asked(name, id) {
      const callId = fresh(id);
      open.push({ name, id, callId });
      return callId;
    },
    answered(name, id) {
      const at = open.findIndex((one) => (id === undefined ? name === undefined || one.name === name : one.id === id));
      const [call] = at < 0 ? [] : open.splice(at, 1);
      return { name: name ?? call?.name ?? "tool", callId: call?.callId ?? fresh(id) };
    },
  };
}
