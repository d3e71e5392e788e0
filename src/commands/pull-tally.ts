import type { Problem } from "../core/base/problem.ts";
import type { TraceWriter } from "../core/ports.ts";
import type { Brief } from "../core/redact/brief.ts";
import type { Piece } from "../core/trace/piece.ts";
import { createDistinct } from "./distinct.ts";
import type { Joined } from "./join-runs.ts";

/** What a pull found and did: what `--json` prints. Traces and spans are those the sources hold, as they stand in the store. */
export type PullSummary = {
  readonly schema: "casebook/pull-summary@1";
  readonly files: number;
  /** Trace and span records read, `duplicates` of one another left out in `unique`. */
  readonly objects: number;
  readonly duplicates: number;
  readonly unique: number;
  readonly trace_records: number;
  readonly traces: { readonly total: number; readonly new: number; readonly updated: number; readonly unchanged: number };
  readonly spans: number;
  readonly orphan_spans: number;
  readonly traces_without_spans: number;
  /** Of the SDK's own records; others have none of the trace itself. */
  readonly span_groups_without_trace: number;
  readonly custom_task_turn: number;
  readonly by_kind: Readonly<Record<string, number>>;
  readonly content: { readonly full: number; readonly partial: number; readonly none: number };
  /** Model spans that hold a response id and no text. */
  readonly only_response_ids: number;
  /** Traces whose SDK was told to leave sensitive data out. */
  readonly sensitive_off: number;
  readonly truncated_spans: number;
  readonly findings: { readonly by_kind: Readonly<Record<string, number>>; readonly by_tier: Readonly<Record<string, number>> };
  readonly problem_counts: Readonly<Record<string, number>>;
  /** The first thousand. */
  readonly problems: readonly Problem[];
};

const problemsShown = 1000;

type State = "new" | "updated" | "unchanged";
/** Counts as a pull goes. Holds an id for each trace and some ten bytes for each record; what else there is to say of a trace the store knows. */
export function createTally(store: Pick<TraceWriter, "brief">): {
  readonly file: () => void;
  readonly object: (piece: Piece) => void;
  readonly known: (traceId: string, digest: string) => void;
  readonly stored: (run: Pick<Joined, "now" | "before" | "same" | "absorbed">) => void;
  readonly problem: (problem: Problem) => void;
  readonly summary: () => PullSummary;
} {
  const traces = new Map<string, State>();
  const seen = createDistinct();
  const problems: Problem[] = [];
  const problemCounts: Record<string, number> = {};
  let files = 0;
  let objects = 0;

  const once = (key: string): void => {
    objects += 1;
    seen.add(hash53(key));
  };
  return {
    file: () => (files += 1),
    object: (piece) => once(piece.piece === "span" ? `${piece.trace_id}\n${piece.span.id}` : piece.trace_id),
    known(traceId, digest) {
      once(digest);
      if (!traces.has(traceId)) traces.set(traceId, "unchanged");
    },
    stored({ now, before, same, absorbed }) {
      for (const id of absorbed) traces.delete(id);
      const was = traces.get(now.id);
      const state = was === "new" ? "new" : same ? (was ?? "unchanged") : before === undefined ? "new" : "updated";
      traces.set(now.id, state);
    },
    problem(problem) {
      problemCounts[problem.code] = (problemCounts[problem.code] ?? 0) + 1;
      if (problems.length < problemsShown) problems.push(problem);
    },
    summary() {
      const states = { total: 0, new: 0, updated: 0, unchanged: 0 };
      const content = { full: 0, partial: 0, none: 0 };
      const sums = { trace_records: 0, spans: 0, orphan_spans: 0, traces_without_spans: 0, span_groups_without_trace: 0, custom_task_turn: 0, only_response_ids: 0, sensitive_off: 0, truncated_spans: 0 };
      const kinds: Counts = {};
      const found: { by_kind: Counts; by_tier: Counts } = { by_kind: {}, by_tier: {} };
      for (const [id, state] of traces) {
        const brief = store.brief(id);
        if (brief === undefined) continue;
        states.total += 1;
        states[state] += 1;
        content[brief.content] += 1;
        sums.trace_records += Number(brief.recorded);
        sums.spans += brief.spans;
        sums.orphan_spans += brief.orphans;
        sums.traces_without_spans += Number(brief.spans === 0);
        sums.span_groups_without_trace += Number(brief.source === "native" && !brief.recorded);
        sums.custom_task_turn += brief.custom_task_turn;
        sums.only_response_ids += brief.only_response_ids;
        sums.sensitive_off += Number(brief.sensitive_off);
        sums.truncated_spans += brief.truncated;
        addTo(kinds, brief.kinds);
        addTo(found.by_kind, brief.findings_by_kind);
        addTo(found.by_tier, brief.findings_by_tier);
      }
      return {
        schema: "casebook/pull-summary@1",
        files,
        objects,
        duplicates: objects - seen.size(),
        unique: seen.size(),
        trace_records: sums.trace_records,
        traces: states,
        spans: sums.spans,
        orphan_spans: sums.orphan_spans,
        traces_without_spans: sums.traces_without_spans,
        span_groups_without_trace: sums.span_groups_without_trace,
        custom_task_turn: sums.custom_task_turn,
        by_kind: sorted(kinds),
        content,
        only_response_ids: sums.only_response_ids,
        sensitive_off: sums.sensitive_off,
        truncated_spans: sums.truncated_spans,
        findings: { by_kind: sorted(found.by_kind), by_tier: sorted(found.by_tier) },
        problem_counts: problemCounts,
        problems,
      };
    },
  };
}

/** 53 bits of a text (two lanes of a multiply-and-xor hash): a million records collide once in twenty thousand pulls, and then one count is off by one. */
function hash53(text: string): number {
  let [low, high] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    low = Math.imul(low ^ code, 0x9e3779b1);
    high = Math.imul(high ^ code, 0x5f356495);
  }
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  return (high & 0x1fffff) * 4_294_967_296 + (low >>> 0) + 1;
}

type Counts = Record<string, number>;

function addTo(sums: Counts, counts: Brief["findings_by_kind"]): void {
  for (const [key, number] of Object.entries(counts)) sums[key] = (sums[key] ?? 0) + number;
}

const sorted = (counts: Counts): Counts => Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
