import type { Problem } from "../core/base/problem.ts";
import type { TraceWriter } from "../core/ports.ts";
import { briefOf, type Brief } from "../core/redact/brief.ts";
import type { Piece } from "../core/trace/piece.ts";
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
type Counted = { readonly brief: Brief; readonly state: State };

/** Counts as a pull goes. Holds a few numbers for each trace, and eight bytes for each record. */
export function createTally(store: Pick<TraceWriter, "brief">): {
  readonly file: () => void;
  readonly object: (piece: Piece) => void;
  readonly known: (traceId: string, digest: string) => void;
  readonly stored: (run: Pick<Joined, "now" | "findings" | "before" | "same" | "absorbed">) => void;
  readonly problem: (problem: Problem) => void;
  readonly summary: () => PullSummary;
} {
  const traces = new Map<string, Counted>();
  const seen = new Set<number>();
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
      if (traces.has(traceId)) return;
      const brief = store.brief(traceId);
      if (brief !== undefined) traces.set(traceId, { brief, state: "unchanged" });
    },
    stored({ now, findings, before, same, absorbed }) {
      for (const id of absorbed) traces.delete(id);
      const was = traces.get(now.id)?.state;
      const state = was === "new" ? "new" : same ? (was ?? "unchanged") : before === undefined ? "new" : "updated";
      traces.set(now.id, { brief: briefOf(now, findings), state });
    },
    problem(problem) {
      problemCounts[problem.code] = (problemCounts[problem.code] ?? 0) + 1;
      if (problems.length < problemsShown) problems.push(problem);
    },
    summary() {
      const all = [...traces.values()];
      const sum = (of: (brief: Brief) => number): number => all.reduce((total, { brief }) => total + of(brief), 0);
      const where = (test: (one: Counted) => boolean): number => all.filter(test).length;
      return {
        schema: "casebook/pull-summary@1",
        files,
        objects,
        duplicates: objects - seen.size,
        unique: seen.size,
        trace_records: where(({ brief }) => brief.recorded),
        traces: {
          total: all.length,
          new: where(({ state }) => state === "new"),
          updated: where(({ state }) => state === "updated"),
          unchanged: where(({ state }) => state === "unchanged"),
        },
        spans: sum((brief) => brief.spans),
        orphan_spans: sum((brief) => brief.orphans),
        traces_without_spans: where(({ brief }) => brief.spans === 0),
        span_groups_without_trace: where(({ brief }) => brief.source === "native" && !brief.recorded),
        custom_task_turn: sum((brief) => brief.custom_task_turn),
        by_kind: total(all.map(({ brief }) => brief.kinds)),
        content: {
          full: where(({ brief }) => brief.content === "full"),
          partial: where(({ brief }) => brief.content === "partial"),
          none: where(({ brief }) => brief.content === "none"),
        },
        only_response_ids: sum((brief) => brief.only_response_ids),
        sensitive_off: where(({ brief }) => brief.sensitive_off),
        truncated_spans: sum((brief) => brief.truncated),
        findings: { by_kind: total(all.map(({ brief }) => brief.findings_by_kind)), by_tier: total(all.map(({ brief }) => brief.findings_by_tier)) },
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
  return (high & 0x1fffff) * 4_294_967_296 + (low >>> 0);
}

function total(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const count of counts) for (const [key, number] of Object.entries(count)) sums[key] = (sums[key] ?? 0) + number;
  return Object.fromEntries(Object.entries(sums).sort(([a], [b]) => (a < b ? -1 : 1)));
}
