import fc from "fast-check";
import { expect, test } from "vitest";
import type { DedupDecision, DedupLevel } from "../../../src/core/dedup/types.ts";
import { lookOf, type Look } from "../../../src/core/sampling/look.ts";
import { orderQueue, type QueueInput } from "../../../src/core/sampling/queue.ts";
import { representedBy } from "../../../src/core/sampling/represented.ts";
import { factsOf } from "../../../src/core/trace/facts.ts";
import { traceWith } from "../../support/trace-with.ts";

const look = (id: string, more: Partial<Look> = {}): Look => ({ id, status: "ok", suspicions: [], content: "full", ...more });
const decision = (level: DedupLevel, dropped: string, kept: string, score = 1, threshold = 0.2): DedupDecision => ({ schema: "casebook/dedup@1", level, dropped, kept, score, threshold, view: "v", rule: "r@1" });
const queue = (traces: readonly Look[], more: Partial<QueueInput> = {}) => orderQueue({ traces, decisions: [], labels: [], annotator: "ann", seed: 1, share: 0, ...more });
const ids = (traces: readonly Look[], more: Partial<QueueInput> = {}): string[] => queue(traces, more).map((one) => one.id);

test("what looks wrong comes first and says why; what holds nothing comes last", () => {
  const traces = [
    look("empty", { content: "none", status: "unknown" }),
    look("calm"),
    look("loop", { suspicions: ["repeated-call", "repeated-call"] }),
    look("broken", { status: "error", suspicions: ["tool-error"] }),
    look("calm2"),
  ];
  expect(queue(traces)).toEqual([
    { id: "broken", why: "ended in an error, tool-error", probability: 1 },
    { id: "loop", why: "2 × repeated-call", probability: 1 },
    { id: "calm", why: "in order of arrival", probability: 1 },
    { id: "calm2", why: "in order of arrival", probability: 1 },
    { id: "empty", why: "no content was recorded", probability: 1 },
  ]);
});

test("copies are not shown; close ones, and runs of one task, are", () => {
  const traces = ["a", "b", "c", "d", "e"].map((id) => look(id));
  const decisions = [decision("exact", "b", "a"), decision("near", "c", "a", 0.95, 0.9), decision("near", "d", "a", 0.8, 0.9), decision("prefix", "e", "a")];
  expect(ids(traces, { decisions })).toEqual(["a", "d"]);
});

test("one run of every task comes before a second of any, the most suspicious of each first", () => {
  const traces = [look("a1"), look("a2", { status: "error" }), look("a3"), look("b1"), look("c1")];
  const decisions = [decision("same-task", "a2", "a1", 0.5), decision("same-task", "a3", "a1", 0.4)];
  expect(ids(traces, { decisions })).toEqual(["a2", "b1", "c1", "a1", "a3"]);
  expect(queue(traces, { decisions })[3]?.why).toBe("in order of arrival; a task seen before");
});

test("what this person labelled is gone, with its copies, and its task has had its turn", () => {
  const traces = [look("a"), look("a-copy"), look("a-again"), look("b"), look("other")];
  const decisions = [decision("exact", "a-copy", "a"), decision("same-task", "a-again", "a", 0.5)];
  const labels = [{ trace_id: "a-copy", annotator: "ann" }, { trace_id: "b", annotator: "bob" }];
  expect(ids(traces, { decisions, labels })).toEqual(["b", "other", "a-again"]);
});

const arbitrary = fc.nat({ max: 12 }).chain((n) => {
  const id = fc.nat({ max: n + 1 }).map((at) => `t${at}`);
  return fc.record({
    traces: fc.tuple(...Array.from({ length: n }, (_, at) => fc.record({ status: fc.constantFrom("ok" as const, "error" as const), suspicions: fc.array(fc.constant("tool-error"), { maxLength: 2 }) }).map((more) => look(`t${at}`, more)))),
    decisions: fc.array(fc.tuple(fc.constantFrom<DedupLevel>("exact", "near", "prefix", "same-task"), id, id).filter(([, a, b]) => a !== b).map(([level, a, b]) => decision(level, a, b)), { maxLength: 10 }),
    labels: fc.array(fc.record({ trace_id: id, annotator: fc.constantFrom("ann", "bob") }), { maxLength: 4 }),
    seed: fc.nat(),
    share: fc.constantFrom(0, 0.2, 0.5, 1),
  });
});

