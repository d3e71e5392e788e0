import { isObject, parseJson, type Json, type JsonObject } from "../../base/json.ts";
import type { SpanKind } from "../../trace/schema.ts";
import { structure, text, type Attributes } from "./attributes.ts";
import type { OtlpSpan } from "./envelope.ts";
import { defined, listOf, usageFrom, wordsOf, type Dialect, type ModelRecord, type Reading } from "./reading.ts";

/**
 * OpenTelemetry's GenAI semantic conventions: the present form (`gen_ai.input.messages`), the content event
 * (`gen_ai.client.inference.operation.details`), message events (until 1.36) and content events before those.
 */
export const genai: Dialect = {
  name: "genai",
  recognises: (span) =>
    [...span.attributes.keys()].some((key) => key.startsWith("gen_ai.")) || span.events.some((event) => event.name.startsWith("gen_ai.")),
  read,
};

const operations: Readonly<Record<string, SpanKind>> = {
  chat: "generation",
  generate_content: "generation",
  text_completion: "generation",
  execute_tool: "function",
  invoke_agent: "agent",
  create_agent: "agent",
  invoke_workflow: "task",
  retrieval: "retrieval",
  embeddings: "retrieval",
};

function read(span: OtlpSpan): Reading {
  const { attributes } = span;
  const operation = text(attributes, "gen_ai.operation.name");
  const to = text(attributes, "gen_ai.handoff.to_agent");
  const guardrail = text(attributes, "gen_ai.guardrail.name");
  const model = modelOf(span);
  const named = operation === undefined ? undefined : operations[operation];
  const kind = to !== undefined ? "handoff" : guardrail !== undefined ? "guardrail" : (named ?? (model ? "generation" : undefined));
  const toolName = text(attributes, "gen_ai.tool.name");
  const agentName = text(attributes, "gen_ai.agent.name");
  return defined<Reading>({
    kind,
    native_type: operation,
    model: kind === "generation" ? model : undefined,
    tool:
      kind === "function" || (kind === undefined && toolName !== undefined)
        ? defined({
            name: toolName ?? span.name,
            call_id: text(attributes, "gen_ai.tool.call.id"),
            arguments: wordsOf(attributes.get("gen_ai.tool.call.arguments")),
            output: wordsOf(attributes.get("gen_ai.tool.call.result")),
          })
        : undefined,
    agent: kind === "agent" && agentName !== undefined ? { name: agentName } : undefined,
    handoff: to === undefined ? undefined : defined({ from: text(attributes, "gen_ai.handoff.from_agent"), to }),
    guardrail: guardrail === undefined ? undefined : { name: guardrail, triggered: attributes.get("gen_ai.guardrail.triggered") === true },
    trace: defined({ workflow_name: text(attributes, "gen_ai.workflow.name"), group_id: text(attributes, "gen_ai.conversation.id") }),
  });
}

const settingNames = ["temperature", "top_p", "max_tokens", "seed", "frequency_penalty", "presence_penalty"];

function modelOf(span: OtlpSpan): ModelRecord | undefined {
  const { attributes } = span;
  const details = span.events.find((event) => event.name === "gen_ai.client.inference.operation.details")?.attributes;
  const at = (name: string): Json | undefined => structure(attributes, name) ?? (details ? structure(details, name) : undefined);
  const [input, output] = [at("gen_ai.input.messages"), at("gen_ai.output.messages")];
  const events = input === undefined && output === undefined ? fromEvents(span) : undefined;
  const instructions = at("gen_ai.system_instructions");
  const settings = settingNames.flatMap((name) => {
    const value = attributes.get(`gen_ai.request.${name}`);
    return value === undefined ? [] : [[name, value] as const];
  });
  const record = defined<ModelRecord>({
    input: input === undefined ? events?.input : chatMessages(input),
    output: output === undefined ? events?.output : chatMessages(output),
    instructions: instructions === undefined ? undefined : listOf(instructions).map(chatPart),
    model: text(attributes, "gen_ai.response.model", "gen_ai.request.model"),
    response_id: text(attributes, "gen_ai.response.id"),
    conversation_id: text(attributes, "gen_ai.conversation.id"),
    tools: at("gen_ai.tool.definitions"),
    model_config: settings.length === 0 ? undefined : Object.fromEntries(settings),
    finish: wordsOf(listOf(structure(attributes, "gen_ai.response.finish_reasons"))[0]),
    usage: usageFrom(attributes, {
      input: ["gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"],
      output: ["gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"],
      total: ["llm.usage.total_tokens"],
      cached: ["gen_ai.usage.cache_read.input_tokens"],
      reasoning: ["gen_ai.usage.reasoning.output_tokens"],
    }),
  });
  const says = record.model ?? record.input ?? record.output ?? record.usage;
  return says === undefined ? undefined : record;
}

