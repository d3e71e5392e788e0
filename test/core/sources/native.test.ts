import fc from "fast-check";
import { expect, test } from "vitest";
import { assembleTrace } from "../../../src/core/trace/assemble.ts";
import type { Piece, SpanPiece } from "../../../src/core/trace/piece.ts";
import { traceSchema, type Message } from "../../../src/core/trace/schema.ts";
import { native, readNative } from "../../../src/core/sources/native.ts";
import { guessKind, sniffSource } from "../../../src/core/sources/sources.ts";

const where = { file: "f" };
const frame = { object: "trace.span", id: "span_1", trace_id: "trace_1", parent_id: null, started_at: "2026-11-22T06:28:16.877Z", ended_at: "2026-11-22T06:28:16.878Z", error: null };
const record = { object: "trace", id: "trace_1", workflow_name: "w", group_id: "g", metadata: { a: 1 } };
const piecesOf = (value: unknown): readonly Piece[] => readNative(value, where).pieces;
/** The span of one `span_data`, and the codes noted while it was read. */
function spanOf(span_data: unknown, more: object = {}): SpanPiece["span"] & { codes: string[] } {
  const [piece] = piecesOf({ ...frame, span_data, ...more });
  if (piece?.piece !== "span") throw new Error("no span");
  return { ...piece.span, codes: (piece.notes ?? []).map(({ code }) => code) };
}
const text = (role: Message["role"], words: string): Message => ({ role, parts: [{ type: "text", text: words }] });

test.each([
  ["agent", { type: "agent", name: "A", handoffs: ["B"], tools: null, output_type: "str" }, { name: "A", agent: { name: "A", handoffs: ["B"], output_type: "str" } }],
  ["task", { type: "task", name: "w", usage: { requests: 1, input_tokens: 2, output_tokens: 3, total_tokens: 5, cached_input_tokens: 1 } }, { usage: { requests: 1, input: 2, output: 3, total: 5, cached_input: 1 } }],
  ["turn", { type: "turn", turn: 2, agent_name: "A" }, { turn: { turn: 2, agent_name: "A" } }],
  ["generation", { type: "generation", model: "m", input: null, output: null }, { model: { api: "chat", model: "m" } }],
  ["response", { type: "response", response_id: "resp_1", usage: { input_tokens: 1, output_tokens: 2 } }, { model: { api: "responses", response_id: "resp_1", usage: { input: 1, output: 2 } } }],
  ["function", { type: "function", name: "f", input: "{}", output: "[1]", mcp_data: { server: "s" } }, { tool: { name: "f", arguments: "{}", output: "[1]", output_encoding: "json", mcp_server: "s" } }],
  ["handoff", { type: "handoff", from_agent: "A", to_agent: null }, { handoff: { from: "A" } }],
  ["guardrail", { type: "guardrail", name: "G", triggered: true }, { guardrail: { name: "G", triggered: true } }],
  ["mcp_tools", { type: "mcp_tools", server: "s", result: ["a"] }, { mcp: { server: "s", tools: ["a"] } }],
  ["transcription", { type: "transcription", input: { data: "AAAA", format: "pcm" }, output: "hello", model: "m" }, { data: { input: { type: "binary", mime: "audio/pcm", bytes: 3 }, output: "hello", model: "m" } }],
  ["speech", { type: "speech", input: "hi", output: { data: "AAAA", format: "pcm" } }, { data: { input: "hi", output: { type: "binary", mime: "audio/pcm", bytes: 3 } } }],
  ["speech_group", { type: "speech_group", input: "hi" }, { data: { input: "hi" } }],
  ["custom", { type: "custom", name: "db", data: { table: "users" } }, { name: "db", data: { table: "users" } }],
])("kind: %s", (kind, data, wanted) => {
  expect(spanOf(data)).toMatchObject({ kind, ...wanted });
});

test("task and turn disguised as custom are what they are, and say how they came", () => {
  expect(spanOf({ type: "custom", name: "turn", data: { sdk_span_type: "turn", turn: 1, agent_name: "A" } })).toMatchObject({ kind: "turn", native_type: "custom/turn", turn: { turn: 1, agent_name: "A" } });
  expect(spanOf({ type: "custom", name: "task", data: { sdk_span_type: "task", name: "w" } })).toMatchObject({ kind: "task", native_type: "custom/task", name: "w" });
});

