import { isObject, type Json, type JsonObject } from "../../base/json.ts";
import type { LooseModelCall, TracePiece } from "../../trace/piece.ts";
import type { Span, SpanKind } from "../../trace/schema.ts";
import type { Noticed } from "../clean.ts";
import { generationCall, responseCall, responseId } from "../native-model.ts";
import { count, type Attributes } from "./attributes.ts";
import type { OtlpSpan } from "./envelope.ts";

/**
 * A model call in the members a `generation` span of the SDK has, whatever dialect it came from: messages in any of the
 * forms that the native reader knows. So there is one reader of messages, and its rules on secrets and bulk hold here too.
 */
export type ModelRecord = {
  readonly api?: LooseModelCall["api"];
  readonly input?: Json | undefined;
  readonly output?: Json | undefined;
  readonly instructions?: Json | undefined;
  readonly model?: string | undefined;
  readonly model_config?: JsonObject | undefined;
  readonly tools?: Json | undefined;
  readonly usage?: JsonObject | undefined;
  readonly response_id?: string | undefined;
  readonly conversation_id?: string | undefined;
  readonly finish?: string | undefined;
  /** The whole Responses API object, where the dialect kept it: then it says everything but the input. */
  readonly response?: JsonObject | undefined;
};

/** What one dialect understood of one span. Dialects are merged in order of precedence: the first to say a thing wins. */
export type Reading = {
  readonly kind?: SpanKind;
  /** The dialect's own word for the kind. */
  readonly native_type?: string;
  readonly name?: string;
  readonly model?: ModelRecord;
  readonly tool?: NonNullable<Span["tool"]>;
  readonly agent?: NonNullable<Span["agent"]>;
  readonly handoff?: NonNullable<Span["handoff"]>;
  readonly guardrail?: NonNullable<Span["guardrail"]>;
  readonly turn?: NonNullable<Span["turn"]>;
  readonly mcp?: NonNullable<Span["mcp"]>;
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

/** The model call a record stands for. */
export function callOf(record: ModelRecord, noticed: Noticed): LooseModelCall {
  if (record.response !== undefined) return responseCall({ _input: record.input, _response: record.response, usage: record.usage }, noticed);
  const input = record.instructions === undefined ? record.input : [{ role: "system", content: record.instructions }, ...listOf(record.input)];
  const call = generationCall({ ...record, input }, noticed);
  return {
    ...call,
    api: record.api ?? "other",
    ...defined<Partial<LooseModelCall>>({
      response_id: responseId(record.response_id) ?? call.response_id,
      conversation_id: record.conversation_id,
      finish: record.finish ?? call.finish,
    }),
  };
}

/** A list as it is, one item as a list of one, nothing as none. */
export const listOf = (value: Json | undefined): readonly Json[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? (value as readonly Json[]) : [value];

/** An object without its undefined members: what exact optional types ask for. */
export function defined<T extends object>(object: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

type UsageNames = Readonly<Record<"input" | "output" | "total" | "cached" | "reasoning", readonly string[]>>;

/** Tokens from named attributes, in the native record's members; undefined where none is there. */
export function usageFrom(attributes: Attributes, names: Partial<UsageNames>): JsonObject | undefined {
  const at = (which: keyof UsageNames): number | undefined => count(attributes, ...(names[which] ?? []));
  const [input, output, total, cached, reasoning] = [at("input"), at("output"), at("total"), at("cached"), at("reasoning")];
  if (input === undefined && output === undefined && total === undefined) return undefined;
  return defined<Record<string, Json>>({
    input_tokens: input,
    output_tokens: output,
    total_tokens: total ?? (input !== undefined && output !== undefined ? input + output : undefined),
    cached_input_tokens: cached,
    output_tokens_details: reasoning === undefined ? undefined : { reasoning_tokens: reasoning },
  });
}

/** A value as the text a tool was given or gave: text as it is, anything else as JSON. */
export function wordsOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A value as an object, or undefined. */
export function asObject(value: Json | undefined): JsonObject | undefined {
  return isObject(value) ? (value as JsonObject) : undefined;
}
