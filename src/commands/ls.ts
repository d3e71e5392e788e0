import type { LabelReader, Progress, TraceReader } from "../core/ports.ts";
import { rowOf, millisOf, type TraceRow } from "../core/report/trace-row.ts";
import type { Renamed } from "../core/redact/typed-id.ts";
import type { TraceFacts } from "../core/trace/facts.ts";

type SortKey = "time" | "tokens" | "turns" | "tools" | "duration" | "status" | "workflow";

/** Which traces to list. All given filters must hold; texts compare without case. Times are milliseconds since 1970. */
export type LsOptions = {
  readonly workflow?: string | undefined;
  readonly group?: string | undefined;
  readonly status?: readonly string[] | undefined;
  readonly content?: readonly string[] | undefined;
  readonly kind?: string | undefined;
  readonly tool?: string | undefined;
  readonly suspicion?: string | boolean | undefined;
  readonly labelled?: boolean | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly sort?: SortKey | undefined;
  readonly reverse?: boolean | undefined;
  readonly limit?: number | undefined;
};

/** What the index of a store knows of a trace without reading it. */
type Listed = { readonly id: string; readonly brief: Pick<TraceFacts, "workflow_name" | "group_id" | "started_at" | "kinds" | "status" | "content" | "suspicions"> };
export type LsPorts = {
  readonly traces: Pick<TraceReader, "get"> & { readonly list: () => Iterable<Listed> };
  readonly labels: LabelReader;
  readonly renamed?: Renamed;
  readonly progress?: Progress;
};
/** `total` traces in the store, `matched` by the filters, `rows` of them after the limit. */
export type LsResult = { readonly total: number; readonly matched: number; readonly rows: readonly TraceRow[] };

/**
 * Lists traces of the store, newest first. The index alone decides where it can, so that the newest few of many thousands are
 * there at once; other filters and orders read each trace, one at a time, and keep its row only.
 */
export function ls(options: LsOptions, { traces, labels, renamed, progress }: LsPorts): LsResult {
  const listed = [...traces.list()];
  const here = new Set(listed.map(({ id }) => id));
  // A label may have been given to a recording that turned out to be one of a run known by another id.
  const labelled = new Set(labels.labels().map(({ trace_id }) => (here.has(trace_id) ? trace_id : (traces.get(trace_id)?.trace.id ?? trace_id))));
  const { group } = options;
  const groups = group === undefined ? undefined : [group, ...(renamed?.(group, "group_") ?? [])];
  const candidates = listed.filter((one) => mayMatch(one, options) && (groups === undefined || groups.includes(one.brief.group_id ?? "")) && (options.labelled === undefined || labelled.has(one.id) === options.labelled));
  const limit = options.limit ?? Infinity;
  const { tool, sort = "time", reverse = false } = options;
  const known = sort === "time" && tool === undefined;
  if (known) candidates.sort((a, b) => byTime(timed(a), timed(b)) * (reverse ? -1 : 1));
  const rows: TraceRow[] = [];
  for (const [index, { id }] of candidates.slice(0, known ? limit : undefined).entries()) {
    progress?.tick(index, candidates.length, "traces");
    const stored = traces.get(id);
    const row = stored === undefined ? undefined : rowOf(stored, labelled.has(id));
    if (row !== undefined && (tool === undefined || row.tools.some((name) => name.toLowerCase() === tool.toLowerCase()))) rows.push(row);
  }
  progress?.end();
  if (known) return { total: listed.length, matched: candidates.length, rows };
  const order = orders[sort];
  rows.sort((a, b) => order(a, b) * (reverse ? -1 : 1));
  return { total: listed.length, matched: rows.length, rows: rows.slice(0, limit) };
}

const timed = ({ id, brief }: Listed): Timed => ({ id, started_at: brief.started_at ?? null });

function mayMatch({ brief }: Listed, { workflow, kind, since, until, status, content, suspicion = false }: LsOptions): boolean {
  const started = brief.started_at === undefined ? undefined : millisOf(brief.started_at);
  return [
    workflow === undefined || holds(brief.workflow_name ?? "", workflow),
    kind === undefined || (brief.kinds as Readonly<Record<string, number>>)[kind] !== undefined,
    status === undefined || status.includes(brief.status),
    content === undefined || content.includes(brief.content),
    suspicion === false || (suspicion === true ? Object.keys(brief.suspicions).length > 0 : Object.hasOwn(brief.suspicions, suspicion)),
    since === undefined || (started !== undefined && started >= since),
    until === undefined || (started !== undefined && started < until),
  ].every(Boolean);
}

const holds = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase());

type Timed = Pick<TraceRow, "id" | "started_at">;
type Order = (a: TraceRow, b: TraceRow) => number;
const most =
  (of: (row: TraceRow) => number | null): Order =>
  (a, b) =>
    (of(b) ?? -1) - (of(a) ?? -1) || byTime(a, b);
const byTime = (a: Timed, b: Timed): number => compareText(b.started_at ?? "", a.started_at ?? "") || compareText(a.id, b.id);
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Numbers from the most down, times from the newest, texts from A. */
const orders: Readonly<Record<SortKey, Order>> = {
  time: byTime,
  tokens: most((row) => row.tokens),
  turns: most((row) => row.turns),
  tools: most((row) => row.tool_calls),
  duration: most((row) => row.duration_ms),
  status: (a, b) => compareText(a.status, b.status) || byTime(a, b),
  workflow: (a, b) => compareText(a.workflow_name ?? "", b.workflow_name ?? "") || byTime(a, b),
};
