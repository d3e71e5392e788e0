import fc from "fast-check";
import { expect, test } from "vitest";
import { checkSchema } from "../../../src/core/grade/check.ts";
import { generateChecks, type Judged } from "../../../src/core/grade/generate.ts";
import { gradeChecks, passes } from "../../../src/core/grade/grade.ts";
import { redFirst } from "../../../src/core/grade/red-first.ts";
import { sayCheck } from "../../../src/core/grade/say.ts";
import { subjectOf } from "../../../src/core/grade/subject.ts";
import { traceWith } from "../../support/trace-with.ts";

const fail = (root: string | undefined, span?: string, more: Partial<Judged> = {}): Judged => ({
  verdict: "fail",
  codes: root === undefined ? [] : [{ id: root, role: "root" }],
  ...(span !== undefined && { first_failing_span: span }),
  ...more,
});
const token = "[EMAIL:7f3kq2abcdefghij]";

/** Failure, where it was first seen, the trace, and the lines its checks say. */
const failures: readonly [root: string | undefined, span: string | undefined, trace: ReturnType<typeof traceWith>, says: string[]][] = [
  ["tool.wrong-choice", "s2", traceWith("hi", [{ call: "find" }, { call: "refund", args: { id: 1 } }, { say: "Done." }]), ["must not call refund"]],
  ["tool.wrong-choice", "m-s2", traceWith("hi", [{ call: "find" }, { call: "refund", args: { id: 1 } }, { say: "Done." }]), ["must not call refund"]],
  ["tool.args-wrong", "s1", traceWith("hi", [{ call: "refund", args: { id: 1, amount: 900 } }]), ['must not call refund with exactly {"amount":900,"id":1}']],
  ["tool.args-invalid", "s1", traceWith("hi", [{ call: "refund", args: "{oops" }]), ['must not call refund with exactly "{oops"']],
  ["tool.redundant-or-loop", undefined, traceWith("hi", [{ call: "find", args: { a: 1 } }, { call: "other" }, { call: "find", args: { a: 1 } }]), ['must call find with exactly {"a":1} at most 1 times']],
  ["handoff.wrong-target", "s1", traceWith("hi", [{ handoff: "Sales Team" }, { say: "Hello." }]), ['must not hand off to "Sales Team"']],
  ["handoff.ping-pong", undefined, traceWith("hi", [{ handoff: "billing" }, { handoff: "triage", from: "billing" }, { say: "?" }]), ["must not hand off to triage from billing"]],
  ["handoff.missing-or-late", "s1", traceWith("hi", [{ say: "Hello." }], { handoffs: ["billing"] }), ["must hand off to billing"]],
  ["guard.false-negative", "s1", traceWith("hi", [{ guardrail: "pii", triggered: false }, { say: "Hello." }]), ["must trip guardrail pii"]],
  ["guard.false-negative", undefined, traceWith("hi", [{ guardrail: "a", triggered: false }, { guardrail: "b", triggered: false }]), ["any of (must trip guardrail a; must trip guardrail b)"]],
  ["guard.false-positive", "s1", traceWith("hi", [{ guardrail: "pii", triggered: true }]), ["must not trip guardrail pii"]],
  ["intent.no-clarify", "m-s1", traceWith("refund it", [{ call: "refund", args: { id: "?" } }, { say: "Done." }]), ["must ask a question", "must not call refund"]],
  ["privacy.leak", "s1", traceWith("my card is [CARD:7zzz77abcdefghij]", [{ say: `Sent to ${token} for [CARD:7zzz77abcdefghij].` }]), [`answer must not contain "${token}" (same case)`]],
  ["stop.never", undefined, traceWith("hi", [{ call: "find" }], { error: "Max turns exceeded" }), ["must not error"]],
  ["stop.never", undefined, traceWith("hi", [{ call: "find" }, { call: "find" }, { say: "ok" }]), ["at most 2 turns"]],
  ["sys.model-error", undefined, traceWith("hi", [{ call: "find" }], { error: "Error getting response" }), ["must not error"]],
  [undefined, "s1", traceWith("hi", [{ call: "refund", args: { id: 1 } }]), ['must not call refund with exactly {"id":1}']],
  [undefined, "s1", traceWith("hi", [{ guardrail: "pii", triggered: true }]), ["must not trip guardrail pii"]],
];

