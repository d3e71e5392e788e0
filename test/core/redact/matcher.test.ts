import fc from "fast-check";
import { expect, test } from "vitest";
import { foldText } from "../../../src/core/redact/canonical.ts";
import { findBoth, matcherOf, type Pattern } from "../../../src/core/redact/matcher.ts";

const pattern = (text: string, bounded: boolean): Pattern => ({ text, kind: "NAME", tier: "certain", rule: "test", bounded });

const found = (patterns: readonly Pattern[], others: readonly Pattern[], text: string): string[] => {
  const out: string[] = [];
  findBoth([matcherOf(patterns), matcherOf(others)], text, (start, end, { text: what }) => out.push(`${start}-${end} ${what}`));
  return out.sort();
};

/** The same, slowly: every part of the text, folded, against every pattern. */
function slowly(patterns: readonly Pattern[], text: string): string[] {
  const out: string[] = [];
  const isWord = (char: string | undefined): boolean => char !== undefined && /[\p{L}\p{N}]/u.test(char);
  const isBlank = (char: string | undefined): boolean => char !== undefined && /[\s_.-]/.test(char);
  for (let start = 0; start < text.length; start += 1)
    for (let end = start + 1; end <= text.length; end += 1) {
      if (isBlank(text[start]) || isBlank(text[end - 1])) continue;
      for (const { text: what, bounded } of patterns)
        if (foldText(text.slice(start, end)) === what && !(bounded && (isWord(text[start - 1]) || isWord(text[end])))) out.push(`${start}-${end} ${what}`);
    }
  return out.sort();
}

const letters = fc.constantFrom("a", "b", "A", "é", " ", "_", "-", "1", "я");
const texts = fc.array(letters, { maxLength: 40 }).map((chars) => chars.join(""));
const folded = fc.array(letters, { minLength: 2, maxLength: 6 }).map((chars) => foldText(chars.join(""))).filter((text) => text.length >= 2);
const patterns = fc.uniqueArray(fc.tuple(folded, fc.boolean()), { maxLength: 8, selector: ([text]) => text }).map((list) => list.map(([text, bounded]) => pattern(text, bounded)));

test("what is looked for is found wherever it stands, and nowhere else", () => {
  fc.assert(
    fc.property(patterns, patterns, texts, (some, others, text) => {
      expect(found(some, others, text)).toEqual([...slowly(some, text), ...slowly(others, text)].sort());
    }),
    { numRuns: 2000 },
  );
});

test("a set of patterns that grows finds the old ones and the new", () => {
  const names = Array.from({ length: 3000 }, (_, i) => `name number ${i} of many`);
  const matcher = matcherOf();
  for (const name of names) {
    matcher.add(pattern(name, true));
    matcher.add(pattern(name, true));
  }
  expect(matcher.size).toBe(names.length);
  const seen = new Set<string>();
  findBoth([matcher, matcherOf()], names.map((name) => name.toUpperCase().replaceAll(" ", "_")).join("; "), (_start, _end, { text }) => seen.add(text));
  expect([...seen]).toEqual(names);
});

test("the beginning of something known at the very end of a text is known, in part of its length", () => {
  const matcher = matcherOf([pattern("aurelia vandersloot", true), pattern("4111 1111 1111 1111", true)]);
  const cut = (text: string, least = 7): string | undefined => {
    const match = matcher.cutAtEnd(text, least);
    return match === undefined ? undefined : text.slice(match.start, match.end);
  };
  expect(cut("The guest is Aurelia  Vand")).toBe("Aurelia  Vand");
  expect(cut("card 4111-1111-11")).toBe("4111-1111-11");
  expect(cut("The guest is Aur")).toBeUndefined();
  expect(cut("The guest is xAurelia Vand")).toBeUndefined();
  expect(cut("Aurelia Vand is here")).toBeUndefined();
});
