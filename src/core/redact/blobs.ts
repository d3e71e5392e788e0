import type { Hit } from "./hit.ts";

const dataUrl = /data:[a-z0-9.+/-]{0,80}(?:;[a-z0-9=._-]{1,60}){0,4};base64,/gi;
const notBase64 = /[^A-Za-z0-9+/=_-]/g;
/** A run of token characters as long as this is no text. */
export const longRun = 2048;
const run = new RegExp(`[A-Za-z0-9+/_-]{${longRun},}={0,2}`, "g");

/** A text without its binary parts: what is left to scan (offset, text), and the parts themselves as hits. */
export type Split = { readonly pieces: readonly (readonly [number, string])[]; readonly hits: readonly Hit[] };

/**
 * Takes data URLs (certain) and very long runs without a space (suspect) out of a text. Nothing looks into them: a picture
 * holds every short pattern somewhere, and a megabyte of it would cost as much as a book.
 */
export function splitBlobs(text: string): Split {
  const hits: Hit[] = [];
  if (text.includes(";base64,"))
    for (const match of text.matchAll(dataUrl)) {
      if (match.index < (hits.at(-1)?.end ?? 0)) continue;
      notBase64.lastIndex = match.index + match[0].length;
      const end = notBase64.exec(text)?.index ?? text.length;
      hits.push({ start: match.index, end, kind: "BINARY", tier: "certain", rule: "data-url" });
    }
  const pieces: [number, string][] = [];
  const rest = (from: number, to: number): void => {
    const piece = from === 0 && to === text.length ? text : text.slice(from, to);
    let at = 0;
    if (piece.length >= longRun)
      for (const match of piece.matchAll(run)) {
        if (match.index > at) pieces.push([from + at, piece.slice(at, match.index)]);
        at = match.index + match[0].length;
        hits.push({ start: from + match.index, end: from + at, kind: "BLOB", tier: "suspect", rule: "long-run" });
      }
    if (at < piece.length) pieces.push([from + at, at === 0 ? piece : piece.slice(at)]);
  };
  let from = 0;
  for (const { start, end } of hits.slice()) {
    rest(from, start);
    from = end;
  }
  rest(from, text.length);
  return { pieces, hits };
}
