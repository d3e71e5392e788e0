import { expect, test } from "vitest";
import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { widthOf } from "../../../src/core/base/text.ts";
import type { Step } from "../../../src/core/trace/derived.ts";
import { transcriptText } from "../../../src/core/report/transcript-text.ts";
import { transcriptOf } from "../../../src/core/trace/transcript.ts";
import { agent, calls, gives, model, says, tool, traceOf, turn, user } from "../../support/trace.ts";

const look = calls("lookup", '{"id":"A"}', "c1");
const run = (output: string, instructions = "Be kind.") =>
  transcriptOf(
    traceOf([
      agent("Billing", [
        turn([model([user("Refund A")], [look], { model: { instructions } }), tool("lookup", '{"id":"A"}', output)]),
        turn([model([user("Refund A"), look, gives(output, "c1")], [says("Done.")])]),
      ]),
    ]),
  );
const steps = (...list: Step[]) => ({ system: [], steps: list, suspicions: [], output: undefined });

test("a transcript reads like a conversation", () => {
  expect(transcriptText(run("Error: no such id"), { width: 80 })).toBe(
    `system of Billing
  Be kind.

── Billing ${"─".repeat(69)}
user
  Refund A

→ lookup {"id":"A"}
  = Error: no such id
  ^ lookup answered with an error [tool-error]

assistant
  Done.`,
  );
});

test("the system text and long outputs are folded with what is hidden, and shown whole on demand", () => {
  const long = Array.from({ length: 60 }, (_, index) => `row ${index} of the output`).join("\n");
  const folded = transcriptText(run(long, `Policy.\n${"x".repeat(6000)}`), { width: 80 });
  expect(folded).toContain("  Policy.\n  … 6,001 more characters (--unfold)");
  expect(folded).toContain("row 7 of the output\n    … 1,");
  expect(folded).not.toContain("row 8 of");
  expect(transcriptText(run(long), { width: 80, unfold: true })).toContain("row 59 of the output");
});

test("JSON too long for a line is told member by member", () => {
  const value = { name: "Ann", address: { street: "A".repeat(40), city: "B".repeat(40) } };
  const text = transcriptText(run(JSON.stringify(value)), { width: 80 });
  expect(text).toContain('  = name: "Ann"\n    address: {');
});

test("what a trace holds cannot move the cursor, hide text or widen a line", () => {
  const hostile = fc.string({ unit: fc.constantFrom("\u001b[2J", "\u001b]0;x\u0007", "\u009b1m", "\r", "\t", "\u202e", "漢", "😀", "a", " ", "\n", "{", '"'), maxLength: 200 });
  fc.assert(
    fc.property(hostile, hostile, fc.integer({ min: 40, max: 120 }), fc.boolean(), (text, name, width, unfold) => {
      const shown = transcriptText(
        steps(
          { kind: "message", role: "user", text, agent: name },
          { kind: "tool", name, arguments: text, output: text, error: text, linked: "none" },
          { kind: "handoff", from: name, to: text, span_id: "s" },
          { kind: "guardrail", name, triggered: true, stage: "input", span_id: "s" },
          { kind: "error", message: text, span_id: "s" },
          { kind: "note", text },
        ),
        { width, unfold },
      );
      expect(stripVTControlCharacters(shown)).toBe(shown);
      expect(shown.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
      expect(Math.max(...shown.split("\n").map(widthOf))).toBeLessThanOrEqual(width);
    }),
  );
});
