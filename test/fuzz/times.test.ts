import fc from "fast-check";
import { expect, test } from "vitest";
import { instantSchema } from "../../src/core/trace/schema.ts";
import { sniffSource } from "../../src/core/sources/sources.ts";
import { assembleTrace } from "../../src/core/trace/assemble.ts";
import { timesOf } from "../../src/core/report/trace-row.ts";
import { formats } from "../support/exports.ts";

const moment = fc.date({ min: new Date("1990-01-01"), max: new Date("2090-01-01"), noInvalidDate: true });
/** A moment as one tracer or another writes it. */
const written = fc.tuple(moment, fc.constantFrom("iso", "offset", "bare", "ms", "us", "ns", "text")).map(([date, form]) => {
  const ms = date.getTime();
  if (form === "iso") return date.toISOString();
  if (form === "offset") return date.toISOString().replace("Z", "+00:00");
  if (form === "bare") return date.toISOString().replace("Z", "");
  return form === "ms" ? ms : form === "us" ? ms * 1000 : form === "ns" ? `${ms}000000` : String(ms);
});
const nonsense = fc.oneof(fc.jsonValue(), fc.constantFrom("NaN", "0", "-1", "9".repeat(30), "2026-13-45T99:99:99Z", "1970-01-01T00:00:00Z", "Z", "T", "2026-01-01T00:00:00+99:99", "24:00"), fc.double(), fc.string());
const names = /^(?:started_at|ended_at|startTimeUnixNano|endTimeUnixNano|startTime|endTime|start_time|end_time)$/;

test("times of any form or none give valid instants, ordered siblings and no negative durations, at every source", () => {
  fc.assert(
    fc.property(fc.nat(formats.length - 1), fc.array(fc.tuple(fc.oneof(written, nonsense), fc.oneof(written, nonsense)), { minLength: 1, maxLength: 4 }), (format, times) => {
      const { record } = formats[format]!;
      const pieces = times.flatMap(([start, end], n) => {
        const withTimes = { start_time: start, end_time: end, endTime: end };
        const value: unknown = JSON.parse(JSON.stringify({ ...record(n), ...(format > 4 ? withTimes : {}) }, (key, inner: unknown) => (names.test(key) ? (key.startsWith("s") ? start : end) : inner)));
        return sniffSource(value)?.read(value, { file: "f" }).pieces ?? [];
      });
      const trace = assembleTrace(pieces.map((piece) => ({ ...piece, trace_id: "trace_1" })));
      expect(trace.spans).toHaveLength(times.length);
      for (const span of trace.spans) for (const at of [span.started_at, span.ended_at]) if (at !== undefined) expect(instantSchema.safeParse(at).success).toBe(true);
      const starts = trace.spans.filter(({ parent_id }) => parent_id === null).map(({ started_at }) => started_at ?? "~");
      expect(starts).toEqual(starts.toSorted());
      expect(timesOf(trace).duration_ms ?? 0).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 800 },
  );
});
