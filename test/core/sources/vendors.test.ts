import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { langfuse } from "../../../src/core/sources/langfuse.ts";
import { langsmith } from "../../../src/core/sources/langsmith.ts";
import { phoenix } from "../../../src/core/sources/phoenix.ts";
import { sniffSource } from "../../../src/core/sources/sources.ts";
import type { Source } from "../../../src/core/sources/source.ts";
import type { SpanPiece, TracePiece } from "../../../src/core/trace/piece.ts";
import { sharedFile, sharedTest } from "../../support/shared.ts";

const where = { file: "x.json" };
const spans = (source: Source, value: unknown): SpanPiece[] => source.read(value, where).pieces.filter((piece) => piece.piece === "span");
const traces = (source: Source, value: unknown): TracePiece[] => source.read(value, where).pieces.filter((piece) => piece.piece === "trace");
const shape = (name: string): unknown => JSON.parse(readFileSync(sharedFile(`vendor-shapes/${name}`), "utf8"));

const generation = {
  id: "o2",
  traceId: "t1",
  startTime: "2026-08-22T10:00:00.000Z",
  endTime: "2026-08-22T10:00:01.250Z",
  type: "GENERATION",
  parentObservationId: "o1",
  name: "answer",
  level: "ERROR",
  statusMessage: "boom",
  sessionId: "s1",
  userId: "u1",
  traceName: "Support",
  environment: "production",
  promptName: "triage",
  promptVersion: 7,
  input: JSON.stringify([
    { role: "system", content: "Route." },
    { role: "user", content: "hi" },
  ]),
  output: JSON.stringify({ role: "assistant", content: "hello" }),
  providedModelName: "m",
  modelParameters: { temperature: 0.2 },
  usageDetails: { input: 12, output: 3, total: 15 },
};

test("a Langfuse generation has its conversation, model, tokens and error; its trace has session, user and prompt version", () => {
  const page = { data: [generation], meta: {} };
  expect(spans(langfuse, page)[0]).toMatchObject({
    trace_id: "t1",
    span: {
      id: "o2",
      parent_id: "o1",
      kind: "generation",
      started_at: "2026-08-22T10:00:00.000000000Z",
      error: { message: "boom" },
      model: {
        model: "m",
        instructions: { role: "system", parts: [{ type: "text", text: "Route." }] },
        input: [{ role: "user", parts: [{ type: "text", text: "hi" }] }],
        output: [{ role: "assistant", parts: [{ type: "text", text: "hello" }] }],
        settings: { temperature: 0.2 },
        usage: { input: 12, output: 3, total: 15 },
      },
    },
  });
  expect(traces(langfuse, page)[0]).toMatchObject({
    recorded: false,
    workflow_name: "Support",
    group_id: "s1",
    user_id: "u1",
    metadata: { environment: "production", prompt_name: "triage", prompt_version: 7 },
  });
});

test("metadata of a Langfuse trace is that of its root, of other observations their own, and each may name the SDK's trace", () => {
  const root = { ...generation, id: "o1", type: "AGENT", parentObservationId: null, metadata: '{"request_id":"r1"}' };
  const inner = { ...generation, metadata: { chunk: "3", openai_trace_id: "trace_1" } };
  const page = { data: [inner, root, { ...generation, id: "o3", isRootObservation: true, metadata: { odd: "root" } }], meta: {} };
  expect(traces(langfuse, page).map(({ metadata }) => metadata)).toEqual([{}, { request_id: "r1" }, { odd: "root" }].map((own) => ({ ...own, environment: "production", prompt_name: "triage", prompt_version: 7 })));
  expect(traces(langfuse, page)[0]?.alt_ids).toEqual({ openai_trace_id: "trace_1" });
  expect(spans(langfuse, page).map(({ span }) => span.data?.["span_metadata"])).toEqual([{ chunk: "3", openai_trace_id: "trace_1" }, undefined, undefined]);
});

