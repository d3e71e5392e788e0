import { canonicalJson, type Json } from "../base/json.ts";
import type { Check, LeafCheck } from "./check.ts";

type Of<T extends Check["type"]> = Extract<Check, { type: T }>;

/**
 * A check as a line a person could have typed: what `parseExpectation` reads, it says back word for word. Checks the
 * language has no line for (trajectories, groups, judges, calls by one agent) are said so that no line is mistaken for them.
 */
export function sayCheck(check: Check): string {
  const not = check.not === true ? "not " : "";
  switch (check.type) {
    case "called":
      return `must ${not}call ${sayCalled(check)}`;
    case "call_order":
      return `must ${not}call ${check.tools.map(sayName).join(" before ")}`;
    case "trajectory":
      return `calls must ${not}be ${{ strict: "exactly", unordered: "in any order", subset: "none but", superset: "at least" }[check.mode]}: ${check.tools.map(sayName).join(", ")}`;
    case "handoff":
      return `must ${not}hand off to ${sayName(check.to)}${check.from === undefined ? "" : ` from ${sayName(check.from)}`}`;
    case "guardrail":
      return check.triggered ? `must ${not}trip guardrail ${sayName(check.name)}` : `must ${not}run guardrail ${sayName(check.name)} without tripping`;
    case "output":
      return sayOutput(check, not);
    case "no_error":
      return not === "" ? "must not error" : "must error";
    case "budget":
      return `${not}at most ${sayBudget(check)}`;
    case "judge":
      return `${not}judged: ${check.rubric}`;
    case "all_of":
    case "any_of":
      return `${not}${check.type === "all_of" ? "all" : "any"} of (${check.checks.map(sayCheck).join("; ")})`;
  }
}

/** A name as it is where it is one plain word, else quoted. */
function sayName(name: string): string {
  return /^[^\s"'“”‘’,.;:{}[\]]([^\s"“”,;:{}[\]]*[^\s"“”,.;:{}[\]])?$/u.test(name) ? name : JSON.stringify(name);
}

function sayCalled(check: Of<"called">): string {
  const words = [sayName(check.tool)];
  if (check.arguments !== undefined) words.push(`${check.match === "exact" ? "with exactly " : ""}${canonicalJson(check.arguments)}`);
  if (check.times !== undefined) words.push(sayTimes(check.times));
  if (check.ignore !== undefined) words.push(`ignoring ${check.ignore.join(", ")}`);
  if (check.agent !== undefined) words.push(`as ${sayName(check.agent)}`);
  return words.join(" ");
}

function sayTimes({ min, max }: { min?: number | undefined; max?: number | undefined }): string {
  if (min === undefined) return max === undefined ? "any number of times" : `at most ${max} times`;
  if (max === undefined) return `at least ${min} times`;
  return min === max ? `exactly ${min} times` : `between ${min} and ${max} times`;
}

function sayBudget(check: Of<"budget">): string {
  return [
    check.max_turns === undefined ? "" : `${check.max_turns} turns`,
    check.max_calls === undefined ? "" : `${check.max_calls} calls`,
    check.max_tokens === undefined ? "" : `${check.max_tokens} tokens`,
  ]
    .filter((part) => part !== "")
    .join(", ");
}

function sayOutput(check: Extract<LeafCheck, { type: "output" }>, not: string): string {
  const json = (value: Json): string => canonicalJson(value);
  const { case_sensitive: cased } = check;
  const ways: string[] = [];
  if (check.equals !== undefined) ways.push(`be ${JSON.stringify(check.equals)}${cased === false ? " (any case)" : ""}`);
  if (check.contains !== undefined) ways.push(`contain ${JSON.stringify(check.contains)}${cased === true ? " (same case)" : ""}`);
  if (check.matches !== undefined)
    ways.push(check.matches.startsWith("(?i)") ? `match /${check.matches.slice(4)}/i` : `match /${check.matches}/`);
  if (check.json_schema !== undefined) ways.push(`fit schema ${json(check.json_schema)}`);
  if (check.json_path !== undefined) ways.push(`have ${check.json_path.path} = ${json(check.json_path.equals)}`);
  if (check.asks_question !== undefined && ways.length === 0) return `must ${not}ask ${check.asks_question ? "a" : "no"} question`;
  if (check.asks_question !== undefined) ways.push(`ask ${check.asks_question ? "a" : "no"} question`);
  return `answer must ${not}${ways.join(" and ")}`;
}
