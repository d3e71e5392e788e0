import { PassThrough } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fold } from "../../src/cli/fold.ts";
import type { Io } from "../../src/cli/io.ts";
import { casebook, scratch } from "../support/io.ts";

const io = (columns?: number): Io => ({ stderr: Object.assign(new PassThrough(), columns === undefined ? {} : { columns }) }) as Partial<Io> as Io;

test.each([
  ["short", "Next: casebook ls", "Next: casebook ls"],
  ["words", `${"word ".repeat(18)}end`, `${"word ".repeat(16).trim()}\n  word word end`],
  ["an indented line", `  ${"word ".repeat(18)}end`, `  ${"word ".repeat(15).trim()}\n    word word word end`],
  [
    "a command to type",
    "Kept in .casebook/dedup.jsonl. Why a trace was left: casebook dedup --explain ID. Next: casebook label",
    "Kept in .casebook/dedup.jsonl. Why a trace was left:\n  casebook dedup --explain ID. Next: casebook label",
  ],
  [
    "sentences",
    "Written to datasets/support-triage. Look at git diff, then: casebook release support-triage",
    "Written to datasets/support-triage.\n  Look at git diff, then: casebook release support-triage",
  ],
  [
    "a list",
    "support-triage: 28 added, 0 changed, 0 unchanged, 0 refused, 2 more runs of the same inputs.",
    "support-triage: 28 added, 0 changed, 0 unchanged, 0 refused,\n  2 more runs of the same inputs.",
  ],
  ["what comes next", `${"word ".repeat(13)}Next: casebook release support, or else`, `${"word ".repeat(13).trim()}\n  Next: casebook release support, or else`],
  ["a word longer than a line", `see ${"x".repeat(90)} there`, `see\n  ${"x".repeat(90)}\n  there`],
  ["wide characters", "漢字 ".repeat(18).trim(), `${"漢字 ".repeat(16).trim()}\n  漢字 漢字`],
])("%s: folded where it fits", (_, text, folded) => {
  expect(fold(io(), text)).toBe(folded);
});

test("no line is wider than the terminal but for a unit that is, and no word is lost", () => {
  const word = fc.constantFrom("a", "words", "(see", "it).", "casebook", "pull", "Next:", "--since", "30d,", "x".repeat(50));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), fc.integer({ min: 40, max: 120 }), (words, columns) => {
      const folded = fold(io(columns), words.join(" "));
      expect(folded.split(/\s+/)).toEqual(words);
      for (const line of folded.split("\n")) expect(line.length <= columns || /x{50}|casebook/.test(line)).toBe(true);
    }),
  );
});

test("errors and their hints fit, too", async () => {
  const cwd = scratch();
  const stderr = new PassThrough();
  const said: Buffer[] = [];
  stderr.on("data", (chunk: Buffer) => said.push(chunk));
  await casebook(cwd, ["label"], { io: { stderr } });
  await casebook(cwd, ["pull", "langfuse"], { io: { stderr } });
  const lines = Buffer.concat(said).toString().split("\n");
  expect(lines.length).toBeGreaterThan(4);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});
