import { sha256 } from "../base/hash.ts";
import { canonicalJson } from "../base/json.ts";
import { wordsAgree } from "./agree.ts";
import { completenessOf } from "./completeness.ts";
import { linkToolCalls } from "./link.ts";
import type { Span, Trace } from "./schema.ts";
import { transcriptOf } from "./transcript.ts";
import { isModelKind } from "./tree.ts";

/**
 * Which recordings are of one run. The same run may be seen natively, through OTLP and by a vendor: each sees it under
 * an id of its own, and each recording is a view of the run. A run has one view of each kind of source, or its parts.
 */

/**
 * What makes two views candidates. `id`: a name both know. `response`: an answer of the API in both. `times`: an agent whose every
 * step began and ended in the same milliseconds. `content`: looks alike.
 */
export type Tie = "id" | "response" | "times" | "content";

/** Under what name a run knows the id it has at a source of this kind. */
const idNames: Readonly<Record<Trace["source"]["kind"], string>> = {
  native: "openai_trace_id",
  otlp: "otel_trace_id",
  langfuse: "langfuse_trace_id",
  langsmith: "langsmith_trace_id",
  phoenix: "phoenix_trace_id",
};
export const idNameOf = ({ source }: Trace): string => idNames[source.kind];

/** The id a view has at its own source, which is another than the trace's where the run was first seen elsewhere. */
export const ownIdOf = (trace: Trace): string => trace.alt_ids?.[idNameOf(trace)] ?? trace.id;

/**
 * The keys by which a view is found again: `id:…` for its own id and those it has elsewhere, `r:…` for each response id, `t:…` for
 * the times of each agent, `c:…` for the look of its conversation and the second it began. With `around` those of the seconds
 * beside it too.
 */
export function identityKeys(trace: Trace, { around = false } = {}): readonly string[] {
  const ids = new Set([ownIdOf(trace), ...Object.values(trace.alt_ids ?? {})]);
  const look = lookOf(trace);
  const begun = startOf(trace);
  const second = begun === undefined ? undefined : Math.floor(Date.parse(begun) / 1000);
  const seconds = look === undefined || second === undefined ? [] : around ? [second - 1, second, second + 1] : [second];
  return [...[...ids].map((id) => `id:${id}`), ...strongKeys(trace), ...seconds.map((at) => `c:${look}@${at}`)];
}

/** Those that only the same work has. */
const strongKeys = (trace: Trace): readonly string[] => [...[...responsesOf(trace)].map((id) => `r:${id}`), ...timesOf(trace).map((times) => `t:${times}`)];

const ties: Readonly<Record<string, Tie>> = { id: "id", r: "response", t: "times", c: "content" };
export const tieOf = (key: string): Tie => ties[key.slice(0, key.indexOf(":"))] ?? "content";

/**
 * Whether views may be of one run: one of each kind, or several parts of the run that the view which stands (the first) saw whole.
 * OpenInference begins a trace anew where the SDK goes on with one after an approval.
 */
export function fitTogether([whole, ...others]: readonly [Trace, ...Trace[]]): boolean {
  const kinds = others.map(({ source }) => source.kind);
  const parts = others.filter(({ source: { kind } }) => kinds.indexOf(kind) < kinds.lastIndexOf(kind)).map(strongKeys);
  if (kinds.includes(whole.source.kind)) return false;
  const known = new Set(strongKeys(whole));
  return parts.every((keys) => keys.length > 0 && keys.every((key) => known.delete(key)));
}

/**
 * Whether two views of different kinds, tied so, are of one run. A shared name decides. A shared response id does unless the
 * contents say otherwise. The times of an agent and alike conversations do when all that both tell is equal and nothing speaks
 * against it. Texts may be redacted in one and not in the other: what is masked agrees with anything.
 */
