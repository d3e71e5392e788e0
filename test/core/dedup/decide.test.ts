import fc from "fast-check";
import { expect, test } from "vitest";
import { clustersOf } from "../../../src/core/dedup/clusters.ts";
import { actionOf, dedupLevel } from "../../../src/core/dedup/decide.ts";
import { wordsApart } from "../../../src/core/dedup/explain.ts";
import { sketchOf } from "../../../src/core/dedup/sketch.ts";
import { dedupFormat, dedupLevels } from "../../../src/core/dedup/types.ts";
import type { Trace } from "../../../src/core/trace/schema.ts";
import { traceWith } from "../../support/trace-with.ts";

type Course = Parameters<typeof traceWith>[1];
const refund: Course = [{ call: "find_order", args: { id: "A1", deep: true }, output: '{"b":1,"a":2}' }, { say: "Refunded." }];
const trace = (id: string, user: string, course: Course = refund): Trace => traceWith(user, course, { id });
const decide = (level: (typeof dedupLevels)[number], traces: readonly Trace[], threshold?: number) => dedupLevel(level, traces.map(sketchOf), threshold);
const pairs = (result: ReturnType<typeof decide>): string[] => result.decisions.map(({ dropped, kept }) => `${dropped} → ${kept}`);

const token = (text: string): string => `[EMAIL:${text.repeat(16).slice(0, 16)}]`;
const base = (): Trace => trace("a", `Refund my order, ${token("a")}`);

test.each<[what: string, copy: Trace]>([
  ["nothing but its ids and times", { ...base(), id: "b", spans: base().spans.map((span) => ({ ...span, started_at: "2027-01-01T00:00:00.000000000Z", id: `x${span.id}`, parent_id: span.parent_id === null ? null : `x${span.parent_id}` })) }],
  ["who asked", trace("b", `Refund my order, ${token("b")}`)],
  ["key order and white space", trace("b", `Refund my order, ${token("a")}`, [{ call: "find_order", args: '{ "deep": true, "id": "A1" }', output: '{"a":2,"b":1}' }, { say: "Refunded." }])],
  ["provenance and usage", { ...base(), id: "b", metadata: { run: 7 }, group_id: "g", tags: ["x"], source: { kind: "otlp" }, spans: base().spans.map((span) => (span.model === undefined ? span : { ...span, model: { ...span.model, usage: { input: 5 }, response_id: "r" } })) }],
])("a run that differs in %s is a copy", (_, copy) => {
  expect(pairs(decide("exact", [base(), copy]))).toEqual(["b → a"]);
});

test.each<[what: string, other: Trace]>([
  ["what the user said", trace("b", `Cancel my order, ${token("a")}`)],
  ["an argument", trace("b", `Refund my order, ${token("a")}`, [{ call: "find_order", args: { id: "A2", deep: true }, output: '{"b":1,"a":2}' }, { say: "Refunded." }])],
  ["a result", trace("b", `Refund my order, ${token("a")}`, [{ call: "find_order", args: { id: "A1", deep: true }, output: "none" }, { say: "Refunded." }])],
  ["the answer", trace("b", `Refund my order, ${token("a")}`, [refund[0] as Course[number], { say: "No." }])],
  ["a handoff", trace("b", `Refund my order, ${token("a")}`, [...refund, { handoff: "billing" }])],
  ["the kind of what was masked", trace("b", `Refund my order, ${token("a").replace("EMAIL", "PHONE")}`)],
])("a run that differs in %s is no copy", (_, other) => {
  expect(pairs(decide("exact", [base(), other]))).toEqual([]);
});

test("runs of which no content was recorded are never called equal", () => {
  const bare = (id: string): Trace => ({ ...trace(id, ""), messages: [], spans: [{ id: "r", parent_id: null, kind: "response", model: { api: "responses", response_id: id } }] });
  expect(decide("exact", [bare("a"), bare("b")])).toMatchObject({ compared: 0, uncomparable: 2, decisions: [] });
  expect(decide("same-task", [bare("a"), bare("b")])).toMatchObject({ uncomparable: 2, decisions: [] });
});

