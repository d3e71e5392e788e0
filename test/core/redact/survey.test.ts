import { expect, test } from "vitest";
import { vendorBeginnings } from "../../../src/core/redact/detect/vendors.ts";
import type { Cue } from "../../../src/core/redact/cues.ts";
import { surveyOf } from "../../../src/core/redact/survey.ts";

test.each<[Cue, string]>([
  ["header", "x-"],
  ["header", "API-Key"],
  ["road", "C/ "],
  ["is", "IS "],
  ["birth", "d.O.b"],
  ["scheme", "Bearer "],
  ["password", "pwd "],
  ["quotedName", "pat'"],
])("%s: a word such as %j is seen wherever a word begins, and nowhere else", (cue, words) => {
  const found = (text: string): readonly number[] => surveyOf(text, vendorBeginnings).cues[cue];
  expect(found(words)).toEqual([0]);
  expect(found(`1 ${words}é "${words}`)).toEqual([2, words.length + 5]);
  expect(found(`a${words} é${words} ${words.slice(0, -1)}`)).toEqual([]);
});

test("runs say what is in them", () => {
  const held = (text: string): readonly (number | undefined)[] => surveyOf(text, vendorBeginnings).runs.map((at, i) => (i % 3 === 2 ? at : undefined)).filter((at) => at !== undefined);
  const [small, capital, digit] = [16, 32, 64];
  expect(held("abcdefghijkl ABCDEFGHIJKL 123456789012 abcDefghijkl-1 ABCDEFGHIJKé")).toEqual([small, capital, digit, small | capital | digit, small | capital]);
  expect(held("too-short -_+/~-_+/~-_")).toEqual([0]);
});
