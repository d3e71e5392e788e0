import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { otlpSource } from "../../../../src/core/sources/otlp/otlp.ts";
import type { Piece, SpanPiece, TracePiece } from "../../../../src/core/trace/piece.ts";
import { sharedFile, sharedTest } from "../../../support/shared.ts";

const trace = "0af7651916cd43dd8448eb211c80319c";
const where = { file: "x.jsonl" };

/** A document of one span with these attributes, in the exporter's own JSON. */
const document = (attributes: Record<string, unknown>, rest: object = {}, scope = "s"): unknown => ({
  resourceSpans: [
    {
      resource: { attributes: [{ key: "service.name", value: { stringValue: "shop" } }] },
      scopeSpans: [
        {
          scope: { name: scope },
          spans: [{ traceId: trace, spanId: "b7ad6b7169203331", name: "span", startTimeUnixNano: "1795329773642000001", attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: any(value) })), ...rest }],
        },
      ],
    },
  ],
});
const any = (value: unknown): unknown =>
  typeof value === "string"
    ? { stringValue: value }
    : typeof value === "boolean"
      ? { boolValue: value }
      : typeof value === "number"
        ? { intValue: String(value) }
        : Array.isArray(value)
          ? { arrayValue: { values: value.map(any) } }
          : { kvlistValue: { values: Object.entries(value as object).map(([key, inner]) => ({ key, value: any(inner) })) } };
const pieces = (value: unknown): readonly Piece[] => otlpSource.read(value, where).pieces;
const spanOf = (value: unknown): SpanPiece["span"] => (pieces(value).find((piece) => piece.piece === "span") as SpanPiece).span;
const traceOf = (value: unknown): TracePiece => pieces(value).find((piece) => piece.piece === "trace") as TracePiece;

const conversation = {
  instructions: { role: "system", parts: [{ type: "text", text: "Be brief." }] },
  input: [
    { role: "user", parts: [{ type: "text", text: "Weather?" }] },
    { role: "assistant", parts: [{ type: "tool_call", call_id: "c1", name: "weather", arguments: '{"city":"Oslo"}' }] },
    { role: "tool", parts: [{ type: "tool_result", call_id: "c1", output: "rain" }] },
  ],
  output: [{ role: "assistant", parts: [{ type: "text", text: "Rain." }] }],
};
const call = { id: "c1", type: "function", function: { name: "weather", arguments: '{"city":"Oslo"}' } };
const chat = [
  { role: "system", content: "Be brief." },
  { role: "user", content: "Weather?" },
  { role: "assistant", content: null, tool_calls: [call] },
  { role: "tool", tool_call_id: "c1", content: "rain" },
];
const semconv = [
  { role: "system", parts: [{ type: "text", content: "Be brief." }] },
  { role: "user", parts: [{ type: "text", content: "Weather?" }] },
  { role: "assistant", parts: [{ type: "tool_call", id: "c1", name: "weather", arguments: '{"city":"Oslo"}' }] },
  { role: "tool", parts: [{ type: "tool_call_response", id: "c1", response: "rain" }] },
];
const answer = [{ role: "assistant", parts: [{ type: "text", content: "Rain." }], finish_reason: "stop" }];
const event = (name: string, attributes: Record<string, unknown>): object => ({ name, attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: any(value) })) });

const flat = (prefix: string, list: readonly Record<string, unknown>[]): Record<string, unknown> =>
  Object.fromEntries(
    list.flatMap((message, index) =>
      Object.entries(message).flatMap(([key, value]) =>
        key === "tool_calls"
          ? [
              [`${prefix}.${index}.tool_calls.0.id`, "c1"],
              [`${prefix}.${index}.tool_calls.0.name`, "weather"],
              [`${prefix}.${index}.tool_calls.0.arguments`, '{"city":"Oslo"}'],
            ]
          : value === null
            ? []
            : [[`${prefix}.${index}.${key}`, value]],
      ),
    ),
  );
const openInference = {
  "openinference.span.kind": "LLM",
  "llm.input_messages.1.message.role": "user",
  "llm.input_messages.1.message.content": "Weather?",
  "llm.input_messages.7.message.role": "assistant",
  "llm.input_messages.7.message.tool_calls.0.tool_call.id": "c1",
  "llm.input_messages.7.message.tool_calls.0.tool_call.function.name": "weather",
  "llm.input_messages.7.message.tool_calls.0.tool_call.function.arguments": '{"city":"Oslo"}',
  "llm.input_messages.10.message.role": "tool",
  "llm.input_messages.10.message.tool_call_id": "c1",
  "llm.input_messages.10.message.content": "rain",
  "llm.output_messages.0.message.role": "assistant",
  "llm.output_messages.0.message.contents.0.message_content.type": "text",
  "llm.output_messages.0.message.contents.0.message_content.text": "Rain.",
  "llm.input_messages.0.message.role": "system",
  "llm.input_messages.0.message.content": "Be brief.",
};

