import fc from "fast-check";
import { expect, test } from "vitest";
import { createMarks } from "../../src/commands/marks.ts";

test("every number keeps the mark it was given last, and is counted once", () => {
  const number = fc.oneof(fc.integer({ min: 1, max: 50 }), fc.maxSafeNat().map((one) => one + 1));
  fc.assert(
    fc.property(fc.array(fc.tuple(number, fc.integer({ min: 1, max: 255 })), { maxLength: 3000 }), number, (given, other) => {
      const marks = createMarks();
      for (const [one, mark] of given) marks.set(one, mark);
      const wanted = new Map(given);
      expect(marks.size()).toBe(wanted.size);
      expect([...wanted.keys(), other].map((one) => marks.get(one))).toEqual([...wanted.keys(), other].map((one) => wanted.get(one) ?? 0));
    }),
  );
});

test("a mark takes twenty-four bytes at most once there are many", () => {
  const marks = createMarks();
  let most = 0;
  for (let at = 1; at <= 200_000; at += 1) {
    marks.set(at * 4_294_967_296, 1);
    if (at > 1000) most = Math.max(most, marks.bytes() / at);
  }
  expect(marks.size()).toBe(200_000);
  expect(most).toBeLessThan(24.1);
});
