import { clip, wrap } from "../../core/base/text.ts";
import type { Block, Sheet } from "../../core/label/sheet.ts";

/** How a row is meant; the paint decides what that looks like. */
type Tone = "head" | "alarm" | "body" | "faint";
export type Row = { readonly tone: Tone; readonly text: string; readonly block: number };

/** The rows of a whole sheet at one width: where each block begins, and how many rows there are. */
export type Layout = { readonly starts: readonly number[]; readonly total: number; rows(from: number, to: number): readonly Row[] };

type Cached = Map<string, readonly Omit<Row, "block">[]>;
const wrapped = new WeakMap<Block, Cached>();

/** Lays a sheet out for `width` columns. Blocks wrap once per width and fold, so a key costs only the rows it shows. */
export function layoutOf({ blocks }: Sheet, turned: ReadonlySet<number>, width: number): Layout {
  const parts = blocks.map((block, index) => rowsOf(block, turned.has(index), width));
  const starts: number[] = [];
  let total = 0;
  for (const part of parts) {
    starts.push(total);
    total += part.length;
  }
  return {
    starts,
    total,
    rows: (from, to) =>
      parts.flatMap((part, block) => {
        const start = starts[block] ?? 0;
        return start >= to || start + part.length <= from
          ? []
          : part.slice(Math.max(0, from - start), to - start).map((row) => ({ ...row, block }));
      }),
  };
}

function rowsOf(block: Block, open: boolean, width: number): readonly Omit<Row, "block">[] {
  const cache: Cached = wrapped.get(block) ?? new Map();
  wrapped.set(block, cache);
  const key = `${width}${open ? "+" : "-"}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  if (cache.size > 4) cache.clear();
  const made = layOut(block, open, width);
  cache.set(key, made);
  return made;
}

/** Rows by which a passage may be longer before it is folded: hiding less than this saves nothing. */
const slack = 3;

/** The head, then each passage: all of it when unfolded, else its first lines and how much more there is. */
function layOut({ head, marks, passages }: Block, open: boolean, width: number): Omit<Row, "block">[] {
  const indent = "  ";
  const room = Math.max(8, width - indent.length);
  const alarm = marks.length > 0 ? `  ! ${marks.join("; ")}` : "";
  const rows: Omit<Row, "block">[] = [{ tone: alarm === "" ? "head" : "alarm", text: clip(head + alarm, width) }];
  let hidden = 0;
  for (const { short, full, lines } of passages) {
    if (open) {
      rows.push(...wrap(full, room).map((text) => ({ tone: "body" as const, text: indent + text })));
      continue;
    }
    if (lines === 0) continue;
    const start = short.slice(0, (lines + slack) * room);
    const first = wrap(start, room);
    const whole = start.length === short.length && first.length <= lines + slack;
    const seen = whole ? first : first.slice(0, lines);
    if (!whole) hidden += Math.max(1, short.length - seen.join("").length);
    rows.push(...seen.map((text) => ({ tone: "body" as const, text: indent + text })));
  }
  if (hidden > 0) rows.push({ tone: "faint", text: `${indent}... ${hidden.toLocaleString("en")} more characters (z)` });
  return rows;
}
