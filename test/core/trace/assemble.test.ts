import fc from "fast-check";
import { expect, test } from "vitest";
import { assembleTrace } from "../../../src/core/trace/assemble.ts";
import type { Piece, SpanPiece, TracePiece } from "../../../src/core/trace/piece.ts";
import { traceSchema, type Message, type Trace } from "../../../src/core/trace/schema.ts";

const source = { kind: "native" } as const;
const at = (second: number): string => `2026-01-01T00:00:${String(second % 60).padStart(2, "0")}.000000000Z`;
const span = (id: string, parent_id: string | null, more: Partial<SpanPiece["span"]> = {}): SpanPiece => ({
  piece: "span",
  trace_id: "t",
  source,
  span: { id, parent_id, kind: "custom", ...more },
});
const record = (more: Partial<TracePiece> = {}): TracePiece => ({ piece: "trace", trace_id: "t", source, recorded: true, ...more });
const says = (role: Message["role"], text: string): Message => ({ role, parts: [{ type: "text", text }] });
const shape = (trace: Trace): unknown[] => trace.spans.map(({ id, parent_id, original_parent_id }) => [id, parent_id, original_parent_id ?? null]);

test("children before their parents, the trace record last: still a tree", () => {
  const trace = assembleTrace([span("c", "b", { started_at: at(2) }), span("b", "a", { started_at: at(1) }), span("a", null, { started_at: at(0) }), record()]);
  expect(shape(trace)).toEqual([["a", null, null], ["b", "a", null], ["c", "b", null]]);
  expect(trace.recorded).toBe(true);
});

test("spans without a trace record are a trace that says so", () => {
  expect(assembleTrace([span("a", null)])).toMatchObject({ id: "t", recorded: false });
});

test("a trace record without spans is a trace without spans", () => {
  expect(assembleTrace([record({ workflow_name: "w" })])).toMatchObject({ spans: [], workflow_name: "w" });
});

test("a parent that is missing, itself, or in a cycle is cut and remembered", () => {
  expect(shape(assembleTrace([span("a", "gone")]))).toEqual([["a", null, "gone"]]);
  expect(shape(assembleTrace([span("a", "a")]))).toEqual([["a", null, "a"]]);
  const two = [span("a", "b", { started_at: at(1) }), span("b", "a", { started_at: at(0) })];
  expect(shape(assembleTrace(two))).toEqual([["b", null, "a"], ["a", "b", null]]);
  const five = [0, 1, 2, 3, 4].map((n) => span(`s${n}`, `s${(n + 1) % 5}`, { started_at: at((n + 2) % 5) }));
  expect(shape(assembleTrace(five))[0]).toEqual(["s3", null, "s4"]);
  expect(shape(assembleTrace(five))).toHaveLength(5);
});

test("a parent that comes later, in another run, takes its orphan back", () => {
  const first = assembleTrace([span("b", "a", { started_at: at(1) })]);
  expect(shape(assembleTrace([span("a", null, { started_at: at(0) })], first))).toEqual([["a", null, null], ["b", "a", null]]);
});

test("several roots stand in order of start; equal siblings in order of arrival; those without a start last", () => {
  const trace = assembleTrace([span("late", null, { started_at: at(9) }), span("never", null), span("x", null, { started_at: at(1) }), span("y", null, { started_at: at(1) })]);
  expect(trace.spans.map(({ id }) => id)).toEqual(["x", "y", "late", "never"]);
});

test("a chain of fifty thousand spans neither overflows nor hangs", () => {
  const chain = Array.from({ length: 50_000 }, (_, n) => span(`s${n}`, n === 0 ? null : `s${n - 1}`));
  expect(assembleTrace(chain).spans).toHaveLength(50_000);
});

test("of two records of one span the ended one stands, else the fuller, else the later; a difference is noted", () => {
  const open = span("a", null, { name: "open" });
  const ended = span("a", null, { name: "ended", ended_at: at(1) });
  for (const pieces of [[open, ended], [ended, open]]) {
    const trace = assembleTrace(pieces);
    expect(trace.spans).toMatchObject([{ name: "ended" }]);
    expect(trace.notes).toEqual([{ code: "merged-variant", span_id: "a" }]);
  }
  const bare = span("a", null, { kind: "response", model: { api: "responses", response_id: "r" } });
  const rich = span("a", null, { kind: "response", model: { api: "responses", response_id: "r", input: [says("user", "hi")], output: [says("assistant", "yo")] } });
  for (const pieces of [[bare, rich], [rich, bare]]) expect(assembleTrace(pieces).messages).toHaveLength(2);
  expect(assembleTrace([span("a", null, { name: "1" }), span("a", null, { name: "2" })]).spans).toMatchObject([{ name: "2" }]);
});

