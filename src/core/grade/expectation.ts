import type { Json } from "../base/json.ts";
import { parseJson } from "../base/json.ts";
import type { Problem } from "../base/problem.ts";
import { linearRegex } from "../base/regex.ts";
import type { Check } from "./check.ts";
import { distinct, named, type BareCheck } from "./id.ts";
import { parsePath } from "./json-path.ts";
import { readJson, readName, readQuoted, readTimes, type Rest } from "./words.ts";

/** What a person wrote: lines that are checks, the other words, and lines that look like checks but cannot be read. */
export type Expectation = { readonly checks: readonly Check[]; readonly prose: string; readonly problems: readonly Problem[] };

/**
 * Reads expectations, one a line; case and list bullets do not matter:
 *
 *     must [not] call TOOL [[with exactly] JSON] [at most|at least|exactly N times]
 *     must [not] call A before B
 *     must [not] hand off to AGENT [from AGENT]
 *     must [not] trip guardrail NAME · must run guardrail NAME without tripping
 *     answer must [not] contain|be "…" · match /…/ · fit schema JSON · have PATH = JSON
 *     must [not] ask a question · must [not] error · at most N turns|calls|tokens
 *
 * JSON after a tool is a subset of its arguments unless `exactly`. Any other line is prose.
 */
export function parseExpectation(text: string): Expectation {
  const checks: Check[] = [];
  const prose: string[] = [];
  const problems: Problem[] = [];
  for (const [at, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.replace(/^\s*(?:[-*•]|\d+[.)])\s+/u, "").trim();
    const check = parseLine(line);
    if (check !== undefined) checks.push(named(check));
    if (check === undefined || /^must ask a question\s+\w/i.test(line)) prose.push(raw.trimEnd());
    if (check === undefined && /^(must (not )?(call|hand ?off|trip)\b|answer must\b|at most \d)/i.test(line))
      problems.push({
        code: "expectation-unread",
        where: { file: "expected", line: at + 1 },
        message: "This line begins like a check but cannot be read as one; it is kept as words.",
        remedy: 'Forms: must call TOOL {"key": "value"}; must not call TOOL; must hand off to AGENT; answer must contain "…"; answer must match /…/.',
      });
  }
  return { checks: distinct(checks), prose: prose.join("\n").trim(), problems };
}

type Form = (rest: string, not: { not?: true }) => BareCheck | undefined;