test.each(failures)("a failure %s at %s rules out what it showed, and is red on the recording", (root, span, trace, says) => {
  const label = fail(root, span);
  const checks = generateChecks({ label, trace });
  expect(checks.map(sayCheck)).toEqual(says);
  expect(redFirst({ label, checks, trace })).toEqual({ ok: true });
  expect(generateChecks({ label, trace })).toEqual(checks);
});

test("the person's own lines stand for themselves", () => {
  const trace = traceWith("hi", [{ call: "refund" }, { say: "Done." }]);
  const label = fail("tool.wrong-choice", "s1", { expected: "Ask first.\nmust ask a question\nanswer must contain order number" });
  expect(generateChecks({ label, trace }).map(sayCheck)).toEqual(["must ask a question", 'answer must contain "order number"']);
});

test("a failure that nothing can execute keeps its words for a judge, and red-first asks for a line", () => {
  const trace = traceWith("hi", [{ say: "Our offer ends today." }]);
  const label = fail("ground.fabricated", "s1", { note: "There is no such offer." });
  const checks = generateChecks({ label, trace });
  expect(checks).toMatchObject([{ type: "judge", rubric: expect.stringContaining("There is no such offer.") }]);
  expect(redFirst({ label, checks, trace })).toMatchObject({ ok: false, why: expect.stringContaining("add a line") });
});

test("a good run asks again for what it did: outcome first, long texts left out", () => {
  const trace = traceWith("hi", [
    { guardrail: "pii", triggered: false },
    { call: "find", args: { id: "A1", why: "x".repeat(90) } },
    { handoff: "billing" },
    { call: "refund", args: { id: "A1" } },
    { call: "refund", args: { id: "A2" } },
    { say: "Done." },
  ]);
  const label: Judged = { verdict: "pass", codes: [] };
  const checks = generateChecks({ label, trace });
  expect(checks.map(sayCheck)).toEqual([
    "must not error",
    "must run guardrail pii without tripping",
    "must hand off to billing",
    'must call find {"id":"A1"}',
    "must call refund",
    "must call find before refund",
  ]);
  expect(redFirst({ label, checks, trace })).toEqual({ ok: true });
});

test("checks that would not have caught the failure, or that a good run fails, are refused with a reason", () => {
  const trace = traceWith("hi", [{ call: "find" }, { say: "Done." }]);
  expect(redFirst({ label: fail(undefined), checks: [{ id: "a", type: "no_error" }], trace })).toMatchObject({ ok: false, why: expect.stringContaining("would not have caught") });
  expect(redFirst({ label: { verdict: "pass" }, checks: [{ id: "a", type: "called", tool: "refund" }], trace })).toEqual({ ok: false, why: "labelled pass, but the recorded run fails a" });
  expect(redFirst({ label: { verdict: "pass" }, checks: [], trace })).toMatchObject({ ok: false, why: expect.stringContaining("no checks") });
});

const name = fc.constantFrom("find", "refund", "mail");
const event = fc.oneof(
  fc.record({ call: name, args: fc.dictionary(fc.constantFrom("id", "text"), fc.jsonValue({ maxDepth: 1 })) }),
  fc.record({ handoff: name }),
  fc.record({ guardrail: name, triggered: fc.boolean() }),
  fc.record({ say: fc.string({ minLength: 1 }) }),
);

test("on any run: a pass label's checks hold on it, are few, valid, and the same each time", () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 12 }), fc.boolean(), (events, broke) => {
      const trace = traceWith("hi", events, broke ? { error: "boom" } : {});
      const label: Judged = { verdict: "pass", codes: [] };
      const checks = generateChecks({ label, trace });
      for (const check of checks) checkSchema.parse(check);
      expect(passes(gradeChecks(checks, subjectOf(trace)))).toBe(checks.length > 0);
      expect(new Set(checks.map((check) => check.id)).size).toBe(checks.length);
      expect(checks.length).toBeLessThanOrEqual(14);
      expect(generateChecks({ label, trace })).toEqual(checks);
    }),
  );
});