test("an unknown kind, no kind and no data at all are kept", () => {
  expect(spanOf({ type: "telepathy", name: "n", depth: 3 })).toMatchObject({ kind: "unknown", native_type: "telepathy", name: "n", data: { depth: 3 } });
  expect(spanOf({ secret: 1 })).toMatchObject({ kind: "unknown", data: { secret: 1 } });
  expect(spanOf(null)).toMatchObject({ kind: "unknown" });
});

test.each([
  ["a record", record],
  ["an ingest body", { data: [record] }],
  ["a body with what recorded it", { cassette: "x", sdk: "Agents/Python 0.0.19", data: [record] }],
  ["a recorded request", { method: "POST", headers: { "user-agent": "Agents/JavaScript 0.20.0" }, body: { data: [record] } }],
  ["a recorded request with its body as text", [{ url: "u", headers: {}, json: JSON.stringify({ data: [record] }) }]],
  ["a bundle", { trace: record, spans: [] }],
  ["a wrapper", { timestamp: "t", user_context: {}, data: record }],
  ["a list", [record]],
  ["a list of bodies", [{ data: [record] }]],
])("%s is recognised and read", (_, value) => {
  expect(sniffSource(value)).toBe(native);
  expect(piecesOf(value)).toMatchObject([{ piece: "trace", trace_id: "trace_1", recorded: true, workflow_name: "w", group_id: "g", metadata: { a: 1 } }]);
});

test("wrappers around spans: span_id for id, the trace's id from the bundle, the SDK from the frame", () => {
  const { id, ...rest } = frame;
  const span = { ...rest, span_id: id, span_data: { type: "custom", name: "x", data: {} } };
  expect(piecesOf({ timestamp: 1, user_context: null, data: { span } })).toMatchObject([{ piece: "span", span: { id: "span_1" } }]);
  expect(piecesOf({ trace: { id: "trace_9" }, spans: [{ ...span, trace_id: undefined }] })).toMatchObject([{ trace_id: "trace_9", recorded: true }, { piece: "span", trace_id: "trace_9" }]);
  expect(piecesOf({ sdk: "Agents/Python 0.0.19", data: [{ ...span }] })[0]?.source).toEqual({ kind: "native", sdk: "Agents/Python 0.0.19" });
});

test("what tracing that is switched off leaves is dropped: null and no-op", () => {
  expect(readNative(null, where)).toEqual({ pieces: [], problems: [] });
  expect(readNative({ data: [null, { ...record, id: "no-op" }, { ...frame, id: "no-op", span_data: {} }] }, where)).toEqual({ pieces: [], problems: [] });
});

test("trace metadata on a span is told of its trace, without claiming a trace record", () => {
  expect(piecesOf({ ...frame, span_data: { type: "custom", name: "x", data: {} }, trace_metadata: { env: "test" } })[1]).toEqual({ piece: "trace", trace_id: "trace_1", source: { kind: "native" }, recorded: false, metadata: { env: "test" } });
});

test.each([[null], [undefined], [""], ["undefined"], ["0000000000000000"], ["no-op"]])("a parent written as %j is none", (parent_id) => {
  expect(spanOf({ type: "custom", name: "x", data: {} }, { parent_id }).parent_id).toBeNull();
});

test("records that name no trace or no span are problems", () => {
  expect(readNative({ ...frame, id: null, span_data: {} }, where).problems).toMatchObject([{ code: "no-id" }]);
  expect(readNative({ ...frame, trace_id: "", span_data: {} }, where).problems).toMatchObject([{ code: "no-id" }]);
  expect(readNative({ hello: 1 }, where).problems).toMatchObject([{ code: "unknown-record" }]);
  expect(readNative(7, where).problems).toMatchObject([{ code: "unknown-record" }]);
});

test("times that run backwards are kept and noted", () => {
  expect(spanOf({ type: "custom", name: "x", data: {} }, { ended_at: "2026-11-22T06:28:15.000Z" }).codes).toEqual(["ended-before-start"]);
});

