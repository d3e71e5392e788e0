import { beginsAt, type Beginnings } from "./beginnings.ts";
import { cueBeginnings, cuesAt, type Cues } from "./cues.ts";

/**
 * One pass over a text that says where detectors should look, so that each of them costs only what it might find: numbers,
 * runs of token characters, vendors' beginnings, signs, capitalised words. Linear; every expression afterwards is tried at
 * these places only.
 */
export type Survey = {
  readonly text: string;
  /** Where words stand that tell a detector where to look. */
  readonly cues: Cues;
  /** Start, end, count of digits: digits with single separators between them, four digits or more. */
  readonly numbers: readonly number[];
  /** Start, end: runs of `[A-Za-z0-9_+/~-]` of 12 and more. */
  readonly runs: readonly number[];
  /** Where a word begins (a letter or digit after anything else, an underscore or dash included) and a vendor's token does. */
  readonly heads: readonly number[];
  /** Start, end: words of 4 to 48 letters and digits with both in them. */
  readonly mixed: readonly number[];
  /** Positions of `:` and `=`. */
  readonly signs: readonly number[];
  /** Start, end: words that begin with a capital and go on small. */
  readonly capitals: readonly number[];
};

/** Stands between texts that are scanned as one. No detector reads across it: blanks end at the sign in it, values at the blanks. */
export const border = "\n\f\u00b6\f\n";

const other = 0;
const lowerCase = 1;
const upperCase = 2;
const digit = 3;
/** What each character is, filled in from U+0080 on as they are met (one more than the kind; 0 is unknown). */
const known = new Uint8Array(65_536);
function kindOf(code: number): number {
  const found = known[code] ?? 0;
  if (found !== 0) return found - 1;
  const char = String.fromCharCode(code);
  const kind = code < 128 && /\d/.test(char) ? digit : code !== 0x2019 && /\p{L}/u.test(char) ? (/\p{Lu}/u.test(char) ? upperCase : lowerCase) : other;
  known[code] = kind + 1;
  return kind;
}
/** Characters that a run goes on over: `_ - + / ~`. */
const isLink = Uint8Array.from({ length: 128 }, (_, code) => ("_-+/~".includes(String.fromCharCode(code)) ? 1 : 0));
const isSeparator = (code: number): boolean => code === 32 || code === 45 || code === 46 || code === 47 || code === 40 || code === 41;

/** Surveys `text`. `vendors`: what tokens with a beginning of their own begin with. */
export function surveyOf(text: string, vendors: Beginnings): Survey {
  const headPairs = vendors.pairs;
  const cuePairs = cueBeginnings.pairs;
  const numbers: number[] = [];
  const runs: number[] = [];
  const heads: number[] = [];
  const mixed: number[] = [];
  const signs: number[] = [];
  const capitals: number[] = [];
  const places: number[] = [];
  let run = -1;
  // A number so far: where it began and ends, its digits, characters since.
  let number = -1;
  let numberEnd = 0;
  let count = 0;
  let gap = 0;
  const { length } = text;
  for (let i = 0; i <= length; ) {
    const code = i < length ? text.charCodeAt(i) : 10;
    const kind = kindOf(code);
    if (kind === other) {
      if (code < 128 && isLink[code] === 1) {
        if (run < 0) run = i;
      } else if (run >= 0) {
        if (i - run >= 12) runs.push(run, i);
        run = -1;
      }
      if (code === 58 || code === 61) signs.push(i);
      if (number >= 0) {
        gap += 1;
        if (gap > 2 || !isSeparator(code)) {
          if (count >= 4) numbers.push(number, numberEnd, count);
          number = -1;
        }
      }
      i += 1;
      continue;
    }
    const word = i;
    if (code < 128 && i + 1 < length) {
      const next = text.charCodeAt(i + 1);
      if (next < 128) {
        const pair = code * 128 + next;
        if (headPairs[pair] === 1 && beginsAt(vendors, text, i)) heads.push(i);
        if (cuePairs[pair] === 1) places.push(i);
      }
    }
    if (run < 0 && code < 128) run = i;
    let digits = 0;
    let letters = false;
    for (let here = kind; here !== other; ) {
      if (here === digit) digits += 1;
      else {
        letters = true;
        // Most of a text are small letters in a row.
        for (let next = text.charCodeAt(i + 1); next >= 97 && next <= 122; next = text.charCodeAt(i + 1)) i += 1;
      }
      i += 1;
      if (i >= length) break;
      const next = text.charCodeAt(i);
      here = kindOf(next);
      if (run < 0 && next < 128 && here !== other) run = i;
    }
    const size = i - word;
    if (digits === 0) {
      if (kind === upperCase && size > 1) capitals.push(word, i);
    } else if (digits < size && size >= 4 && size <= 48) mixed.push(word, i);
    if (kind === digit) {
      if (number < 0) {
        number = word;
        count = 0;
      }
      // Digits that letters follow (`3rd`) are no part of a number; what stood before them may be one.
      if (letters) {
        if (count >= 4) numbers.push(number, numberEnd, count);
        number = -1;
      } else {
        count += digits;
        numberEnd = i;
        gap = 0;
      }
    } else if (number >= 0) {
      if (count >= 4) numbers.push(number, numberEnd, count);
      number = -1;
    }
  }
  return { text, cues: cuesAt(text, places), numbers, runs, heads, mixed, signs, capitals };
}

/** At most `size` characters before `at`, not across a border. A placeholder counts as one, however long it is. */
export function before(text: string, at: number, size: number): string {
  let slice = text.slice(Math.max(0, at - size), at);
  if (slice.includes("\u00a4")) slice = text.slice(Math.max(0, at - size * 6), at).replace(/\u00a4+/g, "\u00a4").slice(-size);
  const cut = slice.lastIndexOf("\f");
  return cut < 0 ? slice : slice.slice(cut + 2);
}

/** Every place of a literal in a text. */
export function* placesOf(text: string, literal: string): Generator<number> {
  for (let at = text.indexOf(literal); at >= 0; at = text.indexOf(literal, at + literal.length)) yield at;
}

/** Tries a sticky expression at one place. */
export function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
