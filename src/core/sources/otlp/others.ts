import { isObject, type Json } from "../../base/json.ts";
import type { LooseModelCall } from "../../trace/piece.ts";
import type { Message, Part, SpanKind } from "../../trace/schema.ts";
import { indexed, structure, text, type Attributes } from "./attributes.ts";
import type { OtlpSpan } from "./envelope.ts";
import { chatParts, eventList, roleOf, semconvMessages, splitSystem, toolsOf } from "./genai.ts";
import { asObject, asText, defined, usageFrom, type Dialect, type Reading } from "./reading.ts";

const has = (span: OtlpSpan, prefix: string): boolean => [...span.attributes.keys()].some((key) => key.startsWith(prefix));

/** A model call from plain messages: system text beside the input, absent parts left out. */
function call(rest: Omit<LooseModelCall, "input" | "output">, input: readonly Message[] | undefined, output: readonly Message[] | undefined): LooseModelCall {
  const split = splitSystem(input ?? []);
  return defined<LooseModelCall>({
    ...rest,
    instructions: rest.instructions ?? split.system,
    input: input === undefined ? undefined : split.rest,
    output,
  });
}

/** Traceloop's OpenLLMetry: `traceloop.*`, indexed `gen_ai.prompt.<i>` and `gen_ai.completion.<i>` (before 0.62). */
export const traceloop: Dialect = {
  name: "traceloop",
  recognises: (span) => has(span, "traceloop.") || span.attributes.has("gen_ai.prompt.0.role") || has(span, "gen_ai.completion.0."),
  read: (span) => {
    const { attributes } = span;
    const word = text(attributes, "traceloop.span.kind");
    const kinds: Readonly<Record<string, SpanKind>> = { workflow: "task", agent: "agent", tool: "function", handoff: "handoff", task: "custom" };
    const input = indexed(attributes, "gen_ai.prompt").map((group) => flatMessage(group));
    const output = indexed(attributes, "gen_ai.completion").map((group) => flatMessage(group, "assistant"));
    const entity = text(attributes, "traceloop.entity.name") ?? span.name.replace(/\.(agent|tool|workflow|task|handoff)$/, "");
    const kind = input.length + output.length > 0 ? "generation" : word === undefined ? undefined : kinds[word];
    const arrow = /^(.*?)\s*(?:→|->)\s*(.*?)(?:\.handoff)?$/.exec(span.name);
    const tools = indexed(attributes, "llm.request.functions").map((group) =>
      defined<{ type: string; name: string | undefined; description: string | undefined; parameters: Json | undefined }>({
        type: "function",
        name: text(group, "name"),
        description: text(group, "description"),
        parameters: structure(group, "parameters"),
      }),
    );
    return defined<Reading>({
      kind,
      native_type: word,
      name: kind === "generation" ? undefined : entity,
      model:
        kind === "generation"
          ? call(
              defined<LooseModelCall>({ api: "other", model: text(attributes, "gen_ai.response.model", "gen_ai.request.model"), tools: tools.length === 0 ? undefined : toolsOf(tools as unknown as Json) }),
              input.length === 0 ? undefined : input,
              output.length === 0 ? undefined : output,
            )
          : undefined,
      agent: kind === "agent" ? { name: entity } : undefined,
      tool:
        kind === "function"
          ? defined({ name: entity, arguments: asText(attributes.get("traceloop.entity.input")), output: asText(attributes.get("traceloop.entity.output")) })
          : undefined,
      handoff: kind === "handoff" && arrow ? defined({ from: arrow[1] || undefined, to: arrow[2] || undefined }) : undefined,
      trace: defined({
        workflow_name: text(attributes, "traceloop.workflow.name"),
        group_id: text(attributes, "traceloop.association.properties.session_id", "traceloop.association.properties.thread_id"),
        user_id: text(attributes, "traceloop.association.properties.user_id"),
      }),
    });
  },
};

function flatMessage(group: Attributes, otherwise = "user"): Message {
  const calls: Part[] = indexed(group, "tool_calls").map((item) => {
    const id = text(item, "id");
    return { type: "tool_call", ...(id === undefined ? {} : { call_id: id }), name: text(item, "name") ?? "", arguments: asText(item.get("arguments")) ?? "" };
  });
  const role = roleOf(group.get("role") ?? otherwise);
  const content = structure(group, "content");
  const spoken = chatParts({ role, content: Array.isArray(content) ? content : (group.get("content") ?? null), tool_call_id: group.get("tool_call_id") });
  return { role, parts: [...spoken, ...calls] };
}