export function sameRun(a: Trace, b: Trace, tie: Tie): boolean {
  if (tie === "id") return true;
  const [one, other] = [sdkIdOf(a), sdkIdOf(b)];
  if (one !== undefined && other !== undefined && one !== other) return false;
  if (tie === "times") return sharesResponses(a, b) !== false && (isCut(a) || isCut(b) || sameTalk(a, b) !== false);
  if (tie === "content") return overlap(a, b) && sharesResponses(a, b) !== false && sameTalk(a, b) === true;
  const said = sharedAnswers(a, b);
  if (said.includes(false)) return false;
  const used = nested(usesOf(a), usesOf(b));
  return used !== false && (said.includes(true) || used === true || overlap(a, b));
}

/** An exporter cut texts: they cannot be compared. */
const isCut = (trace: Trace): boolean => completenessOf(trace).truncated.length > 0;

const responsesOf = (trace: Trace): ReadonlySet<string> => new Set(trace.spans.flatMap(({ model }) => model?.response_id ?? []));

/** Undefined where one of them knows none: one that knows others is another run, however alike. */
function sharesResponses(a: Trace, b: Trace): boolean | undefined {
  const [one, other] = [responsesOf(a), responsesOf(b)];
  return one.size === 0 || other.size === 0 ? undefined : [...one].some((id) => other.has(id));
}

/**
 * What each agent did when, as hashes. Tracers of one process take their times from the SDK, so the steps of a run (agents, model
 * calls, tools, handoffs, guardrails) began and ended in the same milliseconds wherever they were written, with content or without.
 * An agent's spans all end before its own does: where that is there, so are they. One step alone says too little.
 */
function timesOf({ spans }: Trace): readonly string[] {
  const agentOf = new Map<string, string[]>();
  const agents: string[][] = [];
  for (const span of spans) {
    const outer = agentOf.get(span.parent_id ?? "");
    if (outer === undefined && span.kind !== "agent") continue;
    const steps = outer ?? [];
    if (outer === undefined) agents.push(steps);
    agentOf.set(span.id, steps);
    const step = stepOf(span);
    if (step !== undefined) steps.push(step);
  }
  return [...new Set(agents.filter((steps) => steps.length > 1 && !steps.includes(open)).map((steps) => sha256(canonicalJson(steps.sort())).slice(0, 24)))];
}

const open = "open";

function stepOf({ kind, started_at, ended_at, agent, tool, handoff, guardrail }: Span): string | undefined {
  const name = agent?.name ?? tool?.name ?? handoff?.to ?? guardrail?.name;
  if (name === undefined && !isModelKind(kind)) return undefined;
  return started_at === undefined || ended_at === undefined ? open : `${name ?? "model"} ${millis(started_at)} ${millis(ended_at)}`;
}

/** The Agents SDK's own id of the run, where the view knows it. */
const sdkIdOf = (trace: Trace): string | undefined =>
  trace.source.kind === "native" ? ownIdOf(trace) : (trace.alt_ids?.["openai_trace_id"] ?? trace.alt_ids?.["agent_trace_id"]);

const startOf = ({ spans }: Trace): string | undefined => spans.reduce<string | undefined>((first, { started_at: at }) => (at === undefined || (first !== undefined && first <= at) ? first : at), undefined);
const endOf = ({ spans }: Trace): string | undefined =>
  spans.reduce<string | undefined>((last, { started_at, ended_at }) => [last, started_at, ended_at].filter((at) => at !== undefined).sort().at(-1), undefined);

/** Both tell their times, and the times meet. Processors of one process read one clock, so there is no slack. */
function overlap(a: Trace, b: Trace): boolean {
  const [fromA, toA, fromB, toB] = [startOf(a), endOf(a), startOf(b), endOf(b)];
  return fromA !== undefined && toA !== undefined && fromB !== undefined && toB !== undefined && millis(fromA) <= millis(toB) && millis(fromB) <= millis(toA);
}
/** Some sources keep milliseconds, some more. */
const millis = (instant: string): string => instant.slice(0, 23);

type Talk = { readonly users: readonly string[]; readonly calls: readonly (readonly [name: string, args: string])[]; readonly output: string };

