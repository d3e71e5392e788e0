import type { Hit } from "./hit.ts";
import { scanText, type Detector } from "./scan-text.ts";
import { border } from "./survey.ts";

/**
 * Many small texts scanned as one: detectors cost by the call more than by the character. Each piece stands between
 * borders, behind its member's name (`key: value`), so that a detector sees the name but never a neighbour.
 */
export type Sheet = {
  /** Adds a text; what is seen in it goes to `put` when the sheet is scanned. */
  add(key: string, text: string, put: (hit: Hit) => void): void;
  /** Scans what was added since the last time. */
  scan(): void;
};

/** A sheet is scanned when it has grown to this size: small enough to stay near the processor. */
const sheetSize = 32_768;

type Piece = { readonly start: number; readonly key: number; readonly end: number; readonly put: (hit: Hit) => void };

/** A sheet for one set of detectors. */
export function sheetOf(detectors: readonly Detector[]): Sheet {
  let parts: string[] = [];
  let size = 0;
  let pieces: Piece[] = [];
  const scan = (): void => {
    if (pieces.length === 0) return;
    const scanned = pieces;
    scanText(parts.join(""), detectors, (hit) => assign(scanned, hit));
    parts = [];
    size = 0;
    pieces = [];
  };
  return {
    scan,
    add(key, text, put) {
      if (size > 0 && size + text.length > sheetSize) scan();
      const head = key === "" ? "" : `${key}: `;
      pieces.push({ start: size + head.length, key: head.length, end: size + head.length + text.length, put });
      parts.push(head, text, border);
      size += head.length + text.length + border.length;
    },
  };
}

/** Gives a hit to the piece it stands in, in that piece's offsets. What lies in a key or over a border is cut or left. */
function assign(pieces: readonly Piece[], hit: Hit): void {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const mid = (low + high + 1) >> 1;
    const piece = pieces[mid];
    if (piece !== undefined && piece.start - piece.key <= hit.start) low = mid;
    else high = mid - 1;
  }
  const piece = pieces[low];
  if (piece === undefined || hit.end <= piece.start || hit.start >= piece.end) return;
  piece.put({ ...hit, start: Math.max(hit.start, piece.start) - piece.start, end: Math.min(hit.end, piece.end) - piece.start });
}