/** Pydantic Logfire: message templates as names, content in `events`, SDK ids kept. */
export const logfire: Dialect = {
  name: "logfire",
  recognises: (span) => span.scope.startsWith("logfire") || span.attributes.has("logfire.msg"),
  read: (span) => {
    const { attributes } = span;
    const said = eventList(structure(attributes, "events", "all_messages_events"));
    const response = asObject(structure(attributes, "response"));
    const sdk = text(attributes, "agent_trace_id");
    return defined<Reading>({
      kind: said ? "generation" : undefined,
      model: said
        ? call(
            defined<LooseModelCall>({
              api: "responses",
              model: text(attributes, "gen_ai.response.model", "gen_ai.request.model"),
              response_id: text(attributes, "response_id", "gen_ai.response.id") ?? asText(response?.["id"]),
            }),
            said.input,
            said.output.length === 0 ? undefined : said.output,
          )
        : undefined,
      trace: defined({
        group_id: text(attributes, "group_id"),
        alt_ids: sdk === undefined ? undefined : { openai_trace_id: sdk },
        workflow_name: span.parentId === null ? text(attributes, "logfire.msg") : undefined,
      }),
    });
  },
};

/** Vercel's AI SDK. The outer `ai.generateText` span repeats the usage of the inner call: only `do…` spans are models. */
export const aiSdk: Dialect = {
  name: "ai-sdk",
  recognises: (span) => span.attributes.has("ai.operationId"),
  read: (span) => {
    const { attributes } = span;
    const operation = text(attributes, "ai.operationId") ?? "";
    const isModel = /\.do(Generate|Stream)$/.test(operation);
    const isTool = operation === "ai.toolCall";
    const prompt = structure(attributes, "ai.prompt.messages");
    return defined<Reading>({
      kind: isModel ? "generation" : isTool ? "function" : operation.startsWith("ai.") ? "task" : undefined,
      native_type: operation,
      model: isModel
        ? call(
            defined<LooseModelCall>({
              api: "other",
              model: text(attributes, "ai.response.model", "ai.model.id"),
              response_id: text(attributes, "ai.response.id"),
              finish: text(attributes, "ai.response.finishReason"),
              usage: usageFrom(attributes, { input: ["ai.usage.promptTokens", "ai.usage.inputTokens"], output: ["ai.usage.completionTokens", "ai.usage.outputTokens"] }),
            }),
            prompt === undefined ? undefined : aiMessages(prompt),
            aiOutput(attributes),
          )
        : undefined,
      tool: isTool
        ? defined({
            name: text(attributes, "ai.toolCall.name") ?? span.name,
            call_id: text(attributes, "ai.toolCall.id"),
            arguments: asText(attributes.get("ai.toolCall.args") ?? attributes.get("ai.toolCall.input")),
            output: asText(attributes.get("ai.toolCall.result") ?? attributes.get("ai.toolCall.output")),
          })
        : undefined,
      trace: defined({
        workflow_name: text(attributes, "ai.telemetry.functionId"),
        group_id: text(attributes, "ai.telemetry.metadata.sessionId", "ai.telemetry.metadata.threadId"),
        user_id: text(attributes, "ai.telemetry.metadata.userId"),
      }),
    });
  },
};

function aiMessages(value: Json): Message[] {
  const list = Array.isArray(value) ? (value as readonly Json[]) : [];
  return list.flatMap((item): Message[] => {
    if (!isObject(item)) return [];
    const content = item["content"];
    if (!Array.isArray(content)) return [{ role: roleOf(item["role"]), parts: chatParts(item) }];
    const parts = (content as readonly Json[]).flatMap((part): Part[] => {
      if (!isObject(part)) return [];
      const id = typeof part["toolCallId"] === "string" ? { call_id: part["toolCallId"] } : {};
      if (part["type"] === "tool-call") return [{ type: "tool_call", ...id, name: (asText(part["toolName"] as Json) ?? ""), arguments: asText((part["args"] ?? part["input"]) as Json) ?? "" }];
      if (part["type"] === "tool-result") return [{ type: "tool_result", ...id, output: asText((part["result"] ?? part["output"]) as Json) ?? "" }];
      return chatParts({ role: "user", content: [part] });
    });
    return [{ role: roleOf(item["role"]), parts }];
  });
}

