import fc from "fast-check";
import { expect, test } from "vitest";
import { checkSchema, type Check } from "../../../src/core/grade/check.ts";
import { gradeChecks, passes } from "../../../src/core/grade/grade.ts";
import { subjectOf, type Subject } from "../../../src/core/grade/subject.ts";
import { traceWith } from "../../support/trace-with.ts";

const subject: Subject = {
  calls: [
    { name: "find_order", arguments: '{"id":"A1","deep":{"x":1,"y":[1,2]}}', agent: "Order Agent", span_id: "f1" },
    { name: "refund", arguments: '{"id":"A1","amount":5}', span_id: "f2" },
    { name: "refund", arguments: '{"amount":7,"id":"A1"}', span_id: "f3" },
    { name: "broken", arguments: "{not json", span_id: "f4" },
    { name: "unseen", arguments: undefined, span_id: "f5" },
  ],
  handoffs: [{ from: "Triage", to: "billing_agent", span_id: "h1" }],
  guardrails: [
    { name: "pii", triggered: false, span_id: "g1" },
    { name: "pii", triggered: true, span_id: "g2" },
    { name: "calm", triggered: false, span_id: "g3" },
  ],
  output: 'Refund of $5 issued. Which card should it go to?',
  error: undefined,
  turns: 4,
  usage: { input: 90, output: 10 },
};
const json = (output: string): Subject => ({ ...subject, output });
const silent: Subject = { ...subject, output: undefined };