test("whatever the levels decided, everything hidden has somebody shown who stands for it", () => {
  fc.assert(
    fc.property(arbitrary, ({ traces, decisions }) => {
      const by = representedBy(new Set(traces.map(({ id }) => id)), decisions);
      for (const [hidden, shown] of by) expect([by.has(shown), hidden === shown]).toEqual([false, false]);
    }),
  );
});

test("each trace is queued at most once; all that are neither hidden nor labelled are", () => {
  fc.assert(
    fc.property(arbitrary, (input) => {
      const asked = orderQueue({ ...input, annotator: "ann" });
      const by = representedBy(new Set(input.traces.map(({ id }) => id)), input.decisions);
      const done = new Set(input.labels.filter((one) => one.annotator === "ann").flatMap(({ trace_id: id }) => [id, by.get(id) ?? id]));
      expect(asked.map(({ id }) => id).sort()).toEqual(input.traces.map(({ id }) => id).filter((id) => !by.has(id) && !done.has(id)).sort());
      expect(asked.every(({ probability }) => probability > 0 && probability <= 1)).toBe(true);
      expect(orderQueue({ ...input, annotator: "ann" })).toEqual(asked);
    }),
  );
});

test("the share drawn at random is the share asked for, spread over the queue, and keeps its draw when traces arrive", () => {
  const traces = Array.from({ length: 2_000 }, (_, at) => look(`t${at}`, at % 2 === 0 ? { status: "error" } : {}));
  const asked = queue(traces, { share: 0.2, seed: 5 });
  const drawn = (list: typeof asked): string[] => list.filter((one) => one.why === "drawn at random").map((one) => one.id);
  expect(drawn(asked).length).toBeGreaterThan(340);
  expect(drawn(asked).length).toBeLessThan(460);
  const among = drawn(asked.slice(0, 500));
  expect(among.length).toBe(100);
  expect(among.filter((id) => Number(id.slice(1)) % 2 === 1).length).toBeGreaterThan(30);
  expect(asked.find((one) => one.why === "drawn at random")?.probability).toBe(0.2);
  const later = queue([...traces, look("new")], { share: 0.2, seed: 5 });
  expect(drawn(later).filter((id) => id !== "new")).toEqual(drawn(asked));
  expect(drawn(queue(traces, { share: 0.2, seed: 6 }))).not.toEqual(drawn(asked));
});

test("one of a task drawn at random is any of its runs, with the chance that says", () => {
  const traces = ["a", "b", "c", "d"].map((id) => look(id, id === "d" ? { status: "error" } : {}));
  const decisions = ["b", "c", "d"].map((id) => decision("same-task", id, "a", 0.5));
  const first = Array.from({ length: 400 }, (_, seed) => queue(traces, { decisions, share: 1, seed })[0]);
  const counts = ["a", "b", "c", "d"].map((id) => first.filter((one) => one?.id === id).length);
  expect(Math.min(...counts)).toBeGreaterThan(60);
  expect(first[0]?.probability).toBe(0.25);
});

test("the look of a run is how it ended and what is suspicious in it", () => {
  const looped = traceWith("hi", [{ call: "find", args: { a: 1 } }, { call: "find", args: { a: 1 } }, { call: "find", args: { a: 1 } }, { say: "ok" }], { error: "Max turns exceeded" });
  const seen = lookOf(looped.id, factsOf(looped));
  expect(seen).toMatchObject({ id: "trace_1", status: "error", content: "full" });
  expect(seen.suspicions).toContain("repeated-call");
});
