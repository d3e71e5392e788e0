import { completenessOf } from "./completeness.ts";
import type { Status, Suspicion } from "./derived.ts";
import type { Span, SpanKind, Trace } from "./schema.ts";
import { statusOf } from "./status.ts";
import { transcriptOf } from "./transcript.ts";

/** What a list of traces is filtered and counted by: small, derived, kept in the index of the store. */
export type TraceFacts = {
  readonly workflow_name?: string;
  readonly group_id?: string;
  readonly started_at?: string;
  readonly ended_at?: string;
  readonly recorded: boolean;
  /** Whose records they are: only the SDK's own have a record of the trace itself. */
  readonly source: Trace["source"]["kind"];
  readonly spans: number;
  readonly kinds: Partial<Record<SpanKind, number>>;
  /** Spans whose recorded parent is not in the trace. */
  readonly orphans: number;
  readonly errors: number;
  readonly tripped: number;
  /** Task and turn spans that were exported as `custom`. */
  readonly custom_task_turn: number;
  readonly agents: readonly string[];
  readonly tools: readonly string[];
  readonly status: Status;
  /** How often each code of a suspicious place occurs, in the order in which they first do. */
  readonly suspicions: Readonly<Record<Suspicion["code"], number>>;
  readonly content: "full" | "partial" | "none";
  /** Model spans that hold a response id and nothing else. */
  readonly only_response_ids: number;
  readonly sensitive_off: boolean;
  readonly truncated: number;
};

/** The facts of one trace, in one pass over its spans. */
export function factsOf(trace: Trace): TraceFacts {
  const { spans } = trace;
  const { content, orphans, truncated, sensitiveOff } = completenessOf(trace);
  const kinds: Partial<Record<SpanKind, number>> = {};
  for (const span of spans) kinds[span.kind] = (kinds[span.kind] ?? 0) + 1;
  const suspicions: Record<string, number> = {};
  for (const { code } of transcriptOf(trace).suspicions) suspicions[code] = (suspicions[code] ?? 0) + 1;
  const starts = spans.flatMap((span) => span.started_at ?? []).sort();
  const ends = spans.flatMap((span) => span.ended_at ?? []).sort();
  const names = (all: readonly (string | undefined)[]): string[] =>
    [...new Set(all.filter((name): name is string => name !== undefined && name !== ""))].sort();
  const where = (test: (span: Span) => boolean): number => spans.filter(test).length;
  return {
    ...(trace.workflow_name === undefined ? {} : { workflow_name: trace.workflow_name }),
    ...(trace.group_id === undefined ? {} : { group_id: trace.group_id }),
    ...(starts[0] === undefined ? {} : { started_at: starts[0] }),
    ...(ends.length === 0 ? {} : { ended_at: ends.at(-1) as string }),
    recorded: trace.recorded,
    source: trace.source.kind,
    spans: spans.length,
    kinds,
    orphans,
    errors: where((span) => span.error !== undefined),
    tripped: where((span) => span.guardrail?.triggered === true),
    custom_task_turn: where((span) => span.native_type === "custom/task" || span.native_type === "custom/turn"),
    agents: names(spans.map((span) => span.agent?.name)),
    tools: names(spans.map((span) => span.tool?.name)),
    status: statusOf(trace),
    suspicions,
    content,
    only_response_ids: where(({ model }) => model?.response_id !== undefined && model.input === undefined && model.output === undefined),
    sensitive_off: sensitiveOff,
    truncated: truncated.length,
  };
}