test.each<[string, unknown]>([
  ["GenAI messages as JSON text", document({ "gen_ai.operation.name": "chat", "gen_ai.input.messages": JSON.stringify(semconv), "gen_ai.output.messages": JSON.stringify(answer) })],
  ["GenAI messages as structures", document({ "gen_ai.operation.name": "chat", "gen_ai.input.messages": semconv, "gen_ai.output.messages": answer })],
  [
    "GenAI with system instructions apart",
    document({ "gen_ai.operation.name": "chat", "gen_ai.system_instructions": [{ type: "text", content: "Be brief." }], "gen_ai.input.messages": semconv.slice(1), "gen_ai.output.messages": answer }),
  ],
  [
    "the GenAI content event",
    document({ "gen_ai.operation.name": "chat" }, { events: [event("gen_ai.client.inference.operation.details", { "gen_ai.input.messages": semconv, "gen_ai.output.messages": answer })] }),
  ],
  [
    "GenAI message events",
    document(
      { "gen_ai.operation.name": "chat" },
      {
        events: [
          event("gen_ai.system.message", { content: "Be brief." }),
          event("gen_ai.user.message", { content: "Weather?" }),
          event("gen_ai.assistant.message", { tool_calls: [call] }),
          event("gen_ai.tool.message", { id: "c1", content: "rain" }),
          event("gen_ai.choice", { message: { role: "assistant", content: "Rain." } }),
        ],
      },
    ),
  ],
  [
    "GenAI content events",
    document({ "gen_ai.operation.name": "chat" }, { events: [event("gen_ai.content.prompt", { "gen_ai.prompt": JSON.stringify(chat) }), event("gen_ai.content.completion", { "gen_ai.completion": JSON.stringify([{ role: "assistant", content: "Rain." }]) })] }),
  ],
  ["OpenInference, indices with gaps and out of order", document(openInference)],
  ["Traceloop, indexed", document({ ...flat("gen_ai.prompt", chat), ...flat("gen_ai.completion", [{ role: "assistant", content: "Rain." }]) })],
  [
    "Logfire events",
    document(
      {
        events: JSON.stringify([
          { "event.name": "gen_ai.system.message", content: "Be brief.", role: "system" },
          { "event.name": "gen_ai.user.message", content: "Weather?", role: "user" },
          { "event.name": "gen_ai.assistant.message", tool_calls: [call], role: "assistant" },
          { "event.name": "gen_ai.tool.message", id: "c1", content: "rain", role: "tool" },
          { "event.name": "gen_ai.choice", message: { role: "assistant", content: "Rain." } },
        ]),
      },
      {},
      "logfire.openai_agents",
    ),
  ],
  [
    "the AI SDK",
    document({
      "ai.operationId": "ai.generateText.doGenerate",
      "ai.prompt.messages": JSON.stringify([
        { role: "system", content: "Be brief." },
        { role: "user", content: [{ type: "text", text: "Weather?" }] },
        { role: "assistant", content: [{ type: "tool-call", toolCallId: "c1", toolName: "weather", args: { city: "Oslo" } }] },
        { role: "tool", content: [{ type: "tool-result", toolCallId: "c1", toolName: "weather", result: "rain" }] },
      ]),
      "ai.response.text": "Rain.",
    }),
  ],
  ["MLflow", document({ "mlflow.spanType": '"CHAT_MODEL"', "mlflow.spanInputs": JSON.stringify({ messages: chat }), "mlflow.spanOutputs": JSON.stringify({ choices: [{ message: { role: "assistant", content: "Rain." } }] }) })],
  ["Langfuse", document({ "langfuse.observation.type": "generation", "langfuse.observation.input": JSON.stringify(chat), "langfuse.observation.output": JSON.stringify([{ role: "assistant", content: "Rain." }]) })],
])("%s: the conversation is read", (_, value) => {
  const span = spanOf(value);
  expect(span.kind).toBe("generation");
  expect(span.model).toMatchObject(conversation);
});

