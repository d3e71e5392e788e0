import type { View } from "./view.ts";
import { randomness } from "./detect/randomness.ts";
import { trait, traitsOf, type Traits } from "./traits.ts";

/** A part of a text that hides another text. `whole`: a hit inside masks all of it, because it cannot be cut. */
export type Decoded = { readonly view: View; readonly start: number; readonly end: number; readonly whole: boolean; readonly how: string };

const hexRun = /(?<![0-9a-zA-Z])(?:[0-9a-fA-F]{2}[ :]){7,4096}[0-9a-fA-F]{2}(?![0-9a-zA-Z])|(?:\\x[0-9a-fA-F]{2}){4,16384}/g;
const printable = /^[\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]+$/u;

/** Runs in base64, hex or base32 that decode to printable text of some size; percent, entities, `\u` and quoted-printable as one view. */
export function* decodingsOf(text: string, { traits, words }: Traits = traitsOf(text)): Generator<Decoded> {
  for (let i = 0; i < words.length; i += 2) {
    const [start = 0, end = 0] = [words[i], words[i + 1]];
    const whole = hiddenAt(text, start, end);
    if (whole !== undefined) yield whole;
    else yield* behindPath(text, start, end);
  }
  if ((traits & (trait.pairs | trait.backslash)) !== 0 && spacedHex.test(text)) yield* runs(text, hexRun, "hex", fromHex);
  if ((traits & trait.percent) !== 0) yield* inline(text, { how: "percent", pattern: /%[0-9a-fA-F]{2}/g, code: (found) => Number.parseInt(found.slice(1), 16), bytes: true });
  if ((traits & trait.entity) !== 0) yield* inline(text, { how: "entity", pattern: /&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});/gi, code: entity, bytes: false });
  if ((traits & trait.backslash) !== 0)
    yield* inline(text, { how: "escape", pattern: /\\{1,32}(?:u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]{1,6}\}|x[0-9a-fA-F]{2}|[0-7]{3}|["'])/g, code: escapeCode, bytes: false });
  if ((traits & trait.quoted) !== 0) {
    const mail = escapesOfMail(text);
    if (mail.size > 0) yield* inline(text, { how: "quoted-printable", pattern: mailEscape, code: (found, at) => (!mail.has(at) ? Number.NaN : found.endsWith("\n") ? -1 : Number.parseInt(found.slice(1), 16)), bytes: true });
  }
}

const mailEscape = /=[0-9A-F]{2}|=\r?\n/g;
/**
 * Where quoted-printable has its escapes. A line has two of them at least, each a sign, a byte that is no ASCII, or beside another one
 * (`KEY=57b2` is none); cut is such a line, or one as long as mail is cut at, unless the sign is base64's padding.
 */
function escapesOfMail(text: string): ReadonlySet<number> {
  const found = new Set<number>();
  for (let from = 0, end = 0; from < text.length; from = end) {
    end = text.indexOf("\n", from) + 1;
    if (end === 0) end = text.length;
    const line = text.slice(from, end);
    const all = line.includes("=") ? Array.from(line.matchAll(mailEscape), ({ 0: escape, index }) => ({ escape, index })) : [];
    const sure = all.filter(({ escape, index }, i) => !escape.endsWith("\n") && (!/^=(?:3\d|4[1-9A-F]|5[0-9A]|6[1-9A-F]|7[0-9A])/.test(escape) || all[i - 1]?.index === index - 3 || all[i + 1]?.index === index + 3));
    const isMail = sure.length > 1;
    const whole = line.trimEnd();
    const isCut = whole.length >= 60 && whole.length <= 77 && !(whole.length % 4 === 0 && /^[A-Za-z0-9+/]+=$/.test(whole));
    for (const { escape, index } of all) if (escape.endsWith("\n") ? line[index - 1] !== "=" && (isMail || isCut) : isMail) found.add(from + index);
  }
  return found;
}

/** A quote that was escaped, once or (JSON in JSON in prose) many times, is a quote. */
const escapeCode = (found: string): number => (/["']$/.test(found) ? found.charCodeAt(found.length - 1) : Number.parseInt(found.replace(/[\\ux{}]/g, ""), /\\[0-7]/.test(found) ? 8 : 16));

const spacedHex = /(?:[0-9a-fA-F]{2}[ :]){7}|\\x[0-9a-fA-F]{2}\\x/;
const paddingAt = (text: string, end: number): number => (text[end] === "=" ? (text[end + 1] === "=" ? 2 : 1) : 0);

/** A run that decodes to readable text. */
function hiddenAt(text: string, start: number, end: number): Decoded | undefined {
  const run = text.slice(start, end);
  const hex = run.length % 2 === 0 && /^(?:0x)?[0-9a-fA-F]+$/.test(run) ? fromHex(run) : undefined;
  const tried = hex === undefined ? ([fromBase64(run), "base64"] as const) : ([hex, "hex"] as const);
  const [plain, how] = tried[0] === undefined && /^[A-Z2-7]{16,}$/.test(run) ? ([fromBase32(run), "base32"] as const) : tried;
  if (plain === undefined || plain.length < 5 || !printable.test(plain)) return undefined;
  return { view: { text: plain, base: 0 }, start, end: end + paddingAt(text, end), whole: true, how };
}

/** Whether a run of base64 is text that anybody may read: words, perhaps with percent escapes, in JSON or markup; no number of somebody's, no word that mixes letters and digits. */
export function isEncodedProse(run: string): boolean {
  const decoded = run.length < 12 || run.length > 4096 ? undefined : fromBase64(run);
  const plain = decoded === undefined ? undefined : withoutPercent(decoded);
  if (plain === undefined || !/[ {[<]/.test(plain) || !/^[\p{L}\d\s.,;'’!?()%\-_&=:"{}[\]<>/+*#]+$/u.test(plain)) return false;
  return !/(?:\d[ .()-]?){7}|[^\s.,;:'"&=(){}[\]<>/?]{24}|[^\W\d_]{2}\d{3}|\d[^\W\d_]{3}/.test(plain) && (plain.match(/[\p{L} ]/gu)?.length ?? 0) > plain.length * 0.5;
}

function withoutPercent(text: string): string {
  if (!/%[0-9A-Fa-f]{2}/.test(text)) return text;
  try {
    return decodeURIComponent(text.replace(/%[0-9A-Fa-f]{0,1}$/, ""));
  } catch {
    return text;
  }
}

const isSign = (code: number): boolean => code === 47 || code === 95 || code === 43 || code === 45;
/** A run with a path or a word before it (`files/c2stcHJv…`, `user-6b61…`): its parts, and what follows each of the first signs in it. */
function* behindPath(text: string, start: number, end: number): Generator<Decoded> {
  let from = start;
  let tries = 0;
  for (let at = start; at <= end; at += 1) {
    if (at < end && !isSign(text.charCodeAt(at))) continue;
    const rest = from > start && tries < 8 && end - from >= 12 ? hiddenAt(text, from, end) : undefined;
    if (rest !== undefined) return void (yield rest);
    const part = at - from >= 12 ? hiddenAt(text, from, at) : undefined;
    if (part !== undefined) yield part;
    tries += 1;
    from = at + 1;
  }
}

function* runs(text: string, pattern: RegExp, how: string, decode: (run: string) => string | undefined): Generator<Decoded> {
  for (const match of text.matchAll(pattern)) {
    const plain = decode(match[0]);
    if (plain === undefined || plain.length < 5 || !printable.test(plain)) continue;
    yield { view: { text: plain, base: 0 }, start: match.index, end: match.index + match[0].length, whole: true, how };
  }
}

const sextets = new Int8Array(128).fill(-1);
for (const [i, char] of Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/").entries()) sextets[char.charCodeAt(0)] = i;
sextets[45] = 62;
sextets[95] = 63;

function fromBase64(run: string): string | undefined {
  let size = run.length;
  while (run.charCodeAt(size - 1) === 61) size -= 1;
  let bytes: Uint8Array | undefined;
  let bits = 0;
  let have = 0;
  let at = 0;
  for (let i = 0; i < size; i += 1) {
    bits = ((bits << 6) | (sextets[run.charCodeAt(i)] ?? 0)) & 0xffffff;
    have += 6;
    if (have < 8) continue;
    have -= 8;
    const byte = (bits >> have) & 255;
    // Most long words give up here, within their first letters.
    if (isControl(byte) || (at === 0 && byte >= 128 && byte < 192)) return undefined;
    if (at === 4 && bytes === undefined) {
      bytes = new Uint8Array((size * 3) >> 2);
      i = -1;
      bits = 0;
      have = 0;
      at = 0;
      continue;
    }
    if (bytes !== undefined) bytes[at] = byte;
    at += 1;
  }
  if (bytes === undefined || (/^[a-z]+(?:[-_/][a-z]+)*$/i.test(run) && randomness(run) < 0.35)) return undefined;
  return utf8(bytes);
}

const isControl = (byte: number): boolean => (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) || byte === 127;

function fromHex(run: string): string | undefined {
  const pairs = run.replace(/^0x|\\x|[ :]/g, "");
  const bytes = new Uint8Array(pairs.length >> 1);
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = Number.parseInt(pairs.slice(i * 2, i * 2 + 2), 16);
    if (isControl(byte)) return undefined;
    bytes[i] = byte;
  }
  return utf8(bytes);
}

function fromBase32(run: string): string | undefined {
  let bits = 0;
  let value = 0;
  const bytes: number[] = [];
  for (const char of run.replace(/=+$/, "")) {
    value = ((value << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(char)) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >> bits) & 0xff);
    }
  }
  return utf8(Uint8Array.from(bytes));
}

const bytesOf = (code: number): number => (code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4);
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
/** Bytes as text, or undefined where they are no UTF-8. */
function utf8(bytes: Uint8Array): string | undefined {
  const text = decoder.decode(bytes);
  return text.includes("\ufffd") ? undefined : text;
}

/** A text as long as this is decoded whole; in a longer one, only so much around each row of escapes. */
const wholeText = 2000;
const around = 160;

/** Replaces escapes in place, in the whole of a small text or in windows around the escapes of a long one. */
function* inline(text: string, escapes: Escapes): Generator<Decoded> {
  if (text.length <= wholeText) return yield* inPlace(text, 0, escapes);
  let start = -1;
  let end = 0;
  for (const { index, 0: found } of text.matchAll(escapes.pattern)) {
    if (start >= 0 && index - end > around) {
      yield* inPlace(text.slice(start, Math.min(text.length, end + around)), start, escapes);
      start = -1;
    }
    if (start < 0) start = Math.max(0, index - around);
    end = index + found.length;
  }
  if (start >= 0) yield* inPlace(text.slice(start, Math.min(text.length, end + around)), start, escapes);
}

type Escapes = { readonly how: string; readonly pattern: RegExp; readonly code: (found: string, at: number) => number; readonly bytes: boolean };

/** One view of a text that begins at `base` of a longer one, cut at escapes only. Bytes that form UTF-8 become one character. */
function* inPlace(text: string, base: number, { how, pattern, code, bytes }: Escapes): Generator<Decoded> {
  const marks: number[] = [];
  let out = "";
  let from = 0;
  let changed = 0;
  const keep = (to: number): void => {
    for (let i = from; i < to; i += 1) marks.push(i);
    out += text.slice(from, to);
  };
  let run: number[] = [];
  let runStart = 0;
  const flush = (end: number): void => {
    if (run.length === 0) return;
    const plain = utf8(Uint8Array.from(run)) ?? run.map((byte) => String.fromCharCode(byte)).join("");
    const step = (end - runStart) / run.length;
    const one = plain.length === run.length;
    let byte = 0;
    for (const char of plain) {
      for (let i = 0; i < char.length; i += 1) marks.push(runStart + byte * step);
      byte += one ? 1 : bytesOf(char.codePointAt(0) ?? 0);
    }
    out += plain;
    run = [];
  };
  let last = 0;
  for (const match of text.matchAll(pattern)) {
    const value = code(match[0], base + match.index);
    if (Number.isNaN(value) || value > 0x10ffff) continue;
    if (match.index !== last || run.length === 0) {
      flush(last);
      keep(match.index);
      runStart = match.index;
    }
    from = match.index + match[0].length;
    last = from;
    changed += 1;
    if (value === -1) {
      flush(match.index);
      runStart = from;
    } else if (bytes && value < 256) {
      if (run.length === 0) runStart = match.index;
      run.push(value);
    } else {
      flush(match.index);
      const char = String.fromCodePoint(value);
      for (let i = 0; i < char.length; i += 1) marks.push(match.index);
      out += char;
    }
  }
  if (changed === 0) return;
  flush(last);
  keep(text.length);
  marks.push(text.length);
  const moved = Int32Array.from(marks);
  if (base > 0) for (let i = 0; i < moved.length; i += 1) moved[i] = (moved[i] ?? 0) + base;
  yield { view: { text: out, base: 0, marks: moved }, start: base, end: base + text.length, whole: false, how };
}

const entities: Readonly<Record<string, number>> = { amp: 38, lt: 60, gt: 62, quot: 34, apos: 39, nbsp: 160, commat: 64, period: 46, colon: 58, sol: 47, equals: 61, num: 35, lowbar: 95, hyphen: 45, plus: 43, dollar: 36, percnt: 37, excl: 33 };
function entity(found: string): number {
  const body = found.slice(1, -1).toLowerCase();
  if (body.startsWith("#x")) return Number.parseInt(body.slice(2), 16);
  if (body.startsWith("#")) return Number(body.slice(1));
  return entities[body] ?? Number.NaN;
}
