import { oneLine } from "../../core/base/text.ts";
import { draftOf, itemAt, pendingOf, placeAt, sheetAt, type Session } from "../../core/label/session.ts";
import type { Sheet } from "../../core/label/sheet.ts";
import { layoutOf, type Layout, type Row } from "./layout.ts";
import { codesWorth, helpRows, hintsOf, panelOf, suspectRows, type PanelRow } from "./panel.ts";
import { rowOf, type Look, type Piece } from "./style.ts";
import { follow, type Window } from "./window.ts";

export type Size = { readonly columns: number; readonly rows: number };
export type LookAt = Size & { readonly colour: boolean; readonly now: number; readonly top: number };

/** A frame: the rows of the screen from the top, and the window on the transcript they show. */
export type Frame = { readonly rows: readonly string[]; readonly window: Window; readonly layout: Layout | undefined };

/**
 * The whole screen for a session, as plain data: at most `rows` rows of fewer than `columns` columns. The last row is plain
 * ASCII and never empty. When rows are few the least worth goes first; the transcript and the keys stay longest.
 */
export function paint(session: Session, { columns, rows, colour, now, top }: LookAt): Frame {
  const width = Math.max(1, columns - 1);
  const row = (pieces: readonly Piece[]): string => rowOf(pieces, width, colour);
  const hints = row(session.message === "" ? [["faint", hintsOf(session, width)]] : [["bold", session.message]]) || "?";
  const head = [row(progressRow(session, now, width)), row(subjectRow(session))].slice(0, Math.max(0, Math.min(2, rows - 4)));
  const { mode } = session;
  const sheet = sheetAt(session);
  const panel = mode.kind === "help" || mode.kind === "end" ? [] : fitted(panelOf(session, width), Math.max(0, rows - head.length - 6));
  const room = Math.max(0, rows - head.length - panel.length - 2);
  const foot = [...panel.map(({ pieces }) => row(pieces)), hints];
  const frame = (middle: readonly string[], rule: string, window: Window, layout?: Layout): Frame => ({
    rows: [...head, ...middle.slice(0, room), ...Array.from({ length: Math.max(0, room - middle.length) }, () => ""), ...(rows - head.length - foot.length > 0 ? [rule] : []), ...foot].slice(-Math.max(1, rows)),
    window,
    layout,
  });
  const still: Window = { top, height: room };
  if (mode.kind === "help") return frame(helpRows().map(row), row(ruleRow("keys", width)), still);
  if (mode.kind === "end") return frame(endRows(session).map(row), row(ruleRow("", width)), still);
  if (mode.kind === "suspects" || (mode.kind === "line" && mode.field === "split"))
    return frame(suspectRows(session, mode.pick ?? 0, room).map(row), row(ruleRow("redaction was not sure of these", width)), still);
  if (sheet === undefined) return frame([row([["bad", "This trace is no longer in the store. ] or s goes on."]])], row(ruleRow("", width)), still);
  const { step, turned } = placeAt(session);
  const layout = layoutOf(sheet, turned, Math.max(1, width - 2));
  const window: Window = { top: Math.max(0, Math.min(top, layout.total - room)), height: room };
  const failing = draftOf(session).firstFailingSpan;
  const middle = layout.rows(window.top, window.top + room).map((one) => row(transcriptRow(one, { sheet, step, failing, layout, window })));
  return frame(middle, row(ruleRow(placeWords(sheet, layout, window, step), width)), window, layout);
}

/** The `top` that brings the cursor into view, for the frame that will be painted. */
export function topFor(session: Session, size: LookAt): number {
  const { window, layout } = paint(session, size);
  return layout === undefined ? size.top : follow(window, layout, placeAt(session).step).top;
}

/** Drops the rows worth least until the rest fits; the order stays. The codes go together, or one would seem to be missing. */
function fitted(rows: readonly PanelRow[], room: number): readonly PanelRow[] {
  let kept = rows;
  while (kept.length > room) {
    const least = Math.min(...kept.map(({ worth }) => worth));
    const at = kept.findLastIndex(({ worth }) => worth === least);
    kept = least === codesWorth ? kept.filter(({ worth }) => worth !== least) : kept.toSpliced(at, 1);
  }
  return kept;
}

