import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { casebook, scratch } from "../support/io.ts";
import { formats } from "../support/exports.ts";

const junk = fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 8 }).map((bytes) => Buffer.from(bytes)), fc.constantFrom("\n", "\r\n", "\ufeff", "{", "}", "[", "]", '"', "\\", ",", ":", "\u2028", "\0", "null", "NaN", "{}", "[]", '{"data":', '{"object":"trace"').map((text) => Buffer.from(text)));
type Damage = (bytes: Buffer, at: number, other: Buffer) => Buffer;
const damages: fc.Arbitrary<Damage> = fc.oneof(
  junk.map((bytes): Damage => (line, at) => Buffer.concat([line.subarray(0, at), bytes, line.subarray(at)])),
  junk.map((bytes): Damage => (line, at) => Buffer.concat([line.subarray(0, at), bytes, line.subarray(at + bytes.length)])),
  fc.nat(200).map((count): Damage => (line, at) => Buffer.concat([line.subarray(0, at), line.subarray(at + count)])),
  fc.constant<Damage>((line, at) => line.subarray(0, at)),
  fc.constant<Damage>((line, at) => line.subarray(at)),
  fc.nat(100).map((count): Damage => (line, at) => Buffer.concat([line.subarray(0, at + count), line.subarray(at)])),
  fc.constant<Damage>((line, at, other) => Buffer.concat([line.subarray(0, at), other.subarray(Math.min(at, other.length))])),
);
/** A line of a file: a good record, or one that was damaged once or twice, maybe with a piece of another. */
const line = fc.record({
  format: fc.nat(formats.length - 1),
  other: fc.nat(formats.length - 1),
  damage: fc.option(fc.array(fc.tuple(damages, fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 1, maxLength: 2 })),
});

test("whatever stands between them, good records are all stored, and nothing crashes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 2, maxLength: 24 }), fc.boolean(), async (all, packed) => {
      const wanted: [string, string][] = [];
      const rows = all.map(({ format, other, damage }, n) => {
        const { record, trace, span } = formats[format]!;
        const good = Buffer.from(JSON.stringify(record(n)));
        if (damage === null) wanted.push([trace(n), span(n)]);
        // Damaged records are of ids of their own, so that they cannot mend what they broke.
        const bad = Buffer.from(JSON.stringify(record(n + 500)));
        const spliced = Buffer.from(JSON.stringify(formats[other]!.record(n + 700)));
        return damage === null ? good : damage.reduce<Buffer>((bytes, [hurt, share]) => hurt(bytes, Math.floor(share * bytes.length), spliced), bad);
      });
      if (wanted.length === 0) return;
      const bytes = Buffer.concat(rows.flatMap((row) => [row, Buffer.from("\n")]));
      const cwd = scratch();
      writeFileSync(join(cwd, "a.jsonl"), packed ? gzipSync(bytes) : bytes);
      const ran = await casebook(cwd, ["pull", "a.jsonl"]);
      expect([ran.code, ran.err]).toEqual([0, ran.err]);
      const found = new Set<string>();
      for (const [trace] of wanted) {
        const shown = await casebook(cwd, ["show", trace, "--raw-json"]);
        if (shown.code === 0) for (const { id } of (shown.json() as { spans: { id: string }[] }).spans) found.add(`${trace} ${id}`);
      }
      expect(wanted.map((pair) => pair.join(" ")).filter((pair) => !found.has(pair))).toEqual([]);
    }),
    { numRuns: 15, endOnFailure: true },
  );
});

test("any bytes at all are refused in words, not by a crash", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(junk, { maxLength: 30 }), async (parts) => {
      const cwd = scratch();
      writeFileSync(join(cwd, "a.jsonl"), Buffer.concat(parts));
      const ran = await casebook(cwd, ["pull", "a.jsonl"]);
      expect([0, 2]).toContain(ran.code);
    }),
    { numRuns: 15 },
  );
});
