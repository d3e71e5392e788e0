import fc from "fast-check";
import { expect, test } from "vitest";
import type { Case } from "../../../src/core/dataset/case.ts";
import { attemptsLeft, checkResume, selectCases, type Selection } from "../../../src/core/replay/plan.ts";
import type { Run, RunHeader, Trial } from "../../../src/core/replay/run.ts";

const cases: RunHeader["cases"] = ["refund-1", "refund-2", "address-1", "hello-1"].sort().map((id) => ({ id, hash: id, label: "pass", codes: id.startsWith("address") ? ["tool.args-wrong"] : [] }));
const titles: Record<string, Partial<Case>> = { "hello-1": { title: "Says Hello", tags: ["smoke"] } };
const load = (id: string): Case => ({ title: id, ...titles[id] }) as Case;
const select = (more: Partial<Selection>, from: RunHeader["cases"] = cases) =>
  selectCases(from, { filter: undefined, only: undefined, from: undefined, sample: undefined, limit: undefined, seed: 1, ...more }, load).map(({ id }) => id);
const run = (outcomes: Record<string, Trial["outcome"][]>): Run =>
  ({ trials: Object.entries(outcomes).flatMap(([case_id, list]) => list.map((outcome, repeat) => ({ case_id, repeat, outcome }))) }) as unknown as Run;

test.each<[string, Partial<Selection>, string[]]>([
  ["nothing said is every case, by id", {}, ["address-1", "hello-1", "refund-1", "refund-2"]],
  ["part of an id", { filter: "REFUND" }, ["refund-1", "refund-2"]],
  ["a code", { filter: "args-wrong" }, ["address-1"]],
  ["a title", { filter: "says hello" }, ["hello-1"]],
  ["a tag", { filter: "smoke" }, ["hello-1"]],
  ["a limit", { limit: 2 }, ["address-1", "hello-1"]],
  ["a limit above", { limit: 99 }, ["address-1", "hello-1", "refund-1", "refund-2"]],
  ["nothing that fits", { filter: "nope" }, []],
  ["what failed last time", { only: "fail", from: run({ "refund-1": ["fail", "pass"], "hello-1": ["pass", "pass"] }) }, ["refund-1"]],
  ["what flickered", { only: "flaky", from: run({ "refund-1": ["fail", "pass"], "refund-2": ["fail", "fail"] }) }, ["refund-1"]],
  ["filter, then only, then limit", { filter: "refund", only: "fail", from: run({ "refund-1": ["fail"], "refund-2": ["fail"], "hello-1": ["fail"] }), limit: 1 }, ["refund-1"]],
])("selects %s", (_, selection, ids) => {
  expect(select(selection)).toEqual(ids);
});

test("a sample is the same for the same seed, of the size asked, in order, and every case can be in it", () => {
  const many = Array.from({ length: 30 }, (_, i) => ({ id: `c${String(i).padStart(2, "0")}`, hash: "", label: "pass" as const, codes: [] }));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), (sample, seed) => {
      const once = select({ sample, seed }, many);
      expect(once).toEqual(select({ sample, seed }, many));
      expect(once).toHaveLength(Math.min(30, sample));
      expect(once).toEqual([...new Set(once)].sort());
    }),
  );
  const seen = new Set(Array.from({ length: 200 }, (_, seed) => select({ sample: 3, seed }, many)).flat());
  expect(seen.size).toBe(30);
});

test("what is left is what has no trial, and what the world failed; first repeats first", () => {
  const header = { cases: cases.slice(0, 2), repeat: 2 } as unknown as RunHeader;
  const trials = [{ case_id: "address-1", repeat: 0, outcome: "fail" }, { case_id: "hello-1", repeat: 0, outcome: "error" }] as Trial[];
  expect(attemptsLeft({ header, trials: [] }).map(({ id, repeat }) => `${id}/${repeat}`)).toEqual(["address-1/0", "hello-1/0", "address-1/1", "hello-1/1"]);
  expect(attemptsLeft({ header, trials }).map(({ id, repeat }) => `${id}/${repeat}`)).toEqual(["hello-1/0", "address-1/1", "hello-1/1"]);
});

test("a run does not go on under other conditions, and says which changed", () => {
  const began = { id: "r", dataset: { name: "d", version: "1", hash: "h" }, prompt: { name: "p", version: "1", hash: "h" }, target: { kind: "trace" }, depth: "frozen", model: {}, settings: { a: 1 }, on_miss: "fail", repeat: 1, seed: 1, cases } as unknown as RunHeader;
  expect(() => checkResume(began, { ...began })).not.toThrow();
  expect(() => checkResume(began, { ...began, dataset: { ...began.dataset, hash: "x" }, on_miss: "stub" })).toThrow(/the dataset and the on-miss changed/);
  for (const change of [{ prompt: { ...began.prompt, hash: "x" } }, { settings: { a: 2 } }, { depth: "tape" as const }, { repeat: 2 }, { cases: cases.slice(1) }])
    expect(() => checkResume(began, { ...began, ...change })).toThrow(/cannot go on/);
});
