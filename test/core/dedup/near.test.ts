import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../../../src/core/base/random.ts";
import { jaccard, nearText, shinglesOf } from "../../../src/core/dedup/near.ts";
import { represent } from "../../../src/core/dedup/represent.ts";

const words = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 30 });

test("shingle likeness is that of the sets of five-word runs", () => {
  const runs = (list: readonly string[]): Set<string> =>
    new Set(list.length === 0 ? [] : Array.from({ length: Math.max(1, list.length - 4) }, (_, at) => list.slice(at, at + 5).join(" ")));
  fc.assert(
    fc.property(words, words, (a, b) => {
      const [x, y] = [runs(a), runs(b)];
      const all = new Set([...x, ...y]).size;
      const shared = [...x].filter((run) => y.has(run)).length;
      expect(jaccard(shinglesOf(a), shinglesOf(b))).toBe(all === 0 ? 0 : shared / all);
    }),
  );
});

test("near-copies among thousands are found, and only they", () => {
  const random = seededRandom(7);
  const text = (): string[] => Array.from({ length: 120 }, () => `w${Math.floor(random() * 5_000)}`);
  const originals = Array.from({ length: 1_000 }, text);
  const copies = originals.map((list) => list.with(60, "changed"));
  const docs = [...originals, ...copies].map(shinglesOf);
  const told = { capped: 0 };
  const matches = represent(docs.map((_, at) => at), 0.9, nearText(docs, told));
  expect(matches.map(({ dropped, kept }) => [dropped, kept])).toEqual(copies.map((_, at) => [at + 1_000, at]));
  expect(told.capped).toBe(0);
});
