import fc from "fast-check";
import { expect, test } from "vitest";
import type { DedupDecision } from "../../../src/core/dedup/types.ts";
import { caseIdOf, inputOf, titleOf } from "../../../src/core/dataset/input.ts";
import { joinLabels } from "../../../src/core/dataset/opinion.ts";
import { planBuild } from "../../../src/core/dataset/plan.ts";
import { suspectKey } from "../../../src/core/label/event.ts";
import { defaultTaxonomy } from "../../../src/core/label/default-taxonomy.ts";
import { answer, failed, labelOf, refund, stored } from "../../support/dataset.ts";
import { agent, calls, gives, message, model, says, tool, traceOf, user } from "../../support/trace.ts";

const traces = [
  refund("trace_a"),
  refund("trace_b"),
  refund("trace_c", "Refund order 17 please", "B2"),
  answer("trace_d", "Where is my parcel?", "On its way."),
  answer("trace_e", "Where is my parcel?", "I do not know."),
  answer("trace_f", "[NAME:aaaaaaaaaaaaaaaa] wants to know the price", "It is 5."),
];
const labels = [
  failed("trace_a"),
  failed("trace_b", { annotator: "bob", note: "Too quick.", at: "2026-11-03T10:00:00.000Z" }),
  failed("trace_a", { annotator: "cleo", codes: [{ id: "tool.unsafe-side-effect", role: "root" }, { id: "verify.missing", role: "downstream" }] }),
  failed("trace_c"),
  labelOf("trace_d"),
  labelOf("trace_e", { annotator: "bob" }),
  labelOf("trace_f"),
  labelOf("trace_f", { annotator: "bob", verdict: "fail", codes: [{ id: "meta.other", role: "root" }] }),
];
const decisions: DedupDecision[] = [{ schema: "casebook/dedup@1", level: "exact", dropped: "trace_b", kept: "trace_a", score: 1, threshold: 1, view: "content", rule: "1" }];

const plan = (some: typeof labels): ReturnType<typeof planBuild> =>
  planBuild({
    labels: some,
    trace: (id) => traces.filter((trace) => trace.id === id).map(stored)[0],
    decisions,
    taxonomy: defaultTaxonomy,
    existing: new Map(),
    suspects: new Map(),
  });

test("labels in any order give the same plan, byte for byte", () => {
  const wanted = plan(labels);
  expect(wanted.cases.map((one) => one.files.size)).toEqual([5, 3, 3]);
  expect(wanted.refused.map((one) => one.code)).toEqual(["disagreement"]);
  expect(wanted.folded.map((one) => one.trace_id)).toEqual(["trace_e"]);
  fc.assert(
    fc.property(fc.shuffledSubarray(labels, { minLength: labels.length }), (shuffled) => {
      expect(plan(shuffled)).toEqual(wanted);
    }),
    { numRuns: 40 },
  );
});

test("every labelled trace is in exactly one place: a case, refused, or folded into a case", () => {
  fc.assert(
    fc.property(fc.subarray(labels), (some) => {
      const { cases, refused, folded } = plan(some);
      const roots = new Set(some.map((label) => (label.trace_id === "trace_b" ? "trace_a" : label.trace_id)));
      expect([...cases.map((one) => one.trace_id), ...refused.map((one) => one.trace_id), ...folded.map((one) => one.trace_id)].sort()).toEqual([...roots].sort());
    }),
    { numRuns: 60 },
  );
});

test("a case id names a few telling words and the hash of the input, and no number of the user's", () => {
  const id = (text: string): string => caseIdOf({ messages: [{ role: "user", text }] }).slice(0, -9);
  expect(id("Hello, could you please refund invoice 4711 for me?")).toBe("refund-invoice");
  expect(id("[NAME:aaaaaaaaaaaaaaaa] wants ÄRGER with [EMAIL]")).toBe("wants-arger");
  expect(caseIdOf({ messages: [{ role: "user", text: "Change my delivery address" }, { role: "assistant", text: "Sure?" }, { role: "user", text: "Yes, go ahead." }] })).toMatch(/^change-delivery-address-/);
  expect(id("可以退款吗")).toBe("case");
  expect(id("")).toBe("case");
  expect(id("../../etc/passwd; rm -rf /")).toBe("etc-passwd-rm-rf");
});

test("ids and titles are always fit for a folder and a line", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      const input = { messages: [{ role: "user", text }] };
      expect(caseIdOf(input)).toMatch(/^[a-z0-9][a-z0-9-]*-[0-9a-f]{8}$/);
      expect(caseIdOf(input).length).toBeLessThan(100);
      expect(titleOf(input)).not.toMatch(/\p{Cc}/u);
    }),
  );
});

test("a title is cut between words, so that no half of a placeholder or of an escape stands in it", () => {
  const title = (text: string): string => titleOf({ messages: [{ role: "user", text }] });
  expect(title("Refund my hose.")).toBe("Refund my hose.");
  expect(title(`${"word ".repeat(14)}then [EMAIL:aaaaaaaaaaaaaaaa] and more`)).toBe(`${"word ".repeat(14)}then…`);
  expect(title(`Seen just now: ${"=41=75".repeat(20)} and nothing else`)).toBe("Seen just now:…");
  expect(title("可以退款吗".repeat(20))).toBe(`${"可以退款吗".repeat(20).slice(0, 39)}…`);
  expect(title("x".repeat(100))).toBe(`${"x".repeat(79)}…`);
});

