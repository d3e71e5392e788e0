import { sha256 } from "../../base/hash.ts";
import { isObject, parseJson, type Json } from "../../base/json.ts";
import type { LooseModelCall } from "../../trace/piece.ts";
import type { Message, ModelCall, Part, SpanKind, ToolSpec } from "../../trace/schema.ts";
import { structure, text, type Attributes } from "./attributes.ts";
import type { OtlpSpan } from "./envelope.ts";
import { asText, defined, usageFrom, type Dialect, type Reading } from "./reading.ts";

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
            arguments: asText(attributes.get("gen_ai.tool.call.arguments")),
            output: asText(attributes.get("gen_ai.tool.call.result")),
          })
        : undefined,
    agent: kind === "agent" && agentName !== undefined ? { name: agentName } : undefined,
    handoff: to === undefined ? undefined : defined({ from: text(attributes, "gen_ai.handoff.from_agent"), to }),
    guardrail: guardrail === undefined ? undefined : { name: guardrail, triggered: attributes.get("gen_ai.guardrail.triggered") === true },
    trace: defined({ workflow_name: text(attributes, "gen_ai.workflow.name"), group_id: text(attributes, "gen_ai.conversation.id") }),
  });
}

function modelOf(span: OtlpSpan): LooseModelCall | undefined {
  const { attributes } = span;
  const details = span.events.find((event) => event.name === "gen_ai.client.inference.operation.details")?.attributes;
  const at = (name: string): Json | undefined => structure(attributes, name) ?? (details ? structure(details, name) : undefined);
  const input = at("gen_ai.input.messages");
  const output = at("gen_ai.output.messages");
  const events = input === undefined && output === undefined ? fromEvents(span) : undefined;
  const said = input === undefined ? events?.input : semconvMessages(input);
  const instructions = at("gen_ai.system_instructions");
  const usage = usageFrom(attributes, {
    input: ["gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"],
    output: ["gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"],
    total: ["llm.usage.total_tokens"],
    cached: ["gen_ai.usage.cache_read.input_tokens"],
    reasoning: ["gen_ai.usage.reasoning.output_tokens"],
  });
  const name = text(attributes, "gen_ai.response.model", "gen_ai.request.model");
  if (name === undefined && said === undefined && output === undefined && usage === undefined && events === undefined) return undefined;
  const { system, rest } = splitSystem(said ?? []);
  const reasons = structure(attributes, "gen_ai.response.finish_reasons");
  return defined<LooseModelCall>({
    api: "other",
    model: name,
    response_id: text(attributes, "gen_ai.response.id"),
    conversation_id: text(attributes, "gen_ai.conversation.id"),
    instructions: instructions === undefined ? system : { role: "system", parts: partsOf(instructions) },
    input: said === undefined ? undefined : rest,
    output: output === undefined ? events?.output : semconvMessages(output),
    tools: toolsOf(at("gen_ai.tool.definitions")),
    settings: settingsOf(attributes),
    finish: Array.isArray(reasons) ? asText(reasons[0] as Json) : undefined,
    usage,
  });
}

/** System messages of a chat input, joined, and the rest: system text is always beside the input. */
export function splitSystem(messages: readonly Message[]): { readonly system: Message | undefined; readonly rest: readonly Message[] } {
  const system = messages.filter((message) => message.role === "system" || message.role === "developer");
  if (system.length === 0) return { system: undefined, rest: messages };
  return {
    system: { role: "system", parts: system.flatMap((message) => message.parts) },
    rest: messages.filter((message) => message.role !== "system" && message.role !== "developer"),
  };
}

const settingNames = ["temperature", "top_p", "top_k", "max_tokens", "seed", "stop_sequences", "frequency_penalty", "presence_penalty"];