test("the order of arrival chooses who is kept of equals, not who belongs together", () => {
  const some = fc.array(fc.nat({ max: 3 }), { maxLength: 8 });
  fc.assert(
    fc.property(some, fc.infiniteStream(fc.nat()), (kinds, dice) => {
      const traces = kinds.map((kind, at) => trace(`t${at}`, `Task number ${kind}`));
      const shuffled = traces.map((one) => ({ one, at: dice.next().value ?? 0 })).sort((x, y) => x.at - y.at).map(({ one }) => one);
      const groups = (list: readonly Trace[]): string[] =>
        clustersOf(decide("exact", list).decisions).map(({ kept, members }) => [kept, ...members.map(({ id }) => id)].sort().join(" ")).sort();
      expect(groups(shuffled)).toEqual(groups(traces));
      for (const { kept, dropped } of decide("exact", traces).decisions) expect(Number(kept.slice(1))).toBeLessThan(Number(dropped.slice(1)));
    }),
    { numRuns: 30 },
  );
});

test("a conversation that goes on in another run is its beginning; the longest is kept", () => {
  const short = trace("a", "Hi", [{ say: "Which order?" }]);
  const long: Trace = trace("b", "Hi", [{ say: "Which order?" }, { call: "find_order" }, { say: "Done." }]);
  const other = trace("c", "Hi", [{ say: "What?" }, { call: "find_order" }]);
  expect(pairs(decide("prefix", [short, long, other]))).toEqual(["a → b"]);
});

test("near text collapses from 0.9, waits for a person from 0.7, and says nothing below", () => {
  const text = (words: number, changed: number): string => Array.from({ length: words }, (_, at) => (at < changed ? `other${at}` : `word${at}`)).join(" ");
  const same: Course = [{ say: "Done." }];
  const result = decide("near", [trace("a", text(200, 0), same), trace("b", text(200, 5), same), trace("c", text(200, 25), same), trace("d", text(200, 150), same)]);
  expect(result.decisions.map((one) => [one.dropped, one.kept, actionOf(one)])).toEqual([
    ["b", "a", "collapse"],
    ["c", "a", "review"],
  ]);
});

test("the same task in other words is suggested, never collapsed", () => {
  const traces = [
    trace("a", "My parcel 4417 to Lisbon never arrived, please refund it"),
    trace("b", "Hello! I want a refund. The Lisbon parcel 4417 never came"),
    trace("c", "Change the address of my subscription to Oslo please"),
    ...["What are your opening hours on Sunday", "Is the shop open on Monday please", "I want a new password", "Hello, my invoice is wrong"].map((user, at) => trace(`d${at}`, user)),
  ];
  const result = decide("same-task", traces);
  expect(pairs(result).length).toBe(1);
  expect(result.decisions.map(actionOf)).toEqual(["suggest"]);
  expect(decide("same-task", traces, 0.99).decisions).toEqual([]);
});

test("every decision is a valid record, says its rule, and never names a dropped run as kept, on any level", () => {
  const user = fc.array(fc.constantFrom("refund", "order", "lisbon", "oslo", "please", "4417"), { minLength: 1, maxLength: 6 }).map((list) => list.join(" "));
  fc.assert(
    fc.property(fc.array(user, { maxLength: 7 }), fc.constantFrom(...dedupLevels), (users, level) => {
      const result = decide(level, users.map((one, at) => trace(`t${at}`, one)));
      const dropped = result.decisions.map((one) => one.dropped);
      expect(new Set(dropped).size).toBe(dropped.length);
      expect(result.decisions.filter((one) => dropped.includes(one.kept))).toEqual([]);
      expect(result.decisions.map((one) => dedupFormat.read(one, "test"))).toEqual(result.decisions);
      expect(decide(level, users.map((one, at) => trace(`t${at}`, one)))).toEqual(result);
    }),
    { numRuns: 40 },
  );
});

test("the words that speak for a pair come rarest first", () => {
  const store = new Map([
    ["a", ["please", "refund", "lisbon", "4417"]],
    ["b", ["please", "refund", "lisbon", "parcel"]],
    ["c", ["please", "refund", "oslo"]],
    ["d", ["please"]],
  ]);
  expect(wordsApart(store, { dropped: "a", kept: "b" })).toEqual({ both: ["lisbon", "refund", "please"], dropped: ["4417"], kept: ["parcel"] });
});