/** `[{role, parts: […]}]` of the conventions as chat messages. Items without `parts` stay as they are. */
export function chatMessages(value: Json): readonly Json[] {
  return listOf(value).map((item) => {
    if (!isObject(item) || item["parts"] === undefined) return item;
    const content = listOf(item["parts"] as Json).map(chatPart);
    return { ...(typeof item["name"] === "string" ? { name: item["name"] } : {}), role: roleFor(item["role"], content), content };
  });
}

const roleFor = (role: unknown, content: readonly Json[]): string =>
  content.some((part) => isObject(part) && part["type"] === "tool_result") ? "tool" : typeof role === "string" ? role : "user";

/** One part of the conventions in the words the message reader knows. Types of no such word pass through. */
function chatPart(part: Json): Json {
  if (!isObject(part)) return part;
  const object = part as JsonObject;
  switch (object["type"]) {
    case "text":
    case "reasoning":
      return { type: object["type"], text: object["content"] ?? object["text"] ?? "" };
    case "tool_call":
    case "server_tool_call":
      return { ...object, type: "tool_call" };
    case "tool_call_response":
    case "server_tool_call_response":
      return { type: "tool_result", call_id: object["id"] ?? null, output: object["response"] ?? object["result"] ?? "" };
    case "blob":
      return { type: mediaOf(object["modality"]), data: object["content"] ?? "", mimeType: object["mime_type"] ?? null };
    case "uri":
      return { type: mediaOf(object["modality"]), url: object["uri"] ?? "" };
    default:
      return object;
  }
}

const mediaOf = (modality: unknown): string => (modality === "image" || modality === "audio" ? modality : "file");

/** Messages from span events: `gen_ai.<role>.message` and `gen_ai.choice`, or `gen_ai.content.prompt|completion`. */
function fromEvents(span: OtlpSpan): { readonly input: Json; readonly output: Json } | undefined {
  const list = span.events.flatMap(({ name, attributes }): Json[] => {
    if (name === "gen_ai.content.prompt") return [...listOf(structure(attributes, "gen_ai.prompt"))];
    if (name === "gen_ai.content.completion") return listOf(structure(attributes, "gen_ai.completion")).map((message) => ({ "event.name": "gen_ai.choice", message }));
    return name.startsWith("gen_ai.") ? [{ ...bodyOf(attributes), "event.name": name }] : [];
  });
  const said = eventList(list);
  return said.input.length + said.output.length === 0 ? undefined : said;
}

const eventRole = /^gen_ai\.(system|user|assistant|tool)\.message$/;

/** Chat messages from a list of `{"event.name": "gen_ai.user.message", …}`; items that are no events are input as they are. */
export function eventList(events: readonly Json[]): { readonly input: readonly Json[]; readonly output: readonly Json[] } {
  const input: Json[] = [];
  const output: Json[] = [];
  for (const event of events) {
    if (!isObject(event)) continue;
    const { "event.name": name, message, ...body } = event as JsonObject;
    const role = typeof name === "string" ? eventRole.exec(name)?.[1] : undefined;
    if (name === "gen_ai.choice") output.push({ role: "assistant", ...(isObject(message) ? (message as JsonObject) : body) });
    else if (role === "tool") input.push({ ...body, role, tool_call_id: body["tool_call_id"] ?? body["id"] ?? null });
    else if (role !== undefined) input.push({ ...body, role });
    else if (name === undefined) input.push(event as Json);
  }
  return { input, output };
}

function bodyOf(attributes: Attributes): JsonObject {
  const pairs = [...attributes].map(([key, value]): [string, Json] => {
    const parsed = typeof value === "string" && /^[[{]/.test(value) ? parseJson(value) : undefined;
    return [key.replace(/^gen_ai\.(event\.)?/, ""), parsed ?? value];
  });
  return Object.fromEntries(pairs.filter(([key]) => key !== "__proto__"));
}
