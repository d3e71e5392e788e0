import { expect, test } from "vitest";
import { answered, lines, message, otlp, otlpSpan, pulled, ran, spanRecord, traceRecord } from "../support/gotcha.ts";

const span = (id: string, parent: unknown = null, more: object = {}, trace = "trace_1"): object => spanRecord(trace, id, ran(), { parent_id: parent, ...more });
const tree = async (text: string): Promise<(readonly [string, string | null])[]> => (await (await pulled(text)).trace("trace_1")).spans.map(({ id, parent_id }) => [id, parent_id] as const);

test("E13 children before parents, the root last, the trace record last, twice or never: the same tree", async () => {
  const record = traceRecord("trace_1");
  const spans = [span("span_3", "span_2"), span("span_2", "span_1"), span("span_1")];
  const wanted = [["span_1", null], ["span_2", "span_1"], ["span_3", "span_2"]];
  for (const order of [[...spans, record], [record, ...spans], [record, ...spans, record], spans, [...spans].reverse()]) expect(await tree(lines(...order))).toEqual(wanted);
  const twice = await pulled(lines(record, ...spans, traceRecord("trace_1", { metadata: { resumed: true } })));
  expect(twice.summary).toMatchObject({ trace_records: 1, spans: 3 });
  expect((await twice.trace()).metadata).toEqual({ resumed: true });
  expect((await pulled(lines(...spans))).summary).toMatchObject({ trace_records: 0, spans: 3 });
});

test("E14 a trace scattered over files, batches and pulls, between others, is one trace", async () => {
  const mixed = [1, 2, 3].flatMap((n) => [span(`span_${n}`, n === 1 ? null : "span_1"), span(`span_${n}`, n === 1 ? null : "span_1", {}, "trace_2")]);
  const first = await pulled({ "a.jsonl": lines(...mixed.slice(0, 3)), "b.json": JSON.stringify({ data: mixed.slice(3, 5) }) });
  const last = await pulled({ "c.jsonl": lines(...mixed.slice(5)) }, { cwd: first.cwd });
  expect(last.summary.traces).toMatchObject({ new: 0, updated: 1 });
  for (const id of ["trace_1", "trace_2"]) expect((await last.trace(id)).spans.map((one) => one.id)).toEqual(["span_1", "span_2", "span_3"]);
});

test("E15 the same record twice is one; of two versions of a span the ended and fuller one stands, and that is noted", async () => {
  const live = spanRecord("trace_1", "span_1", { type: "function", name: "lookup", input: "{}", output: null }, { ended_at: null });
  const done = span("span_1");
  for (const order of [[live, done, done], [done, live, done], [done, done, live]]) {
    const { summary, trace } = await pulled(lines(...order));
    expect(summary).toMatchObject({ objects: 3, duplicates: 2, spans: 1 });
    expect(await trace()).toMatchObject({ spans: [{ ended_at: expect.any(String), tool: { output: "ok" } }], notes: [{ code: "merged-variant", span_id: "span_1" }] });
  }
  const { summary, trace } = await pulled(lines(done, done));
  expect(summary).toMatchObject({ duplicates: 1 });
  expect((await trace()).notes).toBeUndefined();
});

test("E16 a parent that is null, missing, empty, all zero, unknown, elsewhere, itself or in a circle is cut, and remembered", async () => {
  for (const none of [null, undefined, "", "undefined", "0000000000000000", "null"]) expect(await tree(lines(span("span_1", none)))).toEqual([["span_1", null]]);
  const { summary, trace } = await pulled(
    lines(
      span("span_1", "span_99"),
      span("span_2", "span_77"),
      span("span_77", null, {}, "trace_2"),
      span("span_3", "span_3"),
      span("span_4", "span_5", { started_at: "2026-01-01T00:00:04Z" }),
      span("span_5", "span_4", { started_at: "2026-01-01T00:00:05Z" }),
      span("span_6", "span_8", { started_at: "2026-01-01T00:00:08Z" }),
      span("span_7", "span_6", { started_at: "2026-01-01T00:00:06Z" }),
      span("span_8", "span_7", { started_at: "2026-01-01T00:00:07Z" }),
    ),
  );
  const { spans } = await trace("trace_1");
  expect(spans).toHaveLength(8);
  expect(summary.orphan_spans).toBe(2);
  const cut = spans.filter((one) => one.original_parent_id !== undefined).map((one) => [one.id, one.parent_id, one.original_parent_id]);
  expect(cut).toEqual(expect.arrayContaining([["span_1", null, "span_99"], ["span_2", null, "span_77"], ["span_3", null, "span_3"], ["span_4", null, "span_5"], ["span_7", null, "span_6"]]));
  expect(cut).toHaveLength(5);
});

