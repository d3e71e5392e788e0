import fc from "fast-check";
import { expect, test } from "vitest";
import { waitBeforeRetry } from "../../../src/core/base/endpoint.ts";
import { nextPace, startPace } from "../../../src/core/replay/pace.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const wait = (retryAfter: string | null, attempt = 1, random = 0.5): number => waitBeforeRetry({ attempt, retryAfter, now, random, max: 60_000 });

test.each([
  ["seconds", "7", 7000],
  ["fractions of them", "0.5", 500],
  ["a date", "Sun, 22 Nov 2026 12:00:30 GMT", 30_000],
  ["a date gone by", "Sun, 22 Nov 2026 11:00:00 GMT", 0],
  ["more than the cap", "3600", 60_000],
])("Retry-After is honoured: %s", (_, header, milliseconds) => {
  expect(wait(header)).toBe(milliseconds);
});

test("without one, or with one that cannot be read, waits double and spread", () => {
  expect([1, 2, 3, 4].map((attempt) => wait(null, attempt))).toEqual([500, 1000, 2000, 4000]);
  expect(wait("soon")).toBe(500);
  expect([wait(null, 1, 0), wait(null, 1, 1)]).toEqual([250, 750]);
  expect(wait(null, 30)).toBe(60_000);
});

test("one episode of 429s cuts the pace once; a 5xx does not; successes grow it back", () => {
  let pace = startPace(8);
  pace = nextPace(pace, { status: 429, sentAt: 0, now: 10 });
  expect(pace.limit).toBe(4);
  // Sent before the cut: the same episode.
  pace = nextPace(pace, { status: 429, sentAt: 5, now: 12 });
  expect(pace.limit).toBe(4);
  pace = nextPace(pace, { status: 500, sentAt: 20, now: 21 });
  expect(pace.limit).toBe(4);
  pace = nextPace(pace, { status: 429, sentAt: 20, now: 22 });
  expect(pace.limit).toBe(2);
  for (let i = 0; i < 100; i += 1) pace = nextPace(pace, { status: 200, sentAt: 30, now: 31 });
  expect(pace.limit).toBe(8);
});

test("whatever comes back, the pace stays between one and its most", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 64 }), fc.array(fc.constantFrom(200, 429, 429, 503)), (most, statuses) => {
      let pace = startPace(most);
      statuses.forEach((status, i) => (pace = nextPace(pace, { status, sentAt: i, now: i })));
      expect(pace.limit).toBeGreaterThanOrEqual(1);
      expect(pace.limit).toBeLessThanOrEqual(most);
    }),
  );
});
