import type { StoredTrace } from "../redact/stored.ts";
import { completenessOf } from "../trace/completeness.ts";
import type { Completeness, Status } from "../trace/derived.ts";
import type { Span, Trace } from "../trace/schema.ts";
import { statusOf } from "../trace/status.ts";
import { tapeOf } from "../trace/tape.ts";
import { transcriptOf } from "../trace/transcript.ts";
import { isModelKind } from "../trace/tree.ts";
import { usageOf } from "../trace/usage.ts";

/** One trace in a list. Written by `ls --json`; text members are redacted like everything in the store. */
export type TraceRow = {
  readonly id: string;
  readonly revision: number;
  readonly source: string;
  readonly workflow_name: string | null;
  readonly group_id: string | null;
  readonly status: Status;
  readonly content: Completeness["content"];
  readonly replayable: boolean;
  /** ISO time of the first span, and milliseconds to the end of the last one. */
  readonly started_at: string | null;
  readonly duration_ms: number | null;
  readonly agents: readonly string[];
  readonly turns: number;
  readonly tools: readonly string[];
  readonly tool_calls: number;
  readonly tokens: number | null;
  readonly first_user: string | null;
  readonly suspicions: readonly string[];
  readonly kinds: readonly string[];
  readonly labelled: boolean;
};

/** What a list tells of a trace. `first_user` is cut at 200 characters. */
export function rowOf({ trace, revision }: StoredTrace, labelled: boolean): TraceRow {
  const { steps, suspicions } = transcriptOf(trace);
  const { content, replayable } = completenessOf(trace);
  const calls = tapeOf(trace).tools;
  const turns = trace.spans.filter(({ kind }) => kind === "turn").length;
  const first = steps.find((step) => step.kind === "message" && step.role === "user");
  const { started_at, duration_ms } = timesOf(trace);
  return {
    id: trace.id,
    revision,
    source: trace.source.dialect === undefined ? trace.source.kind : `${trace.source.kind}/${trace.source.dialect}`,
    workflow_name: trace.workflow_name ?? null,
    group_id: trace.group_id ?? null,
    status: statusOf(trace),
    content,
    replayable: replayable.ok,
    started_at,
    duration_ms,
    agents: distinct(trace.spans.flatMap(({ agent }) => agent?.name ?? [])),
    turns: turns > 0 ? turns : trace.spans.filter(({ kind }) => isModelKind(kind)).length,
    tools: distinct(calls.map(({ name }) => name)),
    tool_calls: calls.length,
    tokens: usageOf(trace).total ?? null,
    first_user: first?.kind === "message" ? first.text.slice(0, 200).toWellFormed() : null,
    suspicions: distinct(suspicions.map(({ code }) => code)),
    kinds: distinct(trace.spans.map(({ kind }) => kind)),
    labelled,
  };
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)];

/** Milliseconds since 1970 of an instant of the trace schema. */
export const millisOf = (instant: string): number => Date.parse(`${instant.slice(0, 23)}Z`);

/** From the first start to the last end. Instants sort as text. */
export function timesOf({ spans }: { readonly spans: readonly Span[] } | Trace): { started_at: string | null; duration_ms: number | null } {
  const starts = spans.flatMap(({ started_at }) => started_at ?? []).sort();
  const ends = spans.flatMap(({ ended_at }) => ended_at ?? []).sort();
  const [started_at] = starts;
  const ended_at = ends.at(-1);
  if (started_at === undefined) return { started_at: null, duration_ms: null };
  return { started_at, duration_ms: ended_at === undefined ? null : Math.max(0, millisOf(ended_at) - millisOf(started_at)) };
}
