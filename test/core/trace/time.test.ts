import fc from "fast-check";
import { expect, test } from "vitest";
import { instantOf } from "../../../src/core/trace/time.ts";

const table: readonly (readonly [string, unknown, string | undefined])[] = [
  ["milliseconds and Z", "2026-11-22T06:28:16.877Z", "2026-11-22T06:28:16.877000000Z"],
  ["microseconds and +00:00", "2026-11-22T06:29:23.932207+00:00", "2026-11-22T06:29:23.932207000Z"],
  ["no fraction", "2026-11-22T06:29:23+00:00", "2026-11-22T06:29:23.000000000Z"],
  ["nanoseconds", "2026-11-22T06:29:23.123456789Z", "2026-11-22T06:29:23.123456789Z"],
  ["more digits than nine are cut", "2026-11-22T06:29:23.1234567899Z", "2026-11-22T06:29:23.123456789Z"],
  ["no zone is UTC, never local", "2026-11-22T06:29:23.5", "2026-11-22T06:29:23.500000000Z"],
  ["a space for the T, a short zone", "2026-11-22 06:29:23-0530", "2026-11-22T11:59:23.000000000Z"],
  ["a zone over midnight", "2026-12-31T23:30:00-01:00", "2027-01-01T00:30:00.000000000Z"],
  ["lower case", "2026-11-22t06:29:23z", "2026-11-22T06:29:23.000000000Z"],
  ["a leap second", "2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000000000Z"],
  ["epoch seconds as float", 1795328897.25, "2026-11-22T06:28:17.250000000Z"],
  ["epoch seconds", 1795328897, "2026-11-22T06:28:17.000000000Z"],
  ["epoch milliseconds", 1795328897123, "2026-11-22T06:28:17.123000000Z"],
  ["epoch microseconds", 1795328897123456, "2026-11-22T06:28:17.123456000Z"],
  ["epoch nanoseconds as text keep every digit", "1795329774245123457", "2026-11-22T06:42:54.245123457Z"],
  ["epoch seconds as text", "1795328897.5", "2026-11-22T06:28:17.500000000Z"],
  ["null", null, undefined],
  ["nothing", undefined, undefined],
  ["empty", "", undefined],
  ["zero", 0, undefined],
  ["1970", "1970-01-01T00:00:00Z", undefined],
  ["the year 1 of Go", "0001-01-01T00:00:00Z", undefined],
  ["a day that is none", "2026-02-30T00:00:00Z", undefined],
  ["a month that is none", "2026-13-01T00:00:00Z", undefined],
  ["negative", -5, undefined],
  ["NaN", Number.NaN, undefined],
  ["infinity", Number.POSITIVE_INFINITY, undefined],
  ["words", "yesterday", undefined],
  ["an object", {}, undefined],
  ["endless digits", "9".repeat(400), undefined],
];

test.each(table)("time: %s", (_, given, wanted) => {
  expect(instantOf(given)).toBe(wanted);
});

test("any time of this century survives, to the millisecond, in any zone", () => {
  fc.assert(
    fc.property(fc.date({ min: new Date("1971-01-01"), max: new Date("2099-12-31"), noInvalidDate: true }), fc.integer({ min: -14 * 60, max: 14 * 60 }), (date, zone) => {
      const local = new Date(date.getTime() + zone * 60_000).toISOString().slice(0, -1);
      const [hours, minutes] = [Math.floor(Math.abs(zone) / 60), Math.abs(zone) % 60].map((n) => String(n).padStart(2, "0"));
      const read = instantOf(`${local}${zone < 0 ? "-" : "+"}${hours}:${minutes}`);
      expect(read).toBe(`${date.toISOString().slice(0, -1)}000000Z`);
    }),
  );
});

test("anything at all gives an instant or nothing", () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(instantOf(value) ?? "2026-01-01T00:00:00.000000000Z").toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
    }),
  );
});
