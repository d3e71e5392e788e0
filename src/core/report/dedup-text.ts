import { clip, glance, wrap } from "../base/text.ts";
import type { Cluster } from "../dedup/clusters.ts";
import type { WordsApart } from "../dedup/explain.ts";
import type { DedupDecision, DedupLevel } from "../dedup/types.ts";
import { columns } from "./columns.ts";

export type ClusterView = {
  readonly short: (id: string) => string;
  readonly width: number;
  /** At most this many clusters. */
  readonly limit: number;
};

type Level = {
  readonly level: DedupLevel;
  readonly threshold: number;
  readonly rule: string;
  readonly compared: number;
  readonly uncomparable: number;
  readonly capped: number;
  readonly dropped: number;
  readonly actions: { readonly collapse: number; readonly review: number; readonly suggest: number };
  readonly clusters: readonly (Cluster & { readonly opening: string })[];
};

/** One level: its figures in a line, then its clusters: the kept trace, how many are like it, how alike, what it is about. */
export function levelText(level: Level, view: ClusterView): string {
  const figures = [
    `${level.dropped} of ${level.compared} traces are like one of ${level.compared - level.dropped} kept`,
    ...(level.level === "near" || level.level === "same-task" ? [`threshold ${level.threshold}`] : []),
    ...(level.actions.review > 0 ? [`${level.actions.review} to review`] : []),
  ];
  const notes = [
    ...(level.uncomparable > 0 ? [`  ${level.uncomparable} more ${level.uncomparable === 1 ? "holds" : "hold"} too little content to be compared`] : []),
    ...(level.capped > 0 ? [`  ${level.capped} look-up${level.capped === 1 ? " was" : "s were"} cut short: some pairs may have been missed`] : []),
  ];
  const shown = level.clusters.slice(0, view.limit);
  const rows = shown.map(({ kept, members, opening }) => [view.short(kept), String(members.length), scores(members.map((one) => one.score)), clip(glance(opening), 200)]);
  const table = rows.length === 0 ? [] : columns([["KEPT", "LIKE IT", "SCORE", "FIRST WORDS"], ...rows], { width: view.width, right: [1], give: 3 });
  const more = level.clusters.length > shown.length ? [`  … and ${level.clusters.length - shown.length} more clusters (all with --json)`] : [];
  return [`${level.level}: ${figures.join(", ")}`, ...notes, ...table, ...more].join("\n");
}

function scores(all: readonly number[]): string {
  const [low, high] = [Math.min(...all).toFixed(2), Math.max(...all).toFixed(2)];
  return low === high ? low : `${low}-${high}`;
}

const meaning = {
  collapse: "a copy: not shown for labelling",
  review: "close: still shown, for a person to say",
  suggest: "the same task in other words: shown later, never hidden",
} as const;

const measured: Readonly<Record<DedupLevel, string>> = {
  exact: "all that was said and done",
  near: "all that was said and done",
  "same-task": "what the user said",
  prefix: "all of the shorter one",
};

type Explained = { readonly decision: DedupDecision; readonly action: keyof typeof meaning; readonly words: WordsApart };
type Explanation = {
  readonly id: string;
  readonly dropped: readonly Explained[];
  readonly like: readonly { readonly level: DedupLevel; readonly id: string; readonly score: number }[];
};

/** Why a trace was dropped: by which rule, for which other, how alike, and the words that say so. */
export function explanationText({ id, dropped, like }: Explanation, { short, width }: Pick<ClusterView, "short" | "width">): string {
  const lines: string[] = [];
  for (const { decision, action, words } of dropped) {
    lines.push(`${decision.level}: ${short(id)} is like ${short(decision.kept)}, which is kept`);
    lines.push(`  score ${decision.score.toFixed(2)}, threshold ${decision.threshold}, by ${measured[decision.level]} (rule ${decision.rule})`);
    lines.push(`  ${meaning[action]}`);
    for (const [label, list] of [["both said", words.both], ["only this one", words.dropped], ["only the kept", words.kept]] as const) {
      const text = list.length === 0 ? "(nothing else)" : list.map(glance).join(" ");
      wrap(text, width - 18).forEach((line, at) => lines.push(`  ${at === 0 ? `${label}:`.padEnd(15) : " ".repeat(15)} ${line}`));
    }
  }
  for (const level of new Set(like.map((one) => one.level))) {
    const members = like.filter((one) => one.level === level);
    lines.push(`${level}: ${short(id)} is kept; like it: ${members.map((one) => `${short(one.id)} (${one.score.toFixed(2)})`).join(", ")}`);
  }
  return lines.length === 0 ? `${short(id)} is like no other trace.` : lines.flatMap((line) => wrap(line, width)).join("\n");
}