test.each<[string, Record<string, unknown>, object]>([
  ["GenAI tool", { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "f", "gen_ai.tool.call.id": "c", "gen_ai.tool.call.arguments": { a: 1 }, "gen_ai.tool.call.result": "r" }, { kind: "function", tool: { name: "f", call_id: "c", arguments: '{"a":1}', output: "r" } }],
  ["GenAI agent", { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "Triage" }, { kind: "agent", agent: { name: "Triage" } }],
  ["GenAI handoff", { "gen_ai.operation.name": "invoke_agent", "gen_ai.handoff.from_agent": "A", "gen_ai.handoff.to_agent": "B" }, { kind: "handoff", handoff: { from: "A", to: "B" } }],
  ["GenAI guardrail", { "gen_ai.guardrail.name": "g", "gen_ai.guardrail.triggered": true }, { kind: "guardrail", guardrail: { name: "g", triggered: true } }],
  ["OpenInference handoff", { "openinference.span.kind": "TOOL", "tool.name": "handoff_to_Billing agent", "input.value": '{"from_agent":"Triage agent"}' }, { kind: "handoff", handoff: { from: "Triage agent", to: "Billing agent" } }],
  ["OpenInference guardrail", { "openinference.span.kind": "GUARDRAIL", "tool.name": "g", "guardrail.triggered": true }, { kind: "guardrail", guardrail: { name: "g", triggered: true } }],
  ["OpenInference retriever", { "openinference.span.kind": "RETRIEVER", "input.value": "q" }, { kind: "retrieval", data: { "input.value": "q" } }],
  ["Traceloop tool", { "traceloop.span.kind": "tool", "traceloop.entity.name": "f", "traceloop.entity.input": "i", "traceloop.entity.output": "o" }, { kind: "function", tool: { name: "f", arguments: "i", output: "o" } }],
  ["AI SDK tool", { "ai.operationId": "ai.toolCall", "ai.toolCall.name": "f", "ai.toolCall.id": "c", "ai.toolCall.args": "{}" }, { kind: "function", tool: { name: "f", call_id: "c", arguments: "{}" } }],
  ["an unknown operation", { "gen_ai.operation.name": "teleport", "my.own": 3 }, { kind: "custom", data: { "my.own": 3 } }],
])("%s is a span of its kind", (_, attributes, expected) => {
  expect(spanOf(document(attributes))).toMatchObject(expected);
});

test("OpenInference: the list of an MCP server's tools is no tool, and a chat's completion has its id in a list of one", () => {
  const listed = spanOf(document({ "openinference.span.kind": "TOOL", "output.value": '["read","write"]' }, { name: "mcp_tools" }));
  expect(listed).toMatchObject({ kind: "mcp_tools", mcp: { tools: ["read", "write"] } });
  expect(listed.tool).toBeUndefined();
  const named = (id: string): unknown => spanOf(document({ "openinference.span.kind": "LLM", "output.value": JSON.stringify([{ id, object: "chat.completion", choices: [] }]) })).model?.response_id;
  expect(named("chatcmpl-1")).toBe("chatcmpl-1");
  expect(named("FAKE_ID")).toBeUndefined();
});

test("session, user, environment and the SDK's own trace id reach the trace", () => {
  expect(traceOf(document({ "openinference.span.kind": "AGENT", "session.id": "s1", "user.id": "u1" }))).toMatchObject({ group_id: "s1", user_id: "u1", workflow_name: "span", metadata: { service: "shop" }, recorded: false });
  expect(traceOf(document({ agent_trace_id: "trace_1", group_id: "g" }, {}, "logfire"))).toMatchObject({ group_id: "g", alt_ids: { openai_trace_id: "trace_1" } });
});

const one = { traceId: trace, spanId: "b7ad6b7169203331", name: "n" };
test.each<[string, unknown]>([
  ["snake_case", { resource_spans: [{ scope_spans: [{ spans: [{ trace_id: trace, span_id: "b7ad6b7169203331", name: "n" }] }] }] }],
  ["instrumentationLibrarySpans", { resourceSpans: [{ instrumentationLibrarySpans: [{ spans: [one] }] }] }],
  ["Tempo v1", { batches: [{ scopeSpans: [{ spans: [one] }] }] }],
  ["Tempo v2", { trace: { resourceSpans: [{ scopeSpans: [{ spans: [one] }] }] } }],
  ["upper-case hex", { resourceSpans: [{ scopeSpans: [{ spans: [{ ...one, traceId: trace.toUpperCase() }] }] }] }],
  ["base64 ids", { resourceSpans: [{ scopeSpans: [{ spans: [{ ...one, traceId: Buffer.from(trace, "hex").toString("base64"), spanId: "t61rcWkgMzE=" }] }] }] }],
])("%s is the same span", (_, value) => {
  expect(otlpSource.recognises(value)).toBe(true);
  expect(pieces(value)).toMatchObject([{ trace_id: trace, span: { id: "b7ad6b7169203331", parent_id: null } }]);
});

