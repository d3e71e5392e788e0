import type { Hit } from "./hit.ts";
import { scanText, type Detector } from "./scan-text.ts";
import { border } from "./survey.ts";

/**
 * Many small texts scanned as one: detectors cost by the call more than by the character. Each piece stands between
 * borders, behind its member's name (`key: value`), so that a detector sees the name but never a neighbour.
 */
export type Sheet = {
  add(key: string, text: string, put: (hit: Hit) => void): void;
  /** Scans what was added since the last time. */
  scan(): void;
};

/** What was found in texts, by member's name and text. */
export type Scanned = Map<string, Map<string, readonly Hit[]>>;

/** Results for short texts are remembered over the life of a redactor; the same words come again and again. */
export type Memo = { readonly hits: Scanned; size: number };
export const emptyMemo = (): Memo => ({ hits: new Map(), size: 0 });
const memoLimit = 50_000;
const shortText = 64;
/** A sheet is scanned when it has grown to this size. */
const sheetSize = 1_000_000;

type Piece = { readonly start: number; readonly key: number; readonly end: number; readonly puts: ((hit: Hit) => void)[]; readonly name: string; readonly text: string; readonly hits: Hit[] };

/** A sheet for one set of detectors. `local` remembers texts of any length, for as long as its owner keeps it. */
export function sheetOf(detectors: readonly Detector[], memo: Memo, local?: Scanned): Sheet {
  let parts: string[] = [];
  let size = 0;
  let pieces: Piece[] = [];
  let pending = new Map<string, Piece>();
  const scan = (): void => {
    if (pieces.length === 0) return;
    scanText(parts.join(""), detectors, (hit) => assign(pieces, hit));
    for (const { hits, puts, name, text } of pieces) {
      if (text.length <= shortText) remember(memo, name, text, hits);
      else if (local !== undefined) set(local, name, text, hits);
      for (const put of puts) for (const hit of hits) put(hit);
    }
    parts = [];
    size = 0;
    pieces = [];
    pending = new Map();
  };
  return {
    scan,
    add(key, text, put) {
      const before = (text.length <= shortText ? memo.hits : local)?.get(key)?.get(text);
      if (before !== undefined) return before.forEach(put);
      const waiting = pending.get(text);
      if (waiting !== undefined && waiting.name === key) return void waiting.puts.push(put);
      if (size > 0 && size + text.length > sheetSize) scan();
      const head = key === "" ? "" : `${key}: `;
      const piece: Piece = { start: size + head.length, key: key.length, end: size + head.length + text.length, puts: [put], name: key, text, hits: [] };
      pieces.push(piece);
      pending.set(text, piece);
      parts.push(head, text, border);
      size = piece.end + border.length;
    },
  };
}

function remember(memo: Memo, key: string, text: string, hits: readonly Hit[]): void {
  if (memo.size > memoLimit) {
    memo.hits.clear();
    memo.size = 0;
  }
  // A copy: what was cut out of a long text would keep all of that text alive.
  set(memo.hits, key, text.split("").join(""), hits);
  memo.size += 1;
}

function set(scanned: Scanned, key: string, text: string, hits: readonly Hit[]): void {
  let byText = scanned.get(key);
  if (byText === undefined) scanned.set(key, (byText = new Map()));
  byText.set(text, hits);
}

/** Gives a hit to the piece it stands in, in that piece's offsets. What lies in a key or over a border is cut or left. */
function assign(pieces: readonly Piece[], hit: Hit): void {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const mid = (low + high + 1) >> 1;
    const piece = pieces[mid];
    if (piece !== undefined && piece.start - (piece.key > 0 ? piece.key + 2 : 0) <= hit.start) low = mid;
    else high = mid - 1;
  }
  const piece = pieces[low];
  if (piece === undefined || hit.end <= piece.start || hit.start >= piece.end) return;
  piece.hits.push({ ...hit, start: Math.max(hit.start, piece.start) - piece.start, end: Math.min(hit.end, piece.end) - piece.start });
}
