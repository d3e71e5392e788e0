import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import stringWidth from "fast-string-width";
import { expect, test } from "vitest";
import { paint, topFor } from "../../../src/adapters/terminal/paint.ts";
import { rowOf } from "../../../src/adapters/terminal/style.ts";
import { sheetOf } from "../../../src/core/label/sheet.ts";
import type { StoredTrace } from "../../../src/core/redact/stored.ts";
import { transcriptOf } from "../../../src/core/trace/transcript.ts";
import { driver, refund } from "../../support/labelling.ts";
import { agent, model, says, traceOf, user } from "../../support/trace.ts";

const hostile: StoredTrace = {
  ...refund(9),
  trace: traceOf([agent("A\u001b[2Jgent", [model([user("\u001b]0;title\u0007張偉 👩‍👩‍👧 \u202eevil\r\n\tx ".repeat(60))], [says(`${"無".repeat(500)}\n${"w".repeat(3000)}`)])])], { id: "trace_hostile", workflow_name: "W\u001b[31m" }),
};
const traces = [refund(1, { suspect: true }), refund(2, { long: true }), hostile];
const at = { colour: false, now: Date.UTC(2026, 10, 22, 10, 5), top: 0 };

const names = ["p", "f", "s", "u", "1", "4", "/", "m", "E", "t", "j", "k", "n", "z", "[", "]", "r", "x", "?", "enter", "escape", "down", "paste:長い\ntext ", "type:wrong"];

test("every frame fits the screen, at every size, in every state", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...names), { maxLength: 40 }), fc.integer({ min: 4, max: 200 }), fc.integer({ min: 1, max: 60 }), fc.boolean(), (keys, columns, rows, colour) => {
      const session = driver(traces, { desk: { codesAfter: keys.length % 2 } }).press(...keys);
      const look = { ...at, columns, rows, colour };
      const frame = paint(session, { ...look, top: topFor(session, look) });
      expect(frame.rows.length).toBeLessThanOrEqual(rows);
      for (const row of frame.rows) expect(stringWidth(row)).toBeLessThan(Math.max(2, columns));
      const last = stripVTControlCharacters(frame.rows.at(-1) ?? "");
      expect(last.length).toBeGreaterThan(0);
      expect(last.length).toBeLessThan(columns);
      // Colours of ours are the only sequences; what the trace held of them is gone.
      expect(colour ? frame.rows.map(stripVTControlCharacters).join("") : frame.rows.join("")).not.toContain("\u001b");
      expect(frame.rows.join("")).not.toMatch(/2J|0;title/);
    }),
    { numRuns: 80 },
  );
});

test("the part under the cursor is in view wherever it goes", () => {
  const run = driver(traces);
  for (const key of ["]", "j", "j", "z", "j", "k", "k", "]", "n", "j", "j", "z", "j", "j"]) {
    const session = run.press(key);
    const look = { ...at, columns: 60, rows: 14 };
    expect(paint(session, { ...look, top: topFor(session, look) }).rows.some((row) => /^[>|]/.test(row))).toBe(true);
  }
});

test("a screen of 80 by 24 says what a person needs", () => {
  const session = driver([refund(1, { suspect: true }), refund(2)], { desk: { codesAfter: 0 } }).press("3", "6", "n", "m");
  expect(paint(session, { ...at, columns: 80, rows: 24 }).rows.join("\n")).toMatchInlineSnapshot(`
    "casebook label  1 of 2 - 0 labelled, 2 to go                         5m elapsed
    0001abcd - 1 redaction to review (r) - Support - why: test
      system · Support (1,000 characters)
      user
        Please refund order 1. My club is Blue1 Foxes.
      tool get_order · Support
        {"id":1}
        = {"id":1,"state":"paid","items":[{"sku":"S-0","price":0},{"sku":"S-1","pri
        ce":1}]}
    >Xtool get_order · Support  ! get_order called 2 times with the same arguments
    |   {"id":1}
    |   = {"id":1,"state":"paid","items":[{"sku":"S-0","price":0},{"sku":"S-1","pri
    |   ce":1}]}
      assistant · Support
        Order 1 is paid. I have refunded it.


    -- part 4 of 5 - all - 1 suspicious (n) ---------------------------------------
    FAIL  root tool.wrong-choice, then ground.fabricated
    first failing (X): part 4, tool get_order · Support
      1 instruction violated    4 wrong agent             7 no check              
      2 misread the request     5 forgot what was said    8 stopped too early     
    x 3 wrong tool            x 6 made up                 9 guardrail missed      
    First failing span marked."
  `);
});

test("a verdict, what was typed and the keys are the last to go when rows are few", () => {
  const session = driver(traces, { desk: { codesAfter: 0 } }).press("3", "t", "type:late", "enter");
  const rows = paint(session, { ...at, columns: 80, rows: 10 }).rows;
  expect(rows.some((row) => row.startsWith("FAIL  root"))).toBe(true);
  expect(rows.some((row) => row.startsWith("note: late"))).toBe(true);
  expect(rows.some((row) => row.includes("made up"))).toBe(false);
});

test("colour adds nothing but colour", () => {
  const session = driver(traces, { desk: { codesAfter: 0 } }).press("3", "n");
  const look = { ...at, columns: 80, rows: 24 };
  expect(paint(session, { ...look, colour: true }).rows.map(stripVTControlCharacters)).toEqual(paint(session, look).rows);
  expect(rowOf([["bold", "ab"], ["plain", "cd"], ["bad", "ef"]], 4, true)).toBe("\u001b[1mab\u001b[22mc\u2026");
});

test("text longer than anybody reads is cut, and says so", () => {
  const big: StoredTrace = { ...refund(3), trace: traceOf([agent("A", [model([user("word ".repeat(100_000))], [says("x".repeat(300_000))])])]) };
  const sheet = sheetOf(big, transcriptOf(big.trace));
  expect(Math.max(...sheet.blocks.flatMap(({ passages }) => passages.map(({ full }) => full.length)))).toBeLessThan(41_000);
  const frame = paint(driver([big]).press("z"), { ...at, columns: 80, rows: 24, top: 1_000_000 });
  expect(frame.rows.join("\n")).toContain("more characters");
  expect(frame.layout?.total).toBeGreaterThan(500);
});

test.each([
  [80, "p pass  f fail  Enter commit  s skip  u undo  m mark  e expect  ? help  q quit"],
  [60, "p pass  f fail  Enter commit  u undo  ? help  q quit"],
  [40, "p pass  f fail  ? help  q quit"],
  [24, "f fail  ? help  q quit"],
  [10, "? help"],
])("with %i columns the keys that matter are still told, in whole words", (columns, keys) => {
  expect(paint(driver([refund(1)]).press("escape"), { ...at, columns, rows: 24 }).rows.at(-1)).toBe(keys);
});

test("a narrow screen still says how to get out of what is being typed", () => {
  for (const [key, out] of [["t", "Esc leave as it was"], ["E", "Esc leave as it was"], ["/", "Esc back"], ["?", "any key goes back"]] as const)
    expect(paint(driver([refund(1)]).press(key), { ...at, columns: 30, rows: 24 }).rows.at(-1)).toContain(out);
});
