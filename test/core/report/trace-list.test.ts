import { expect, test } from "vitest";
import { ageOf, compact, shortIds, traceTable } from "../../../src/core/report/trace-list.ts";
import { rowOf } from "../../../src/core/report/trace-row.ts";
import { millisText, spanTable, traceTree } from "../../../src/core/report/trace-tree.ts";
import { transcriptOf } from "../../../src/core/trace/transcript.ts";
import { widthOf } from "../../../src/core/base/text.ts";
import { storedOf } from "../../support/stored.ts";
import { agent, calls, model, says, task, tool, traceOf, turn, user } from "../../support/trace.ts";

const usage = { input: 1200, output: 34 };
const trace = traceOf([
  task([
    agent("Billing", [
      turn([model([user("Please refund\ninvoice A")], [calls("lookup", "{}")], { model: { usage, model: "gpt-x" } }), tool("lookup", "{}", "Error: no")], {
        turn: { turn: 1, agent_name: "Billing" },
      }),
      { kind: "guardrail", guardrail: { name: "pii", triggered: true } },
    ]),
  ]),
], { id: "trace_0123456789abcdef0123456789abcdef" });
const now = Date.parse("2026-01-03T00:00:00Z");

test("a list has one line per trace, of the width asked for", () => {
  const table = traceTable([rowOf(storedOf(trace), false)], { width: 80, now, ids: [trace.id] });
  expect(table).toBe(
    `ID         AGE  WORKFLOW  STATUS  TURN TOOL TOKEN  FIRST WORDS
01234567    2d  Support   blocked    1    1  1.2k  Please refund invoice A`,
  );
  const hostile = rowOf(storedOf(traceOf([model([user(`\u001b[31m${"漢".repeat(300)}`)], [says("x")])], { id: "\u001b]0;x\u0007id", workflow_name: "w\n\tw" })), false);
  for (const line of traceTable([hostile], { width: 60, now, ids: ["a"] }).split("\n")) {
    expect(widthOf(line)).toBeLessThanOrEqual(60);
    expect(line).not.toMatch(/\p{Cc}/u);
  }
});

test("a narrow screen keeps what tells traces apart and gives up figures first", () => {
  const wordy = rowOf(storedOf(traceOf([model([user("I would like my money back for the broken lamp")], [says("x")])], { id: "trace_0123456789abcdef", workflow_name: "Customer support" })), false);
  const head = (width: number): string => traceTable([wordy], { width, now, ids: [wordy.id] }).split("\n")[0] ?? "";
  expect(head(80)).toBe("ID         AGE  WORKFLOW         STATUS TURN TOOL TOKEN  FIRST WORDS");
  expect(head(60)).toBe("ID         AGE  WORKFLOW         STATUS TURN  FIRST WORDS");
  expect(head(40)).toBe("ID         AGE  STATUS  FIRST WORDS");
  for (const width of [40, 50, 60, 70, 80, 100])
    for (const line of traceTable([wordy], { width, now, ids: [wordy.id] }).split("\n")) expect(widthOf(line), String(width)).toBeLessThanOrEqual(width);
});

test("placeholders in a list say their kind and leave their digest out", () => {
  const named = rowOf(storedOf(traceOf([model([user("I am [NAME:w5g3wegaop6e3w2n] of [CITY:v3uplxmqsdhd2abc]")], [says("x")])])), false);
  expect(traceTable([named], { width: 80, now, ids: [named.id] })).toContain("I am [NAME] of [CITY]");
});

test("short ids grow until they tell all ids apart", () => {
  expect(shortIds(["trace_aaaaaaaaaa", "trace_bbbbbbbbbb"])("trace_aaaaaaaaaa")).toBe("aaaaaaaa");
  expect(shortIds(["trace_aaaaaaaaaa1", "trace_aaaaaaaaaa2"])("trace_aaaaaaaaaa2")).toBe("aaaaaaaaaa2");
});

test("a tree shows how spans nest, their tokens and what to look at", () => {
  const { suspicions } = transcriptOf(trace);
  const tree = traceTree(trace, { width: 80, suspicions }).split("\n").map((line) => line.replace(/\s+\S+s$/, ""));
  expect(tree).toEqual([
    "task",
    "  agent Billing",
    "    turn 1 Billing",
    "      response gpt-x (1.2k in, 34 out)",
    "      function lookup",
    "        ^ lookup answered with an error [tool-error]",
    "    guardrail pii tripped",
    "      ^ guardrail pii tripped [guardrail-tripped]",
  ]);
  const table = spanTable(trace, { width: 80, suspicions }).split("\n");
  expect(table).toHaveLength(trace.spans.length + 1);
  expect(table.filter((line) => line.endsWith("^"))).toHaveLength(2);
  expect(Math.max(...table.map(widthOf))).toBeLessThanOrEqual(80);
});

test.each([
  [0, "0ms"],
  [999, "999ms"],
  [1500, "1.5s"],
  [125_000, "2m05s"],
  [3_720_000, "1h02m"],
])("%d ms is %s", (millis, text) => expect(millisText(millis)).toBe(text));

test.each([
  [999, "999"],
  [1000, "1.0k"],
  [34_400, "34k"],
  [999_600, "1.0M"],
])("%d is %s", (count, text) => expect(compact(count)).toBe(text));

test.each([
  ["2026-01-02T23:59:15.000000000Z", "45s"],
  ["2026-01-02T23:00:00.000000000Z", "1h"],
  ["2025-12-25T00:00:00.000000000Z", "9d"],
  ["2025-10-01T00:00:00.000000000Z", "13w"],
  ["2020-01-01T00:00:00.000000000Z", "6y"],
  [null, "-"],
])("%s was %s ago", (instant, text) => expect(ageOf(instant, now)).toBe(text));
