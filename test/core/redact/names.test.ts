import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadNames } from "../../../src/core/redact/detect/names.ts";
import { isUnlisted } from "../../../src/core/redact/detect/unlisted-names.ts";
import { sortedWords } from "../../../src/core/redact/detect/sorted-words.ts";

const require = createRequire(import.meta.url);
const all = Object.keys(require("humannames") as Record<string, number>);

test("every name of the package is known, and no neighbour of one is taken for it", () => {
  const isName = loadNames();
  const names = new Set(all);
  expect(all.filter((name) => !isName(name))).toEqual([]);
  const near = all.filter((_, at) => at % 9 === 0 || at > all.length - 20).flatMap((name) => [`${name}x`, `${name}\r`, `${name}\n`, name.slice(0, -1), name.slice(1), name.toUpperCase(), `${name}я`, `я${name}`]);
  expect(near.filter((word) => isName(word) !== names.has(word) && !word.includes("-") && !isUnlisted(word))).toEqual([]);
});

test("a name with a hyphen is one where each of its parts is", () => {
  const isName = loadNames();
  expect(["Anna-Maria", "Anna-Xqzzt", "Anna-", "-"].map((word) => isName(word))).toEqual([true, false, false, false]);
});

test.each(["José", "Müller", "Łukasz", "Søren", "Jürgen", "Guðrún", "Zoë", "Ngọc", "Anna-Zoë"])("%s is a name, though the list has no accents", (name) => {
  expect(loadNames()(name)).toBe(true);
});

test.each(["Ngozi", "Haruto", "Seoyeon", "Oleksandr", "Einarsdóttir", "Shevchenko", "Saakashvili", "Papadopoulos", "Jovanović", "Erdoğanoğlu"])("%s is a name that the list lacks", (name) => {
  expect(loadNames()(name)).toBe(true);
});

test.each(["Straße", "Woodchuk-", "Novice", "Device", "Größenänderung", "İstek"])("%s is none", (word) => {
  expect(loadNames()(word)).toBe(false);
});

test("the list of names is held as the bytes of its file and nothing beside", () => {
  const bytes = readFileSync(require.resolve("humannames/list.txt"));
  expect(sortedWords(bytes).bytes).toBe(bytes.length);
  expect(bytes.length).toBeLessThan(2_000_000);
});

test.each([
  ["ends of lines as Unix writes them, none at the end", "a\nab\nb"],
  ["a newline at the end", "a\nab\nb\n"],
  ["ends of lines as Windows writes them", "a\r\nab\r\nb\r\n"],
  ["one word", "ab"],
  ["nothing", ""],
])("words are found in a list with %s", (_, text) => {
  const words = new Set(text.split(/\r?\n/).filter((word) => word !== ""));
  const { has } = sortedWords(Buffer.from(text));
  for (const word of ["a", "ab", "abc", "b", "c", "A", "\r", "\n", "a\nab", "é"]) expect([word, has(word)]).toEqual([word, words.has(word)]);
});
