import type { Hit } from "./hit.ts";

const dataUrl = /data:[a-z0-9.+/-]{0,80}(?:;[a-z0-9=._-]{1,60}){0,4};base64,/gi;
const notBase64 = /[^A-Za-z0-9+/=_-]/g;
/** A run of token characters as long as this is no text. */
export const longRun = 2048;
const ofRun = Uint8Array.from({ length: 128 }, (_, code) => (/[A-Za-z0-9+/_-]/.test(String.fromCharCode(code)) ? 1 : 0));
const inRun = (text: string, at: number): boolean => ofRun[text.charCodeAt(at)] === 1;

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
      for (const [start, end] of longRuns(piece)) {
        if (start > at) pieces.push([from + at, piece.slice(at, start)]);
        at = end;
        hits.push({ start: from + start, end: from + end, kind: "BLOB", tier: "suspect", rule: "long-run" });
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

/** Runs of token characters as long as `longRun`: whatever is so long covers one of the places that are looked at. */
function* longRuns(text: string): Generator<readonly [number, number]> {
  for (let at = longRun - 1; at < text.length; at += longRun) {
    if (!inRun(text, at)) continue;
    let start = at;
    while (start > 0 && inRun(text, start - 1)) start -= 1;
    while (inRun(text, at)) at += 1;
    if (at - start < longRun) continue;
    for (let padding = 0; padding < 2 && text[at] === "="; padding += 1) at += 1;
    yield [start, at];
  }
}
