import fc from "fast-check";
import { expect, test } from "vitest";
import { keepOrder, represent } from "../../../src/core/dedup/represent.ts";
import { sameTask, weigh, weightedJaccard } from "../../../src/core/dedup/same-task.ts";
import { wordsOf } from "../../../src/core/dedup/words.ts";

const docs = fc.array(fc.uniqueArray(fc.stringMatching(/^[a-p]$/), { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 25 });
const threshold = fc.double({ min: 0.05, max: 0.95, noNaN: true });
const clusters = (words: readonly (readonly string[])[], t: number): ReturnType<typeof represent> => {
  const weighted = weigh(words);
  return represent(words.map((_, at) => at), t, sameTask(weighted, t, { capped: 0 }));
};

test("each dropped run passes the threshold with the one kept for it, which is itself never dropped", () => {
  fc.assert(
    fc.property(docs, threshold, (words, t) => {
      const matches = clusters(words, t);
      const weighted = weigh(words);
      const dropped = new Set(matches.map((one) => one.dropped));
      for (const { dropped: one, kept, score } of matches) {
        expect(score).toBeGreaterThanOrEqual(t);
        expect(score).toBe(weightedJaccard(weighted, one, kept));
        expect(dropped.has(kept)).toBe(false);
      }
    }),
  );
});

test("candidates from the heaviest words miss no pair: comparing everything with everything gives the same clusters", () => {
  fc.assert(
    fc.property(docs, threshold, (words, t) => {
      const weighted = weigh(words);
      const kept: number[] = [];
      const all = { candidates: () => kept, score: (a: number, b: number) => weightedJaccard(weighted, a, b), keep: (at: number) => void kept.push(at) };
      expect(clusters(words, t)).toEqual(represent(words.map((_, at) => at), t, all));
    }),
  );
});

test("no two kept runs are as like as the threshold", () => {
  fc.assert(
    fc.property(docs, threshold, (words, t) => {
      const dropped = new Set(clusters(words, t).map((one) => one.dropped));
      const weighted = weigh(words);
      const kept = words.map((_, at) => at).filter((at) => !dropped.has(at));
      const alike = kept.filter((b) => kept.some((a) => a < b && weightedJaccard(weighted, a, b) >= t));
      expect(alike).toEqual([]);
    }),
  );
});

test("likeness goes both ways, lies between 0 and 1, and does not depend on how words are numbered or repeated runs counted", () => {
  fc.assert(
    fc.property(docs, fc.nat(), fc.nat(), (words, i, j) => {
      const [a, b] = [i % words.length, j % words.length];
      const weighted = weigh(words);
      const score = weightedJaccard(weighted, a, b);
      expect(score).toBe(weightedJaccard(weighted, b, a));
      expect(score >= 0 && score <= 1).toBe(true);
      expect(weightedJaccard(weigh(words.map((doc) => [...doc].reverse())), a, b)).toBeCloseTo(score, 12);
      expect(weightedJaccard(weigh([...words, ...words]), a, b)).toBeCloseTo(score, 12);
      expect(weightedJaccard(weighted, a, a)).toBeCloseTo(1, 12);
    }),
  );
});

test("a rare word shared says more than common words shared", () => {
  const words = [
    ["book", "flight", "denver"],
    ["change", "trip", "denver"],
    ["book", "flight", "boston"],
    ["book", "flight", "miami"],
    ["book", "flight", "austin"],
  ];
  const weighted = weigh(words);
  expect(weightedJaccard(weighted, 0, 1)).toBeGreaterThan(weightedJaccard(weighted, 0, 2));
});

test("where too many kept runs share a word, look-ups are cut, and that is told", () => {
  const told = { capped: 0 };
  const words = Array.from({ length: 20_000 }, (_, at) => (at < 2_100 ? ["often", `only${at}`] : [`only${at}`]));
  const weighted = weigh(words);
  expect(represent(words.map((_, at) => at), 0.03, sameTask(weighted, 0.03, told))).toEqual([]);
  expect(told.capped).toBe(100);
});

test("the fuller recording is kept, then the larger, then the first", () => {
  const sketch = (fullness: number) => ({ id: "", opening: "", content: "", userWords: [], nearWords: [], conversation: [], fullness, size: 0 });
  const sizes = [5, 9, 9, 1];
  expect(keepOrder([sketch(1), sketch(1), sketch(1), sketch(2)], (at) => sizes[at] ?? 0)).toEqual([3, 1, 2, 0]);
});

test.each([
  ["Hi, I'm MIA_li; order #A-12!", ["hi", "i", "m", "mia_li", "order", "a", "12"]],
  ["Ｆｕｌｌ Straße", ["full", "straße"]],
  ["mail [EMAIL:abcdefghijklmnop] now", ["mail", "[EMAIL:abcdefghijklmnop]", "now"]],
  ["退款申请 ok", ["退款", "款申", "申请", "ok"]],
  ["", []],
])("the words of %j", (text, words) => {
  expect(wordsOf(text)).toEqual(words);
});
