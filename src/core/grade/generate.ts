import { isObject, type Json } from "../base/json.ts";
import type { Label } from "../label/label.ts";
import type { Trace } from "../trace/schema.ts";
import { readArguments } from "./arguments.ts";
import type { Check } from "./check.ts";
import { parseExpectation } from "./expectation.ts";
import { failureChecks } from "./from-failure.ts";
import { gradeChecks, passes } from "./grade.ts";
import { distinct, named, type BareCheck } from "./id.ts";
import { asksQuestion } from "./grade-output.ts";
import { subjectOf, type Subject } from "./subject.ts";

/** What of a label checks are made from. */
export type Judged = Pick<Label, "verdict" | "codes" | "first_failing_span" | "expected" | "note">;

/**
 * Checks for a case: the lines of the person's expectation where there are any; else, for a failure, what its root code
 * and first failing span rule out; for a success, a few things that hold on the recording, outcome before path. Ids come
 * from content, so the same label and trace give the same checks.
 */
export function generateChecks({ label, trace }: { label: Judged; trace: Trace }): Check[] {
  const { checks } = parseExpectation(label.expected ?? "");
  if (checks.length > 0) return [...checks];
  const subject = subjectOf(trace);
  return label.verdict === "fail" ? distinct(failureChecks({ label, trace, subject }).map(named)) : successChecks(subject);
}

const mostTools = 5;

/** What a good run did, kept only where it holds on the recording itself. */
function successChecks(subject: Subject): Check[] {
  const bare: BareCheck[] = [];
  if (subject.error === undefined) bare.push({ type: "no_error", why: "the recorded run ended well" });
  if (subject.output !== undefined && subject.calls.length === 0 && asksQuestion(subject.output))
    bare.push({ type: "output", asks_question: true, why: "the recorded run asked before acting" });
  for (const name of new Set(subject.guardrails.map((one) => one.name)))
    bare.push({ type: "guardrail", name, triggered: subject.guardrails.some((one) => one.name === name && one.triggered) });
  for (const to of new Set(subject.handoffs.map((one) => one.to))) if (to !== undefined) bare.push({ type: "handoff", to });
  const tools = [...new Set(subject.calls.map((call) => call.name))];
  if (tools.length <= mostTools) {
    for (const tool of tools) bare.push(calledAsRecorded(subject, tool));
    if (tools.length > 1) bare.push({ type: "call_order", tools });
  } else {
    const last = tools.at(-1);
    if (last !== undefined) bare.push({ ...calledAsRecorded(subject, last), why: "the last new tool of a long run" });
  }
  return distinct(bare.map(named)).filter((check) => passes(gradeChecks([check], subject)));
}

/** One call's arguments are asked for again, long texts left out; several different calls only by name. */
function calledAsRecorded(subject: Subject, tool: string): BareCheck {
  const texts = new Set(subject.calls.filter((call) => call.name === tool).map((call) => call.arguments));
  const [only] = texts;
  const given = texts.size === 1 && only !== undefined ? shortLeaves(readArguments(only)) : undefined;
  return isObject(given) && Object.keys(given).length > 0 ? { type: "called", tool, arguments: given, match: "subset" } : { type: "called", tool };
}

const longestLeaf = 80;

/** The value without texts that a model words anew each time. Lists are kept whole or not at all. */
function shortLeaves(value: Json): Json | undefined {
  if (typeof value === "string") return value.length <= longestLeaf ? value : undefined;
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map(shortLeaves);
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  if (!isObject(value)) return value;
  const kept = Object.entries(value as Record<string, Json>).flatMap(([key, item]) => {
    const short = shortLeaves(item);
    return short === undefined ? [] : [[key, short] as const];
  });
  return Object.fromEntries(kept);
}
