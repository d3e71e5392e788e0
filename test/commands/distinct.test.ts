import fc from "fast-check";
import { expect, test } from "vitest";
import { createDistinct } from "../../src/commands/distinct.ts";

test("numbers are counted once, however often and in whatever order they come", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.integer({ min: 1, max: 50 }), fc.maxSafeNat().map((number) => number + 1)), { maxLength: 3000 }), (numbers) => {
      const distinct = createDistinct();
      for (const number of numbers) distinct.add(number);
      expect(distinct.size()).toBe(new Set(numbers).size);
    }),
  );
});

test("a number takes twenty-two bytes at most once there are many", () => {
  const distinct = createDistinct();
  let most = 0;
  for (let at = 1; at <= 200_000; at += 1) {
    distinct.add(at * 4_294_967_296);
    if (at > 1000) most = Math.max(most, distinct.bytes() / at);
  }
  expect(distinct.size()).toBe(200_000);
  expect(most).toBeLessThan(22);
});
