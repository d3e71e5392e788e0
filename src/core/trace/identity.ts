import { sha256 } from "../base/hash.ts";
import { canonicalJson } from "../base/json.ts";
import { wordsAgree } from "./agree.ts";
import { linkToolCalls } from "./link.ts";
import type { Span, Trace } from "./schema.ts";
import { transcriptOf } from "./transcript.ts";

/**
 * Which recordings are of one run. The same run may be seen natively, through OTLP and by a vendor: each sees it under
 * an id of its own, and each recording is a view of the run. A run has at most one view of each kind of source.
 */

/** What makes two views candidates. `id`: a name both know. `response`: an answer of the API in both. `content`: looks alike. */
export type Tie = "id" | "response" | "content";

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
 * The keys by which a view is found again: `id:…` for its own id and those it has elsewhere, `r:…` for each response id,
 * `c:…` for the look of its conversation and the second it began. With `around` those of the seconds beside it too.
 */
export function identityKeys(trace: Trace, { around = false } = {}): readonly string[] {
  const ids = new Set([ownIdOf(trace), ...Object.values(trace.alt_ids ?? {})]);
  const responses = new Set(trace.spans.flatMap(({ model }) => model?.response_id ?? []));
  const look = lookOf(trace);
  const begun = startOf(trace);
  const second = begun === undefined ? undefined : Math.floor(Date.parse(begun) / 1000);
  const seconds = look === undefined || second === undefined ? [] : around ? [second - 1, second, second + 1] : [second];
  return [...[...ids].map((id) => `id:${id}`), ...[...responses].map((id) => `r:${id}`), ...seconds.map((at) => `c:${look}@${at}`)];
}

export const tieOf = (key: string): Tie => (key.startsWith("id:") ? "id" : key.startsWith("r:") ? "response" : "content");

/**
 * Whether two views of different kinds, tied so, are of one run. A shared name decides. A shared response id does unless the
 * contents say otherwise. Alike conversations do when all that both tell is equal and their times overlap. Texts may be
 * redacted in one and not in the other: what is masked agrees with anything.
 */
export function sameRun(a: Trace, b: Trace, tie: Tie): boolean {
  if (tie === "id") return true;
  const [one, other] = [sdkIdOf(a), sdkIdOf(b)];
  if (one !== undefined && other !== undefined && one !== other) return false;
  if (tie === "content") return overlap(a, b) && sameTalk(a, b);
  const said = sharedAnswers(a, b);
  if (said.includes(false)) return false;
  const used = nested(usesOf(a), usesOf(b));
  return used !== false && (said.includes(true) || used === true || overlap(a, b));
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

function sameTalk(a: Trace, b: Trace): boolean {
  const [one, other] = [talkOf(a), talkOf(b)];
  if (one === undefined || other === undefined || one.users.length !== other.users.length || one.calls.length !== other.calls.length) return false;
  return (
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
