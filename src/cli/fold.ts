import type { Io } from "./io.ts";

/** Columns, near enough for words: what is measured to the column is drawn elsewhere, and this is loaded by every command. */
const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/gu;
const widthOf = (text: string): number => Array.from(text).length + (text.match(wide)?.length ?? 0);

/** Columns of the terminal that stderr is, else 80. */
const columnsOf = ({ stderr }: Io): number => Math.max(40, stderr.columns ?? 80);

/**
 * Words for a person, in lines that fit. Broken between words only, and never within a command to type, which goes to a line of
 * its own where it does not fit; so one that is longer than a line stays longer. What follows a break is indented by two.
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
  const lines: string[] = [];
  let at = "";
  for (const unit of unitsOf(line.slice(indent.length))) {
    const begun = lines.length === 0 ? indent : `${indent}  `;
    if (at === "") at = begun + unit;
    else if (widthOf(at) + 1 + widthOf(unit) <= columns) at += ` ${unit}`;
    else {
      lines.push(at);
      at = `${indent}  ${unit}`;
    }
  }
  return [...lines, at].join("\n");
}

/** Words, a command with its arguments (and the `Next:` before it) as one. It ends with the sentence, or with a comma. */
function unitsOf(text: string): readonly string[] {
  const units: string[] = [];
  let inside = false;
  for (const word of text.split(" ")) {
    const begins = /^[("'`]?casebook$/.test(word);
    const label = begins && /^\w+:$/.test(units.at(-1) ?? "");
    if (inside || label) units.push(`${units.pop() ?? ""} ${word}`);
    else units.push(word);
    inside = (inside || begins) && !/[.,;:)]["'`]?$/.test(word);
  }
  return units;
}