test.each([
  ["a page", "x".repeat(200), 1],
  ["a page, in characters of two units", "\u{1F331}".repeat(200), 1],
  ["a page with a longer value, whole because asked for by name", "x".repeat(201), 0],
  ["a page with a short value", "x".repeat(199), 0],
])("of %s metadata that Langfuse cuts is noted as truncated, of the trace and not of what was said", (_, value, cut) => {
  const row = { ...generation, metadata: { brief: value } };
  const noted = (one: unknown) => traces(langfuse, one).flatMap(({ notes = [] }) => notes);
  expect(noted({ data: [row], meta: {} })).toEqual(cut === 1 ? [{ code: "truncated", detail: "metadata" }] : []);
  expect(spans(langfuse, { data: [row], meta: {} })[0]?.notes).toBeUndefined();
  // Exports of rows and trace files are not cut.
  expect(noted(row)).toEqual([]);
});

test("a LangSmith bulk row holds its objects as JSON text, and a run that failed without a word failed all the same", () => {
  const run = { id: "r1", trace_id: "r1", run_type: "llm", name: "Support", start_time: "2026-08-22T10:00:00", status: "error", inputs: '{"messages":[{"role":"user","content":"hi"}]}', outputs: '{"output":"hello"}', extra: '{"metadata":{"ls_model_name":"m","openai_trace_id":"trace_1"}}' };
  expect(spans(langsmith, run)[0]?.span).toMatchObject({ error: { message: "error" }, model: { model: "m", input: [{ role: "user" }], output: [{ role: "assistant", parts: [{ text: "hello" }] }] } });
  expect(traces(langsmith, run)[0]).toMatchObject({ alt_ids: { openai_trace_id: "trace_1" } });
  expect(spans(langsmith, { ...run, status: "success" })[0]?.span.error).toBeUndefined();
});

test("Langfuse rows in snake_case, one a line, are the same", () => {
  const snake = Object.fromEntries(Object.entries(generation).map(([key, value]) => [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]));
  expect(langfuse.read(snake, where)).toEqual(langfuse.read(generation, where));
});

test("a Langfuse trace file holds the trace record and its observations", () => {
  const file = { trace: { id: "t1", timestamp: "2026-08-22T10:00:00Z", name: "Support", sessionId: "s", userId: null, metadata: { openai_trace_id: "trace_1" } }, observations: [{ ...generation, type: "TOOL", name: "lookup" }] };
  expect(sniffSource(file)?.name).toBe("langfuse");
  expect(traces(langfuse, file)[0]).toMatchObject({ recorded: true, alt_ids: { openai_trace_id: "trace_1" } });
  expect(spans(langfuse, file)[0]?.span).toMatchObject({ kind: "function", tool: { name: "lookup" } });
});

const run = { id: "r2", trace_id: "r1", parent_run_id: "r1", name: "llm", run_type: "llm", start_time: "2026-08-22T10:00:00.000001", end_time: 1_787_392_801_250, inputs: { messages: [[{ role: "user", content: "hi" }]] }, outputs: { output: [{ role: "assistant", content: "hello" }] } };

test("a LangSmith run without a zone is UTC, its end in epoch milliseconds, its messages nested or not", () => {
  for (const inputs of [run.inputs, { messages: [{ role: "user", content: "hi" }] }, { input: "hi" }])
    expect(spans(langsmith, { ...run, inputs })[0]?.span).toMatchObject({
      started_at: "2026-08-22T10:00:00.000001000Z",
      ended_at: "2026-08-22T10:00:01.250000000Z",
      model: { input: [{ role: "user", parts: [{ type: "text", text: "hi" }] }], output: [{ role: "assistant", parts: [{ type: "text", text: "hello" }] }] },
    });
});

test.each([
  [{ parent_run_ids: ["a", "b"] }, "b"],
  [{ parent_run_id: "c", parent_run_ids: [] }, "c"],
  [{ dotted_order: "20260822T100000000000Zroot.20260822T100000000001Zmid.20260822T100000000002Zr2" }, "mid"],
  [{}, null],
])("the parent of a LangSmith run with %j is %s", (rest, parent) => {
  const { parent_run_id: _, ...bare } = run;
  expect(spans(langsmith, { ...bare, ...rest })[0]?.span.parent_id).toBe(parent);
});

const phoenixSpan = {
  id: "x",
  name: "response",
  context: { trace_id: "t", span_id: "s" },
  span_kind: "LLM",
  parent_id: null,
  start_time: "2026-08-22T10:00:00.100000+00:00",
  status_code: "ERROR",
  status_message: "boom",
  attributes: { "llm.input_messages.0.message.role": "user", "llm.input_messages.0.message.content": "hi" },
};

