import { isObject, type Json } from "../../base/json.ts";
import type { LooseModelCall } from "../../trace/piece.ts";
import type { Message, ModelCall, Part, Span, SpanKind, ToolSpec } from "../../trace/schema.ts";
import { indexed, structure, text, type Attributes } from "./attributes.ts";
import type { OtlpSpan } from "./envelope.ts";
import { roleOf, splitSystem, toolsOf } from "./genai.ts";
import { asObject, asText, defined, usageFrom, type Dialect, type Reading } from "./reading.ts";

/** OpenInference (Phoenix, Arize): flat indexed attributes. Its Agents SDK instrumentors write handoffs as tools. */
export const openinference: Dialect = {
  name: "openinference",
  recognises: (span) => span.attributes.has("openinference.span.kind"),
  read,
};

const kinds: Readonly<Record<string, SpanKind>> = {
  LLM: "generation",
  AGENT: "agent",
  TOOL: "function",
  GUARDRAIL: "guardrail",
  RETRIEVER: "retrieval",
  RERANKER: "retrieval",
  EMBEDDING: "retrieval",
  CHAIN: "custom",
};

function read(span: OtlpSpan): Reading {
  const { attributes, name } = span;
  const word = text(attributes, "openinference.span.kind") ?? "UNKNOWN";
  const toolName = text(attributes, "tool.name");
  const handoff = word === "TOOL" ? handoffOf(span, toolName) : undefined;
  const kind = kindOf({ word, span, isHandoff: handoff !== undefined });
  const triggered = attributes.get("guardrail.triggered");
  return defined<Reading>({
    kind,
    native_type: word,
    model: kind === "generation" || kind === "response" ? modelOf(span) : undefined,
    tool: kind === "function" ? toolOf(span, toolName) : undefined,
    agent: kind === "agent" ? { name: text(attributes, "agent.name", "graph.node.id") ?? name } : undefined,
    turn: kind === "turn" ? {} : undefined,
    handoff,
    guardrail: kind === "guardrail" ? { name: toolName ?? name, triggered: triggered === true || triggered === "true" } : undefined,
    trace: defined({
      workflow_name: span.parentId === null ? name : undefined,
      group_id: text(attributes, "session.id"),
      user_id: text(attributes, "user.id"),
      metadata: asObject(structure(attributes, "metadata")),
      tags: tagsOf(attributes.get("tag.tags")),
    }),
  });
}

function kindOf({ word, span, isHandoff }: { word: string; span: OtlpSpan; isHandoff: boolean }): SpanKind {
  if (isHandoff) return "handoff";
  // The Agents SDK instrumentors name turns "turn", and write the run as a root AGENT around a CHAIN of the same name.
  if (word === "CHAIN" && span.name === "turn") return "turn";
  if (word === "AGENT" && span.parentId === null && !span.attributes.has("graph.node.id")) return "task";
  if (word === "LLM" && span.name === "response") return "response";
  return kinds[word] ?? "unknown";
}

function tagsOf(value: Json | undefined): readonly string[] | undefined {
  return Array.isArray(value) ? (value as readonly Json[]).filter((tag) => typeof tag === "string") : undefined;
}

function handoffOf(span: OtlpSpan, toolName: string | undefined): Span["handoff"] {
  const named = /^handoff[_ ]to[_ ](.+)$/i.exec(toolName ?? span.name)?.[1];
  if (named === undefined) return undefined;
  const input = asObject(structure(span.attributes, "input.value"));
  const output = asObject(structure(span.attributes, "output.value"));
  return defined({ from: asText(input?.["from_agent"]), to: asText(output?.["to_agent"]) ?? named });
}

function toolOf({ attributes, name }: OtlpSpan, toolName: string | undefined): NonNullable<Span["tool"]> {
  return defined({
    name: toolName ?? name,
    call_id: text(attributes, "tool.id", "tool_call.id"),
    arguments: asText(attributes.get("input.value") ?? attributes.get("tool.parameters")),
    output: asText(attributes.get("output.value")),
  });
}