test("a recorded response, as the TypeScript SDK keeps it: protocol items in, the API's answer out", () => {
  const { model, codes } = spanOf({
    type: "response",
    response_id: "resp_2",
    _input: [
      { type: "message", role: "user", content: "Refund please" },
      { type: "function_call", id: "fc", callId: "call_1", name: "get", arguments: '{"a":1}', status: "completed", providerData: { x: 1 } },
      { type: "function_call_result", name: "get", callId: "call_1", status: "completed", output: { type: "text", text: "found" } },
    ],
    _response: {
      id: "resp_2",
      model: "gpt-5",
      status: "completed",
      instructions: "Be kind.",
      previous_response_id: "resp_1",
      temperature: 0.2,
      prompt: { id: "pmpt_1", version: "3", variables: { city: "Bern" } },
      text: { format: { type: "json_schema", name: "Out", schema: { type: "object" } } },
      tools: [{ type: "function", name: "get", description: "d", parameters: { type: "object" }, strict: true }, { type: "web_search" }],
      output: [
        { type: "reasoning", summary: [{ type: "summary_text", text: "thinking" }], encrypted_content: "gAAAA" },
        { type: "reasoning", summary: [], encrypted_content: "gAAAA" },
        { type: "function_call", id: "fc2", call_id: "call_2", name: "refund", arguments: "{}", status: "completed" },
        { type: "message", id: "msg", role: "assistant", content: [{ type: "output_text", text: "Done", annotations: [], logprobs: [{ t: 1 }] }, { type: "refusal", refusal: "no" }] },
      ],
      usage: { input_tokens: 10, input_tokens_details: { cached_tokens: 4 }, output_tokens: 5, output_tokens_details: { reasoning_tokens: 2 }, total_tokens: 15 },
    },
  });
  expect(codes).toEqual([]);
  expect(model).toEqual({
    api: "responses",
    model: "gpt-5",
    response_id: "resp_2",
    previous_response_id: "resp_1",
    input_is_delta: true,
    instructions: text("system", "Be kind."),
    input: [
      text("user", "Refund please"),
      { role: "assistant", parts: [{ type: "tool_call", call_id: "call_1", name: "get", arguments: '{"a":1}' }] },
      { role: "tool", parts: [{ type: "tool_result", call_id: "call_1", name: "get", output: "found" }] },
    ],
    output: [
      { role: "assistant", parts: [{ type: "reasoning", text: "thinking" }] },
      { role: "assistant", parts: [{ type: "tool_call", call_id: "call_2", name: "refund", arguments: "{}" }] },
      { role: "assistant", parts: [{ type: "text", text: "Done" }, { type: "refusal", text: "no" }] },
    ],
    tools: [{ type: "function", name: "get", description: "d", parameters: { type: "object" }, strict: true }, { type: "web_search" }],
    settings: { temperature: 0.2 },
    output_schema: { type: "object" },
    prompt: { id: "pmpt_1", version: "3", variables: { city: "Bern" } },
    finish: "completed",
    usage: { input: 10, output: 5, total: 15, cached_input: 4, reasoning: 2 },
  });
});

test("a recorded response, as the Python SDK keeps it: snake_case items, input as a text, instructions as a list", () => {
  expect(spanOf({ type: "response", _input: "hi", _response: { output: [], instructions: [{ role: "developer", content: [{ type: "input_text", text: "Be brief." }] }] } }).model).toMatchObject({
    input: [text("user", "hi")],
    instructions: text("developer", "Be brief."),
    output: [],
  });
  expect(spanOf({ type: "response", _input: [{ type: "function_call_output", call_id: "c", output: "x" }, { role: "user", content: [{ type: "input_text", text: "t" }] }] }).model?.input).toEqual([
    { role: "tool", parts: [{ type: "tool_result", call_id: "c", output: "x" }] },
    text("user", "t"),
  ]);
});

