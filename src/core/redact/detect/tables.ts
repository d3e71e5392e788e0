import type { Emit } from "../hit.ts";
import { lastWordOf, senseOfKey } from "../keys.ts";
import { matchAt, placesOf, type Survey } from "../survey.ts";
import { isFullName, isSomebody } from "./persons.ts";
import { plausible } from "./plausible.ts";

/** What a column holds; `people`: only its values can tell whether they are names. */
type Column = { readonly kind: string; readonly tier: "certain" | "likely"; readonly people: boolean } | undefined;
type Cell = { readonly text: string; readonly start: number };

const longestLine = 2000;
const longestHeader = 750;
/** A line of two and more cells that could be names of columns: words between separators. */
const header = /\|?[ \t]{0,8}"?[\p{L}#][\p{L}\p{N} _./()#°º-]{0,40}"?[ \t]{0,40}[,;\t|][^\n]{1,600}\n/uy;
const columnName = /^[\p{L}#][\p{L}\p{N} _./()'#°º-]{0,40}$/u;
const rule = /^[ \t]*\|?[ \t]*:?-{2,}[-:| \t]*$/;

/** Tables with names of columns, as CSV (with commas, semicolons, tabs) and Markdown have them: a column's name says what its cells are. */
export function findTables(survey: Survey, emit: Emit): void {
  let read = 0;
  for (const at of beginningsOf(survey).sort((a, b) => a - b)) if (at >= read) read = readTable(survey.text, at, emit);
}

/** Where a table may begin: at the beginning of a text (behind its member's name, too), after an empty line, after a line that ends in a colon, in a fence. */
function beginningsOf({ text, signs }: Survey): number[] {
  const found: number[] = [];
  const add = (at: number): void => {
    if (mayBegin(text, at)) found.push(at);
  };
  const addText = (at: number): void => {
    if (!mayBegin(text, at)) return;
    found.push(at);
    const name = matchAt(memberName, text, at)?.[0];
    if (name !== undefined) found.push(at + name.length);
  };
  addText(0);
  for (const at of placesOf(text, "\f\n")) addText(at + 2);
  for (const at of placesOf(text, "\n\n")) add(at + 2);
  for (const at of placesOf(text, "```")) {
    const opened = matchAt(fence, text, at)?.[0];
    if (opened !== undefined) add(at + opened.length);
  }
  for (const at of signs) if (text.charCodeAt(at + 1) === 10 && text.charCodeAt(at + 2) !== 10) add(at + 2);
  return found;
}

const fence = /```\w{0,20}[ \t]{0,4}\n/y;
const memberName = /[^\n:]{1,64}: /y;

/** Whether the line that begins here has a separator and another line after it: hardly any has. */
function mayBegin(text: string, at: number): boolean {
  const end = text.indexOf("\n", at);
  if (end < 0 || end - at > longestHeader || text.charCodeAt(end + 1) === 12) return false;
  for (let i = at; i < end; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 44 || code === 59 || code === 9 || code === 124) return true;
  }
  return false;
}

/** Reads the table that begins here, if one does. Answers where it ends: no row is read twice. */
function readTable(text: string, at: number, emit: Emit): number {
  const first = matchAt(header, text, at)?.[0];
  if (first === undefined) return at;
  const separator = ["\t", "|", ";", ","].find((one) => first.includes(one)) ?? ",";
  const names = cellsOf(first.slice(0, -1), at, separator).map((cell) => cell.text);
  if (names.length < 2 || !names.every((name) => columnName.test(name) && name.split(" ").length < 5)) return at;
  const columns = names.map((name) => columnOf(name, names));
  if (columns.every((column) => column === undefined)) return at;
  let from = at + first.length;
  for (let end = 0; from < text.length; from = end + 1) {
    end = text.indexOf("\n", from);
    if (end < 0) end = text.length;
    const line = text.slice(from, Math.min(end, from + longestLine));
    if (rule.test(line)) continue;
    const cells = cellsOf(line, from, separator);
    if (cells.length !== names.length) return from;
    for (const [i, cell] of cells.entries()) readCell(cell, columns[i], emit);
  }
  return from;
}

function columnOf(name: string, names: readonly string[]): Column {
  const sense = senseOfKey({ key: name, parents: [], siblings: names });
  if (sense !== undefined) return sense.secret ? undefined : { kind: sense.kind, tier: sense.tier, people: false };
  if (/^(?:policy|member|membership)(?: (?:no|nr)\.?)?$/i.test(name)) return { kind: "ID", tier: "likely", people: false };
  return isSomebody(lastWordOf(name)) ? { kind: "NAME", tier: "likely", people: true } : undefined;
}

function readCell({ text, start }: Cell, column: Column, emit: Emit): void {
  if (column === undefined || (column.people && !isFullName(text))) return;
  const { kind, tier } = column;
  if (kind === "NAME" ? noName.test(text) : kind === "ID" && !/\d.?\d.?\d.?\d/.test(text)) return;
  const part = plausible(kind, text, { exact: kind !== "USER_ID" || !/^[a-z]+$/i.test(text) });
  if (part !== undefined) emit({ start: start + part.start, end: start + part.end, kind, tier, rule: "table-column" });
}

const noName = /^(?:and|or|the|an?|this|that|all|both|any|each|no|your|our)\b/i;

/** The cells of a line: without what stands around them, a separator between quotes is none. */
function cellsOf(line: string, at: number, separator: string): Cell[] {
  const cells: Cell[] = [];
  let from = 0;
  let quoted = false;
  for (let i = 0; i <= line.length; i += 1) {
    const char = line[i];
    if (char === '"') quoted = !quoted;
    if (i < line.length && (quoted || char !== separator)) continue;
    const raw = line.slice(from, i);
    const text = raw.replace(/^[\s"*`]+/, "").trimEnd().replace(/["*`]{1,8}$/, "");
    cells.push({ text, start: at + from + (text === "" ? 0 : raw.indexOf(text)) });
    from = i + 1;
  }
  // Markdown's lines begin and end in separators.
  if (separator === "|" && cells[0]?.text === "") cells.shift();
  if (separator === "|" && cells.at(-1)?.text === "") cells.pop();
  return cells;
}
