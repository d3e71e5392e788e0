import { canonicalJson } from "../base/json.ts";
import { sha256 } from "../base/hash.ts";
import { clip, glance } from "../base/text.ts";
import type { Message, Part, Span, Trace } from "../trace/schema.ts";
import type { Case } from "./case.ts";

type Input = Case["input"];

/**
 * What a run was given, from its redacted recording: the input of its first model span (system text left out), then what
 * the user said in later ones. Spans inside a tool call (agents used as tools) were given their text by a model, not by
 * the user, and are left out. `undefined` where no input was recorded. The case id rests on this: it must stay as it is.
 */
export function inputOf(trace: Trace): Input | undefined {
  const inner = insideTools(trace.spans);
  const spans = trace.spans.filter((span) => span.model?.input !== undefined && !inner.has(span.id)).sort(byStart);
  const [first, ...rest] = spans;
  if (first === undefined) return undefined;
  const given = first.model?.input ?? [];
  const messages = said(trace, given);
  if (messages.length === 0) return undefined;
  const known = counted(given);
  const later: number[] = [];
  for (const { model } of rest) {
    // Equal messages are one in the pool: a second "yes" is new where an input holds more of them than any before.
    const seen = new Map<number, number>();
    for (const index of model?.input ?? []) {
      const times = (seen.get(index) ?? 0) + 1;
      seen.set(index, times);
      const fresh = model?.input_is_delta === true || times > (known.get(index) ?? 0);
      if (fresh && trace.messages[index]?.role === "user") later.push(index);
    }
    for (const [index, times] of seen) known.set(index, Math.max(times, known.get(index) ?? 0));
  }
  const agent = startingAgent(trace, first);
  const after = said(trace, later);
  return { messages, ...(after.length > 0 ? { later: after } : {}), ...(agent === undefined ? {} : { agent }) };
}

/** `refund-invoice-3f9a2c1b`: a few telling words of what the user said, and 32 bits of the hash of the whole input. */
export function caseIdOf(input: Input): string {
  return `${slug(tellingWords(input))}-${sha256(canonicalJson(input)).slice(0, 8)}`;
}

/** What the user wants in this run, on one line of at most 80 columns, of whole words: half a placeholder, or half an escape, says something else. */
export function titleOf(input: Input): string {
  const line = glance(tellingWords(input).slice(0, 1000));
  const cut = clip(line, 80);
  if (cut === line || line.charAt(cut.length - 1) === " ") return cut;
  const whole = cut.replace(/ ?[!-~]+…$/, "…");
  return whole === "…" ? cut : whole;
}

/** The last thing the user said at the start of the run; the one before where that is only a word or two ("yes please"). */
function tellingWords(input: Input): string {
  const said = input.messages.filter((message) => message.role === "user" && message.text.trim() !== "").map((message) => message.text);
  return said.findLast((text) => words(text).telling.length > 2) ?? said.at(-1) ?? input.messages[0]?.text ?? "";
}

const stop = new Set(
  "a about after again all also am an and any are as at be been but by can cannot could did do does don't for from get give go got had has have he hello her hey hi him his how i i'd i'll i'm i've if in is isn't it it's its just know let like me my need no not now of on one or our out over please she should so some sorry still tell than thank thanks that the their them then there these they this those to too u up us was we were what what's which while who why will with would yes you your".split(" "),
);

/** Up to four telling words. Placeholders of the redactor are passed over. */
function slug(text: string): string {
  const { telling, plain } = words(text);
  return (telling.length > 0 ? telling : plain).slice(0, 4).join("-") || "case";
}

function words(text: string): { readonly telling: readonly string[]; readonly plain: readonly string[] } {
  const bare = text.slice(0, 2000).replace(/\[[A-Z][A-Z0-9_]*(?::[^\]\s]*)?\]/g, " ").normalize("NFKD").replace(/\p{M}/gu, "");
  const all = (bare.toLowerCase().match(/[a-z0-9']+/g) ?? []).filter((word) => !/\d{3}/.test(word) && word.length <= 20);
  const clean = (some: readonly string[]): string[] => some.map((word) => word.replaceAll("'", "")).filter((word) => word !== "");
  return { telling: clean(all.filter((word) => !stop.has(word))), plain: clean(all) };
}

function counted(indexes: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const index of indexes) counts.set(index, (counts.get(index) ?? 0) + 1);
  return counts;
}

function said(trace: Trace, indexes: readonly number[]): { role: string; text: string }[] {
  return indexes.flatMap((index) => {
    const message = trace.messages[index];
    if (message === undefined || message.role === "system" || message.role === "developer") return [];
    const text = textOf(message);
    return text === "" ? [] : [{ role: message.role, text }];
  });
}

const textOf = (message: Message): string => message.parts.map(partText).filter((text) => text !== "").join("\n");

function partText(part: Part): string {
  switch (part.type) {
    case "text":
    case "refusal":
      return part.text;
    case "reasoning":
      return "";
    case "tool_call":
      return `${part.name}(${part.arguments})`;
    case "tool_result":
      return part.output;
    case "binary":
      return `(${part.media}${part.mime === undefined ? "" : ` ${part.mime}`}, ${part.bytes} bytes, ${part.digest.slice(0, 12)})`;
    case "ref":
      return `(${part.media} ${part.ref})`;
    case "json":
      return canonicalJson(part.value);
  }
}

function insideTools(spans: readonly Span[]): Set<string> {
  const inner = new Set<string>();
  const tools = new Set(spans.filter((span) => span.kind === "function").map((span) => span.id));
  // Parents come before their children.
  for (const span of spans)
    if (span.parent_id !== null && (tools.has(span.parent_id) || inner.has(span.parent_id))) inner.add(span.id);
  return inner;
}

const byStart = (a: Span, b: Span): number =>
  a.started_at === undefined || b.started_at === undefined || a.started_at === b.started_at ? 0 : a.started_at < b.started_at ? -1 : 1;

function startingAgent(trace: Trace, model: Span): string | undefined {
  const spans = new Map(trace.spans.map((span) => [span.id, span]));
  for (let at: Span | undefined = model; at !== undefined; at = at.parent_id === null ? undefined : spans.get(at.parent_id)) {
    if (at.agent !== undefined) return at.agent.name;
    if (at.turn?.agent_name !== undefined) return at.turn.agent_name;
  }
  return undefined;
}
