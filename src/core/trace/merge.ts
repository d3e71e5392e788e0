import type { JsonObject } from "../base/json.ts";
import { canonicalJson } from "../base/json.ts";
import type { SpanPiece, TracePiece } from "./piece.ts";
import type { Note, Trace } from "./schema.ts";

type LooseSpan = SpanPiece["span"];

/**
 * Which of two records of one span stands: the one that ended, else the one that holds more, else the later. `differ` says
 * that one held more than the other. Texts are not compared, because one of the two may be redacted already.
 */
export function betterSpan(earlier: LooseSpan, later: LooseSpan): { readonly span: LooseSpan; readonly differ: boolean } {
  const [a, b] = [rank(earlier), rank(later)];
  const first = a.findIndex((value, at) => value !== b[at]);
  return { span: first >= 0 && (a[first] as number) > (b[first] as number) ? earlier : later, differ: first >= 0 };
}

/** Higher is better, first difference decides: ended, members with content, messages, an error told. */
function rank(span: LooseSpan): readonly number[] {
  const { model, tool } = span;
  const held = [
    model?.instructions,
    model?.input?.length,
    model?.output?.length,
    model?.usage,
    model?.response_id,
    tool?.arguments,
    tool?.output,
    span.agent,
    span.usage,
  ].filter(Boolean).length;
  return [
    span.ended_at === undefined ? 0 : 1,
    held,
    (model?.input?.length ?? 0) + (model?.output?.length ?? 0),
    span.error === undefined ? 0 : 1,
  ];
}

type Whole = Pick<Trace, "alt_ids" | "workflow_name" | "group_id" | "user_id" | "metadata" | "tags">;
const single = ["workflow_name", "group_id", "user_id"] as const;

/**
 * Trace records and what spans tell of their trace, as one: of each member the first that is not absent, metadata and other
 * ids as a union. What records say before what spans say. A value that disagrees with the one taken is a `trace-conflict` note.
 */
export function mergeTracePieces(pieces: readonly TracePiece[]): { readonly whole: Whole; readonly notes: readonly Note[] } {
  const notes: Note[] = [];
  const conflict = (detail: string): number => notes.push({ code: "trace-conflict", detail });
  const whole: Whole = {};
  for (const piece of [...pieces].sort((a, b) => Number(b.recorded) - Number(a.recorded))) {
    for (const member of single) {
      const value = piece[member];
      if (value === undefined) continue;
      if (whole[member] === undefined) whole[member] = value;
      else if (whole[member] !== value) conflict(member);
    }
    if (piece.metadata !== undefined)
      whole.metadata = union(whole.metadata, piece.metadata, () => conflict("metadata"));
    if (piece.alt_ids !== undefined)
      whole.alt_ids = union(whole.alt_ids, piece.alt_ids, () => conflict("alt_ids")) as Record<string, string>;
    if (piece.tags !== undefined) whole.tags = [...new Set([...(whole.tags ?? []), ...piece.tags])].sort();
  }
  return { whole, notes };
}

/** What is read now stands over what was stored, member by member: the stored text is redacted and cannot be compared. */
export function overStored(now: Whole, stored: Trace | undefined): Whole {
  if (stored === undefined) return now;
  const { alt_ids, workflow_name, group_id, user_id, metadata, tags } = stored;
  return {
    ...definedOf({ alt_ids, workflow_name, group_id, user_id, metadata, tags }),
    ...now,
    ...definedOf({
      alt_ids: now.alt_ids && { ...alt_ids, ...now.alt_ids },
      metadata: now.metadata && { ...metadata, ...now.metadata },
      tags: now.tags && [...new Set([...(tags ?? []), ...now.tags])].sort(),
    }),
  };
}

function union(first: JsonObject | undefined, second: JsonObject, onConflict: () => void): JsonObject {
  if (first === undefined) return second;
  const out: Record<string, JsonObject[string]> = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const held = out[key];
    if (held === undefined || held === null) out[key] = value;
    else if (value !== null && held !== value && canonicalJson(held) !== canonicalJson(value)) onConflict();
  }
  return out;
}

/** An object without its undefined members. */
export function definedOf<T extends object>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