function settingsOf(attributes: Attributes): ModelCall["settings"] {
  const pairs = settingNames.flatMap((name) => {
    const value = attributes.get(`gen_ai.request.${name}`);
    return value === undefined ? [] : [[name, value] as const];
  });
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

/** A role by any of the names the dialects use; whatever is unknown speaks as the user. */
export function roleOf(role: unknown): Message["role"] {
  switch (role) {
    case "system":
    case "developer":
    case "assistant":
    case "tool":
      return role;
    case "model":
    case "ai":
      return "assistant";
    case "function":
      return "tool";
    default:
      return "user";
  }
}

/** `[{role, parts:[…]}]` of the conventions. Items without `parts` are read as chat messages. */
export function semconvMessages(value: Json): Message[] {
  const list = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return list.flatMap((item): Message[] => {
    if (typeof item === "string") return [{ role: "user", parts: [{ type: "text", text: item }] }];
    if (!isObject(item)) return [];
    const parts = item["parts"] === undefined ? chatParts(item) : partsOf(item["parts"] as Json);
    const answered = parts.some((part) => part.type === "tool_result");
    const name = typeof item["name"] === "string" ? { name: item["name"] } : {};
    return [{ role: answered ? "tool" : roleOf(item["role"]), ...name, parts }];
  });
}

function partsOf(value: Json): Part[] {
  const list = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return list.flatMap((part): Part[] => {
    if (typeof part === "string") return part === "" ? [] : [{ type: "text", text: part }];
    if (!isObject(part)) return [];
    const id = typeof part["id"] === "string" ? { call_id: part["id"] } : {};
    switch (part["type"]) {
      case "text":
      case "input_text":
      case "output_text":
        return [{ type: "text", text: asText((part["content"] ?? part["text"]) as Json) ?? "" }];
      case "reasoning":
        return [{ type: "reasoning", text: asText((part["content"] ?? part["text"]) as Json) ?? "" }];
      case "tool_call":
      case "server_tool_call":
        return [{ type: "tool_call", ...id, name: (asText(part["name"] as Json) ?? ""), arguments: asText(part["arguments"] as Json) ?? "" }];
      case "tool_call_response":
      case "server_tool_call_response":
        return [{ type: "tool_result", ...id, output: asText((part["response"] ?? part["result"]) as Json) ?? "" }];
      case "blob":
        return [blobOf(part)];
      case "uri":
        return [{ type: "ref", media: mediaOf(part["modality"]), ref: (asText(part["uri"] as Json) ?? "") }];
      case "file":
        return [{ type: "ref", media: "file", ref: (asText(part["file_id"] as Json) ?? "") }];
      default:
        return [{ type: "json", ...(typeof part["type"] === "string" ? { native_type: part["type"] } : {}), value: part as Json }];
    }
  });
}

function blobOf(part: Record<string, unknown>): Part {
  const content = typeof part["content"] === "string" ? part["content"] : "";
  const mime = typeof part["mime_type"] === "string" ? { mime: part["mime_type"] } : {};
  return { type: "binary", media: mediaOf(part["modality"]), ...mime, bytes: Math.floor((content.replace(/=+$/, "").length * 3) / 4), digest: sha256(content) };
}

const mediaOf = (modality: unknown): "image" | "audio" | "file" => (modality === "image" || modality === "audio" ? modality : "file");

/** A chat-completions message (`content`, `tool_calls`, `tool_call_id`) as parts. */
export function chatParts(message: Record<string, unknown>): Part[] {
  const content = message["content"] as Json | undefined;
  const callId = message["tool_call_id"] ?? message["id"];
  if (roleOf(message["role"]) === "tool")
    return [{ type: "tool_result", ...(typeof callId === "string" ? { call_id: callId } : {}), output: asText(content) ?? "" }];
  const calls = Array.isArray(message["tool_calls"]) ? message["tool_calls"] : [];
  return [
    ...(content === undefined || content === null ? [] : partsOf(content)),
    ...calls.flatMap((call): Part[] => {
      if (!isObject(call)) return [];
      const inner = isObject(call["function"]) ? call["function"] : call;
      const id = typeof call["id"] === "string" ? { call_id: call["id"] } : {};
      return [{ type: "tool_call", ...id, name: (asText(inner["name"] as Json) ?? ""), arguments: asText(inner["arguments"] as Json) ?? "" }];
    }),
  ];
}

/** Tool definitions: chat form `{type, function:{…}}`, Responses form, or a bare function. JSON in text is parsed. */
export function toolsOf(value: Json | undefined): readonly ToolSpec[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return (value as readonly Json[]).flatMap((item): ToolSpec[] => {
    const spec = typeof item === "string" ? parseJson(item) : item;
    if (!isObject(spec)) return [];
    const inner = isObject(spec["function"]) ? spec["function"] : spec;
    const parameters = (inner["parameters"] ?? inner["input_schema"]) as Json | undefined;
    return [
      defined<ToolSpec>({
        type: typeof spec["type"] === "string" ? spec["type"] : "function",
        name: typeof inner["name"] === "string" ? inner["name"] : undefined,
        description: typeof inner["description"] === "string" ? inner["description"] : undefined,
        parameters: typeof parameters === "string" ? (parseJson(parameters) ?? parameters) : parameters,
        strict: typeof inner["strict"] === "boolean" ? inner["strict"] : undefined,
      }),
    ];
  });
}

/** Messages from span events: `gen_ai.<role>.message` and `gen_ai.choice`, or `gen_ai.content.prompt|completion`. */
function fromEvents(span: OtlpSpan): { readonly input: readonly Message[]; readonly output: readonly Message[] } | undefined {
  const input: Message[] = [];
  const output: Message[] = [];
  for (const { name, attributes } of span.events) {
    const role = /^gen_ai\.(system|user|assistant|tool)\.message$/.exec(name)?.[1];
    if (role !== undefined) input.push(...eventMessages({ role, ...bodyOf(attributes) }));
    else if (name === "gen_ai.choice") {
      const body = bodyOf(attributes);
      output.push(...eventMessages({ role: "assistant", ...(isObject(body["message"]) ? body["message"] : body) }));
    } else if (name === "gen_ai.content.prompt") input.push(...semconvMessages(structure(attributes, "gen_ai.prompt") ?? []));
    else if (name === "gen_ai.content.completion") output.push(...semconvMessages(structure(attributes, "gen_ai.completion") ?? []));
  }
  return input.length + output.length === 0 ? undefined : { input, output };
}

/** Event messages from a JSON list of `{"event.name": "gen_ai.user.message", …}` (Logfire's `events` attribute). */
export function eventList(value: Json | undefined): { readonly input: readonly Message[]; readonly output: readonly Message[] } | undefined {
  if (!Array.isArray(value)) return undefined;
  const input: Message[] = [];
  const output: Message[] = [];
  for (const event of value as readonly Json[]) {
    if (!isObject(event)) continue;
    const name = (asText(event["event.name"] as Json) ?? "");
    const role = /^gen_ai\.(system|user|assistant|tool)\.message$/.exec(name)?.[1];
    if (name === "gen_ai.choice") output.push(...eventMessages(isObject(event["message"]) ? { role: "assistant", ...event["message"] } : { role: "assistant", ...event }));
    else input.push(...eventMessages({ role: role ?? event["role"], ...event }));
  }
  return { input, output };
}

function eventMessages(message: Record<string, unknown>): Message[] {
  const parts = chatParts(message);
  return parts.length === 0 ? [] : [{ role: roleOf(message["role"]), parts }];
}

function bodyOf(attributes: Attributes): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [key, value] of attributes) body[key.replace(/^gen_ai\.(event\.)?/, "")] = typeof value === "string" && /^[[{]/.test(value) ? (parseJson(value) ?? value) : value;
  return body;
}
