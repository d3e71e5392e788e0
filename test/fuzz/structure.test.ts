import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sources } from "../../src/core/sources/sources.ts";
import { assembleTrace } from "../../src/core/trace/assemble.ts";
import { completenessOf } from "../../src/core/trace/completeness.ts";
import { factsOf } from "../../src/core/trace/facts.ts";
import { identityKeys } from "../../src/core/trace/identity.ts";
import type { Piece } from "../../src/core/trace/piece.ts";
import { traceSchema, type Trace } from "../../src/core/trace/schema.ts";
import { statusOf } from "../../src/core/trace/status.ts";
import { tapeOf } from "../../src/core/trace/tape.ts";
import { transcriptOf } from "../../src/core/trace/transcript.ts";
import { usageOf } from "../../src/core/trace/usage.ts";
import { formats } from "../support/exports.ts";
import { lines, otlp, otlpSpan, ran, spanRecord, traceRecord } from "../support/gotcha.ts";
import { casebook, scratch } from "../support/io.ts";

const odd = fc.oneof(
  fc.constantFrom<unknown>(null, "", 0, -1, 1e21, true, [], {}, [[]], [null], "undefined", "0000000000000000", "\ud83d", "{'a': 1}", '{"a":1', "2026-01-01", { __proto__: null, a: 1 }, { toString: 1 }, { length: 3 }, "trace_1", "resp_1", [{ role: "tool" }], [{ type: "function_call" }], { choices: [null] }),
  fc.jsonValue({ maxDepth: 3 }),
);
/** Changes one place of a value: put something odd there, take it out, or say it twice. */
type Change = { readonly at: number; readonly how: "replace" | "drop" | "repeat" | "rename"; readonly value: unknown };
const change: fc.Arbitrary<Change> = fc.record({ at: fc.nat(), how: fc.constantFrom("replace" as const, "replace" as const, "drop" as const, "repeat" as const, "rename" as const), value: odd });

function changed(value: unknown, { at, how, value: put }: Change): unknown {
  const copy = structuredClone(value);
  const places: [Record<string, unknown>, string][] = [];
  const visit = (holder: unknown): void => {
    if (typeof holder !== "object" || holder === null) return;
    for (const key of Object.keys(holder)) {
      places.push([holder as Record<string, unknown>, key]);
      visit((holder as Record<string, unknown>)[key]);
    }
  };
  visit(copy);
  const [holder, key] = places[at % places.length] ?? [{}, ""];
  if (how === "replace") holder[key] = put;
  else if (how === "drop") delete holder[key];
  else if (how === "rename") {
    holder[`${key}_`] = holder[key];
    delete holder[key];
  } else holder[`${key}2`] = [holder[key], holder[key]];
  return copy;
}

test("records changed in any place are read to a valid trace or to problems, by every source, and all that is derived holds", () => {
  fc.assert(
    fc.property(fc.nat(formats.length - 1), fc.array(change, { minLength: 1, maxLength: 4 }), (format, changes) => {
      const value: unknown = JSON.parse(JSON.stringify(changes.reduce(changed, formats[format]!.record(1) as unknown)) ?? "null");
      for (const source of sources) {
        source.recognises(value);
        const byTrace = new Map<string, Piece[]>();
        for (const piece of source.read(value, { file: "f" }).pieces) byTrace.set(piece.trace_id, [...(byTrace.get(piece.trace_id) ?? []), piece]);
        for (const pieces of byTrace.values()) {
          const trace = assembleTrace(pieces);
          expect(traceSchema.safeParse(trace).error?.issues ?? []).toEqual([]);
          for (const derive of [completenessOf, factsOf, identityKeys, statusOf, tapeOf, transcriptOf, usageOf] as readonly ((trace: Trace) => unknown)[]) derive(trace);
          expect(assembleTrace([...pieces, ...pieces]).spans).toHaveLength(trace.spans.length);
        }
      }
    }),
    { numRuns: 1500 },
  );
});

const parent = fc.oneof(fc.constantFrom<unknown>(null, "", "undefined", "0000000000000000", 7, "span_999"), fc.nat(11).map((n) => `span_${n}`));
const span = fc.record({ trace: fc.integer({ min: 1, max: 3 }), id: fc.nat(11), parent, type: fc.constantFrom<unknown>("function", "agent", "custom", "brand_new", null, 5), twice: fc.boolean() });