test("a Phoenix span is OpenInference in flat attributes, in nested ones, and in a row of its data frame", () => {
  const nested = { ...phoenixSpan, attributes: { llm: { input_messages: [{ message: { role: "user", content: "hi" } }] } } };
  const { context: _, attributes: __, ...rest } = phoenixSpan;
  const row = { ...rest, "context.trace_id": "t", "context.span_id": "s", "attributes.llm.input_messages": [{ "message.role": "user", "message.content": "hi" }] };
  for (const value of [{ data: [phoenixSpan], next_cursor: null }, phoenixSpan, nested, row])
    expect(spans(phoenix, value)[0]).toMatchObject({
      source: { kind: "phoenix", dialect: "openinference" },
      trace_id: "t",
      span: { id: "s", kind: "response", error: { message: "boom" }, model: { input: [{ role: "user", parts: [{ type: "text", text: "hi" }] }] } },
    });
});

test.each([langfuse, langsmith, phoenix])("no JSON value makes the reader of $name throw, and what is not its own is a problem", (source) => {
  const names = ["id", "traceId", "trace_id", "type", "run_type", "data", "meta", "items", "runs", "context", "span_id", "attributes", "inputs", "outputs", "input", "output", "metadata", "extra", "observations", "trace", "parent_run_ids", "dotted_order"];
  const leaf = fc.oneof(fc.constantFrom<unknown>(null, "", "x", -1, true, "llm", "GENERATION"), fc.string(), fc.double());
  const level = (inner: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => fc.oneof(inner, fc.array(inner, { maxLength: 3 }), fc.dictionary(fc.constantFrom(...names), inner, { maxKeys: 6 }));
  fc.assert(fc.property(level(level(level(level(leaf)))), (value) => void [source.recognises(value), source.read(value, where)]), { numRuns: 500 });
  expect(source.read({ data: [7], meta: {}, items: [7] }, where).problems).toHaveLength(1);
});

sharedTest("the vendors' shapes come in", ["vendor-shapes/README.txt"], () => {
  for (const [name, source, kinds] of [
    ["langfuse-v2-observations.page1.json", "langfuse", ["agent"]],
    ["langfuse-v2-observations.page2.json", "langfuse", ["generation"]],
    ["langfuse-v1-traces.page1.json", "langfuse", []],
    ["langsmith-v1-runs-query.json", "langsmith", ["task"]],
    ["langsmith-v2-runs-query.json", "langsmith", ["task"]],
    ["phoenix-spans.page1.json", "phoenix", ["response"]],
    ["phoenix-spans-otlpv1.page.json", "phoenix", ["response"]],
  ] as const) {
    const value = shape(name);
    const found = sniffSource(value);
    expect(found?.name, name).toBe(source);
    expect(found?.read(value, where).problems, name).toEqual([]);
    expect(found === undefined ? [] : spans(found, value).map((piece) => piece.span.kind), name).toEqual(kinds);
  }
});

sharedTest("the runs of LangSmith's Agents SDK processor are the run they were made from", ["sdk-samples/langsmith-runs-from-agents-sdk.json"], () => {
  const runs = JSON.parse(readFileSync(sharedFile("sdk-samples/langsmith-runs-from-agents-sdk.json"), "utf8")) as unknown[];
  expect(sniffSource(runs[0])?.name).toBe("langsmith");
  const found = runs.flatMap((value) => spans(langsmith, value));
  expect(found).toHaveLength(12);
  const kinds = found.map((piece) => piece.span.kind).sort();
  expect(kinds).toEqual(["agent", "agent", "custom", "function", "generation", "generation", "generation", "handoff", "task", "turn", "turn", "turn"]);
  const models = found.flatMap((piece) => piece.span.model ?? []);
  expect(models.map((model) => model.response_id)).toEqual(["resp_0001", "resp_0002", "resp_0003"]);
  expect(models[2]?.output).toEqual([{ role: "assistant", parts: [{ type: "text", text: "Invoice is $42.00" }] }]);
  expect(new Set(runs.flatMap((value) => traces(langsmith, value)).flatMap((piece) => piece.alt_ids?.["openai_trace_id"] ?? []))).toEqual(new Set(["trace_0403b7b95e444f3bb2d1963fd27a1442"]));
});
