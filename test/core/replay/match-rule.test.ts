import { expect, test } from "vitest";
import { matchRulesOf } from "../../../src/core/replay/read-rules.ts";
import { ruleKey, type MatchRule } from "../../../src/core/replay/match-rule.ts";

const equal = (rules: readonly MatchRule[], a: unknown, b: unknown): boolean =>
  ruleKey("search", JSON.stringify(a), rules) === ruleKey("search", JSON.stringify(b), rules);

test.each<{ name: string; rules: MatchRule[]; a: unknown; b: unknown; equal: boolean }>([
  { name: "ignored members may differ or be missing", rules: [{ ignore: ["id"] }], a: { id: 1, q: "x" }, b: { q: "x" }, equal: true },
  { name: "only the dotted member named is ignored", rules: [{ ignore: ["meta.id"] }], a: { id: 1, meta: { id: 1 } }, b: { id: 2, meta: { id: 9 } }, equal: false },
  { name: "ignore reaches into lists by position", rules: [{ ignore: ["items.0.at"] }], a: { items: [{ at: 1, n: 1 }] }, b: { items: [{ at: 2, n: 1 }] }, equal: true },
  { name: "a missing member stands for its default", rules: [{ defaults: { limit: 10 } }], a: { q: "x" }, b: { q: "x", limit: 10 }, equal: true },
  { name: "another value than the default differs", rules: [{ defaults: { limit: 10 } }], a: { q: "x" }, b: { q: "x", limit: 11 }, equal: false },
  { name: "numbers as text", rules: [{ numbers: "loose" }], a: { n: "5.0" }, b: { n: 5 }, equal: true },
  { name: "leading zeros are a number too, so keep codes out of the rule", rules: [{ numbers: "loose" }], a: { n: "007" }, b: { n: 7 }, equal: true },
  { name: "words are no numbers", rules: [{ numbers: "loose" }], a: { n: "five" }, b: { n: 5 }, equal: false },
  { name: "case and white space of strings", rules: [{ strings: "loose" }], a: { q: " Label  Printer" }, b: { q: "label printer" }, equal: true },
  { name: "composed and decomposed letters", rules: [{ strings: "loose" }], a: { q: "Krako\u0301w" }, b: { q: "krak\u00f3w" }, equal: true },
  { name: "the same instant in two zones", rules: [{ dates: "loose" }], a: { at: "2026-11-22T01:00:00+01:00" }, b: { at: "2026-11-22T00:00Z" }, equal: true },
  { name: "a date is its midnight", rules: [{ dates: "loose" }], a: { at: "2026-11-22" }, b: { at: "2026-11-22 00:00:00" }, equal: true },
  { name: "different days differ", rules: [{ dates: "loose" }], a: { at: "2026-11-22" }, b: { at: "2026-11-23" }, equal: false },
  { name: "a date that is none stays text", rules: [{ dates: "loose" }], a: { at: "2026-99-99" }, b: { at: "2026-98-99" }, equal: false },
  { name: "rules add up", rules: [{ ignore: ["id"] }, { strings: "loose" }], a: { id: 1, q: "X" }, b: { id: 2, q: "x" }, equal: true },
])("$name", ({ rules, a, b, equal: wanted }) => {
  expect(equal(rules, a, b)).toBe(wanted);
});

test("a rule for one tool says nothing of another", () => {
  expect(ruleKey("other", "{}", [{ tool: "search", strings: "loose" }])).toBeUndefined();
  expect(ruleKey("search", "{}", [{ tool: "search", strings: "loose" }])).toBeDefined();
});

test("rules come from casebook.yaml, and a slip in them is a usage error that names the member", () => {
  expect(matchRulesOf({ schema: "casebook/config@1" })).toEqual([]);
  expect(matchRulesOf({ schema: "casebook/config@1", replay: { rules: [{ tool: "search", ignore: ["id"] }] } })).toEqual([{ tool: "search", ignore: ["id"] }]);
  expect(() => matchRulesOf({ schema: "casebook/config@1", replay: { rules: [{ numbers: "lose" }] } })).toThrow(/replay: rules\.0\.numbers/);
});
