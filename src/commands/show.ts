import type { StoredTrace } from "../core/redact/stored.ts";
import { rowOf, timesOf, type TraceRow } from "../core/report/trace-row.ts";
import { completenessOf } from "../core/trace/completeness.ts";
import type { Completeness, Transcript } from "../core/trace/derived.ts";
import type { Usage } from "../core/trace/schema.ts";
import { transcriptOf } from "../core/trace/transcript.ts";
import { usageOf } from "../core/trace/usage.ts";
import { findTrace, type Finder } from "./find-trace.ts";

/** One trace, ready to be shown. */
export type Shown = {
  readonly stored: StoredTrace;
  readonly row: TraceRow;
  readonly completeness: Completeness;
  readonly usage: Usage;
  readonly transcript: Transcript;
};

/** Finds a trace by id or by a beginning of it, and derives what a person wants to see. Throws `usage` as `findTrace` does. */
export function show(ref: string, finder: Finder): Shown {
  const stored = findTrace(ref, finder);
  const { trace } = stored;
  return {
    stored,
    row: rowOf(stored, false),
    completeness: completenessOf(trace),
    usage: usageOf(trace),
    transcript: transcriptOf(trace),
  };
}

/** What `show --json` prints: the trace's facts and its transcript, without the recording itself. */
export function shownJson({ stored, row, completeness, usage, transcript }: Shown): unknown {
  const { trace } = stored;
  return {
    schema: "casebook/shown-trace@1",
    id: trace.id,
    revision: stored.revision,
    source: trace.source,
    workflow_name: trace.workflow_name ?? null,
    group_id: trace.group_id ?? null,
    metadata: trace.metadata ?? {},
    status: row.status,
    ...timesOf(trace),
    completeness: {
      content: completeness.content,
      orphans: completeness.orphans,
      truncated: completeness.truncated,
      sensitive_off: completeness.sensitiveOff,
      trace_record: completeness.traceRecord,
      replayable: completeness.replayable,
    },
    usage,
    turns: row.turns,
    spans: trace.spans.length,
    ...transcript,
    findings: stored.findings.length,
    origins: stored.origins,
    notes: trace.notes ?? [],
  };
}