test("spans with any parents, in any order, in any files and pulls, become the same traces, none lost", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(span, { minLength: 1, maxLength: 14, selector: ({ trace, id }) => `${trace} ${id}` }), fc.infiniteStream(fc.nat()), fc.integer({ min: 1, max: 4 }), async (all, dice, files) => {
      const records = all.flatMap(({ trace, id, parent: parent_id, type, twice }, n) => {
        const record = spanRecord(`trace_${trace}`, `span_${id}`, { ...ran(), type }, { parent_id, started_at: new Date(1_790_000_000_000 + n * 1000).toISOString() });
        return twice ? [record, record] : [record];
      });
      const shuffled = [...records, traceRecord("trace_1")].map((record) => ({ record, at: dice.next().value as number })).toSorted((a, b) => a.at - b.at).map(({ record }) => record);
      const [one, many] = [scratch(), scratch()];
      writeFileSync(join(one, "a.jsonl"), lines(...records, traceRecord("trace_1")));
      expect((await casebook(one, ["pull", "a.jsonl"])).code).toBe(0);
      for (let file = 0; file < files; file += 1) writeFileSync(join(many, `${file}.jsonl`), lines(...shuffled.filter((_, at) => at % files === file)) || "{}");
      if (files % 2 === 0) await casebook(many, ["pull", "."]);
      else for (let file = 0; file < files; file += 1) await casebook(many, ["pull", `${file}.jsonl`]);
      for (const id of new Set([...all.map(({ trace }) => trace), 1])) {
        const [whole, pieced] = await Promise.all([one, many].map(async (cwd) => (await casebook(cwd, ["show", `trace_${id}`, "--raw-json"])).json() as Trace));
        expect(pieced).toEqual(whole);
        expect(whole?.spans.map((each) => each.id).toSorted()).toEqual(all.filter(({ trace }) => trace === id).map((each) => `span_${each.id}`).toSorted());
      }
    }),
    { numRuns: 8 },
  );
});

/** One run as the SDK records it and as OpenInference exports it, one record each. */
function bothSides(n: number): { readonly native: readonly object[]; readonly otlp: readonly object[] } {
  const at = (ms: number): string => new Date(1_790_000_000_000 + n * 3_600_000 + ms).toISOString();
  const nano = (ms: number): string => `${1_790_000_000_000 + n * 3_600_000 + ms}000000`;
  const response = { id: `resp_${n}`, object: "response", model: "m", output: [{ type: "message", role: "assistant", content: [{ type: "output_text", text: `answer ${n}` }] }] };
  const input = [{ role: "user", content: `question ${n}` }];
  const traceId = (n + 0xabc).toString(16).padStart(32, "5e");
  const otel = (ms: number, attributes: Record<string, unknown>, spanId: string, parentSpanId?: string): object => otlp(otlpSpan(attributes, { traceId, spanId, parentSpanId, startTimeUnixNano: nano(ms), endTimeUnixNano: nano(ms + 5) }));
  return {
    native: [
      traceRecord(`trace_${n}`),
      spanRecord(`trace_${n}`, "span_1", { type: "agent", name: "Clerk" }, { started_at: at(0), ended_at: at(9) }),
      spanRecord(`trace_${n}`, "span_2", { type: "response", response_id: `resp_${n}`, _input: input, _response: response }, { parent_id: "span_1", started_at: at(1), ended_at: at(6) }),
    ],
    otlp: [
      otel(0, { "openinference.span.kind": "AGENT", "graph.node.id": "Clerk" }, "b7ad6b7169203331"),
      otel(1, { "openinference.span.kind": "LLM", "input.value": JSON.stringify(input), "output.value": JSON.stringify(response) }, "b7ad6b7169203332", "b7ad6b7169203331"),
    ],
  };
}

test("a run seen from two sides is one trace however its records come, and runs never mix", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.infiniteStream(fc.nat()), fc.integer({ min: 1, max: 4 }), async (runs, dice, pulls) => {
      const records = Array.from({ length: runs }, (_, n) => bothSides(n + 1)).flatMap(({ native, otlp: other }) => [...native, ...other]);
      const shuffled = records.map((record) => ({ record, at: dice.next().value as number })).toSorted((a, b) => a.at - b.at).map(({ record }) => record);
      const cwd = scratch();
      for (let pull = 0; pull < pulls; pull += 1) {
        const some = shuffled.filter((_, at) => at % pulls === pull);
        if (some.length === 0) continue;
        writeFileSync(join(cwd, `${pull}.jsonl`), lines(...some));
        expect((await casebook(cwd, ["pull", `${pull}.jsonl`])).code).toBe(0);
      }
      expect((await casebook(cwd, ["ls", "--json"])).json().rows).toHaveLength(runs);
      for (let n = 1; n <= runs; n += 1) {
        const trace = (await casebook(cwd, ["show", `trace_${n}`, "--raw-json"])).json() as Trace;
        expect(trace).toMatchObject({ source: { kind: "native" }, recorded: true });
        expect(trace.spans.map(({ id }) => id)).toEqual(["span_1", "span_2"]);
        expect(transcriptOf(trace).output).toBe(`answer ${n}`);
      }
    }),
    { numRuns: 8 },
  );
});
