import type { Json, JsonObject } from "../base/json.ts";
import { isObject } from "../base/json.ts";
import type { Message, Part, Span, ToolSpec, Trace } from "../trace/schema.ts";
import { isDropped } from "./keys.ts";
import type { Place } from "./policy.ts";

/** One place of a trace that holds text, JSON or an id. `key` is what a value scanned alone should know of its place. */
export type Slot = {
  readonly place: Place;
  readonly field: string;
  /** JSON pointer into the trace. */
  readonly path: string;
  readonly key?: string;
  readonly joins?: Joins;
};

/** Texts of one message are read as one: a value may begin in one and end in the next. So are the ends of neighbouring messages of one turn. */
export type Joins = { readonly message: string; readonly turn: number };

/** What is done with each place. Each answers what stands there afterwards. */
export type Visitor = {
  text(value: string, slot: Slot): string;
  json(value: Json, slot: Slot): Json;
  /** `prefix` says what kind of id it is: `span_`, `call_`. */
  id(value: string, slot: Slot, prefix: string): string;
  /** A digest of binary content, which becomes keyed. */
  digest(value: string, slot: Slot): string;
  /** Members nobody knows. */
  unknown(slot: Slot): void;
};

/** A member name as a step of a JSON pointer. */
export const pointerName = (name: string): string => name.replaceAll("~", "~0").replaceAll("/", "~1");

/** JSON nested deeper than this is dropped. */
const depthLimit = 100;
const dropped = "[DROPPED]";

/**
 * Rebuilds a trace, member by member from the list below, asking the visitor at each place that can hold somebody's data. A
 * member that is not on the list does not come through: default deny.
 */
export function mapTrace(trace: Trace, visit: Visitor): Trace {
  const at = (field: string, path: string, key?: string): Slot => ({ place: "trace", field, path, ...(key === undefined ? {} : { key }) });
  const source = trace.source;
  const turns = turnsOf(trace.messages);
  return compact({
    schema: trace.schema,
    id: visit.id(trace.id, at("id", "/id"), "trace_"),
    source: compact({ kind: source.kind, dialect: source.dialect, sdk: maybe(source.sdk, (text) => visit.text(text, at("sdk", "/source/sdk"))) }),
    alt_ids: maybe(trace.alt_ids, (ids) => Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, visit.id(id, at("alt_ids", `/alt_ids/${pointerName(name)}`), "trace_")]))),
    recorded: trace.recorded,
    workflow_name: maybe(trace.workflow_name, (text) => visit.text(text, at("workflow_name", "/workflow_name"))),
    group_id: maybe(trace.group_id, (id) => visit.id(id, at("group_id", "/group_id"), "group_")),
    user_id: maybe(trace.user_id, (text) => visit.text(text, at("user_id", "/user_id", "user_id"))),
    metadata: maybe(trace.metadata, (value) => visit.json(safe(value), at("metadata", "/metadata")) as JsonObject),
    tags: maybe(trace.tags, (tags) => tags.map((tag, i) => visit.text(tag, at("tags", `/tags/${i}`)))),
    messages: trace.messages.map((message, i) => mapMessage(message, { path: `/messages/${i}`, turn: turns[i] ?? i }, visit)),
    tools: trace.tools.map((tool, i) => mapTool(tool, `/tools/${i}`, visit)),
    spans: trace.spans.map((span, i) => mapSpan(span, `/spans/${i}`, visit)),
    notes: maybe(trace.notes, (notes) =>
      notes.map((one, i) =>
        compact({
          code: one.code,
          span_id: maybe(one.span_id, (id) => visit.id(id, at("id", `/notes/${i}/span_id`), "span_")),
          detail: maybe(one.detail, (text) => visit.text(text, at("notes", `/notes/${i}/detail`))),
        }),
      ),
    ),
  }) as Trace;
}

/** For each message the one its turn began with: what somebody says in several messages in a row may hold a value in two of them. */
function turnsOf(messages: readonly Message[]): readonly number[] {
  let first = 0;
  return messages.map(({ role, name }, i) => {
    const before = messages[i - 1];
    if (before?.role !== role || before.name !== name || (role !== "user" && role !== "assistant")) first = i;
    return first;
  });
}