/** What was asked, which tools were called with what, what came out; undefined where that was not recorded. */
function talkOf(trace: Trace): Talk | undefined {
  const { steps, output } = transcriptOf(trace);
  const users = steps.flatMap((step) => (step.kind === "message" && step.role === "user" ? [step.text] : []));
  const calls = steps.flatMap((step) => (step.kind === "tool" && !isHandoff(step.name) ? [[step.name, step.arguments ?? ""] as const] : []));
  return users.length === 0 || output === undefined ? undefined : { users, calls, output };
}
/** Some tracers show a handoff as a tool, some do not. */
const isHandoff = (name: string): boolean => /^(?:transfer|hand_?off)_to_/i.test(name);

/** What is told at a glance: how many things the user said, and the tools that were called. */
function lookOf(trace: Trace): string | undefined {
  const users = trace.messages.filter(({ role }) => role === "user").length;
  if (users === 0 || !trace.messages.some(({ role }) => role === "assistant")) return undefined;
  const names = linkToolCalls(trace).calls.map(({ name }) => name).filter((name) => !isHandoff(name));
  return sha256(canonicalJson([users, names.sort()])).slice(0, 24);
}

/** Undefined where one of them does not tell. */
function sameTalk(a: Trace, b: Trace): boolean | undefined {
  const [one, other] = [talkOf(a), talkOf(b)];
  if (one === undefined || other === undefined) return undefined;
  return (
    one.users.length === other.users.length &&
    one.calls.length === other.calls.length &&
    one.users.every((text, at) => wordsAgree(text, other.users[at] as string)) &&
    one.calls.every(([name, args], at) => name === other.calls[at]?.[0] && wordsAgree(args, other.calls[at][1])) &&
    wordsAgree(one.output, other.output)
  );
}

/** For each response id that both hold: do they agree on what was said and asked last? Nothing where one of them does not tell. */
function sharedAnswers(a: Trace, b: Trace): readonly boolean[] {
  const known = new Map(b.spans.flatMap((span) => (span.model?.response_id === undefined ? [] : [[span.model.response_id, span] as const])));
  return a.spans.flatMap((span) => {
    const other = known.get(span.model?.response_id ?? "");
    if (other === undefined) return [];
    const pairs = [[saidIn(a, span), saidIn(b, other)], [askedIn(a, span), askedIn(b, other)]] as const;
    return pairs.flatMap(([one, two]) => (one === undefined || two === undefined ? [] : [wordsAgree(one, two)]));
  });
}

function saidIn(trace: Trace, { model }: Span): string | undefined {
  const parts = model?.output?.flatMap((at) => trace.messages[at]?.parts ?? []) ?? [];
  const said = parts.flatMap((part) => (part.type === "text" || part.type === "refusal" ? [part.text] : part.type === "tool_call" ? [part.name, part.arguments] : []));
  return said.length === 0 ? undefined : said.join("\n");
}

function askedIn(trace: Trace, { model }: Span): string | undefined {
  const users = model?.input?.flatMap((at) => trace.messages[at] ?? []).filter(({ role }) => role === "user") ?? [];
  return users.at(-1)?.parts.map((part) => (part.type === "text" ? part.text : part.type)).join("\n");
}

/** The tools that ran, with what they were given. */
const usesOf = ({ spans }: Trace): (readonly [string, string])[] => spans.flatMap(({ tool }) => (tool === undefined ? [] : [[tool.name, tool.arguments ?? ""] as const]));

/** Whether all of the shorter list is in the longer (a view may be of a part of the run); undefined where one is empty. */
function nested(a: readonly (readonly [string, string])[], b: readonly (readonly [string, string])[]): boolean | undefined {
  const [few, many] = a.length <= b.length ? [a, [...b]] : [b, [...a]];
  if (few.length === 0) return undefined;
  return few.every(([name, args]) => {
    const at = many.findIndex(([other, with_]) => other === name && (args === "" || with_ === "" || wordsAgree(args, with_)));
    if (at >= 0) many.splice(at, 1);
    return at >= 0;
  });
}
