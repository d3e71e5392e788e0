import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../../../src/core/base/json.ts";
import { checkSchema } from "../../../src/core/grade/check.ts";
import { parseExpectation } from "../../../src/core/grade/expectation.ts";
import { named, type BareCheck } from "../../../src/core/grade/id.ts";
import { sayCheck } from "../../../src/core/grade/say.ts";

test.each<[line: string, check: Record<string, unknown>]>([
  ["must call find_order", { type: "called", tool: "find_order" }],
  ["- Must call find_order.", { type: "called", tool: "find_order" }],
  ["2) MUST NOT CALL refund", { not: true, type: "called", tool: "refund" }],
  ['must call refund {"id":"A1"}', { type: "called", tool: "refund", arguments: { id: "A1" } }],
  ['must call refund with {"id":"A{1"}.', { type: "called", tool: "refund", arguments: { id: "A{1" } }],
  ['must not call refund with exactly {"id":"A1"}', { not: true, type: "called", tool: "refund", arguments: { id: "A1" }, match: "exact" }],
  ["must call refund at most 1 time", { type: "called", tool: "refund", times: { max: 1 } }],
  ["must call refund at most once", { type: "called", tool: "refund", times: { max: 1 } }],
  ["must call refund twice", { type: "called", tool: "refund", times: { min: 2, max: 2 } }],
  ['must call refund {"a":[1]} at least 2 times', { type: "called", tool: "refund", arguments: { a: [1] }, times: { min: 2 } }],
  ["must call find_order before refund", { type: "call_order", tools: ["find_order", "refund"] }],
  ["must not call refund before find_order", { not: true, type: "call_order", tools: ["refund", "find_order"] }],
  ["must hand off to Billing Agent", { type: "handoff", to: "Billing Agent" }],
  ["must handoff to billing from Triage Agent.", { type: "handoff", to: "billing", from: "Triage Agent" }],
  ['must not hand off to "Away from here"', { not: true, type: "handoff", to: "Away from here" }],
  ["must trip guardrail pii check", { type: "guardrail", name: "pii check", triggered: true }],
  ["must not trip guardrail pii", { not: true, type: "guardrail", name: "pii", triggered: true }],
  ['answer must contain "two words"', { type: "output", contains: "two words" }],
  ["answer must not contain [EMAIL:7f3kq2]", { not: true, type: "output", contains: "[EMAIL:7f3kq2]" }],
  ["answer must contain “curly”", { type: "output", contains: "curly" }],
  ["answer must match /^ok\\/no$/i", { type: "output", matches: "(?i)^ok\\/no$" }],
  ["must ask a question", { type: "output", asks_question: true }],
  ["must not ask a question.", { not: true, type: "output", asks_question: true }],
  ["must not error", { type: "no_error" }],
  ["at most 3 turns", { type: "budget", max_turns: 3 }],
  ["at most 3 turns and 5 tool calls", { type: "budget", max_turns: 3, max_calls: 5 }],
  ['answer must fit schema {"type":"object"}', { type: "output", json_schema: { type: "object" } }],
  ["answer must have $.a[0] = 3", { type: "output", json_path: { path: "$.a[0]", equals: 3 } }],
])("%s", (line, expected) => {
  const { checks, prose, problems } = parseExpectation(line);
  expect(checks.map(({ id, ...rest }) => ({ ...rest, id: id !== "" }))).toEqual([{ ...expected, id: true }]);
  expect({ prose, problems }).toEqual({ prose: "", problems: [] });
});

test("other words are prose, in their order", () => {
  const text = "Be kind.\nmust not call refund\nmust be polite\n\nMust ask the user for the order first.";
  const { checks, prose, problems } = parseExpectation(text);
  expect(checks).toHaveLength(1);
  expect(prose).toBe("Be kind.\nmust be polite\n\nMust ask the user for the order first.");
  expect(problems).toEqual([]);
});

test.each([
  'must call refund {"id": oops}',
  "must call refund quickly",
  'must call refund {"a":1} as billing',
  "answer must match /(a)\\1/",
  'answer must contain "a" and match /b/',
  "answer must be nice",
  "at most 3 bananas",
])("a line that only looks like a check is a problem and stays as words: %s", (line) => {
  const { checks, prose, problems } = parseExpectation(`ok\n${line}`);
  expect(checks).toEqual([]);
  expect(prose).toBe(`ok\n${line}`);
  expect(problems.map(({ code, where }) => [code, where.line])).toEqual([["expectation-unread", 2]]);
  expect(problems[0]?.message).not.toContain("refund");
});