test("the same call and result are the same messages in every dialect, so that a history pools", () => {
  const camel = spanOf({ type: "response", _input: [{ type: "function_call", callId: "c", name: "f", arguments: "{}", providerData: {} }] }).model?.input;
  const snake = spanOf({ type: "response", _response: { output: [{ type: "function_call", id: "fc", call_id: "c", name: "f", arguments: "{}", status: "completed" }] } }).model?.output;
  const chat = spanOf({ type: "generation", output: [{ role: "assistant", content: null, tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }] }] }).model?.output;
  expect(camel).toEqual(snake);
  expect(camel).toEqual(chat);
});

const answer = { role: "assistant", content: "ok", refusal: null, tool_calls: null };
test.each([
  ["messages (Python chat, LiteLLM)", [answer], { output: [text("assistant", "ok")] }],
  ["a chat completion (TypeScript)", [{ id: "chatcmpl-1", object: "chat.completion", model: "m-1", choices: [{ message: answer, finish_reason: "stop" }], usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 } }], { output: [text("assistant", "ok")], response_id: "chatcmpl-1", model: "m-1", finish: "stop", usage: { input: 1, output: 2, total: 3 } }],
  ["a Response (Python chat, streamed)", [{ object: "response", id: "resp_1", model: "m-2", output: [{ type: "message", role: "assistant", content: [{ type: "output_text", text: "ok" }] }] }], { output: [text("assistant", "ok")], model: "m-2" }],
  ["protocol items (AI SDK)", [{ type: "message", role: "assistant", content: [{ type: "output_text", text: "ok" }], status: "completed" }], { output: [text("assistant", "ok")] }],
  ["anything (user code)", [{ verdict: 7 }, "plain"], { output: [{ role: "assistant", parts: [{ type: "json", value: { verdict: 7 } }] }, text("assistant", "plain")] }],
])("generation output as %s", (_, output, wanted) => {
  expect(spanOf({ type: "generation", input: [{ role: "system", content: "s" }, { role: "user", content: "q" }], output }).model).toMatchObject({ api: "chat", instructions: text("system", "s"), input: [text("user", "q")], ...wanted });
});

test("the id that the SDK gives to all streamed completions names none of them", () => {
  expect(spanOf({ type: "generation", output: [{ id: "FAKE_ID", object: "chat.completion", model: "m-1", choices: [{ message: answer }] }] }).model).not.toHaveProperty("response_id");
});

test("an AI-SDK prompt: parts, calls and results inside messages", () => {
  const input = [
    { role: "user", content: [{ type: "text", text: "q" }] },
    { role: "assistant", content: [{ type: "reasoning", text: "hm" }, { type: "tool-call", toolCallId: "c", toolName: "f", input: { a: 1 } }] },
    { role: "tool", content: [{ type: "tool-result", toolCallId: "c", toolName: "f", output: { type: "json", value: { b: 2 } } }] },
  ];
  expect(spanOf({ type: "generation", input }).model?.input).toEqual([
    text("user", "q"),
    { role: "assistant", parts: [{ type: "reasoning", text: "hm" }, { type: "tool_call", call_id: "c", name: "f", arguments: '{"a":1}' }] },
    { role: "tool", parts: [{ type: "tool_result", call_id: "c", name: "f", output: '{"b":2}' }] },
  ]);
});

test("several choices are all kept, and noted", () => {
  const { model, codes } = spanOf({ type: "generation", output: [{ choices: [{ message: { role: "assistant", content: "a" } }, { message: { role: "assistant", content: "b" } }] }] });
  expect(model?.output).toEqual([text("assistant", "a"), text("assistant", "b")]);
  expect(codes).toEqual(["several-choices"]);
});

test("sensitive data off leaves its traces: absent, null and empty stay apart", () => {
  expect(spanOf({ type: "generation", model: "m" }).model).toEqual({ api: "chat", model: "m" });
  expect(spanOf({ type: "function", name: "f", input: "", output: "" }).tool).toEqual({ name: "f", arguments: "", output: "" });
  expect(spanOf({ type: "function", name: "f", input: null, output: null }).tool).toEqual({ name: "f" });
  expect(spanOf({ type: "generation", input: [], output: [] }).model).toMatchObject({ input: [], output: [] });
});

