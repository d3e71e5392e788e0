import { hash53 } from "../core/base/hash.ts";
import type { Problem } from "../core/base/problem.ts";
import type { TraceWriter } from "../core/ports.ts";
import { briefOf, type Brief } from "../core/redact/brief.ts";
import type { Piece } from "../core/trace/piece.ts";
import type { Joined } from "./join-runs.ts";
import { createMarks } from "./marks.ts";

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

/** What became of a trace, as marks; `gone`: it turned out to be a view of another. */
const states = { new: 1, updated: 2, unchanged: 3, gone: 4 } as const;
type State = Exclude<keyof typeof states, "gone">;
const stateOf = (mark: number): State | undefined => (mark === states.new ? "new" : mark === states.updated ? "updated" : mark === states.unchanged ? "unchanged" : undefined);
/**
 * Counts as a pull goes. Holds some twenty bytes for each trace and record: what was counted of a trace that is stored once more is
 * taken away again by what the store says of it. Tell `stored` before the store is told.
 */
export function createTally(store: Pick<TraceWriter, "brief">): {
  readonly file: () => void;
  readonly object: (piece: Piece) => void;
  readonly known: (traceId: string, digest: string) => void;
  readonly stored: (run: Pick<Joined, "now" | "findings" | "before" | "same" | "absorbed">) => void;
  readonly problem: (problem: Problem) => void;
  readonly summary: () => PullSummary;
} {
  const traces = createMarks();
  const seen = createMarks();
  const problems: Problem[] = [];
  const problemCounts: Counts = {};
  const sums = { new: 0, updated: 0, unchanged: 0, full: 0, partial: 0, none: 0, recorded: 0, spans: 0, orphans: 0, empty: 0, headless: 0, custom: 0, onlyIds: 0, off: 0, truncated: 0 };
  const kinds: Counts = {};
  const found: { readonly by_kind: Counts; readonly by_tier: Counts } = { by_kind: {}, by_tier: {} };
  let files = 0;
  let objects = 0;

  const once = (key: string): void => {
    objects += 1;
    seen.set(numberOf(key), 1);
  };
  const count = (brief: Brief, state: State, by: 1 | -1): void => {
    sums[state] += by;
    sums[brief.content] += by;
    sums.recorded += brief.recorded ? by : 0;
    sums.spans += brief.spans * by;
    sums.orphans += brief.orphans * by;
    sums.empty += brief.spans === 0 ? by : 0;
    sums.headless += brief.source === "native" && !brief.recorded ? by : 0;
    sums.custom += brief.custom_task_turn * by;
    sums.onlyIds += brief.only_response_ids * by;
    sums.off += brief.sensitive_off ? by : 0;
    sums.truncated += brief.truncated * by;
    addTo(kinds, brief.kinds, by);
    addTo(found.by_kind, brief.findings_by_kind, by);
    addTo(found.by_tier, brief.findings_by_tier, by);
  };
  /** Takes away what was counted of a trace; answers its state till now. */
  const discount = (id: string): State | undefined => {
    const was = stateOf(traces.get(numberOf(id)));
    const brief = was === undefined ? undefined : store.brief(id);
    if (was !== undefined && brief !== undefined) count(brief, was, -1);
    return was;
  };
  return {
    file: () => (files += 1),
    object: (piece) => once(piece.piece === "span" ? `${piece.trace_id}\n${piece.span.id}` : piece.trace_id),
    known(traceId, digest) {
      once(digest);
      const trace = numberOf(traceId);
      if (stateOf(traces.get(trace)) !== undefined) return;
      const brief = store.brief(traceId);
      if (brief === undefined) return;
      traces.set(trace, states.unchanged);
      count(brief, "unchanged", 1);
    },
    stored({ now, findings, before, same, absorbed }) {
      for (const id of absorbed) if (discount(id) !== undefined) traces.set(numberOf(id), states.gone);
      const was = discount(now.id);
      const state = was === "new" ? "new" : same ? (was ?? "unchanged") : before === undefined ? "new" : "updated";
      traces.set(numberOf(now.id), states[state]);
      count(briefOf(now, findings), state, 1);
    },
    problem(problem) {
      problemCounts[problem.code] = (problemCounts[problem.code] ?? 0) + 1;
      if (problems.length < problemsShown) problems.push(problem);
    },
    summary: () => ({
      schema: "casebook/pull-summary@1",
      files,
      objects,
      duplicates: objects - seen.size(),
      unique: seen.size(),
      trace_records: sums.recorded,
      traces: { total: sums.new + sums.updated + sums.unchanged, new: sums.new, updated: sums.updated, unchanged: sums.unchanged },
      spans: sums.spans,
      orphan_spans: sums.orphans,
      traces_without_spans: sums.empty,
      span_groups_without_trace: sums.headless,
      custom_task_turn: sums.custom,
      by_kind: sorted(kinds),
      content: { full: sums.full, partial: sums.partial, none: sums.none },
      only_response_ids: sums.onlyIds,
      sensitive_off: sums.off,
      truncated_spans: sums.truncated,
      findings: { by_kind: sorted(found.by_kind), by_tier: sorted(found.by_tier) },
      problem_counts: problemCounts,
      problems,
    }),
  };
}

/** The number a text is marked by: a million records collide once in twenty thousand pulls, and then one count is off by one. */
const numberOf = (text: string): number => hash53(text) + 1;

type Counts = Record<string, number>;

function addTo(sums: Counts, counts: Brief["findings_by_kind"], by: 1 | -1): void {
  for (const [key, number] of Object.entries(counts)) sums[key] = (sums[key] ?? 0) + number * by;
}

const sorted = (counts: Counts): Counts => Object.fromEntries(Object.entries(counts).filter(([, number]) => number > 0).sort(([a], [b]) => (a < b ? -1 : 1)));
