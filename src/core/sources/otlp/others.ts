import { isObject, type Json } from "../../base/json.ts";
import type { SpanKind } from "../../trace/schema.ts";
import { indexed, structure, text, type Attributes } from "./attributes.ts";
import type { OtlpSpan } from "./envelope.ts";
import { chatMessages, eventList } from "./genai.ts";
import { asObject, defined, listOf, usageFrom, wordsOf, type Dialect, type ModelRecord, type Reading } from "./reading.ts";

const has = (span: OtlpSpan, prefix: string): boolean => [...span.attributes.keys()].some((key) => key.startsWith(prefix));
const filled = (list: readonly Json[]): readonly Json[] | undefined => (list.length === 0 ? undefined : list);

const traceloopKinds: Readonly<Record<string, SpanKind>> = { workflow: "task", agent: "agent", tool: "function", handoff: "handoff", task: "custom" };

/** Traceloop's OpenLLMetry: `traceloop.*`, indexed `gen_ai.prompt.<i>` and `gen_ai.completion.<i>` (before 0.62). */
export const traceloop: Dialect = {
  name: "traceloop",
  recognises: (span) => has(span, "traceloop.") || has(span, "gen_ai.prompt.") || has(span, "gen_ai.completion."),
  read: (span) => {
    const { attributes } = span;
    const word = text(attributes, "traceloop.span.kind");
    const input = indexed(attributes, "gen_ai.prompt").map(flatMessage);
    const output = indexed(attributes, "gen_ai.completion").map((group) => ({ ...flatMessage(group), role: "assistant" }));
    const entity = text(attributes, "traceloop.entity.name") ?? span.name.replace(/\.(agent|tool|workflow|task|handoff)$/, "");
    const kind = input.length + output.length > 0 ? "generation" : word === undefined ? undefined : traceloopKinds[word];
    const arrow = kind === "handoff" ? span.name.replace(/\.handoff$/, "").split(/\s*(?:→|->)\s*/) : [];
    const tools = indexed(attributes, "llm.request.functions").map((group) => ({
      type: "function",
      name: text(group, "name") ?? "",
      description: text(group, "description") ?? "",
      parameters: structure(group, "parameters") ?? null,
    }));
    return defined<Reading>({
      kind,
      native_type: word,
      name: kind === "generation" ? undefined : entity,
      model:
        kind === "generation"
          ? defined<ModelRecord>({ model: text(attributes, "gen_ai.response.model", "gen_ai.request.model"), tools: filled(tools), input: filled(input), output: filled(output) })
          : undefined,
      agent: kind === "agent" ? { name: entity } : undefined,
      tool:
        kind === "function"
          ? defined({ name: entity, arguments: wordsOf(attributes.get("traceloop.entity.input")), output: wordsOf(attributes.get("traceloop.entity.output")) })
          : undefined,
      handoff: kind === "handoff" ? defined({ from: arrow[0] || undefined, to: arrow[1] || undefined }) : undefined,
      trace: defined({
        workflow_name: text(attributes, "traceloop.workflow.name"),
        group_id: text(attributes, "traceloop.association.properties.session_id", "traceloop.association.properties.thread_id"),
        user_id: text(attributes, "traceloop.association.properties.user_id"),
      }),
    });
  },
};

function flatMessage(group: Attributes): Record<string, Json> {
  const calls = indexed(group, "tool_calls").map((item) => ({ id: text(item, "id") ?? null, name: text(item, "name") ?? "", arguments: item.get("arguments") ?? "" }));
  const content = structure(group, "content");
  return defined<Record<string, Json>>({
    role: group.get("role") ?? "user",
    content: Array.isArray(content) ? content : (group.get("content") ?? undefined),
    tool_call_id: text(group, "tool_call_id"),
    tool_calls: filled(calls),
  });
}

