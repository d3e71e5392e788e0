import { cell, clip, glance, oneLine, widthOf } from "../base/text.ts";
import { plain, type Paint, type Tone } from "./paint.ts";
import { millisOf, type TraceRow } from "./trace-row.ts";

const toneOf: Readonly<Record<TraceRow["status"], Tone>> = {
  ok: "good",
  error: "bad",
  blocked: "warn",
  interrupted: "warn",
  incomplete: "warn",
  unknown: "faint",
};

export type ListOptions = {
  /** Columns of the screen; lines never get wider. */
  readonly width: number;
  /** Milliseconds since 1970: ages are counted from here. */
  readonly now: number;
  /** Every id of the store, so that the short ids shown are unique in it. */
  readonly ids: readonly string[];
  readonly paint?: Paint;
};

/** Columns that a narrow screen does without, the first ones first. */
const spared = ["tokens", "tools", "turns", "workflow", "age"] as const;

/** Rows as a table: short id, age, workflow, status, turns, tool calls, tokens, first words of the user. */
export function traceTable(rows: readonly TraceRow[], { width, now, ids, paint = plain }: ListOptions): string {
  const short = shortIds(ids);
  const cells = rows.map((row) => ({
    id: short(row.id),
    age: ageOf(row.started_at, now),
    workflow: oneLine(row.workflow_name ?? "-"),
    status: row.status,
    turns: String(row.turns),
    tools: String(row.tool_calls),
    tokens: row.tokens === null ? "-" : compact(row.tokens),
    words: glance(row.first_user ?? (row.content === "none" ? "(no content recorded)" : "-")),
    row,
  }));
  const fit = (head: string, texts: readonly string[], most: number): number =>
    Math.min(most, Math.max(widthOf(head), ...texts.map((text) => widthOf(clip(text, most)))));
  const id = fit("ID", cells.map((one) => one.id), 20);
  const workflow = fit("WORKFLOW", cells.map((one) => one.workflow), width < 100 ? 15 : 24);
  const status = fit("STATUS", cells.map((one) => one.status), 11);
  const widths = { id, age: 4, workflow, status, turns: 4, tools: 4, tokens: 5 };
  const left = (shown: readonly (keyof typeof widths)[]): number => width - shown.reduce((sum, column) => sum + widths[column] + (column === shown.at(-1) ? 2 : gapAfter(column)), 0);
  let shown: (keyof typeof widths)[] = ["id", "age", "workflow", "status", "turns", "tools", "tokens"];
  for (const column of spared) if (left(shown) < 14) shown = shown.filter((one) => one !== column);
  const rest = Math.max(8, left(shown));
  const line = (one: Omit<(typeof cells)[number], "row" | "status"> & { status: string }, tone?: Tone, mark?: Tone): string => {
    const lead = shown.map((column) => {
      const text = numeric.has(column) ? one[column].padStart(widths[column]) : cell(one[column], widths[column]);
      return `${column === "status" && tone !== undefined ? paint(tone, text) : text}${" ".repeat(column === shown.at(-1) ? 2 : gapAfter(column))}`;
    });
    return `${lead.join("")}${mark === undefined ? clip(one.words, rest) : paint(mark, clip(one.words, rest))}`;
  };
  const head = line({ id: "ID", age: "AGE", workflow: "WORKFLOW", status: "STATUS", turns: "TURN", tools: "TOOL", tokens: "TOKEN", words: "FIRST WORDS" });
  return [
    paint("strong", head.trimEnd()),
    ...cells.map((one) => line(one, toneOf[one.status], one.row.content === "none" ? "faint" : undefined).trimEnd()),
  ].join("\n");
}

const numeric: ReadonlySet<string> = new Set(["age", "turns", "tools", "tokens"]);
/** Figures stand close together. */
const gapAfter = (column: string): number => (column === "status" || column === "turns" || column === "tools" ? 1 : 2);

/** Ids without what every native id begins with, cut to the fewest characters (8 or more) that tell all of them apart. */
export function shortIds(ids: readonly string[]): (id: string) => string {
  const bare = (id: string): string => oneLine(id.replace(/^trace_/, ""));
  const sorted = ids.map(bare).sort();
  let length = 8;
  for (const [index, id] of sorted.entries()) {
    const next = sorted[index + 1] ?? "";
    let same = 0;
    while (same < id.length && id[same] === next[same]) same += 1;
    if (id !== next) length = Math.max(length, same + 1);
  }
  return (id) => bare(id).slice(0, length);
}

/** `5s`, `12m`, `3h`, `9d`, `7w`, `2y`. */
export function ageOf(instant: string | null, now: number): string {
  if (instant === null) return "-";
  const seconds = Math.max(0, (now - millisOf(instant)) / 1000);
  const [unit, size] = ageUnits.find(([, , below]) => seconds < below) ?? ["y", 31_556_952];
  return `${Math.floor(seconds / size)}${unit}`;
}

/** A unit, its seconds, and the age in seconds below which it is used. */
const ageUnits: readonly (readonly [string, number, number])[] = [
  ["s", 1, 60],
  ["m", 60, 3600],
  ["h", 3600, 86_400],
  ["d", 86_400, 14 * 86_400],
  ["w", 604_800, 2 * 31_556_952],
];

/** `950`, `1.2k`, `34k`, `1.2M`. */
export function compact(count: number): string {
  if (count < 1000) return String(count);
  const [amount, unit] = count < 999_500 ? [count / 1000, "k"] : [count / 1_000_000, "M"];
  return `${amount < 9.95 ? amount.toFixed(1) : Math.round(amount)}${unit}`;
}
