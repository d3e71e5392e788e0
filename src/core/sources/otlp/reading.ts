import type { Json, JsonObject } from "../../base/json.ts";
import { isObject } from "../../base/json.ts";
import type { LooseModelCall, TracePiece } from "../../trace/piece.ts";
import type { Span, SpanKind, Usage } from "../../trace/schema.ts";
import { count, type Attributes } from "./attributes.ts";
import type { OtlpSpan } from "./envelope.ts";

/** What one dialect understood of one span. Dialects are merged in order of precedence: the first to say a thing wins. */
export type Reading = {
  readonly kind?: SpanKind;
  /** The dialect's own word for the kind. */
  readonly native_type?: string;
  readonly name?: string;
  readonly model?: LooseModelCall;
  readonly tool?: NonNullable<Span["tool"]>;
  readonly agent?: NonNullable<Span["agent"]>;
  readonly handoff?: NonNullable<Span["handoff"]>;
  readonly guardrail?: NonNullable<Span["guardrail"]>;
  readonly turn?: NonNullable<Span["turn"]>;
  /** What the span tells of its whole trace. */
  readonly trace?: Pick<TracePiece, "workflow_name" | "group_id" | "user_id" | "metadata" | "tags" | "alt_ids">;
};

/** One way of writing agent runs into OTLP attributes. `read` is called only on spans it recognises. */
export type Dialect = {
  readonly name: string;
  readonly recognises: (span: OtlpSpan) => boolean;
  readonly read: (span: OtlpSpan) => Reading;
};

/** Joins readings: for each member the first that has it; model calls and trace facts member by member. */
export function mergeReadings(readings: readonly Reading[]): Reading {
  const merged: Record<string, unknown> = {};
  for (const reading of readings)
    for (const [key, value] of Object.entries(reading)) {
      if (value === undefined) continue;
      const before = merged[key];
      merged[key] = isObject(before) && isObject(value) ? { ...value, ...before } : (before ?? value);
    }
  return merged;
}

/** An object without its undefined members: what exact optional types ask for. */
export function defined<T extends object>(object: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

/** Usage from named attributes; undefined where none is there. */
export function usageFrom(
  attributes: Attributes,
  names: { readonly input: readonly string[]; readonly output: readonly string[]; readonly total?: readonly string[]; readonly cached?: readonly string[]; readonly reasoning?: readonly string[] },
): Usage | undefined {
  const input = count(attributes, ...names.input);
  const output = count(attributes, ...names.output);
  const total = count(attributes, ...(names.total ?? []));
  if (input === undefined && output === undefined && total === undefined) return undefined;
  return defined<Usage>({
    input,
    output,
    total: total ?? (input !== undefined && output !== undefined ? input + output : undefined),
    cached_input: count(attributes, ...(names.cached ?? [])),
    reasoning: count(attributes, ...(names.reasoning ?? [])),
  });
}

/** A value as the text a tool was given or gave: text as it is, anything else as JSON. */
export function asText(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A value as an object, or undefined. */
export function asObject(value: Json | undefined): JsonObject | undefined {
  return isObject(value) ? (value as JsonObject) : undefined;
}
