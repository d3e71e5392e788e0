import { afterEach, expect, test } from "vitest";
import { sniffSource } from "../../src/core/sources/sources.ts";
import { assembleTrace } from "../../src/core/trace/assemble.ts";
import type { Trace } from "../../src/core/trace/schema.ts";
import { lines, otlp, otlpSpan, pulled, ran, spanRecord } from "../support/gotcha.ts";

const zone = process.env["TZ"];
afterEach(() => {
  if (zone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = zone;
});

type Make = (start: unknown, end?: unknown) => string;
const native: Make = (started_at, ended_at = null) => lines(spanRecord("trace_1", "span_1", ran(), { started_at, ended_at }));
const langsmith: Make = (start_time, end_time = null) => lines({ id: "01a201ff-0599-7000-8000-036d56303ba2", trace_id: "01a201ff-0599-7000-8000-036d56303ba2", name: "r", run_type: "chain", start_time, end_time, inputs: {}, outputs: {} });
const langfuse: Make = (startTime, endTime = null) => lines({ id: "o1", traceId: "t1", type: "SPAN", parentObservationId: null, name: "s", startTime, endTime });
const phoenix: Make = (start_time, end_time = null) => lines({ name: "s", context: { trace_id: "0af7651916cd43dd8448eb211c80319c", span_id: "b7ad6b7169203331" }, span_kind: "CHAIN", parent_id: null, start_time, end_time, attributes: {} });
const exporter: Make = (startTimeUnixNano, endTimeUnixNano) => lines(otlp(otlpSpan({}, { startTimeUnixNano, endTimeUnixNano })));
const all: readonly (readonly [string, Make])[] = [["native", native], ["OTLP", exporter], ["LangSmith", langsmith], ["Langfuse", langfuse], ["Phoenix", phoenix]];
function span(text: string): Trace["spans"][number] | undefined {
  const value: unknown = JSON.parse(text);
  const pieces = sniffSource(value)?.read(value, { file: "f" }).pieces ?? [];
  return assembleTrace(pieces).spans[0];
}

/** One moment, as it is written by one tracer or another; what is told less exactly is exact as far as it goes. */
const forms: readonly (readonly [form: string, value: unknown, wanted: string])[] = [
  ["ISO with milliseconds and Z", "2026-11-22T06:42:54.245Z", "245000000Z"],
  ["ISO with microseconds and an offset", "2026-11-22T06:42:54.245123+00:00", "245123000Z"],
  ["ISO without a fraction", "2026-11-22T06:42:54Z", "000000000Z"],
  ["ISO with nanoseconds", "2026-11-22T06:42:54.245123457Z", "245123457Z"],
  ["ISO of a place west of Greenwich", "2026-11-22T01:42:54.245123-05:00", "245123000Z"],
  ["ISO of a place east of it, at half an hour", "2026-11-22T12:12:54.245+05:30", "245000000Z"],
  ["ISO without a zone, which is UTC wherever we are", "2026-11-22T06:42:54.245123", "245123000Z"],
  ["seconds as a float", 1795329774.25, "250000000Z"],
  ["milliseconds", 1795329774245, "245000000Z"],
  ["microseconds", 1795329774245123, "245123000Z"],
  ["nanoseconds as text", "1795329774245123457", "245123457Z"],
  ["seconds as text", "1795329774.25", "250000000Z"],
];

test.each(forms)("E21 %s is the same moment at every source, in New York too", (_, value, wanted) => {
  process.env["TZ"] = "America/New_York";
  for (const [source, make] of all) expect([source, span(make(value))?.started_at]).toEqual([source, `2026-11-22T06:42:54.${wanted}`]);
});

test.each([[null], [""], [0], ["0"], ["1970-01-01T00:00:00Z"], ["0001-01-01T00:00:00Z"], ["yesterday"], [{}]])("E21 %j is no time, at any source", (value) => {
  for (const [source, make] of all) {
    const one = span(make(value, value));
    expect([source, one !== undefined, one?.started_at, one?.ended_at]).toEqual([source, true, undefined, undefined]);
  }
});

test("E21 every form comes in with one pull, each trace at its own time", async () => {
  process.env["TZ"] = "America/New_York";
  const rows = forms.map(([, started_at], n) => spanRecord(`trace_${n}`, "span_1", ran(), { started_at }));
  const { trace } = await pulled(lines(...rows));
  for (const [n, [, , wanted]] of forms.entries()) expect((await trace(`trace_${n}`)).spans[0]?.started_at).toBe(`2026-11-22T06:42:54.${wanted}`);
});

test("E21 a span that ended before it began is kept as it was told, noted, and lasts no negative time", async () => {
  const { trace, rows } = await pulled(native("2026-11-22T06:42:54Z", "2026-11-22T06:42:50Z"));
  expect(await trace()).toMatchObject({ spans: [{ started_at: "2026-11-22T06:42:54.000000000Z", ended_at: "2026-11-22T06:42:50.000000000Z" }], notes: [{ code: "ended-before-start" }] });
  const [row] = (await rows()) as unknown as { duration_ms: number | null }[];
  expect(row?.duration_ms ?? 0).toBeGreaterThanOrEqual(0);
});

test("E22 what lies under a millisecond is neither lost nor rounded, and decides the order", async () => {
  const at = (n: number): string => `2026-11-22T06:42:54.24500${n}+00:00`;
  const { trace } = await pulled(lines(...[3, 1, 2].map((n) => spanRecord("trace_1", `span_${n}`, ran(), { started_at: at(n) }))));
  expect((await trace()).spans.map(({ id, started_at }) => [id, started_at])).toEqual([1, 2, 3].map((n) => [`span_${n}`, `2026-11-22T06:42:54.24500${n}000Z`]));
});

test("E23 of spans that began together a parent stands before its child, and equals stand as they came", async () => {
  const same = (id: string, parent: string | null = null): object => spanRecord("trace_1", id, ran(), { parent_id: parent });
  const { trace } = await pulled(lines(same("span_3", "span_9"), same("span_1", "span_9"), same("span_2", "span_1"), same("span_9")));
  expect((await trace()).spans.map(({ id }) => id)).toEqual(["span_9", "span_3", "span_1", "span_2"]);
});
