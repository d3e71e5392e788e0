import { canonicalJson, type Json } from "../base/json.ts";
import { firstDifference, readArguments, type Difference } from "./arguments.ts";
import type { LeafCheck } from "./check.ts";
import { brief, count, finding, ungraded, type Finding } from "./finding.ts";
import { agentKey, type Subject, type SubjectCall } from "./subject.ts";

type Of<T extends LeafCheck["type"]> = Extract<LeafCheck, { type: T }>;

/** Calls of one tool: how many, with which arguments. Ungraded where arguments are asked for and none were recorded. */
export function gradeCalled(check: Of<"called">, subject: Subject): Finding {
  const calls = subject.calls.filter(
    (call) => call.name === check.tool && (check.agent === undefined || agentKey(call.agent ?? "") === agentKey(check.agent)),
  );
  const unread = check.arguments !== undefined && calls.some((call) => call.arguments === undefined);
  if (unread) return ungraded(`${check.tool} was called, but its arguments were not recorded`);
  const differences = calls.map((call) => differenceOf(check, call));
  const hits = calls.filter((_, i) => differences[i] === undefined);
  const min = check.times?.min ?? (check.times === undefined ? 1 : 0);
  const max = check.times?.max ?? Number.POSITIVE_INFINITY;
  const ok = hits.length >= min && hits.length <= max;
  return finding(ok, callsInWords(check, { calls, hits, differences }), (hits.length > max ? hits[max] : (hits[0] ?? calls[0]))?.span_id);
}

function differenceOf(check: Of<"called">, call: SubjectCall): Difference | undefined {
  if (check.arguments === undefined) return undefined;
  return firstDifference(check.arguments, readArguments(call.arguments ?? ""), { match: check.match ?? "subset", ignore: check.ignore });
}

function callsInWords(
  check: Of<"called">,
  seen: { calls: readonly SubjectCall[]; hits: readonly SubjectCall[]; differences: readonly (Difference | undefined)[] },
): string {
  if (seen.calls.length === 0) return `${brief(check.tool)} was not called`;
  if (seen.hits.length > 0 || check.arguments === undefined)
    return `${brief(check.tool)} was called ${timesOf(seen.hits.length)}${check.arguments === undefined ? "" : " so"}`;
  const [first] = seen.differences;
  const place = first === undefined || first.path === "" ? "its arguments were" : `${brief(first.path, 30)} was`;
  return `${brief(check.tool)} was called ${timesOf(seen.calls.length)}, but ${place} ${jsonBrief(first?.found)}`;
}

const timesOf = (n: number): string => (n === 1 ? "once" : `${n} times`);
const jsonBrief = (value: Json | undefined): string => (value === undefined ? "absent" : brief(canonicalJson(value), 60));

/** Named tools as a subsequence of the calls. */
export function gradeOrder(check: Of<"call_order">, subject: Subject): Finding {
  let at = 0;
  let last: SubjectCall | undefined;
  for (const call of subject.calls)
    if (call.name === check.tools[at]) {
      at += 1;
      last = call;
    }
  const missing = check.tools[at];
  if (missing === undefined) return finding(true, "called in this order", last?.span_id);
  const before = check.tools[at - 1];
  const called = subject.calls.some((call) => call.name === missing);
  return finding(false, called && before !== undefined ? `${brief(missing)} was not called after ${brief(before)}` : `${brief(missing)} was not called`, last?.span_id);
}

/** The whole sequence of tool names against a reference. Modes as in the agentevals package; names count as often as they occur. */
export function gradeTrajectory(check: Of<"trajectory">, subject: Subject): Finding {
  const found = subject.calls.map((call) => call.name);
  const extra = without(found, check.tools);
  const lacking = without(check.tools, found);
  const ok = {
    strict: found.length === check.tools.length && found.every((name, i) => name === check.tools[i]),
    unordered: extra.length === 0 && lacking.length === 0,
    subset: extra.length === 0,
    superset: lacking.length === 0,
  }[check.mode];
  return finding(ok, found.length === 0 ? "no calls" : brief(found.join(", ")));
}

/** What is left of `names` when each of `others` takes one equal name away. */
function without(names: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const name of others) left.set(name, (left.get(name) ?? 0) + 1);
  return names.filter((name) => {
    const n = left.get(name) ?? 0;
    left.set(name, n - 1);
    return n <= 0;
  });
}

/** Ceilings on turns, calls and tokens. Ungraded where tokens are asked for and none were recorded. */
export function gradeBudget(check: Of<"budget">, subject: Subject): Finding {
  const tokens = subject.usage?.total ?? sum(subject.usage?.input, subject.usage?.output);
  const spent = [
    { found: subject.turns, max: check.max_turns, noun: "turn" },
    { found: subject.calls.length, max: check.max_calls, noun: "call" },
    { found: tokens, max: check.max_tokens, noun: "token" },
  ].filter((one) => one.max !== undefined);
  if (spent.length === 0) return ungraded("no ceiling is named");
  const over = spent.find((one) => one.found !== undefined && one.found > (one.max ?? 0));
  if (over === undefined && spent.some((one) => one.found === undefined)) return ungraded("token counts were not recorded");
  return finding(over === undefined, spent.map((one) => (one.found === undefined ? `${one.noun}s unknown` : count(one.found, one.noun))).join(", "));
}

const sum = (a: number | undefined, b: number | undefined): number | undefined => (a === undefined || b === undefined ? undefined : a + b);