const table: readonly [expected: "pass" | "fail" | "ungraded", check: Record<string, unknown>, subject?: Subject][] = [
  ["pass", { type: "called", tool: "refund" }],
  ["fail", { type: "called", tool: "nothing" }],
  ["pass", { type: "called", tool: "refund", arguments: { amount: 7 } }],
  ["fail", { type: "called", tool: "refund", arguments: { amount: 8 } }],
  ["fail", { type: "called", tool: "refund", arguments: { amount: 7 }, match: "exact" }],
  ["pass", { type: "called", tool: "refund", arguments: { id: "A1", amount: 7 }, match: "exact" }],
  ["pass", { type: "called", tool: "refund", arguments: { id: "A1" }, match: "exact", ignore: ["amount"] }],
  ["pass", { type: "called", tool: "find_order", arguments: { deep: { y: [1, 2] } } }],
  ["fail", { type: "called", tool: "find_order", arguments: { deep: { y: [1] } } }],
  ["pass", { type: "called", tool: "find_order", arguments: { deep: { x: 9 } }, ignore: ["deep.x"] }],
  ["pass", { type: "called", tool: "refund", times: { max: 2 } }],
  ["fail", { type: "called", tool: "refund", times: { max: 1 } }],
  ["pass", { type: "called", tool: "refund", arguments: { amount: 5 }, times: { max: 1 } }],
  ["pass", { type: "called", tool: "nothing", times: { max: 1 } }],
  ["fail", { type: "called", tool: "nothing", times: { min: 1, max: 1 } }],
  ["pass", { type: "called", tool: "find_order", agent: "order_agent" }],
  ["fail", { type: "called", tool: "refund", agent: "order_agent" }],
  ["pass", { type: "called", tool: "broken", arguments: "{not json", match: "exact" }],
  ["fail", { type: "called", tool: "broken", arguments: {} }],
  ["ungraded", { type: "called", tool: "unseen", arguments: { a: 1 } }],
  ["ungraded", { type: "called", tool: "unseen", arguments: { a: 1 }, not: true }],
  ["pass", { type: "called", tool: "unseen" }],
  ["fail", { type: "called", tool: "refund", not: true }],
  ["pass", { type: "call_order", tools: ["find_order", "broken"] }],
  ["fail", { type: "call_order", tools: ["refund", "find_order"] }],
  ["fail", { type: "call_order", tools: ["refund", "refund", "refund"] }],
  ["pass", { type: "trajectory", mode: "strict", tools: ["find_order", "refund", "refund", "broken", "unseen"] }],
  ["fail", { type: "trajectory", mode: "strict", tools: ["refund", "find_order", "refund", "broken", "unseen"] }],
  ["pass", { type: "trajectory", mode: "unordered", tools: ["unseen", "refund", "find_order", "refund", "broken"] }],
  ["fail", { type: "trajectory", mode: "unordered", tools: ["unseen", "refund", "find_order", "broken"] }],
  ["pass", { type: "trajectory", mode: "superset", tools: ["refund", "broken"] }],
  ["fail", { type: "trajectory", mode: "superset", tools: ["refund", "other"] }],
  ["pass", { type: "trajectory", mode: "subset", tools: ["find_order", "refund", "refund", "broken", "unseen", "extra"] }],
  ["fail", { type: "trajectory", mode: "subset", tools: ["find_order", "refund", "broken", "unseen"] }],
  ["pass", { type: "handoff", to: "Billing Agent" }],
  ["pass", { type: "handoff", to: "billing_agent", from: "triage" }],
  ["fail", { type: "handoff", to: "billing_agent", from: "sales" }],
  ["pass", { type: "handoff", to: "sales", not: true }],
  ["pass", { type: "guardrail", name: "pii", triggered: true }],
  ["fail", { type: "guardrail", name: "pii", triggered: false }],
  ["pass", { type: "guardrail", name: "calm", triggered: false }],
  ["fail", { type: "guardrail", name: "absent", triggered: false }],
  ["pass", { type: "guardrail", name: "absent", triggered: true, not: true }],
  ["pass", { type: "output", contains: "REFUND of" }],
  ["fail", { type: "output", contains: "REFUND of", case_sensitive: true }],
  ["fail", { type: "output", equals: "Refund of $5 issued." }],
  ["pass", { type: "output", equals: " yes\n" }, json("yes")],
  ["fail", { type: "output", equals: "YES" }, json("yes")],
  ["pass", { type: "output", equals: "YES", case_sensitive: false }, json("yes")],
  ["pass", { type: "output", matches: "\\$\\d+" }],
  ["fail", { type: "output", matches: "^\\d" }],
  ["ungraded", { type: "output", matches: "(a)\\1" }],
  ["ungraded", { type: "output", matches: "(a)\\1", not: true }],
  ["pass", { type: "output", matches: "^(a+)+$" }, json("a".repeat(50_000))],
  ["pass", { type: "output", asks_question: true }],
  ["fail", { type: "output", asks_question: true }, json("Done. Is there anything else I can help with?")],
  ["fail", { type: "output", asks_question: true }, json("See https://x.test/a.b! Done.")],
  ["pass", { type: "output", asks_question: true }, json("Welches Konto?\nIch warte.")],
  ["pass", { type: "output", json_schema: { type: "object", required: ["a"] } }, json('{"a":1}')],
  ["fail", { type: "output", json_schema: { type: "object", required: ["b"] } }, json('{"a":1}')],
  ["fail", { type: "output", json_schema: true }, json("not json")],
  ["ungraded", { type: "output", json_schema: { format: "date" } }, json('"2026"')],
  ["pass", { type: "output", json_path: { path: "$.a[1].b", equals: { c: 1 } } }, json('{"a":[0,{"b":{"c":1}}]}')],
  ["fail", { type: "output", json_path: { path: "a[0]", equals: 1 } }, json('{"a":[0]}')],
  ["fail", { type: "output", json_path: { path: "$.__proto__", equals: {} } }, json("{}")],
  ["ungraded", { type: "output", json_path: { path: "$..a", equals: 1 } }, json("{}")],
  ["fail", { type: "output", contains: "x" }, silent],
  ["pass", { type: "output", contains: "x", not: true }, silent],
  ["ungraded", { type: "output" }],
  ["pass", { type: "no_error" }],
  ["fail", { type: "no_error" }, { ...subject, error: "boom" }],
  ["pass", { type: "no_error", not: true }, { ...subject, error: "boom" }],
  ["pass", { type: "budget", max_turns: 4, max_calls: 5, max_tokens: 100 }],
  ["fail", { type: "budget", max_tokens: 99 }],
  ["fail", { type: "budget", max_calls: 4 }],
  ["ungraded", { type: "budget", max_tokens: 1 }, { ...subject, usage: undefined }],
  ["fail", { type: "budget", max_tokens: 1, max_turns: 1 }, { ...subject, usage: undefined }],
  ["ungraded", { type: "judge", rubric: "is kind" }],
];