const word = fc.oneof(fc.stringMatching(/^[a-z][a-z0-9_.-]{0,12}$/), fc.string({ minLength: 1, maxLength: 12 }).filter((text) => text.trim() === text));
const line = fc.string({ minLength: 1, maxLength: 30 });
const json = fc.oneof(fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 })), fc.array(fc.jsonValue({ maxDepth: 1 })), fc.string()).map((value) => JSON.parse(JSON.stringify(value)) as Json);
const few = fc.nat({ max: 9 });
const optional = <T>(arb: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arb, { nil: undefined });
const clean = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
const not = fc.constantFrom({}, { not: true as const });

/** Every check that a line can say. */
const sayable: fc.Arbitrary<BareCheck> = fc
  .tuple(
    not,
    fc.oneof(
      fc.record({ type: fc.constant("called" as const), tool: word, times: optional(fc.oneof(few.map((max) => ({ max })), few.map((min) => ({ min })), few.map((n) => ({ min: n, max: n })), few.map((n) => ({ min: n, max: n + 1 })))) }),
      fc.record({ type: fc.constant("called" as const), tool: word, arguments: json, match: optional(fc.constant("exact" as const)), times: optional(few.map((max) => ({ max }))) }),
      fc.record({ type: fc.constant("call_order" as const), tools: fc.array(word, { minLength: 2, maxLength: 4 }) }),
      fc.record({ type: fc.constant("handoff" as const), to: word, from: optional(word) }),
      fc.record({ type: fc.constant("guardrail" as const), name: word, triggered: fc.boolean() }),
      fc.record({ type: fc.constant("output" as const), contains: line, case_sensitive: optional(fc.constant(true)) }),
      fc.record({ type: fc.constant("output" as const), equals: line, case_sensitive: optional(fc.constant(false)) }),
      fc.record({ type: fc.constant("output" as const), asks_question: fc.boolean() }),
      fc.record({ type: fc.constant("output" as const), json_schema: json.filter((value) => typeof value === "object") }),
      fc.record({ type: fc.constant("output" as const), matches: fc.constantFrom("a", "(?i)b c/d", "^/x/$", "\\d+\\.") }),
      fc.record({ type: fc.constant("output" as const), json_path: fc.record({ path: fc.constantFrom("$.a", "a[0].b"), equals: json }) }),
      fc.record({ type: fc.constant("no_error" as const) }),
      fc.record({ type: fc.constant("budget" as const), max_turns: few, max_calls: optional(few), max_tokens: optional(few) }),
    ),
  )
  .map(([turned, check]) => clean({ ...turned, ...check }) as BareCheck);

test("what a check says is read back as the same check", () => {
  fc.assert(
    fc.property(sayable, (bare) => {
      const check = checkSchema.parse(named(bare));
      expect(parseExpectation(sayCheck(check)).checks).toEqual([check]);
    }),
    { numRuns: 500 },
  );
});

test("no line of any kind throws, and every word is kept somewhere", () => {
  const pieces = fc.array(fc.constantFrom("must ", "not ", "call ", "answer must ", "contain ", '"', "{", "}", "/", "at most ", "3 ", "before ", "x", "hand off to ", "\n", "exactly "), { maxLength: 14 });
  fc.assert(
    fc.property(pieces, (words) => {
      const text = words.join("");
      const { checks, prose } = parseExpectation(text);
      expect(checks.map((check) => checkSchema.parse(check))).toEqual(checks);
      expect(text.trim() === "" || checks.length > 0 || prose !== "").toBe(true);
    }),
  );
});

test.each<[BareCheck]>([
  [{ type: "called", tool: "x", agent: "billing" }],
  [{ type: "called", tool: "x", arguments: {}, ignore: ["a"] }],
  [{ type: "trajectory", mode: "strict", tools: ["a"] }],
  [{ type: "judge", rubric: "must call x" }],
  [{ type: "any_of", checks: [{ id: "1", type: "no_error" }] }],
  [{ type: "output", contains: "a", matches: "b" }],
])("what the language has no line for is not read as something else: %j", (bare) => {
  expect(parseExpectation(sayCheck(named(bare))).checks).toEqual([]);
});

test("the same content has the same id, whatever the reason given", () => {
  expect(named({ type: "called", tool: "Refund Order!", why: "a" }).id).toBe(named({ type: "called", tool: "Refund Order!", why: "b" }).id);
  expect(named({ not: true, type: "called", tool: "refund_order" }).id).toMatch(/^not-called-refund-order-[0-9a-f]{6}$/);
});
