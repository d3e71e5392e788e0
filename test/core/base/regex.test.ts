import { expect, test } from "vitest";
import { linearRegex } from "../../../src/core/base/regex.ts";

test("a pattern that makes a backtracking engine run away answers at once", () => {
  expect(linearRegex("^(a+)+$")?.test(`${"a".repeat(100_000)}!`)).toBe(false);
});

test("offsets count UTF-16 units, as the rest of us does", () => {
  expect(linearRegex("b+")?.matches("😀bb-b")).toEqual([
    { start: 2, end: 4 },
    { start: 5, end: 6 },
  ]);
});

test.each(["(?=x)", "(a)\\1", "[", "((a{100}){100}){100}", "a".repeat(1001)])("%# is refused, not run", (pattern) => {
  expect(linearRegex(pattern)).toBeUndefined();
});
