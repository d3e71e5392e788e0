import type { LabelReader, TraceReader } from "../core/ports.ts";
import { rowOf, millisOf, type TraceRow } from "../core/report/trace-row.ts";

export const sortKeys = ["time", "tokens", "turns", "tools", "duration", "status", "workflow"] as const;
export type SortKey = (typeof sortKeys)[number];

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

export type LsPorts = { readonly traces: TraceReader; readonly labels?: LabelReader | undefined };
/** `total` traces in the store, `matched` by the filters, `rows` of them after the limit. */
export type LsResult = { readonly total: number; readonly matched: number; readonly rows: readonly TraceRow[] };

/** Lists traces of the store, newest first. One pass; keeps rows only, never traces. */
export function ls(options: LsOptions, { traces, labels }: LsPorts): LsResult {
  const labelled = new Set(labels?.labels().map(({ trace_id }) => trace_id));
  const rows: TraceRow[] = [];
  let total = 0;
  for (const stored of traces.all()) {
    total += 1;
    const row = rowOf(stored, labelled.has(stored.trace.id));
    if (matches(row, options)) rows.push(row);
  }
  const order = orders[options.sort ?? "time"];
  rows.sort(options.reverse === true ? (a, b) => order(b, a) : order);
  return { total, matched: rows.length, rows: rows.slice(0, options.limit ?? rows.length) };
}

function matches(row: TraceRow, options: LsOptions): boolean {
  const { workflow, group, status, content, kind, tool, suspicion, labelled, since, until } = options;
  const started = row.started_at === null ? undefined : millisOf(row.started_at);
  return [
    workflow === undefined || holds(row.workflow_name ?? "", workflow),
    group === undefined || row.group_id === group,
    status === undefined || status.includes(row.status),
    content === undefined || content.includes(row.content),
    kind === undefined || row.kinds.includes(kind),
    tool === undefined || row.tools.some((name) => name.toLowerCase() === tool.toLowerCase()),
    suspicion === undefined || suspicion === false || (suspicion === true ? row.suspicions.length > 0 : row.suspicions.includes(suspicion)),
    labelled === undefined || row.labelled === labelled,
    since === undefined || (started !== undefined && started >= since),
    until === undefined || (started !== undefined && started < until),
  ].every(Boolean);
}

const holds = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase());

type Order = (a: TraceRow, b: TraceRow) => number;
const most =
  (of: (row: TraceRow) => number | null): Order =>
  (a, b) =>
    (of(b) ?? -1) - (of(a) ?? -1) || byTime(a, b);
const byTime: Order = (a, b) => compareText(b.started_at ?? "", a.started_at ?? "") || compareText(a.id, b.id);
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