test("every form of a cut is noted", () => {
  expect(spanOf({ type: "function", name: "f", input: "{}", output: "aaa... [truncated]" }).codes).toEqual(["truncated"]);
  expect(spanOf({ type: "generation", input: [{ truncated: true, original_type: "list", preview: "[…" }] }).codes).toEqual(["truncated"]);
  expect(spanOf({ type: "generation", input: [{ role: "user", content: "long... [truncated]" }] }).codes).toEqual(["truncated"]);
});

test("lone surrogates become U+FFFD, noted, also where an exporter cut in the middle of one", () => {
  const { tool, codes } = spanOf({ type: "function", name: "f", input: "{}", output: "x\ud83d... [truncated]" });
  expect(tool?.output).toBe("x\ufffd... [truncated]");
  expect(codes).toEqual(["lone-surrogate", "truncated"]);
});

test.each([
  ["invalid JSON", '{"a":', '{"a":'],
  ["empty", "", ""],
  ["an object", { a: 1 }, '{"a":1}'],
  ["encoded twice", '"{\\"a\\":1}"', '"{\\"a\\":1}"'],
])("tool arguments: %s", (_, input, wanted) => {
  expect(spanOf({ type: "function", name: "f", input, output: "x" }).tool?.arguments).toBe(wanted);
});

test.each([
  ["{'a': True, 'b': None}", "python-repr"],
  ["['x', 'y']", "python-repr"],
  ["None", "python-repr"],
  ['{"a":1}', "json"],
  ["12", "json"],
  ["true", "json"],
  ["An error occurred.", "text"],
  ["{not json, not python}", "text"],
  ["[see the manual]", "text"],
])("tool output %s is %s", (output, encoding) => {
  expect(spanOf({ type: "function", name: "f", input: "{}", output }).tool?.output_encoding).toBe(encoding);
});

test("an MCP content list is its text; its images stand beside it as type and size", () => {
  const image = `data:image/png;base64,${"iVBO".repeat(600)}`;
  expect(spanOf({ type: "response", _input: [{ type: "function_call_output", call_id: "c", output: [{ type: "input_text", text: "a" }, { type: "input_image", image_url: image }] }] }).model?.input).toMatchObject([
    { role: "tool", parts: [{ type: "tool_result", call_id: "c", output: "a" }, { type: "binary", media: "image", mime: "image/png", bytes: 1800 }] },
  ]);
});

test("base64 is never kept, wherever it stands", () => {
  const base64 = "QUJD".repeat(5000);
  const all = [
    spanOf({ type: "generation", input: [{ role: "user", content: [{ type: "image_url", image_url: { url: `data:image/png;base64,${base64}` } }, { type: "input_audio", input_audio: { data: base64, format: "wav" } }, { type: "file", file: { file_data: base64 } }] }] }),
    spanOf({ type: "function", name: "f", input: "{}", output: `data:image/jpeg;base64,${base64}` }),
    spanOf({ type: "custom", name: "c", data: { shot: base64, deep: [{ url: `data:image/png;base64,${base64}` }] } }),
    spanOf({ type: "transcription", input: { data: base64, format: "pcm" } }),
    spanOf({ type: "response", _response: { output: [{ type: "image_generation_call", result: base64 }] } }),
  ];
  expect(JSON.stringify(all)).not.toContain("QUJDQUJD");
  expect(all[0]?.model?.input?.[0]?.parts).toMatchObject([{ type: "binary", media: "image", bytes: 15_000 }, { type: "binary", media: "audio", mime: "audio/wav" }, { type: "binary", media: "file" }]);
  expect(all[1]?.tool?.output).toBe("[image/jpeg, 15000 bytes]");
});

test("secrets and bulk that the SDK may write are dropped at the door", () => {
  const secret = "sk-not-to-be-kept";
  const pieces = [
    ...piecesOf({ ...record, tracing_api_key: secret, metadata: { tracing_api_key: secret, ok: 1 } }),
    spanOf({ type: "custom", name: "c", data: { tracing_api_key: secret, logprobs: [secret], embedding: [0.1], encrypted_content: secret, kept: 1 } }),
    spanOf({ type: "generation", model_config: { base_url: `https://u:${secret}@host/`, api_key: secret, temperature: 1 } }),
  ];
  expect(JSON.stringify(pieces)).not.toContain(secret);
  expect(pieces).toMatchObject([{ metadata: { ok: 1 } }, { data: { kept: 1 } }, { model: { settings: { temperature: 1 } } }]);
});

