import { expect, test } from "vitest";
import type { CheckResult } from "../../../src/core/grade/check.ts";
import { outcomeOf, type Ending } from "../../../src/core/replay/outcome.ts";

const check = (result: CheckResult["result"]): CheckResult => ({ id: "c", type: "called", result, expected: "", found: "" });
const all = { served: 2, drifted: 0, missed: 0, unconsumed: 0 };
const half = { served: 1, drifted: 1, missed: 0, unconsumed: 0 };
const good: Ending = { kind: "gradable" };
const infra: Ending = { kind: "infra", code: "model", message: "down" };

test.each<{ name: string; ending: Ending; results: CheckResult["result"][]; fidelity?: typeof all; min?: number; outcome: string; code?: string }>([
  { name: "all checks passing is a pass", ending: good, results: ["pass", "pass"], outcome: "pass" },
  { name: "one failing is a fail", ending: good, results: ["pass", "fail"], outcome: "fail" },
  { name: "ungraded checks do not decide beside graded ones", ending: good, results: ["pass", "ungraded"], outcome: "pass" },
  { name: "nothing that could be graded is no pass", ending: good, results: ["ungraded"], outcome: "invalid", code: "nothing-graded" },
  { name: "no checks at all are no pass", ending: good, results: [], outcome: "invalid", code: "nothing-graded" },
  { name: "the world failing is an error, however the checks look", ending: infra, results: ["fail"], outcome: "error", code: "model" },
  { name: "the world failing is an error under a floor too", ending: infra, results: ["pass"], fidelity: half, min: 1, outcome: "error", code: "model" },
  { name: "a missed call is a fail", ending: { kind: "missed", tool: "t" }, results: ["pass"], outcome: "fail", code: "tape-miss" },
  { name: "under the floor a trial is invalid, not failed", ending: good, results: ["fail"], fidelity: half, min: 0.8, outcome: "invalid", code: "low-fidelity" },
  { name: "a missed call under the floor is invalid too", ending: { kind: "missed", tool: "t" }, results: [], fidelity: half, min: 0.8, outcome: "invalid", code: "low-fidelity" },
  { name: "at the floor it is graded", ending: good, results: ["pass"], fidelity: half, min: 0.5, outcome: "pass" },
  { name: "what was not recorded is invalid", ending: { kind: "invalid", code: "script-ended", message: "" }, results: ["pass"], outcome: "invalid", code: "script-ended" },
])("$name", ({ ending, results, fidelity = all, min = 0, outcome, code }) => {
  const ended = outcomeOf({ ending, checks: results.map(check), fidelity, minFidelity: min });
  expect(ended.outcome).toBe(outcome);
  expect(ended.error?.code).toBe(code);
});
