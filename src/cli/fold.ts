import type { Io } from "./io.ts";

/** Columns, near enough for words: what is measured to the column is drawn elsewhere, and this is loaded by every command. */
const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/gu;
const widthOf = (text: string): number => Array.from(text).length + (text.match(wide)?.length ?? 0);

/** Columns of the terminal that stderr is, else 80. */
const columnsOf = ({ stderr }: Io): number => Math.max(40, stderr.columns ?? 80);

/**
 * Words for a person, in lines that fit. Broken between sentences or words, never within a command to type, which goes to a line
 * of its own where it does not fit; so one that is longer than a line stays longer. What follows a break is indented by two.
 */
export function fold(io: Io, text: string): string {
  const columns = columnsOf(io);
  return text
    .split("\n")
    .map((line) => (line.length * 2 <= columns || widthOf(line) <= columns ? line : folded(line, columns)))
    .join("\n");
}

function folded(line: string, columns: number): string {
  const [indent = ""] = /^ */.exec(line) ?? [];
  const units = unitsOf(line.slice(indent.length));
  const lines: string[] = [];
  while (units.length > 0) {
    const begun = lines.length === 0 ? indent : `${indent}  `;
    const fits = (count: number): boolean => widthOf(begun + units.slice(0, count).join(" ")) <= columns;
    let count = 1;
    while (count < units.length && fits(count + 1)) count += 1;
    if (count < units.length) count = breakIn(units.slice(0, count), columns);
    lines.push(begun + units.splice(0, count).join(" "));
  }
  return lines.join("\n");
}

/** How many of the units that fit stay on the line: up to the end of a sentence, else to a comma, where that fills enough of it, else all. */
function breakIn(units: readonly string[], columns: number): number {
  for (const end of [/[.;:]$/, /,$/])
    for (let count = units.length; count > 0 && units.slice(0, count).join(" ").length >= columns * 0.4; count -= 1) if (end.test(units[count - 1] ?? "")) return count;
  return units.length;
}

/** Words, a command with its arguments (and the `Next:` before it) as one. It ends with the sentence, or with a comma. */
function unitsOf(text: string): string[] {
  const units: string[] = [];
  let inside = false;
  for (const word of text.split(" ")) {
    const begins = /^[("'`]?casebook$/.test(word);
    const label = begins && /^(?:[A-Z]\w*|then):$/.test(units.at(-1) ?? "");
    if (inside || label) units.push(`${units.pop() ?? ""} ${word}`);
    else units.push(word);
    inside = (inside || begins) && !/[.,;:)]["'`]?$/.test(word);
  }
  return units;
}