/** Pydantic Logfire: message templates as names, content in `events`, SDK ids kept. */
export const logfire: Dialect = {
  name: "logfire",
  recognises: (span) => span.scope.startsWith("logfire") || span.attributes.has("logfire.msg"),
  read: (span) => {
    const { attributes } = span;
    const events = structure(attributes, "events", "all_messages_events");
    const said = Array.isArray(events) ? eventList(events as readonly Json[]) : undefined;
    const sdk = text(attributes, "agent_trace_id");
    return defined<Reading>({
      kind: said ? "generation" : undefined,
      model: said
        ? defined<ModelRecord>({
            api: "responses",
            model: text(attributes, "gen_ai.response.model", "gen_ai.request.model"),
            response_id: text(attributes, "response_id", "gen_ai.response.id") ?? wordsOf(asObject(structure(attributes, "response"))?.["id"]),
            input: said.input,
            output: filled(said.output),
          })
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
    return defined<Reading>({
      kind: isModel ? "generation" : isTool ? "function" : operation.startsWith("ai.") ? "task" : undefined,
      native_type: operation,
      model: isModel
        ? defined<ModelRecord>({
            model: text(attributes, "ai.response.model", "ai.model.id"),
            response_id: text(attributes, "ai.response.id"),
            finish: text(attributes, "ai.response.finishReason"),
            usage: usageFrom(attributes, { input: ["ai.usage.promptTokens", "ai.usage.inputTokens"], output: ["ai.usage.completionTokens", "ai.usage.outputTokens"] }),
            input: structure(attributes, "ai.prompt.messages"),
            output: aiOutput(attributes),
          })
        : undefined,
      tool: isTool
        ? defined({
            name: text(attributes, "ai.toolCall.name") ?? span.name,
            call_id: text(attributes, "ai.toolCall.id"),
            arguments: wordsOf(attributes.get("ai.toolCall.args") ?? attributes.get("ai.toolCall.input")),
            output: wordsOf(attributes.get("ai.toolCall.result") ?? attributes.get("ai.toolCall.output")),
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

function aiOutput(attributes: Attributes): Json | undefined {
  const words = text(attributes, "ai.response.text", "ai.response.object");
  const calls = listOf(structure(attributes, "ai.response.toolCalls")).filter(isObject) as readonly Json[];
  const content = [...(words === undefined ? [] : [{ type: "text", text: words }]), ...calls.map((call) => ({ ...(call as object), type: "tool-call" }))];
  return content.length === 0 ? undefined : [{ role: "assistant", content }];
}

const langfuseKinds: Readonly<Record<string, SpanKind>> = {
  generation: "generation",
  agent: "agent",
  tool: "function",
  retriever: "retrieval",
  embedding: "retrieval",
  guardrail: "guardrail",
  chain: "custom",
  span: "custom",
  event: "custom",
  evaluator: "custom",
};

/** The kind a Langfuse observation type stands for. */
export const langfuseKind = (type: string | undefined): SpanKind | undefined => (type === undefined ? undefined : langfuseKinds[type.toLowerCase()]);

/** Langfuse's own OTLP attributes. */
export const langfuseOtel: Dialect = {
  name: "langfuse",
  recognises: (span) => has(span, "langfuse."),
  read: (span) => {
    const { attributes } = span;
    const word = text(attributes, "langfuse.observation.type");
    const kind = langfuseKind(word);
    const input = structure(attributes, "langfuse.observation.input") ?? attributes.get("langfuse.observation.input");
    const output = structure(attributes, "langfuse.observation.output") ?? attributes.get("langfuse.observation.output");
    return defined<Reading>({
      kind,
      native_type: word,
      model: kind === "generation" ? defined<ModelRecord>({ model: text(attributes, "langfuse.observation.model.name"), input: inputMessages(input), output: outputMessages(output) }) : undefined,
      tool: kind === "function" ? defined({ name: span.name, arguments: wordsOf(input), output: wordsOf(output) }) : undefined,
      agent: kind === "agent" ? { name: span.name } : undefined,
      trace: defined({
        workflow_name: text(attributes, "langfuse.trace.name"),
        group_id: text(attributes, "langfuse.session.id", "session.id"),
        user_id: text(attributes, "langfuse.user.id", "user.id"),
      }),
    });
  },
};

const mlflowKinds: Readonly<Record<string, SpanKind>> = { LLM: "generation", CHAT_MODEL: "generation", AGENT: "agent", TOOL: "function", RETRIEVER: "retrieval", CHAIN: "custom" };

/** MLflow's attributes, JSON-encoded even where they are plain text. */
export const mlflow: Dialect = {
  name: "mlflow",
  recognises: (span) => has(span, "mlflow."),
  read: (span) => {
    const { attributes } = span;
    const word = wordsOf(structure(attributes, "mlflow.spanType") ?? attributes.get("mlflow.spanType"));
    const kind = word === undefined ? undefined : mlflowKinds[word];
    const input = structure(attributes, "mlflow.spanInputs");
    const output = structure(attributes, "mlflow.spanOutputs");
    return defined<Reading>({
      kind,
      native_type: word,
      model:
        kind === "generation"
          ? defined<ModelRecord>({ usage: asObject(structure(attributes, "mlflow.chat.tokenUsage")), input: inputMessages(input), output: outputMessages(output) })
          : undefined,
      tool: kind === "function" ? defined({ name: span.name, arguments: wordsOf(input), output: wordsOf(output) }) : undefined,
      agent: kind === "agent" ? { name: span.name } : undefined,
    });
  },
};

/** What a generic `input` holds, as the message reader takes it: the messages inside, or the value itself as text. */
export function inputMessages(value: Json | undefined): Json | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const inner = isObject(value) && Array.isArray(value["messages"]) ? (value["messages"] as Json) : value;
  const list = listOf(inner);
  return list.every((item) => typeof item === "string" || (isObject(item) && ("role" in item || "parts" in item || "type" in item)))
    ? chatMessages(list)
    : [wordsOf(value) ?? ""];
}

/** The same for a generic `output`, which may be a whole completion or Response. */
export function outputMessages(value: Json | undefined): Json | undefined {
  if (isObject(value) && (Array.isArray(value["choices"]) || Array.isArray(value["output"]))) return [value as Json];
  return inputMessages(value);
}