test("the input is what the run was given; later turns of the user follow, a second equal one too", () => {
  const [a, b] = [user("Cancel it"), user("yes")];
  const trace = traceOf([
    agent("Triage", [
      model([message("system", { type: "text", text: "Be kind." }), a], [says("Sure?")]),
      model([a, says("Sure?"), b], [says("Really?")]),
      model([a, says("Sure?"), b, says("Really?"), b], [calls("cancel", "{}", "c1")]),
      tool("cancel", "{}", "ok", { inside: [agent("Inner", [model([user("Do it, agent")], [says("done")])])] }),
      model([a, says("Sure?"), b, says("Really?"), b, calls("cancel", "{}", "c1"), gives("ok", "c1")], [says("Cancelled.")]),
    ]),
  ]);
  expect(inputOf(trace)).toEqual({ messages: [{ role: "user", text: "Cancel it" }], later: [{ role: "user", text: "yes" }, { role: "user", text: "yes" }], agent: "Triage" });
});

test("a label settles the others only when it is the adjudicator's; the root comes first, other codes by name", () => {
  const two = [failed("t", { codes: [{ id: "verify.missing", role: "downstream" }, { id: "tool.args-wrong", role: "root" }, { id: "intent.misread", role: "downstream" }] })];
  expect(joinLabels(two, "t")).toMatchObject({ kind: "agreed", label: { codes: ["tool.args-wrong", "intent.misread", "verify.missing"] } });
  const apart = [...two, failed("t", { annotator: "bob" })];
  expect(joinLabels(apart, "t")).toMatchObject({ kind: "disagreed", about: "codes" });
  expect(joinLabels([...apart, labelOf("t", { annotator: "adjudicated" })], "t")).toMatchObject({ kind: "agreed", label: { verdict: "pass" } });
});

test("what a person wants masked is not built until the store masks it; undecided suspects are counted", () => {
  const place = { path: "/messages/0/parts/0/text", start: 0, end: 6 };
  const suspect = { ...place, kind: "NAME", tier: "suspect" as const, token: "[NAME:aaaaaaaaaaaaaaaa]", rule: "name" };
  const decide = (kind: "mask" | "allow" | undefined): ReturnType<typeof planBuild> => {
    const event = { schema: "casebook/label-event@1" as const, at: "", trace_id: "trace_d", ...place, finding: "NAME", token: suspect.token };
    return planBuild({
      labels: [labelOf("trace_d")],
      trace: () => ({ ...stored(traces[3]!), findings: [suspect] }),
      decisions: [],
      taxonomy: defaultTaxonomy,
      existing: new Map(),
      suspects: new Map(kind === undefined ? [] : [[suspectKey(event), { ...event, kind }]]),
    });
  };
  expect(decide("mask").refused).toMatchObject([{ code: "mask-pending", remedy: expect.stringContaining("redact --store") }]);
  expect(decide("allow").cases).toMatchObject([{ suspects: 0 }]);
  expect(decide(undefined).cases).toMatchObject([{ suspects: 1 }]);
});

/** A store in which trace_b turned out to be a recording of the run that is kept as trace_a. */
const fused = (some: typeof labels, existing: Parameters<typeof planBuild>[0]["existing"] = new Map()): ReturnType<typeof planBuild> =>
  planBuild({ labels: some, trace: (id) => traces.filter((trace) => trace.id === (id === "trace_b" ? "trace_a" : id)).map(stored)[0], decisions: [], taxonomy: defaultTaxonomy, existing, suspects: new Map() });

test("labels of two recordings that turned out to be one run are labels of one case, by one person or two", () => {
  for (const second of [failed("trace_b", { annotator: "bob" }), failed("trace_b", { at: "2026-11-03T10:00:00.000Z", note: "Again." })]) {
    const { cases, refused, folded } = fused([failed("trace_a"), second]);
    expect([cases.map((one) => one.trace_id), refused, folded]).toEqual([["trace_a"], [], []]);
    const text = [...(cases[0]?.files ?? new Map<string, string>())].map(([path, file]) => `${path}\n${file}`).join("\n");
    expect(text).not.toContain("trace_b");
    if (second.annotator === "bob") expect(text).toContain("labels/bob.yaml");
  }
  expect(fused([failed("trace_b")]).cases.map((one) => one.trace_id)).toEqual(["trace_a"]);
});

test("one person who judged the two recordings differently is asked which is meant, by both names, and an adjudicator settles it", () => {
  const torn = [labelOf("trace_a"), failed("trace_b")];
  for (const given of [torn, torn.toReversed()]) {
    const { cases, refused } = fused(given);
    expect(cases).toEqual([]);
    expect(refused).toEqual([{ code: "disagreement", trace_id: "trace_a", message: expect.stringMatching(/ann says pass .*of trace_a and fail .*of trace_b/), remedy: "settle it: casebook label --only trace_a --annotator adjudicated" }]);
  }
  const settled = fused([...torn, failed("trace_a", { annotator: "adjudicated" })]);
  expect([settled.cases.map(({ verdict }) => verdict), settled.refused]).toEqual([["fail"], []]);
});

test("a span that only the other recording holds is named by nobody", () => {
  const [one] = fused([failed("trace_b", { first_failing_span: "span_of_trace_b" })]).cases;
  expect([...(one?.files.values() ?? [])].join("\n")).not.toContain("span_of_trace_b");
});