function mapMessage(message: Message, { path, turn }: { readonly path: string; readonly turn: number }, visit: Visitor): Message {
  return compact({
    role: message.role,
    name: maybe(message.name, (text) => visit.text(text, { place: "message", field: "name", path: `${path}/name` })),
    parts: message.parts.map((part, i) => mapPart(part, { role: message.role, path: `${path}/parts/${i}`, turn }, visit)),
  }) as Message;
}

function mapPart(part: Part, { role, path, turn }: { readonly role: Message["role"]; readonly path: string; readonly turn: number }, visit: Visitor): Part {
  const at = (field: string, member: string, key?: string): Slot => ({ place: "message", field, path: `${path}/${member}`, ...(key === undefined ? {} : { key }) });
  switch (part.type) {
    case "text":
      return { type: part.type, text: visit.text(part.text, { ...at(role, "text"), joins: { message: path.replace(/\/parts\/\d+$/, ""), turn } }) };
    case "refusal":
    case "reasoning":
      return { type: part.type, text: visit.text(part.text, at(part.type, "text")) };
    case "tool_call":
      return compact({
        type: part.type,
        call_id: maybe(part.call_id, (id) => visit.id(id, at("call_id", "call_id"), "call_")),
        name: visit.text(part.name, at("tool_call.name", "name")),
        arguments: visit.text(part.arguments, at("tool_call.arguments", "arguments")),
      }) as Part;
    case "tool_result":
      return compact({
        type: part.type,
        call_id: maybe(part.call_id, (id) => visit.id(id, at("call_id", "call_id"), "call_")),
        name: maybe(part.name, (text) => visit.text(text, at("tool_call.name", "name"))),
        output: visit.text(part.output, at("tool_result.output", "output")),
      }) as Part;
    case "binary":
      return compact({
        type: part.type,
        media: part.media,
        mime: maybe(part.mime, (text) => visit.text(text, at("ref", "mime"))),
        bytes: part.bytes,
        digest: visit.digest(part.digest, at("binary", "digest")),
      }) as Part;
    case "ref":
      return { type: part.type, media: part.media, ref: visit.text(part.ref, at("ref", "ref")) };
    case "json":
      return compact({
        type: part.type,
        native_type: maybe(part.native_type, (text) => visit.text(text, at("json", "native_type"))),
        value: visit.json(safe(part.value), at("json", "value")),
      }) as Part;
  }
}

function mapTool(tool: ToolSpec, path: string, visit: Visitor): ToolSpec {
  const at = (field: string, member: string): Slot => ({ place: "tool_spec", field, path: `${path}/${member}` });
  return compact({
    type: visit.text(tool.type, at("name", "type")),
    name: maybe(tool.name, (text) => visit.text(text, at("name", "name"))),
    description: maybe(tool.description, (text) => visit.text(text, at("description", "description"))),
    parameters: maybe(tool.parameters, (value) => visit.json(safe(value), at("parameters", "parameters"))),
    strict: tool.strict,
  }) as ToolSpec;
}

const spanMembers = new Set("id parent_id original_parent_id kind native_type name started_at ended_at error model tool agent turn handoff guardrail mcp usage data".split(" "));

