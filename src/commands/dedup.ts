import { CasebookError } from "../core/base/error.ts";
import type { Config } from "../core/config/config.ts";
import { clustersOf, type Cluster } from "../core/dedup/clusters.ts";
import { actionOf, dedupLevel, type LevelResult } from "../core/dedup/decide.ts";
import { wordsApart, type WordsApart } from "../core/dedup/explain.ts";
import { sketchOf, userWordsOf, type Sketch } from "../core/dedup/sketch.ts";
import { dedupLevels, type DedupDecision, type DedupLevel } from "../core/dedup/types.ts";
import type { DedupStore, Progress, TraceReader } from "../core/ports.ts";
import { findTrace, type Finder } from "./find-trace.ts";

export type DedupOptions = {
  readonly levels: readonly DedupLevel[];
  /** Overrides the config's; only with a single level that has one. */
  readonly threshold?: number | undefined;
  readonly config?: Config["dedup"];
  readonly dryRun?: boolean | undefined;
};
export type DedupPorts = Finder & { readonly dedup: DedupStore; readonly progress?: Progress | undefined };

type DedupLevelResult = Omit<LevelResult, "decisions"> & {
  readonly dropped: number;
  /** How many of the dropped are hidden, wait for a person, or are only suggested. */
  readonly actions: { readonly collapse: number; readonly review: number; readonly suggest: number };
  /** `opening`: what the user of the kept trace said first. */
  readonly clusters: readonly (Cluster & { readonly opening: string })[];
};
/** `traces` in the store. */
export type DedupResult = { readonly traces: number; readonly levels: readonly DedupLevelResult[]; readonly written: boolean };

/**
 * Compares all traces of the store on the given levels and keeps the decisions; those of other levels stay as they were.
 * Holds a sketch of each trace, never the traces.
 */
export function dedup(options: DedupOptions, { traces, dedup: store, progress }: DedupPorts): DedupResult {
  const threshold = thresholdsOf(options);
  const sketches = sketchAll(traces, progress);
  const results = options.levels.map((level) => dedupLevel(level, sketches, threshold(level)));
  const whole = dedupLevels.every((level) => options.levels.includes(level));
  const others = whole ? [] : store.read().filter((decision) => !options.levels.includes(decision.level));
  // Of nothing, nothing is decided: an empty folder stays one.
  const written = options.dryRun !== true && sketches.length + others.length > 0;
  if (written) store.write([...others, ...results.flatMap((one) => one.decisions)].sort((a, b) => dedupLevels.indexOf(a.level) - dedupLevels.indexOf(b.level)));
  return { traces: sketches.length, levels: results.map((one) => resultOf(one, sketches)), written };
}

function sketchAll(traces: TraceReader, progress: Progress | undefined): Sketch[] {
  const total = traces.ids().length;
  const sketches: Sketch[] = [];
  for (const { trace } of traces.all()) {
    sketches.push(sketchOf(trace));
    progress?.tick(sketches.length, total, "traces");
  }
  progress?.end();
  return sketches;
}

function resultOf({ decisions, ...rest }: LevelResult, sketches: readonly Sketch[]): DedupLevelResult {
  const openings = new Map(sketches.map(({ id, opening }) => [id, opening]));
  const actions = { collapse: 0, review: 0, suggest: 0 };
  for (const decision of decisions) actions[actionOf(decision)] += 1;
  return { ...rest, dropped: decisions.length, actions, clusters: clustersOf(decisions).map((one) => ({ ...one, opening: openings.get(one.kept) ?? "" })) };
}

function thresholdsOf({ levels, threshold, config }: DedupOptions): (level: DedupLevel) => number | undefined {
  const [only] = levels;
  if (threshold !== undefined && (levels.length !== 1 || (only !== "near" && only !== "same-task")))
    throw new CasebookError("usage", "--threshold belongs to one level that has one.", {
      hint: "casebook dedup --level same-task --threshold 0.25",
    });
  return (level) => threshold ?? (level === "near" ? config?.near : level === "same-task" ? config?.same_task : undefined);
}

/** Why one level dropped a trace. */
type Explained = {
  readonly decision: DedupDecision;
  readonly action: "collapse" | "review" | "suggest";
  readonly words: WordsApart;
};
/** All that was decided about a trace. `like`: those that were dropped for being like it. */
export type Explanation = {
  readonly id: string;
  readonly dropped: readonly Explained[];
  readonly like: readonly { readonly level: DedupLevel; readonly id: string; readonly score: number }[];
};

/** Why a trace was dropped, or what was dropped for it, from the decisions kept. Throws `usage` where there are none yet. */
export function explainDedup(ref: string, { traces, renamed, dedup: store }: DedupPorts): Explanation {
  const { id } = findTrace(ref, { traces, renamed }).trace;
  const decisions = store.read();
  if (decisions.length === 0)
    throw new CasebookError("usage", "No duplicates were decided in this store yet.", { hint: "Find them first: casebook dedup" });
  const own = decisions.filter((decision) => decision.dropped === id);
  const words = new Map(own.length === 0 ? [] : [...traces.all()].map(({ trace }) => [trace.id, userWordsOf(trace)] as const));
  return {
    id,
    dropped: own.map((decision) => ({ decision, action: actionOf(decision), words: wordsApart(words, decision) })),
    like: decisions.filter((decision) => decision.kept === id).map(({ level, dropped, score }) => ({ level, id: dropped, score })),
  };
}
