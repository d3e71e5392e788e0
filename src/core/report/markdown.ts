import { oneLine } from "../base/text.ts";

/**
 * Text from a trace inside Markdown, as inline code: no mention, link, image or HTML comes alive, no line or table cell
 * ends early. Empty text is an em dash.
 */
export function code(text: string): string {
  const line = oneLine(text.toWellFormed()).replaceAll("|", "\\|");
  if (line === "") return "—";
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** A table. Cells are Markdown already. `right` names the columns of figures. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, at) => (right.includes(at) ? "--:" : "---"))), ...rows.map(line)].join("\n");
}
