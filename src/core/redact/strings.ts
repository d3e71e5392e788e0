import type { View } from "./view.ts";

const plainDouble = /[^"\\]*/y;
const plainSingle = /[^'\\]*/y;

/** Where a string that opens at `open` ends: the closing quote, or the end of the text. */
export function endOfString(text: string, open: number): number {
  const plain = text.charCodeAt(open) === 34 ? plainDouble : plainSingle;
  for (let at = open + 1; ; ) {
    plain.lastIndex = at;
    plain.test(text);
    at = plain.lastIndex;
    if (at >= text.length) return text.length;
    if (text.charCodeAt(at) !== 92) return at;
    at += 2;
    if (at >= text.length) return text.length;
  }
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", '"': '"', "\\": "\\", "/": "/", "'": "'", "\n": "" };
const widths: Readonly<Record<string, number>> = { u: 4, x: 2, U: 8 };

/** The decoded view of a string body (JSON's escapes and Python's). An escape maps to where it starts, so a splice never cuts through one. */
export function unescape(text: string, start: number, end: number): View {
  const raw = text.slice(start, end);
  if (!raw.includes("\\")) return { text: raw, base: start };
  // A text is never longer than what it was written as.
  const marks = new Int32Array(raw.length + 1);
  let size = 0;
  let out = "";
  let from = 0;
  for (let slash = raw.indexOf("\\"); slash >= 0; slash = raw.indexOf("\\", from)) {
    for (let i = from; i < slash; i += 1) marks[size++] = start + i;
    const { char, width } = escapeAt(raw, slash);
    out += raw.slice(from, slash) + char;
    for (let i = 0; i < char.length; i += 1) marks[size++] = start + slash;
    from = slash + width;
  }
  for (let i = from; i < raw.length; i += 1) marks[size++] = start + i;
  marks[size] = end;
  return { text: out + raw.slice(from), base: 0, marks: size === raw.length ? marks : marks.subarray(0, size + 1) };
}

/** What an escape stands for and how long it is; a backslash that begins none stands for itself. */
function escapeAt(raw: string, slash: number): { readonly char: string; readonly width: number } {
  const kind = raw[slash + 1] ?? "";
  const digits = widths[kind];
  if (digits === undefined) {
    const known = escapes[kind];
    return known === undefined ? { char: "\\", width: 1 } : { char: known, width: 2 };
  }
  const hex = raw.slice(slash + 2, slash + 2 + digits);
  const code = hex.length === digits && /^[0-9a-fA-F]+$/.test(hex) ? Number.parseInt(hex, 16) : -1;
  if (code < 0 || code > 0x10ffff) return { char: "\\", width: 1 };
  return { char: digits === 4 ? String.fromCharCode(code) : String.fromCodePoint(code), width: 2 + digits };
}