function aiOutput(attributes: Attributes): readonly Message[] | undefined {
  const words = text(attributes, "ai.response.text", "ai.response.object");
  const calls = structure(attributes, "ai.response.toolCalls");
  const parts: Part[] = words === undefined ? [] : [{ type: "text", text: words }];
  for (const item of Array.isArray(calls) ? (calls as readonly Json[]) : []) {
    if (!isObject(item)) continue;
    const id = typeof item["toolCallId"] === "string" ? { call_id: item["toolCallId"] } : {};
    parts.push({ type: "tool_call", ...id, name: (asText(item["toolName"] as Json) ?? ""), arguments: asText((item["args"] ?? item["input"]) as Json) ?? "" });
  }
  return parts.length === 0 ? undefined : [{ role: "assistant", parts }];
}

/** Langfuse's own OTLP attributes. */
export const langfuseOtel: Dialect = {
  name: "langfuse",
  recognises: (span) => has(span, "langfuse."),
  read: (span) => {
    const { attributes } = span;
    const word = text(attributes, "langfuse.observation.type")?.toLowerCase();
    const kinds: Readonly<Record<string, SpanKind>> = { generation: "generation", agent: "agent", tool: "function", retriever: "retrieval", embedding: "retrieval", guardrail: "guardrail", chain: "custom", span: "custom" };
    const kind = word === undefined ? undefined : kinds[word];
    const input = structure(attributes, "langfuse.observation.input") ?? attributes.get("langfuse.observation.input");
    const output = structure(attributes, "langfuse.observation.output") ?? attributes.get("langfuse.observation.output");
    return defined<Reading>({
      kind,
      native_type: word,
      model:
        kind === "generation"
          ? call(defined<LooseModelCall>({ api: "other", model: text(attributes, "langfuse.observation.model.name") }), plainMessages(input), plainMessages(output, "assistant"))
          : undefined,
      tool: kind === "function" ? defined({ name: span.name, arguments: asText(input), output: asText(output) }) : undefined,
      agent: kind === "agent" ? { name: span.name } : undefined,
      trace: defined({
        workflow_name: text(attributes, "langfuse.trace.name"),
        group_id: text(attributes, "langfuse.session.id", "session.id"),
        user_id: text(attributes, "langfuse.user.id", "user.id"),
      }),
    });
  },
};

/** MLflow's attributes, JSON-encoded even where they are plain text. */
export const mlflow: Dialect = {
  name: "mlflow",
  recognises: (span) => has(span, "mlflow."),
  read: (span) => {
    const { attributes } = span;
    const word = asText(structure(attributes, "mlflow.spanType") ?? attributes.get("mlflow.spanType"));
    const kinds: Readonly<Record<string, SpanKind>> = { LLM: "generation", CHAT_MODEL: "generation", AGENT: "agent", TOOL: "function", RETRIEVER: "retrieval", CHAIN: "custom" };
    const kind = word === undefined ? undefined : kinds[word];
    const input = structure(attributes, "mlflow.spanInputs");
    const output = structure(attributes, "mlflow.spanOutputs");
    const usage = asObject(structure(attributes, "mlflow.chat.tokenUsage"));
    return defined<Reading>({
      kind,
      native_type: word,
      model:
        kind === "generation"
          ? call(
              defined<LooseModelCall>({ api: "other", usage: usage ? usageFrom(new Map(Object.entries(usage)), { input: ["input_tokens"], output: ["output_tokens"], total: ["total_tokens"] }) : undefined }),
              plainMessages(asObject(input)?.["messages"] ?? input),
              plainMessages(output, "assistant"),
            )
          : undefined,
      tool: kind === "function" ? defined({ name: span.name, arguments: asText(input), output: asText(output) }) : undefined,
      agent: kind === "agent" ? { name: span.name } : undefined,
    });
  },
};

/** Messages from whatever a generic `input` or `output` field holds: messages, a completion, or any value as text. */
export function plainMessages(value: Json | undefined, otherwise: "user" | "assistant" = "user"): readonly Message[] | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (isObject(value) && Array.isArray(value["choices"]))
    return (value["choices"] as readonly Json[]).flatMap((choice) => (isObject(choice) && isObject(choice["message"]) ? [{ role: "assistant" as const, parts: chatParts(choice["message"]) }] : []));
  if (isObject(value) && Array.isArray(value["messages"])) return semconvMessages(value["messages"] as Json);
  const list = Array.isArray(value) ? (value as readonly Json[]) : [value];
  if (list.length > 0 && list.every((item) => isObject(item) && ("role" in item || "parts" in item))) return semconvMessages(list as Json);
  return [{ role: otherwise, parts: [{ type: "text", text: asText(value) ?? "" }] }];
}
