import type { Json, JsonObject } from "../../base/json.ts";
import type { Span, SpanKind } from "../../trace/schema.ts";
import { indexed, structure, text, type Attributes } from "./attributes.ts";
import type { OtlpSpan } from "./envelope.ts";
import { asObject, defined, listOf, usageFrom, wordsOf, type Dialect, type ModelRecord, type Reading } from "./reading.ts";

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
  const kind = handoff === undefined ? kindOf(word, span) : "handoff";
  const triggered = attributes.get("guardrail.triggered");
  return defined<Reading>({
    kind,
    native_type: word,
    model: kind === "generation" || kind === "response" ? modelOf(span) : undefined,
    tool: kind === "function" ? toolOf(span, toolName) : undefined,
    agent: kind === "agent" ? { name: text(attributes, "agent.name", "graph.node.id") ?? name } : undefined,
    turn: kind === "turn" ? {} : undefined,
    handoff,
    mcp: kind === "mcp_tools" ? defined({ tools: namesAt(attributes, "output.value") }) : undefined,
    guardrail: kind === "guardrail" ? { name: toolName ?? name, triggered: triggered === true || triggered === "true" } : undefined,
    trace: defined({
      workflow_name: span.parentId === null ? name : undefined,
      group_id: text(attributes, "session.id"),
      user_id: text(attributes, "user.id"),
      metadata: asObject(structure(attributes, "metadata")),
      tags: attributes.has("tag.tags") ? listOf(attributes.get("tag.tags")).filter((tag) => typeof tag === "string") : undefined,
    }),
  });
}

/** The Agents SDK instrumentors name turns "turn", and write the run as a root AGENT around a CHAIN of the same name. */
function kindOf(word: string, span: OtlpSpan): SpanKind {
  if (word === "CHAIN" && span.name === "turn") return "turn";
  if (word === "AGENT" && span.parentId === null && !span.attributes.has("graph.node.id")) return "task";
  if (word === "LLM" && span.name === "response") return "response";
  if (word === "TOOL" && span.name === "mcp_tools" && !span.attributes.has("tool.name")) return "mcp_tools";
  return kinds[word] ?? "unknown";
}

function namesAt(attributes: Attributes, name: string): string[] | undefined {
  const list = structure(attributes, name);
  return list === undefined ? undefined : listOf(list).filter((item) => typeof item === "string");
}

function handoffOf(span: OtlpSpan, toolName: string | undefined): Span["handoff"] {
  const named = /^handoff[_ ]to[_ ](.+)$/i.exec(toolName ?? span.name)?.[1];
  if (named === undefined) return undefined;
  const input = asObject(structure(span.attributes, "input.value"));
  const output = asObject(structure(span.attributes, "output.value"));
  return defined({ from: wordsOf(input?.["from_agent"]), to: wordsOf(output?.["to_agent"]) ?? named });
}

function toolOf({ attributes, name }: OtlpSpan, toolName: string | undefined): NonNullable<Span["tool"]> {
  return defined({
    name: toolName ?? name,
    call_id: text(attributes, "tool.id", "tool_call.id"),
    arguments: wordsOf(attributes.get("input.value") ?? attributes.get("tool.parameters")),
    output: wordsOf(attributes.get("output.value")),
  });
}

function modelOf({ attributes }: OtlpSpan): ModelRecord {
  const out = structure(attributes, "output.value");
  // The JS instrumentor writes the completion of a chat as a list of one.
  const raw = asObject(Array.isArray(out) ? (out as readonly Json[])[0] : out);
  const usage = usageFrom(attributes, {
    input: ["llm.token_count.prompt"],
    output: ["llm.token_count.completion"],
    total: ["llm.token_count.total"],
    cached: ["llm.token_count.prompt_details.cache_read"],
    reasoning: ["llm.token_count.completion_details.reasoning"],
  });
  const input = messagesAt(attributes, "llm.input_messages");
  const output = messagesAt(attributes, "llm.output_messages");
  if (raw?.["object"] === "response") {
    const items = structure(attributes, "input.value") ?? attributes.get("input.value");
    return defined<ModelRecord>({ api: "responses", response: raw, input: items ?? input, usage });
  }
  const tools = indexed(attributes, "llm.tools").flatMap((group) => listOf(structure(group, "tool.json_schema")));
  return defined<ModelRecord>({
    api: raw?.["choices"] === undefined ? "other" : "chat",
    model: text(attributes, "llm.model_name"),
    response_id: raw?.["choices"] === undefined ? undefined : wordsOf(raw["id"]),
    input: input.length === 0 ? undefined : input,
    output: output.length === 0 ? undefined : output,
    tools: tools.length === 0 ? undefined : tools,
    model_config: asObject(structure(attributes, "llm.invocation_parameters")),
    finish: text(attributes, "llm.finish_reason"),
    usage,
  });
}

/** Messages of a flat prefix, as chat messages; calls that the JS instrumentor split over neighbours are one again. */
function messagesAt(attributes: Attributes, prefix: string): readonly Json[] {
  return mergeCalls(
    indexed(attributes, prefix).map((group) => {
      const calls = indexed(group, "message.tool_calls").map((item) => ({
        id: text(item, "tool_call.id") ?? null,
        function: { name: text(item, "tool_call.function.name") ?? "", arguments: item.get("tool_call.function.arguments") ?? "" },
      }));
      const parts = indexed(group, "message.contents").flatMap(contentPart);
      return defined<Record<string, Json>>({
        role: group.get("message.role") ?? "user",
        name: text(group, "message.name"),
        tool_call_id: text(group, "message.tool_call_id"),
        content: group.get("message.content") ?? (parts.length === 0 ? undefined : parts),
        tool_calls: calls.length === 0 ? undefined : calls,
      });
    }),
  );
}

function contentPart(item: Attributes): Json[] {
  const image = text(item, "message_content.image.image.url");
  if (image !== undefined) return [{ type: "image", url: image }];
  const words = text(item, "message_content.text");
  return words === undefined ? [] : [{ type: "text", text: words }];
}

function mergeCalls(messages: readonly JsonObject[]): JsonObject[] {
  const onlyCalls = (message: JsonObject): boolean =>
    message["role"] === "assistant" && Array.isArray(message["tool_calls"]) && (message["content"] ?? "") === "";
  return messages.reduce<JsonObject[]>((merged, message) => {
    const last = merged.at(-1);
    if (last === undefined || !onlyCalls(last) || !onlyCalls(message)) return [...merged, message];
    const calls = [...listOf(last["tool_calls"]), ...listOf(message["tool_calls"])];
    return [...merged.slice(0, -1), { ...last, tool_calls: calls }];
  }, []);
}
