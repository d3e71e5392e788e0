import { cell, widthOf } from "../base/text.ts";

/**
 * Rows of cells as aligned text, two spaces between columns, two before. Columns are as wide as their widest cell; what does
 * not fit `width` is taken from column `give` (the first, unless told otherwise), which is clipped.
 */
export function columns(rows: readonly (readonly string[])[], { width = 80, right = [] as readonly number[], give = 0 } = {}): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, at) => Math.max(0, ...rows.map((row) => widthOf((row[at] ?? "").slice(0, 400)))));
  const used = 2 + widths.reduce((sum, one) => sum + one, 0) + 2 * Math.max(0, count - 1);
  if (used > width) widths[give] = Math.max(8, (widths[give] ?? 0) - (used - width));
  return rows.map((row) =>
    `  ${row
      .map((text, at) => (right.includes(at) ? " ".repeat(Math.max(0, (widths[at] ?? 0) - widthOf(text))) + text : cell(text, widths[at] ?? 0)))
      .join("  ")}`.trimEnd(),
  );
}
