import { nearText, shinglesOf } from "./near.ts";
import { keepOrder, represent, type Capped, type Likeness, type Match } from "./represent.ts";
import { sameTask, weigh } from "./same-task.ts";
import type { Sketch } from "./sketch.ts";
import type { DedupDecision, DedupLevel } from "./types.ts";

/** What a level compares, by which rule, and what it takes. A rule's version changes whenever its scores could. */
const levels: Readonly<Record<DedupLevel, { readonly view: string; readonly rule: string; readonly threshold: number }>> = {
  exact: { view: "content", rule: "content-sha256@1", threshold: 1 },
  prefix: { view: "conversation", rule: "conversation-prefix@1", threshold: 1 },
  near: { view: "user-turns+arguments+answer", rule: "word-5-shingles@1", threshold: 0.9 },
  "same-task": { view: "user-words-idf2", rule: "idf2-jaccard@1", threshold: 0.2 },
};

/** From here on a near-text pair is worth a look, below it is not told. */
const reviewFrom = 0.7;

/**
 * What follows from a decision: `collapse` (the dropped one is not shown), `review` (alike, but a person should say so), or
 * `suggest` (the same task in other words: shown later, never hidden).
 */
export function actionOf(decision: Pick<DedupDecision, "level" | "score" | "threshold">): "collapse" | "review" | "suggest" {
  if (decision.level === "same-task") return "suggest";
  return decision.score >= decision.threshold ? "collapse" : "review";
}

/** One level's decisions and how it came to them. `uncomparable`: too little was recorded to compare. */
export type LevelResult = {
  readonly level: DedupLevel;
  readonly threshold: number;
  readonly rule: string;
  readonly compared: number;
  readonly uncomparable: number;
  /** Candidate look-ups cut short because too many kept traces share a word or band; 0 means nothing was passed over. */
  readonly capped: number;
  readonly decisions: readonly DedupDecision[];
};

/** The clusters of one level, over sketches in order of arrival. The same sketches in the same order, the same decisions. */
export function dedupLevel(level: DedupLevel, sketches: readonly Sketch[], given?: number): LevelResult {
  const { view, rule, threshold: usual } = levels[level];
  const threshold = given ?? usual;
  const told: Capped = { capped: 0 };
  const fit = sketches.filter((sketch) => comparable(level, sketch));
  const matches = matchesOf({ level, sketches: fit, threshold, told });
  const arrival = new Map(sketches.map(({ id }, at) => [id, at]));
  return {
    level,
    threshold,
    rule,
    compared: fit.length,
    uncomparable: sketches.length - fit.length,
    capped: told.capped,
    decisions: matches
      .map(({ dropped, kept, score }) => ({
        schema: "casebook/dedup@1" as const,
        level,
        dropped: idAt(fit, dropped),
        kept: idAt(fit, kept),
        score,
        threshold,
        view,
        rule,
      }))
      .sort((a, b) => (arrival.get(a.dropped) ?? 0) - (arrival.get(b.dropped) ?? 0)),
  };
}

const idAt = (sketches: readonly Sketch[], at: number): string => (sketches[at] as Sketch).id;

function comparable(level: DedupLevel, sketch: Sketch): boolean {
  return {
    exact: sketch.content !== undefined,
    // One thing said is a beginning of too much.
    prefix: sketch.conversation.length >= 2,
    near: sketch.nearWords.length > 0 && sketch.userWords.length > 0,
    "same-task": sketch.userWords.length > 0,
  }[level];
}

type Question = { readonly level: DedupLevel; readonly sketches: readonly Sketch[]; readonly threshold: number; readonly told: Capped };

function matchesOf({ level, sketches, threshold, told }: Question): Match[] {
  const at = (position: number): Sketch => sketches[position] as Sketch;
  switch (level) {
    case "exact":
      return represent(keepOrder(sketches, (n) => at(n).size), 1, keyed((n) => [at(n).content ?? ""], (n) => at(n).content ?? ""));
    case "prefix":
      return represent(byLength(sketches), 1, keyed((n) => at(n).conversation, (n) => at(n).conversation.at(-1) ?? ""));
    case "near": {
      const docs = sketches.map((sketch) => shinglesOf(sketch.nearWords));
      return represent(keepOrder(sketches, (n) => docs[n]?.length ?? 0), Math.min(reviewFrom, threshold), nearText(docs, told));
    }
    case "same-task": {
      const weighted = weigh(sketches.map((sketch) => sketch.userWords));
      // Who said most that is rare speaks for the task best: measured, kept so, fewer runs of other tasks are drawn in.
      return represent(keepOrder(sketches, (n) => weighted.totals[n] ?? 0), threshold, sameTask(weighted, threshold, told));
    }
  }
}

const byLength = (sketches: readonly Sketch[]): number[] =>
  sketches.map((_, n) => n).sort((a, b) => (sketches[b]?.conversation.length ?? 0) - (sketches[a]?.conversation.length ?? 0) || a - b);

/** Likeness that is equality: a trace is like the first kept one that has its key among its own keys. */
function keyed(keysOf: (at: number) => readonly string[], keyOf: (at: number) => string): Likeness {
  const kept = new Map<string, number>();
  return {
    candidates: (at) => [kept.get(keyOf(at))].filter((one) => one !== undefined),
    score: () => 1,
    keep(at) {
      for (const key of keysOf(at)) if (!kept.has(key)) kept.set(key, at);
    },
  };
}
