import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { armOfRun } from "../../../src/core/compare/arm.ts";
import { decideGate } from "../../../src/core/compare/gate.ts";
import { gateRules } from "../../../src/core/compare/rules.ts";
import { code } from "../../../src/core/report/markdown.ts";
import { renderGate, renderRuns, reporterOf, reporters } from "../../../src/core/report/render-report.ts";
import { summariseRun } from "../../../src/core/report/run-summary.ts";
import { xmlText } from "../../../src/core/report/xml.ts";
import { madeRun } from "../../support/runs.ts";

/** What a trace may hold and a report must not pass on alive. */
const nasty = '\u0000\u0007\u001b[31mred\u001b]8;;http://evil.example\u0007link\u202e\ud800 <script>alert(1)</script> ]]> & "q" | cell\n# heading\n@team [x](http://evil.example) ![i](http://evil.example/p.png) `tick` ```fence\n=HYPERLINK("http://evil.example")';

const cases = { "case-a": "ppppp", "case-b": "fffff", "case-c": "eeeee", "case-d": "iiiii", "case-e": "ppppp" };
const before = madeRun({ id: "before", cases: { ...cases, "case-b": "ppppp", "case-e": "fffff", "case-f": "ppppp" } });
const after = madeRun({ id: "after", cases, hostile: nasty, codes: { "case-b": ["tool.unsafe-side-effect"] } });
const gate = { ...decideGate(armOfRun(before), armOfRun(after), gateRules({})), reproduce: ["casebook gate"] };
const summary = summariseRun(after);

const outputs = reporters.flatMap((reporter) => [
  [`gate as ${reporter}`, renderGate(gate, reporter)] as const,
  [`run as ${reporter}`, renderRuns([summary], reporter)] as const,
]);

describe("hostile text", () => {
  test.each(outputs.filter(([name]) => !name.endsWith("json")))("%s holds no control character, escape sequence or bidi override", (_, text) => {
    expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}|\u202e|\[31m/u);
  });

  test.each(outputs.filter(([name]) => !/json|csv|junit/.test(name)))("%s holds no line that the trace began", (_, text) => {
    expect(text).not.toMatch(/^(# heading|@team|=HYPERLINK)/m);
    expect(text).not.toContain("\u202e");
  });

  test.each(outputs.filter(([name]) => name.endsWith("json")))("%s can be read back", (_, text) => {
    expect(JSON.parse(text)).toMatchObject({ schema: expect.stringMatching(/^casebook\/(gate|run-report)@1$/) });
  });

  test.each(outputs.filter(([name]) => name.endsWith("csv")))("%s has no cell that a spreadsheet would run", (_, text) => {
    expect(text).not.toMatch(/(^|,)"?[=@]/m);
  });

  test.each(outputs.filter(([name]) => name.endsWith("junit")))("%s is well-formed", (_, text) => {
    expect(text.replace(/<\?xml[^>]*\?>/, "").replace(/<(\w+)(?: [\w]+="[^"<]*")*\/>/g, "")).not.toContain("<script");
    const open: string[] = [];
    for (const [, close, name = "", self] of text.matchAll(/<(\/?)([a-z]+)(?: \w+="[^"<]*")*(\/?)>/g)) {
      if (self === "/") continue;
      if (close !== "/") open.push(name);
      else if (open.pop() !== name) open.push("wrong", name);
    }
    expect(open).toEqual([]);
    expect(text.match(/[<>]/g)?.length).toBe(2 * ((text.match(/<(\/?)([a-z]+)(?: \w+="[^"<]*")*(\/?)>/g)?.length ?? 0) + 1));
  });

  test("in Markdown it stays inside code, however many backticks it has", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("`", "a", " ", "|", "\n", "@") }), (text) => {
        const out = code(text);
        const fence = /^`+/.exec(out)?.[0] ?? "";
        expect(out.includes("\n")).toBe(false);
        expect(out === "—" || (out.endsWith(fence) && !out.slice(fence.length, -fence.length).split(/[^`]+/).includes(fence))).toBe(true);
        expect(out.replaceAll("\\|", "")).not.toContain("|");
      }),
    );
  });

  test("any text becomes text that XML 1.0 allows", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(xmlText(text)).toMatch(/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u);
        expect(xmlText(text)).not.toMatch(/[<>"]/);
      }),
    );
  });
});

test.each(outputs.filter(([name]) => !name.endsWith("json")))("%s", async (name, text) => {
  await expect(text).toMatchFileSnapshot(`snapshots/${name.replaceAll(" ", "-")}.txt`);
});

test("a terminal report fits 80 columns", () => {
  const lines = outputs.filter(([name]) => name.endsWith("text")).flatMap(([, text]) => text.split("\n"));
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

test.each([["a.md", "markdown"], ["b/a.XML", "junit"], ["a.json", "json"], ["a.csv", "csv"], ["a.txt", "text"], ["a.doc", undefined], ["a", undefined], ["md", undefined]])("%s is written as %s", (file, reporter) => {
  expect(reporterOf(file)).toBe(reporter);
});

test("pass^k counts only what was graded, and every case stays in the rate", () => {
  const { pass_hat, rate, ends } = summariseRun(madeRun({ id: "k", cases: { a: "ppf", b: "ppp", c: "eee", d: "pii" } }));
  expect(pass_hat.map(({ k, value, cases: n }) => [k, Number(value.toFixed(4)), n])).toEqual([
    [1, Number(((2 / 3 + 1 + 1) / 3).toFixed(4)), 3],
    [2, Number(((1 / 3 + 1) / 2).toFixed(4)), 2],
    [3, 0.5, 2],
  ]);
  expect([rate.passed, rate.of, ends.error, ends.invalid]).toEqual([2, 4, 1, 1]);
});