test("E17 several roots stand side by side; a trace without a root has one made of its earliest span", async () => {
  const roots = await pulled(lines(span("span_2", null, { started_at: "2026-01-01T00:00:02Z" }), span("span_1", null, { started_at: "2026-01-01T00:00:01Z" }), span("span_3", "span_2")));
  expect((await roots.trace()).spans.map(({ id, parent_id }) => [id, parent_id])).toEqual([["span_1", null], ["span_2", null], ["span_3", "span_2"]]);
  const circle = await pulled(lines(span("span_1", "span_2", { started_at: "2026-01-01T00:00:02Z" }), span("span_2", "span_1", { started_at: "2026-01-01T00:00:01Z" })));
  expect((await circle.trace()).spans.map(({ id, parent_id }) => [id, parent_id])).toEqual([["span_2", null], ["span_1", "span_2"]]);
  expect((await circle.rows())[0]?.status).toBeDefined();
});

test("E18 one span id in two traces is two spans; one trace id at two sources is one run with the spans of one", async () => {
  const two = await pulled(lines(span("span_1"), span("span_1", null, {}, "trace_2")));
  expect(two.summary).toMatchObject({ traces: { total: 2 }, spans: 2, duplicates: 0 });
  const id = "0af7651916cd43dd8448eb211c80319c";
  const chat = { "openinference.span.kind": "LLM", "llm.input_messages.0.message.role": "user", "llm.input_messages.0.message.content": "hi" };
  const phoenix = { data: [{ name: "llm", context: { trace_id: id, span_id: "b7ad6b7169203331" }, span_kind: "LLM", parent_id: null, start_time: "2026-11-22T06:42:53Z", attributes: chat }], next_cursor: null };
  const langfuse = { data: [{ id: "b7ad6b7169203331", traceId: id, type: "GENERATION", parentObservationId: null, name: "llm", startTime: "2026-11-22T06:42:53Z", input: "hi" }], meta: {} };
  const files = { "o.json": JSON.stringify(otlp(otlpSpan(chat))), "p.json": JSON.stringify(phoenix), "l.json": JSON.stringify(langfuse) };
  for (const order of [["o.json", "p.json", "l.json"], ["l.json", "p.json", "o.json"]] as const) {
    const once = await pulled(Object.fromEntries(order.map((name) => [name, files[name]])));
    expect(await once.rows()).toMatchObject([{ id }]);
    const trace = await once.trace(id);
    expect(trace.spans).toHaveLength(1);
    expect(trace.source.kind).toBe("otlp");
  }
});

test("E19 kinds nobody knows, no kind and no data at all are kept as they came", async () => {
  const records = [{ type: "brand_new", name: "n", thing: { a: 1 } }, { name: "no type" }, null, {}, { type: 7 }].map((data, n) => spanRecord("trace_1", `span_${n}`, data));
  const { summary, trace } = await pulled(lines(...records, { object: "trace.span", id: "span_9", trace_id: "trace_1" }));
  expect(summary.problems).toEqual([]);
  const { spans } = await trace();
  expect(spans).toHaveLength(6);
  expect(new Set(spans.map(({ kind }) => kind))).toEqual(new Set(["unknown"]));
  expect(spans.find(({ id }) => id === "span_0")).toMatchObject({ native_type: "brand_new", data: { thing: { a: 1 } } });
  const other = await pulled(JSON.stringify(otlp(otlpSpan({ "gen_ai.operation.name": "levitate", "my.own": "x" }))));
  expect((await other.trace()).spans[0]).toMatchObject({ kind: "custom", native_type: "levitate", data: { "my.own": "x" } });
});

test("E20 both SDKs in one file, old ones without tasks and turns, and tasks written raw are the same kinds of span", async () => {
  const disguised = spanRecord("trace_1", "span_1", { type: "custom", name: "task", data: { sdk_span_type: "task", name: "Support", usage: { input_tokens: 3, output_tokens: 1 } } });
  const bare = spanRecord("trace_2", "span_1", { type: "task", name: "Support", usage: { inputTokens: 3, outputTokens: 1 } }, { started_at: "2026-01-01T00:00:00.000001+00:00" });
  const turn = spanRecord("trace_2", "span_2", { type: "turn", turn: 1, agent_name: "Clerk" }, { parent_id: "span_1" });
  const old = spanRecord("trace_3", "span_1", { type: "agent", name: "Clerk", handoffs: [], tools: [], output_type: "str" });
  const answer = spanRecord("trace_3", "span_2", answered("hi", [message("hello")]), { parent_id: "span_1" });
  const { summary, trace, shown } = await pulled(lines(disguised, bare, turn, old, answer));
  expect(summary).toMatchObject({ traces: { total: 3 }, problems: [] });
  const [one] = (await trace("trace_1")).spans;
  const [two, three] = (await trace("trace_2")).spans;
  expect([one?.kind, one?.native_type, two?.kind, two?.native_type, three?.kind]).toEqual(["task", "custom/task", "task", undefined, "turn"]);
  expect(one?.usage).toEqual(two?.usage);
  expect(three?.turn).toEqual({ turn: 1, agent_name: "Clerk" });
  expect((await shown("trace_3")).output).toBe("hello");
});