test("a key __proto__ is dropped and sets nothing", () => {
  const span = spanOf(JSON.parse('{"type":"custom","name":"c","data":{"__proto__":{"polluted":1},"a":1}}'));
  expect(span.data).toEqual({ a: 1 });
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

test("errors: with and without data, as a text, and a Response that failed", () => {
  expect(spanOf({ type: "custom", name: "c", data: {} }, { error: { message: "m", data: null } }).error).toEqual({ message: "m" });
  expect(spanOf({ type: "custom", name: "c", data: {} }, { error: { message: "m", data: { code: 7 } } }).error).toEqual({ message: "m", data: { code: 7 } });
  expect(spanOf({ type: "custom", name: "c", data: {} }, { error: "boom" }).error).toEqual({ message: "boom" });
  expect(spanOf({ type: "response", _response: { error: { code: "server_error", message: "m" }, output: [] } }).error).toEqual({ message: "m", data: { code: "server_error" } });
});

test("the recorder's JSON of a Python result is the output, and what the model was shown is kept beside it", () => {
  const span = spanOf({ type: "function", name: "f", input: "{}", output: "{'a': 1}", _output_json: { a: 1 } }, { metadata: { agent_harness_id: "h" } });
  expect(span.tool).toMatchObject({ output: '{"a":1}', output_encoding: "json" });
  expect(span.data).toEqual({ shown: "{'a': 1}", span_metadata: { agent_harness_id: "h" } });
});

test("what is no trace is told by what it looks like", () => {
  expect(guessKind({ messages: [] }).looks).toContain("fine-tuning");
  expect(guessKind({ request: {}, response: {} }).looks).toContain("recorded API responses");
  expect(guessKind({ schema: "casebook/case@1" }).looks).toContain("casebook's own");
  expect(guessKind(3).looks).toContain("no trace export");
  expect(sniffSource({ messages: [] })).toBeUndefined();
});

test("any value at all is looked at and read without a throw", () => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true, maxDepth: 4 }), (value) => {
      const copy: unknown = JSON.parse(JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner)) ?? "null");
      native.recognises(copy);
      expect(readNative(copy, where).problems.length).toBeGreaterThanOrEqual(0);
    }),
  );
});

const words = fc.oneof(fc.string(), fc.constantFrom("... [truncated]", "\ud83d", "undefined", "{'a': None}", "trace"));
const junk: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, fc.constant(null), fc.boolean(), fc.double(), words, fc.array(tie("value"), { maxLength: 3 }), tie("object")),
  object: fc.dictionary(
    fc.constantFrom("type", "role", "content", "text", "tool_calls", "function", "name", "arguments", "call_id", "callId", "output", "choices", "message", "image_url", "data", "format", "usage", "model", "tools", "instructions", "_input", "_response", "input", "summary", "truncated", "original_type"),
    fc.oneof(tie("value"), fc.constantFrom("message", "function_call", "function_call_result", "reasoning", "input_image", "tool-call", "tool-result", "user", "assistant", "tool")),
    { maxKeys: 5 },
  ),
})).value;

test("whatever stands in span_data, the result is a valid trace", () => {
  const kinds = fc.constantFrom("agent", "task", "turn", "generation", "response", "function", "handoff", "guardrail", "mcp_tools", "transcription", "speech", "custom", "other", 5);
  fc.assert(
    fc.property(kinds, fc.dictionary(fc.constantFrom("name", "input", "output", "_input", "_response", "model", "model_config", "usage", "data", "result", "mcp_data", "turn", "triggered", "handoffs", "tools"), junk), junk, (type, data, error) => {
      const { pieces, problems } = readNative(JSON.parse(JSON.stringify({ ...frame, span_data: { ...data, type }, error: error ?? null, metadata: data, trace_metadata: data })), where);
      expect(problems).toEqual([]);
      const parsed = traceSchema.safeParse(assembleTrace(pieces));
      expect(parsed.error?.issues ?? []).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});
