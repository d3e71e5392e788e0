import { canonicalJson } from "../base/json.ts";
import { contentKey } from "../trace/pool.ts";
import type { Span, Trace } from "../trace/schema.ts";
import type { Finding } from "./types.ts";

/**
 * The findings of a trace that was put together from new spans and stored ones. Redaction sees only what is still there to see,
 * so what it found earlier in parts that stand unchanged is carried over, with paths that fit the new positions. Sorted by
 * path and place, so that the same trace has the same list however it came together.
 */
export function carryFindings(
  before: { readonly trace: Trace; readonly findings: readonly Finding[] },
  now: { readonly trace: Trace; readonly findings: readonly Finding[] },
): Finding[] {
  const key = ({ path, start, end }: Finding): string => `${path}\n${start}\n${end}`;
  const all = new Map(now.findings.map((finding) => [key(finding), finding]));
  const move = moverOf(before.trace, now.trace);
  for (const finding of before.findings) {
    const path = move(finding.path);
    if (path === undefined) continue;
    const moved = { ...finding, path };
    if (!all.has(key(moved))) all.set(key(moved), moved);
  }
  return sortFindings([...all.values()]);
}

/** By path, numbers in it as numbers, then by place. */
export const sortFindings = (findings: readonly Finding[]): Finding[] => {
  const keyed = findings.map((finding) => ({ finding, key: finding.path.replace(/\d+/g, (digits) => digits.padStart(8, "0")) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.finding.start - b.finding.start || a.finding.end - b.finding.end));
  return keyed.map(({ finding }) => finding);
};

/** Where a path of one trace leads in another: to the same message, tool, span or member, if it is there unchanged. */
function moverOf(from: Trace, to: Trace): (path: string) => string | undefined {
  const pools = { messages: positionsOf(to.messages), tools: positionsOf(to.tools), spans: new Map(to.spans.map((span, at) => [spanKey(span), at])) };
  return (path) => {
    const [, member = "", at = "", ...rest] = path.split("/");
    if (member !== "messages" && member !== "tools" && member !== "spans")
      return canonicalJson(from[member as keyof Trace] ?? null) === canonicalJson(to[member as keyof Trace] ?? null) ? path : undefined;
    const held = from[member][Number(at)];
    if (held === undefined) return undefined;
    const position = pools[member].get(member === "spans" ? spanKey(held as Span) : contentKey(held));
    return position === undefined ? undefined : ["", member, String(position), ...rest].join("/");
  };
}

const positionsOf = (values: readonly object[]): Map<string, number> => new Map(values.map((value, at) => [contentKey(value), at]));

/** What a span says itself: not where it hangs, nor where its messages stand. */
function spanKey(span: Span): string {
  const known = spanKeys.get(span);
  if (known !== undefined) return known;
  const said = { ...span, parent_id: null, original_parent_id: undefined, model: undefined };
  const made = canonicalJson([said, { ...span.model, instructions: undefined, input: undefined, output: undefined, tools: undefined }]);
  spanKeys.set(span, made);
  return made;
}
/** Many findings lie in one span. */
const spanKeys = new WeakMap<Span, string>();