test.each(["", "0000000000000000", undefined, null])("a parent id of %j is no parent", (parentSpanId) => {
  expect(spanOf(document({}, { parentSpanId })).parent_id).toBeNull();
});

test("nanoseconds are kept, errors come from the status or the exception, dropped attributes are noted", () => {
  const span = spanOf(document({}, { status: { code: 2 }, events: [event("exception", { "exception.message": "boom" })], droppedAttributesCount: 2 }));
  expect(span).toMatchObject({ started_at: "2026-11-22T06:42:53.642000001Z", error: { message: "boom" } });
  expect((pieces(document({}, { droppedAttributesCount: 2 })).find((piece) => piece.piece === "span") as SpanPiece).notes).toEqual([{ code: "dropped-attributes", span_id: "b7ad6b7169203331", detail: "2" }]);
});

test("a span without ids is a problem, and its neighbours are read", () => {
  const read = otlpSource.read({ resourceSpans: [{ scopeSpans: [{ spans: [{ name: "x" }, one, 7] }] }, 3] }, where);
  expect(read.pieces).toHaveLength(1);
  expect(read.problems).toMatchObject([{ code: "not-a-span", where }]);
});

test("an index of a billion costs nothing, and __proto__ is a name like another", () => {
  const span = spanOf(document({ "openinference.span.kind": "LLM", "llm.input_messages.999999999.message.role": "user", "llm.input_messages.999999999.message.content": "hi", __proto__: 1 }));
  expect(span.model?.input).toEqual([{ role: "user", parts: [{ type: "text", text: "hi" }] }]);
  expect(Object.getPrototypeOf(span.data ?? {})).toBe(Object.prototype);
});

test("no JSON value of any shape makes the reader throw", () => {
  const names = ["resourceSpans", "scopeSpans", "spans", "attributes", "events", "key", "value", "traceId", "spanId", "kvlistValue", "arrayValue", "values", "status", "gen_ai.input.messages", "openinference.span.kind", "role", "parts", "content"];
  const leaf = fc.oneof(fc.constantFrom<unknown>(null, "", trace, "LLM", "user", -1, Number.POSITIVE_INFINITY, true), fc.string(), fc.double());
  const level = (inner: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => fc.oneof(inner, fc.array(inner, { maxLength: 3 }), fc.dictionary(fc.constantFrom(...names), inner, { maxKeys: 4 }));
  const wild = level(level(level(level(leaf))));
  const span = fc.record({ traceId: fc.constant(trace), spanId: fc.constant("b7ad6b7169203331"), attributes: fc.array(fc.record({ key: fc.constantFrom(...names, "llm.input_messages.0.message.role", "traceloop.span.kind"), value: wild }), { maxLength: 4 }), events: wild, status: wild, name: leaf });
  fc.assert(fc.property(span, wild, (one, value) => { expect(otlpSource.read({ resourceSpans: [{ scopeSpans: [{ spans: [one] }] }, value] }, where).pieces.length).toBeGreaterThan(0); }), { numRuns: 300 });
  fc.assert(fc.property(wild, (value) => void [otlpSource.recognises(value), otlpSource.read(value, where)]), { numRuns: 300 });
});

sharedTest("the OpenInference samples hold the runs they were made from", ["sdk-samples/otlp-openinference-responses.jsonl", "sdk-samples/otlp-openinference-chat.jsonl", "sdk-samples/otlp-openinference-guardrail-trip.jsonl"], () => {
  const kindsIn = (name: string): string[] =>
    pieces(JSON.parse(readFileSync(sharedFile(`sdk-samples/otlp-openinference-${name}.jsonl`), "utf8")))
      .flatMap((piece) => (piece.piece === "span" ? [piece.span.kind] : []))
      .sort();
  expect(kindsIn("responses")).toEqual(["agent", "agent", "custom", "function", "function", "guardrail", "handoff", "response", "response", "response", "task", "turn", "turn", "turn"]);
  expect(kindsIn("guardrail-trip")).toEqual(["agent", "custom", "guardrail", "turn"]);
  const responses = pieces(JSON.parse(readFileSync(sharedFile("sdk-samples/otlp-openinference-responses.jsonl"), "utf8"))).flatMap((piece) => (piece.piece === "span" && piece.span.kind === "response" ? [piece.span] : []));
  expect(responses.map((span) => span.model?.response_id)).toEqual(["resp_0001", "resp_0002", "resp_0003"]);
  expect(responses[2]?.model?.output?.[0]?.parts[0]).toEqual({ type: "text", text: "Invoice is $42.00" });
});
