import { cell, oneLine, widthOf } from "../../core/base/text.ts";
import { searchCodes } from "../../core/label/codes.ts";
import { textOf, type Line } from "../../core/label/line.ts";
import { codesShown, draftOf, itemAt, sheetAt, type Mode, type Session } from "../../core/label/session.ts";
import { decisionOn } from "../../core/label/suspects.ts";
import type { Piece } from "./style.ts";

/** What stands below the transcript: rows of pieces, each with how much it is worth when rows are few (more is kept longer). */
export type PanelRow = { readonly worth: number; readonly pieces: readonly Piece[] };

export const codesWorth = 3;

/** The verdict and what belongs to it, what is being typed, the codes. */
export function panelOf(session: Session, width: number): PanelRow[] {
  const { mode } = session;
  const draft = draftOf(session);
  const rows: PanelRow[] = [{ worth: 8, pieces: verdictRow(session) }];
  if (draft.firstFailingSpan !== undefined) {
    const blocks = sheetAt(session)?.blocks ?? [];
    const part = blocks.findIndex(({ span_id }) => span_id === draft.firstFailingSpan);
    rows.push({ worth: 6, pieces: [["faint", "first failing (X): "], ["plain", part < 0 ? draft.firstFailingSpan : `part ${part + 1}, ${blocks[part]?.head}`]] });
  }
  const typing = mode.kind === "line" ? mode : undefined;
  if (typing?.field === "note") rows.push({ worth: 9, pieces: [["key", "note: "], ...caret(typing.line, width - 6)] });
  else if (draft.note !== undefined) rows.push({ worth: 6, pieces: [["faint", "note: "], ["plain", oneLine(draft.note)]] });
  if (typing?.field === "expected") rows.push({ worth: 9, pieces: [["key", "expected: "], ...caret(typing.line, width - 10)] });
  else if (draft.expected !== undefined) rows.push({ worth: 5, pieces: [["faint", "expected: "], ["plain", firstLine(draft.expected)]] });
  if (typing?.field === "split") rows.push({ worth: 9, pieces: [["key", "mask only: "], ...caret(typing.line, width - 11)] });
  if (mode.kind === "search") rows.push(...searchRows(session, mode, width));
  else if (codesShown(session)) rows.push(...codeRows(session, width));
  return rows;
}

function verdictRow(session: Session): Piece[] {
  const { verdict, codes } = draftOf(session);
  const id = itemAt(session)?.id ?? "";
  const committed = session.drafts.has(id) ? undefined : session.labels.get(id);
  const pieces: Piece[] =
    verdict === undefined ? [["faint", "no verdict yet"]] : [[verdict === "pass" ? "good" : "bad", verdict === "pass" ? "PASS" : "FAIL"]];
  if (committed !== undefined) pieces.push(["faint", " (committed)"]);
  const [root, ...others] = codes;
  if (root !== undefined) pieces.push(["plain", `  root ${root}`]);
  if (others.length > 0) pieces.push(["plain", `, then ${others.join(", ")}`]);
  return pieces;
}

function codeRows(session: Session, width: number): PanelRow[] {
  const chosen = draftOf(session).codes;
  const columns = width >= 76 ? 3 : width >= 50 ? 2 : 1;
  const room = Math.floor(width / columns);
  const cells = session.desk.slots.map(({ id, name }, index): Piece => {
    const on = chosen.includes(id);
    const short = `${on ? "x" : " "} ${index + 1} ${oneLine(name)}`;
    const long = `${short}  ${id}`;
    return [on ? "bad" : "plain", cell(widthOf(long) < room ? long : short, room - 1) + " "];
  });
  const height = Math.ceil(cells.length / columns);
  return Array.from({ length: height }, (_, row) => ({
    worth: codesWorth,
    pieces: Array.from({ length: columns }, (__, column): Piece => cells[column * height + row] ?? ["plain", ""]),
  }));
}

function searchRows({ desk, ...session }: Session, mode: Extract<Mode, { kind: "search" }>, width: number): PanelRow[] {
  const found = searchCodes(desk.taxonomy, textOf(mode.line));
  const chosen = draftOf({ desk, ...session }).codes;
  const from = Math.max(0, Math.min(mode.pick - 3, found.length - 7));
  const rows = found.slice(from, from + 7).map(({ id, definition }, index): PanelRow => {
    const picked = from + index === mode.pick;
    const head = `${picked ? ">" : " "} ${chosen.includes(id) ? "[x]" : "   "} ${cell(id, 30)} `;
    return { worth: picked ? 9 : 4, pieces: [[picked ? "bold" : "plain", head], ["faint", oneLine(definition)]] };
  });
  const count = found.length === 0 ? "  no code fits" : `  ${mode.pick + 1} of ${found.length}`;
  return [{ worth: 9, pieces: [["key", "code: /"], ...caret(mode.line, Math.max(8, width - 24)), ["faint", count]] }, ...rows];
}