/** Heads of lines; `(not )?` is group 1, what follows is for the form. */
const forms: readonly (readonly [RegExp, Form])[] = [
  [/^must (not )?call (?=\S)/i, parseCall],
  [/^must (not )?hand ?off to (?=\S)/i, parseHandoff],
  [/^must (not )?trip (?:the )?guardrail (?=\S)/i, (rest, not) => whole(readName(rest), (name) => ({ ...not, type: "guardrail", name, triggered: true }))],
  [/^must (not )?run guardrail (?=.* without tripping\.?$)/i, (rest, not) => whole(readName(rest.replace(/ without tripping\.?$/i, "")), (name) => ({ ...not, type: "guardrail", name, triggered: false }))],
  [/^must (not )?ask a question\b/i, (_, not) => ({ ...not, type: "output", asks_question: true })],
  [/^must (not )?ask no question\.?$/i, (_, not) => ({ ...not, type: "output", asks_question: false })],
  [/^must (not )?error\.?$/i, (_, not) => (not.not === true ? { type: "no_error" } : { not: true, type: "no_error" })],
  [/^answer must (not )?contain (?=\S)/i, (rest, not) => ends(readQuoted(rest), "(same case)", (contains, marked) => ({ ...not, type: "output", contains, ...(marked && { case_sensitive: true }) }))],
  [/^answer must (not )?be (?=["'“‘])/i, (rest, not) => ends(readQuoted(rest), "(any case)", (equals, marked) => ({ ...not, type: "output", equals, ...(marked && { case_sensitive: false }) }))],
  [/^answer must (not )?match (?=\/)/i, parseMatch],
  [/^answer must (not )?fit schema (?=\S)/i, (rest, not) => whole(readJson(rest), (json_schema) => ({ ...not, type: "output", json_schema }))],
  [/^answer must (not )?have (?=\S)/i, parsePathLine],
  [/^(not )?at most (?=\d)/i, parseBudget],
];

function parseLine(line: string): BareCheck | undefined {
  for (const [head, form] of forms) {
    const match = head.exec(line);
    if (match !== null) return form(line.slice(match[0].length), match[1] === undefined ? {} : { not: true });
  }
  return undefined;
}

/** What was read if nothing but a full stop is left behind it. */
function whole<T>(read: Rest<T> | undefined, make: (value: T) => BareCheck): BareCheck | undefined {
  return read !== undefined && /^\s*\.?$/.test(read.rest) ? make(read.value) : undefined;
}

function ends<T>(read: Rest<T> | undefined, mark: string, make: (value: T, marked: boolean) => BareCheck): BareCheck | undefined {
  if (read === undefined) return undefined;
  const marked = read.rest.trim().toLowerCase() === mark;
  return marked ? make(read.value, true) : whole(read, (value) => make(value, false));
}

function parseCall(text: string, not: { not?: true }): BareCheck | undefined {
  const first = readName(text, "word");
  if (first === undefined) return undefined;
  if (/^\s+before\s/i.test(first.rest)) return parseOrder(first, not);
  const exact = /^\s+with exactly\s+(?=["{[])/i.exec(first.rest);
  const head = exact ?? /^\s+(?:with\s+)?(?=["{[])/i.exec(first.rest);
  const json: Rest<Json> | undefined = head === null ? undefined : readJson(first.rest.slice(head[0].length));
  if (head !== null && json === undefined) return undefined;
  const after = json?.rest ?? first.rest;
  const times = readTimes(after);
  const check: BareCheck = {
    ...not,
    type: "called",
    tool: first.value,
    ...(json !== undefined && { arguments: json.value }),
    ...(json !== undefined && exact !== null && { match: "exact" as const }),
    ...(times !== undefined && { times: times.value }),
  };
  return whole({ value: check, rest: times?.rest ?? after }, (value) => value);
}

function parseOrder(first: Rest<string>, not: { not?: true }): BareCheck | undefined {
  const tools = [first.value];
  let { rest } = first;
  for (let next = /^\s+before\s+/i.exec(rest); next !== null; next = /^\s+before\s+/i.exec(rest)) {
    const read = readName(rest.slice(next[0].length), "word");
    if (read === undefined) return undefined;
    tools.push(read.value);
    rest = read.rest;
  }
  return whole({ value: tools, rest }, (value) => ({ ...not, type: "call_order", tools: value }));
}

function parseHandoff(text: string, not: { not?: true }): BareCheck | undefined {
  const to = readName(text, "from");
  const from = to === undefined ? null : /^\s+from\s+/i.exec(to.rest);
  if (to === undefined || from === null) return whole(to, (value) => ({ ...not, type: "handoff", to: value }));
  return whole(readName(to.rest.slice(from[0].length)), (value) => ({ ...not, type: "handoff", to: to.value, from: value }));
}

function parseMatch(text: string, not: { not?: true }): BareCheck | undefined {
  const match = /^\/(.+)\/(i?)\.?$/s.exec(text);
  if (match === null) return undefined;
  const pattern = `${match[2] === "i" ? "(?i)" : ""}${match[1]}`;
  return linearRegex(pattern) === undefined ? undefined : { ...not, type: "output", matches: pattern };
}

function parsePathLine(text: string, not: { not?: true }): BareCheck | undefined {
  const match = /^(\S+) = (.+)$/s.exec(text);
  const value = match?.[2] === undefined ? undefined : parseJson(match[2]);
  if (match?.[1] === undefined || value === undefined || parsePath(match[1]) === undefined) return undefined;
  return { ...not, type: "output", json_path: { path: match[1], equals: value } };
}

function parseBudget(text: string, not: { not?: true }): BareCheck | undefined {
  const budget: { max_turns?: number; max_calls?: number; max_tokens?: number } = {};
  for (const part of text.replace(/\.$/, "").split(/\s*(?:,|\band\b)\s*/i)) {
    const match = /^(\d{1,12}) (?:tool )?(turn|call|token)s?$/i.exec(part.trim());
    if (match === null) return undefined;
    budget[`max_${(match[2] ?? "").toLowerCase()}s` as keyof typeof budget] = Number(match[1]);
  }
  return { ...not, type: "budget", ...budget };
}