test("the same record twice is one, without a note", () => {
  expect(assembleTrace([span("a", null), span("a", null), record(), record()])).toEqual(assembleTrace([span("a", null), record()]));
});

test("trace records merge member by member: first that is there, metadata as a union, a conflict noted", () => {
  const trace = assembleTrace([
    { ...record({ metadata: { a: 9, c: 3 } }), recorded: false },
    record({ workflow_name: "w", metadata: { a: 1 } }),
    record({ workflow_name: "v", group_id: "g", metadata: { b: 2 } }),
  ]);
  expect(trace).toMatchObject({ workflow_name: "w", group_id: "g", metadata: { a: 1, b: 2, c: 3 } });
  expect(trace.notes).toEqual([{ code: "trace-conflict", detail: "metadata" }, { code: "trace-conflict", detail: "workflow_name" }]);
});

test("each distinct message and tool stands once, in order of first use", () => {
  const system = says("system", "s");
  const [one, two, three] = [says("user", "1"), says("assistant", "2"), says("user", "3")];
  const tool = { type: "function", name: "f", parameters: { a: 1, b: 2 } };
  const same = { name: "f", parameters: { b: 2, a: 1 }, type: "function" };
  const call = (id: string, second: number, input: readonly Message[]): SpanPiece =>
    span(id, null, { kind: "generation", started_at: at(second), model: { api: "chat", instructions: structuredClone(system), input, output: [two], tools: [second === 0 ? tool : same] } });
  const trace = assembleTrace([call("b", 1, [structuredClone(one), two, three]), call("a", 0, [one])]);
  expect(trace.messages).toEqual([system, one, two, three]);
  expect(trace.tools).toEqual([tool]);
  expect(trace.spans.map(({ model }) => [model?.instructions, model?.input, model?.output, model?.tools])).toEqual([[0, [1], [2], [0]], [0, [1, 2, 3], [2], [0]]]);
});

test("the same span id in two traces is two spans", () => {
  expect(assembleTrace([span("a", null)]).id).toBe("t");
  expect(assembleTrace([{ ...span("a", null), trace_id: "u" }]).id).toBe("u");
});

const pieceOf = (n: number, starts: readonly number[], parents: readonly number[]): SpanPiece =>
  span(`s${n}`, parents[n] === undefined || parents[n] < 0 ? null : `s${parents[n]}`, {
    kind: "generation",
    started_at: `2026-01-01T00:00:00.${String((starts[n] as number) * 1000 + n).padStart(9, "0")}Z`,
    ended_at: at(59),
    model: { api: "chat", input: [says("user", `m${(starts[n] as number) % 5}`)], output: [says("assistant", `o${n % 3}`)] },
  });
const spanSets = fc.integer({ min: 1, max: 14 }).chain((count) =>
  fc.record({
    starts: fc.array(fc.nat(900), { minLength: count, maxLength: count }),
    parents: fc.array(fc.integer({ min: -1, max: count + 1 }), { minLength: count, maxLength: count }),
    order: fc.shuffledSubarray([...Array(count).keys()], { minLength: count, maxLength: count }),
    cuts: fc.array(fc.nat(count), { maxLength: 3 }),
  }),
);

test("pieces in any order, in any chunks, give the same trace, and it keeps its promises", () => {
  fc.assert(
    fc.property(spanSets, ({ starts, parents, order, cuts }) => {
      const pieces: Piece[] = [...order.map((n) => pieceOf(n, starts, parents)), record({ metadata: { a: 1 } })];
      const whole = assembleTrace([record({ metadata: { a: 1 } }), ...[...Array(starts.length).keys()].map((n) => pieceOf(n, starts, parents))]);
      const edges = [...new Set([0, ...cuts, pieces.length])].sort((a, b) => a - b);
      let joined: Trace | undefined;
      for (const [n, edge] of edges.slice(1).entries()) joined = assembleTrace(pieces.slice(edges[n], edge), joined);
      expect(joined).toEqual(whole);
      expect(traceSchema.safeParse(whole).success).toBe(true);
      const before = new Set<string>();
      for (const one of whole.spans) {
        expect(one.parent_id === null || before.has(one.parent_id)).toBe(true);
        before.add(one.id);
      }
      expect(before.size).toBe(starts.length);
      expect(assembleTrace(pieces, whole)).toEqual(whole);
    }),
  );
});
