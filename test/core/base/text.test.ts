import fc from "fast-check";
import { expect, test } from "vitest";
import { widthOf, wrap } from "../../../src/core/base/text.ts";

test("a wrapped line carries no blank over its end, keeps its indentation, and breaks only what is too long", () => {
  expect(wrap("the quick brown fox  jumped over", 10)).toEqual(["the quick", "brown fox", "jumped", "over"]);
  expect(wrap("  indented, then more", 12)).toEqual(["  indented,", "then more"]);
  expect(wrap("aaaaaaaaaaaa b", 8)).toEqual(["aaaaaaaa", "aaaa b"]);
  expect(wrap("one\n\n  two", 20)).toEqual(["one", "", "  two"]);
});

test("no text is lost by wrapping but blanks, and none comes out too wide", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", "b", " ", "\n", "無", "é") , maxLength: 80 }), fc.integer({ min: 8, max: 30 }), (text, width) => {
      const lines = wrap(text, width);
      expect(lines.join("").replaceAll(/\s/g, "")).toBe(text.replaceAll(/\s/g, ""));
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
    }),
  );
});