function modelOf({ attributes }: OtlpSpan): LooseModelCall {
  const input = messagesAt(attributes, "llm.input_messages");
  const output = mergeCalls(messagesAt(attributes, "llm.output_messages"));
  const { system, rest } = splitSystem(mergeCalls(input));
  const raw = asObject(structure(attributes, "output.value"));
  const isResponse = raw?.["object"] === "response";
  const parameters = asObject(structure(attributes, "llm.invocation_parameters"));
  return defined<LooseModelCall>({
    api: isResponse ? "responses" : raw?.["choices"] === undefined ? "other" : "chat",
    model: text(attributes, "llm.model_name"),
    response_id: isResponse || raw?.["choices"] !== undefined ? asText(raw?.["id"]) : undefined,
    previous_response_id: isResponse ? asText(raw?.["previous_response_id"]) : undefined,
    instructions: system,
    input: input.length === 0 ? undefined : rest,
    output: output.length === 0 ? undefined : output,
    tools: toolsAt(attributes),
    settings: settingsOf(parameters),
    finish: text(attributes, "llm.finish_reason"),
    usage: usageFrom(attributes, {
      input: ["llm.token_count.prompt"],
      output: ["llm.token_count.completion"],
      total: ["llm.token_count.total"],
      cached: ["llm.token_count.prompt_details.cache_read"],
      reasoning: ["llm.token_count.completion_details.reasoning"],
    }),
  });
}

const settingNames = ["temperature", "top_p", "max_tokens", "max_output_tokens", "tool_choice", "parallel_tool_calls", "seed", "truncation"];

function settingsOf(parameters: Readonly<Record<string, Json>> | undefined): ModelCall["settings"] {
  const pairs = settingNames.flatMap((name) => (parameters?.[name] === undefined || parameters[name] === null ? [] : [[name, parameters[name]] as const]));
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

function toolsAt(attributes: Attributes): readonly ToolSpec[] | undefined {
  const specs = indexed(attributes, "llm.tools").flatMap((group) => {
    const schema = structure(group, "tool.json_schema");
    return schema === undefined ? [] : [schema];
  });
  return specs.length === 0 ? undefined : toolsOf(specs);
}

function messagesAt(attributes: Attributes, prefix: string): Message[] {
  return indexed(attributes, prefix).map((group) => {
    const role = roleOf(group.get("message.role"));
    const callId = text(group, "message.tool_call_id");
    const content = group.get("message.content");
    const parts: Part[] = [];
    if (role === "tool") parts.push({ type: "tool_result", ...(callId === undefined ? {} : { call_id: callId }), output: asText(content) ?? "" });
    else if (typeof content === "string" && content !== "") parts.push({ type: "text", text: content });
    for (const item of indexed(group, "message.contents")) parts.push(...contentPart(item));
    for (const item of indexed(group, "message.tool_calls")) {
      const id = text(item, "tool_call.id");
      parts.push({
        type: "tool_call",
        ...(id === undefined ? {} : { call_id: id }),
        name: text(item, "tool_call.function.name") ?? "",
        arguments: asText(item.get("tool_call.function.arguments")) ?? "",
      });
    }
    const name = text(group, "message.name");
    return { role, ...(name === undefined ? {} : { name }), parts };
  });
}

function contentPart(item: Attributes): Part[] {
  const image = text(item, "message_content.image.image.url");
  if (image !== undefined) return [{ type: "ref", media: "image", ref: image }];
  const words = text(item, "message_content.text");
  return words === undefined ? [] : [{ type: "text", text: words }];
}

/** The JS instrumentor splits parallel calls into consecutive assistant messages: neighbours of calls only become one. */
export function mergeCalls(messages: readonly Message[]): Message[] {
  const onlyCalls = (message: Message | undefined): boolean =>
    message?.role === "assistant" && message.parts.length > 0 && message.parts.every((part) => part.type === "tool_call");
  return messages.reduce<Message[]>((merged, message) => {
    const last = merged.at(-1);
    if (last !== undefined && onlyCalls(last) && onlyCalls(message))
      merged[merged.length - 1] = { ...last, parts: [...last.parts, ...message.parts] };
    else merged.push(message);
    return merged;
  }, []);
}

/** True where `value` is a message list in OpenInference's nested (not flattened) form, as its data frames hold it. */
export const isNestedMessages = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((item) => isObject(item) && Object.keys(item).some((key) => key.startsWith("message.")));