test.each(table)("%s: %j", (expected, bare, on) => {
  const check = checkSchema.parse({ id: "c", ...bare });
  const [result] = gradeChecks([check], on ?? subject);
  expect(result?.result).toBe(expected);
  expect(result?.expected).not.toBe("");
  expect(result?.found).not.toBe("");
});

const yes: Check = { id: "y", type: "no_error" };
const no: Check = { id: "n", type: "no_error", not: true };
const open: Check = { id: "o", type: "judge", rubric: "?" };

test.each([
  ["all_of", [yes, yes], "pass"],
  ["all_of", [yes, no, open], "fail"],
  ["all_of", [yes, open], "ungraded"],
  ["any_of", [no, yes, open], "pass"],
  ["any_of", [no, open], "ungraded"],
  ["any_of", [no, no], "fail"],
] as const)("%s of %j is %s", (type, checks, expected) => {
  expect(gradeChecks([{ id: "g", type, checks: [...checks] }], subject)[0]?.result).toBe(expected);
});

test("turning a check around swaps pass and fail, and leaves ungraded alone", () => {
  fc.assert(
    fc.property(fc.constantFrom(...table), ([, bare, on]) => {
      const plain = checkSchema.parse({ id: "c", ...bare, not: false });
      const turned = checkSchema.parse({ id: "c", ...bare, not: true });
      const [a, b] = gradeChecks([plain, turned], on ?? subject).map((one) => one.result);
      expect(b).toBe({ pass: "fail", fail: "pass", ungraded: "ungraded" }[a ?? "pass"]);
    }),
  );
});

test("results say what was found and where, in one harmless line", () => {
  const [late, missed] = gradeChecks(
    [
      { id: "a", type: "called", tool: "refund", not: true },
      { id: "b", type: "called", tool: "find_order", arguments: { id: "B\u001b[31m2" } },
    ],
    { ...subject, calls: [{ name: "refund", arguments: "{}", span_id: "f9" }, { name: "find_order", arguments: '{"id":"\\u001b[2JA1\\n"}', span_id: "f1" }] },
  );
  expect(late).toEqual({ id: "a", type: "called", result: "fail", expected: "must not call refund", found: "refund was called once", span_id: "f9" });
  expect(missed?.found).toMatch(/^find_order was called once, but id was "/);
  expect(`${missed?.found}${missed?.expected}`).not.toContain("\u001b");
});

test("nothing graded is no pass", () => {
  expect(passes([])).toBe(false);
  expect(passes(gradeChecks([open], subject))).toBe(false);
  expect(passes(gradeChecks([open, yes], subject))).toBe(true);
  expect(passes(gradeChecks([no, yes], subject))).toBe(false);
});

test("a recording is graded by what it did: calls, handoffs, guardrails, last words, turns, the ending error", () => {
  const trace = traceWith(
    "hi",
    [
      { guardrail: "pii", triggered: false },
      { call: "find_order", args: { id: "A1" }, output: "found" },
      { handoff: "billing" },
      { say: "All done." },
    ],
    { error: "Max turns exceeded" },
  );
  const seen = subjectOf(trace);
  expect(seen.calls).toMatchObject([{ name: "find_order", arguments: '{"id":"A1"}', output: "found", span_id: "s2" }]);
  expect(seen.handoffs).toMatchObject([{ from: "triage", to: "billing", span_id: "s3" }]);
  expect(seen.guardrails).toMatchObject([{ name: "pii", triggered: false, span_id: "s1" }]);
  expect(seen).toMatchObject({ output: "All done.", error: "Max turns exceeded", turns: 2 });
});