function mapSpan(span: Span, path: string, visit: Visitor): Span {
  const at = (field: string, member: string, key?: string): Slot => ({ place: span.kind, field, path: `${path}/${member}`, ...(key === undefined ? {} : { key }) });
  const text = (value: string | undefined, field: string, member = field.replace(".", "/")): string | undefined => maybe(value, (one) => visit.text(one, at(field, member)));
  const texts = (values: readonly string[] | undefined, field: string): string[] | undefined =>
    maybe(values, (list) => list.map((one, i) => visit.text(one, at(field, `${field.replace(".", "/")}/${i}`))));
  for (const name of Object.keys(span)) if (!spanMembers.has(name)) visit.unknown(at(name, pointerName(name)));
  const { model, tool, agent, turn, handoff, guardrail, mcp } = span;
  return compact({
    id: visit.id(span.id, at("id", "id"), "span_"),
    parent_id: span.parent_id === null ? null : visit.id(span.parent_id, at("id", "parent_id"), "span_"),
    original_parent_id: maybe(span.original_parent_id, (id) => visit.id(id, at("id", "original_parent_id"), "span_")),
    kind: span.kind,
    native_type: text(span.native_type, "native_type"),
    name: text(span.name, "name"),
    started_at: span.started_at,
    ended_at: span.ended_at,
    error: maybe(span.error, (error) =>
      compact({
        message: visit.text(error.message, at("error.message", "error/message")),
        data: maybe(error.data, (value) => visit.json(safe(value), at("error.data", "error/data"))),
      }),
    ),
    model: maybe(model, (call) =>
      compact({
        api: call.api,
        model: text(call.model, "model.name", "model/model"),
        response_id: maybe(call.response_id, (id) => visit.id(id, at("model.ids", "model/response_id"), "resp_")),
        previous_response_id: maybe(call.previous_response_id, (id) => visit.id(id, at("model.ids", "model/previous_response_id"), "resp_")),
        conversation_id: maybe(call.conversation_id, (id) => visit.id(id, at("model.ids", "model/conversation_id"), "conv_")),
        instructions: call.instructions,
        input: call.input,
        input_is_delta: call.input_is_delta,
        output: call.output,
        tools: call.tools,
        settings: maybe(call.settings, (value) => visit.json(safe(value), at("model.settings", "model/settings"))),
        output_schema: maybe(call.output_schema, (value) => visit.json(safe(value), at("model.output_schema", "model/output_schema"))),
        prompt: maybe(call.prompt, (prompt) =>
          compact({
            id: visit.id(prompt.id, at("model.prompt.id", "model/prompt/id"), "pmpt_"),
            version: text(prompt.version, "model.prompt.id", "model/prompt/version"),
            variables: maybe(prompt.variables, (value) => visit.json(safe(value), at("model.prompt.variables", "model/prompt/variables"))),
          }),
        ),
        finish: text(call.finish, "model.finish"),
        usage: call.usage,
      }),
    ),
    tool: maybe(tool, (use) =>
      compact({
        name: visit.text(use.name, at("tool.name", "tool/name")),
        call_id: maybe(use.call_id, (id) => visit.id(id, at("tool.call_id", "tool/call_id"), "call_")),
        arguments: text(use.arguments, "tool.arguments"),
        output: text(use.output, "tool.output"),
        output_encoding: use.output_encoding,
        mcp_server: text(use.mcp_server, "tool.mcp_server"),
      }),
    ),
    agent: maybe(agent, (one) =>
      compact({
        name: visit.text(one.name, at("agent.name", "agent/name")),
        handoffs: texts(one.handoffs, "agent.handoffs"),
        tools: texts(one.tools, "agent.tools"),
        output_type: text(one.output_type, "agent.output_type"),
      }),
    ),
    turn: maybe(turn, (one) => compact({ turn: one.turn, agent_name: text(one.agent_name, "turn.agent_name") })),
    handoff: maybe(handoff, (one) => compact({ from: text(one.from, "handoff.from"), to: text(one.to, "handoff.to") })),
    guardrail: maybe(guardrail, (one) =>
      compact({ name: visit.text(one.name, at("guardrail.name", "guardrail/name")), triggered: one.triggered, stage: one.stage }),
    ),
    mcp: maybe(mcp, (one) => compact({ server: text(one.server, "mcp.server"), tools: texts(one.tools, "mcp.tools") })),
    usage: span.usage,
    data: maybe(span.data, (value) => visit.json(safe(value), at("data", "data")) as JsonObject),
  }) as Span;
}

const maybe = <T, R>(value: T | undefined, make: (value: T) => R): R | undefined => (value === undefined ? undefined : make(value));

function compact<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

/** JSON without members that are never kept and without what lies too deep to be looked at. */
function safe(value: Json, depth = 0): Json {
  if (depth > depthLimit) return dropped;
  if (Array.isArray(value)) return value.map((item: Json) => safe(item, depth + 1));
  if (!isObject(value)) return value;
  const entries = Object.entries(value as JsonObject).map(([key, item]): [string, Json] => [key, isDropped(key) && item !== null ? null : safe(item, depth + 1)]);
  return Object.fromEntries(entries);
}