/** A line being typed, its caret as a block, scrolled so that the caret is in view. */
function caret({ before, after }: Line, width: number): Piece[] {
  const plain = (text: string): string => text.replaceAll("\n", "\u21b5");
  const room = Math.max(1, width - 4);
  let left = plain(before).slice(-room * 2);
  while (widthOf(left) > room) left = left.slice(1);
  return [["plain", left], ["key", "\u2588"], ["plain", plain(after)]];
}

const firstLine = (text: string): string => {
  const lines = text.split("\n");
  return oneLine(lines[0] ?? "") + (lines.length > 1 ? `  (and ${lines.length - 1} more)` : "");
};

/** The suspects of the trace at hand, with what was decided on each. */
export function suspectRows(session: Session, pick: number, room: number): readonly (readonly Piece[])[] {
  const suspects = sheetAt(session)?.suspects ?? [];
  const from = Math.max(0, Math.min(pick - Math.floor(room / 2), suspects.length - room));
  return suspects.slice(from, from + room).map((suspect, index): readonly Piece[] => {
    const decided = decisionOn(session, suspect);
    const state = decided === undefined ? "?" : decided;
    const head = `${from + index === pick ? ">" : " "} ${cell(state, 6)}${cell(suspect.finding.kind, 14)} `;
    return [[from + index === pick ? "bold" : "plain", head], ["plain", suspect.around]];
  });
}

const help: readonly (readonly [keys: string, what: string])[] = [
  ["p / f", "pass / fail (fail opens a one-line note)"],
  ["Enter", "commit the verdict and go on to the next trace"],
  ["s", "skip: ask again in a later session"],
  ["u", "undo, as often as you like, also into earlier sessions"],
  ["1-9", "toggle a failure code; the first one chosen is the root"],
  ["/", "find any code by a few letters"],
  ["m", "mark the part under the cursor as the first failing one"],
  ["t", "write or change the note"],
  ["e / E", "what should have happened: in $EDITOR / in a line"],
  ["j / k", "next / previous part"],
  ["n / N", "next / previous suspicious part (!)"],
  ["z", "fold or unfold the part under the cursor"],
  ["Space / b", "page down / up; arrows scroll; g / G first / last"],
  ["[ / ]", "previous / next trace, deciding nothing"],
  ["r", "review what redaction was not sure of"],
  ["q", "save and quit; Ctrl-C saves and quits with exit 130"],
];

export const helpRows = (): readonly (readonly Piece[])[] =>
  help.map(([keys, what]) => [["key", `  ${keys.padEnd(10)}`], ["plain", what]]);

/** What a key does, in plain ASCII (the terminal counts its characters), and how much knowing it is worth when columns are few. */
type Hint = readonly [text: string, worth: number];

/** The one line at the bottom: of the keys that act now, as many as `width` columns hold; how to be helped and how to get out stay longest. */
export function hintsOf({ mode }: Session, width: number): string {
  const [gap, hints] = hintsIn(mode);
  let kept = hints;
  const line = (): string => kept.map(([text]) => text).join(gap);
  while (kept.length > 1 && line().length > width) {
    const least = Math.min(...kept.map(([, worth]) => worth));
    kept = kept.filter(([, worth]) => worth !== least);
  }
  return line();
}

/** Hints in reading order with what stands between them; no two of one mode are worth the same. */
function hintsIn(mode: Mode): readonly [gap: string, hints: readonly Hint[]] {
  switch (mode.kind) {
    case "line":
      if (mode.field === "split") return [" - ", [["Enter mask this part", 1], ["Esc back", 2]]];
      return [" - ", [["Enter keep", 2], ...(mode.field === "expected" ? ([["Alt-Enter new line", 1]] as const) : []), ["Esc leave as it was", 3]]];
    case "search":
      return [" - ", [["type to narrow", 1], ["up/down choose", 2], ["Enter toggle", 3], ["Esc back", 4]]];
    case "suspects":
      return [" - ", [["x mask", 3], ["a allow everywhere", 4], ["t mask a part", 2], ["j/k move", 1], ["Esc back", 5]]];
    case "help":
      return ["", [["any key goes back", 1]]];
    case "end":
      return [" - ", [["Enter or q leave", 3], ["u undo", 2], ["[ look back", 1]]];
    case "keys":
      return ["  ", [["p pass", 6], ["f fail", 7], ["Enter commit", 5], ["s skip", 3], ["u undo", 4], ["m mark", 2], ["e expect", 1], ["? help", 9], ["q quit", 8]]];
  }
}