function transcriptRow(
  { text, tone, block }: Row,
  { sheet, step, failing, layout, window }: { sheet: Sheet; step: number; failing: string | undefined; layout: Layout; window: Window },
): Piece[] {
  const here = block === step;
  const first = layout.starts[block] ?? 0;
  const isHead = tone === "head" || tone === "alarm";
  const spot = sheet.blocks[block];
  const failed = failing !== undefined && spot?.span_id === failing && sheet.blocks.findIndex(({ span_id }) => span_id === failing) === block;
  // A block that begins above the window still shows where the cursor is.
  const gutter = here && (isHead || first < window.top) ? ">" : here ? "|" : " ";
  const look: Look = tone === "alarm" ? "bad" : tone === "head" ? "bold" : tone === "faint" ? "faint" : "plain";
  return [["key", gutter], [failed && isHead ? "bad" : "plain", failed && isHead ? "X" : " "], [look, text]];
}

function placeWords({ blocks }: Sheet, layout: Layout, { top, height }: Window, step: number): string {
  const alarms = blocks.filter(({ marks }) => marks.length > 0).length;
  const seen = layout.total <= height ? "all" : `${Math.round((Math.min(layout.total, top + height) / layout.total) * 100)}%`;
  return `part ${step + 1} of ${blocks.length} - ${seen}${alarms > 0 ? ` - ${alarms} suspicious (n)` : ""}`;
}

const ruleRow = (words: string, width: number): Piece[] => [
  ["faint", `--${words === "" ? "" : ` ${words} `}${"-".repeat(Math.max(0, width - words.length - 4))}`],
];

function progressRow(session: Session, now: number, width: number): Piece[] {
  const waiting = pendingOf(session);
  const { passed, failed, skipped } = session.tally;
  const left = `${session.items.length === 0 ? 0 : session.at + 1} of ${session.items.length} - ${passed + failed} labelled${skipped > 0 ? `, ${skipped} skipped` : ""}, ${waiting} to go`;
  const pace = medianOf(session.paces);
  const right = `${spell((now - session.startedAt) / 1000)} elapsed${pace === undefined || waiting === 0 ? "" : `, about ${spell(pace * waiting)} left`}`;
  const gap = width - 16 - left.length - right.length;
  return [["bold", "casebook label  "], ["plain", left], ["faint", gap >= 2 ? " ".repeat(gap) + right : `  ${right}`]];
}

function subjectRow(session: Session): Piece[] {
  const item = itemAt(session);
  if (item === undefined) return [["faint", "no trace"]];
  const sheet = sheetAt(session);
  const open = (sheet?.suspects.length ?? 0) > 0 ? ` - ${sheet?.suspects.length} ${sheet?.suspects.length === 1 ? "redaction" : "redactions"} to review (r)` : "";
  return [
    ["plain", item.id.replace(/^trace_/, "").slice(0, 12)],
    ["bad", open],
    ["faint", [sheet?.workflow ?? "", item.why === "" ? "" : `why: ${oneLine(item.why)}`].map((text) => (text === "" ? "" : ` - ${text}`)).join("")],
  ];
}

function endRows({ tally, items }: Session): readonly (readonly Piece[])[] {
  const { passed, failed, skipped } = tally;
  return [
    [["plain", ""]],
    [["bold", items.length === 0 ? "  Nothing waits for a label." : "  Every trace of this queue has had its turn."]],
    [["plain", `  This session: ${passed} passed, ${failed} failed, ${skipped} skipped.`]],
    [["plain", ""]],
    [["faint", "  Everything is saved. u takes the last decision back; Enter leaves."]],
  ];
}

function medianOf(numbers: readonly number[]): number | undefined {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted.length === 0 ? undefined : sorted[Math.floor(sorted.length / 2)];
}

/** 45s, 12m, 3h 20m */
function spell(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole}s`;
  const minutes = Math.round(whole / 60);
  return minutes < 60 ? `${minutes}m` : `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
}
