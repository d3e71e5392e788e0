import { beginsAt, goesOn, type Beginnings } from "./beginnings.ts";
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
  /** Start, end, what is in it (`inRun`): runs of `[A-Za-z0-9_+/~-]` of 12 and more. */
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

// What a character is. From `small` on it is part of a word.
const other = 1;
/** A run goes on over it: `_ - + / ~`. */
const link = 2;
/** `:` or `=`. */
const sign = 3;
const small = 4;
const capital = 5;
const digit = 6;
/** Kinds as they are met; 0 is not met yet. */
const kinds = new Uint8Array(65_536);
function kindOf(code: number): number {
  const char = String.fromCharCode(code);
  const letter = code !== 0x2019 && /\p{L}/u.test(char) ? (/\p{Lu}/u.test(char) ? capital : small) : other;
  return (kinds[code] = code < 128 && /\d/.test(char) ? digit : "_-+/~".includes(char) ? link : char === ":" || char === "=" ? sign : letter);
}
for (let code = 0; code < 128; code += 1) kindOf(code);
const isSeparator = (code: number): boolean => code === 32 || code === 45 || code === 46 || code === 47 || code === 40 || code === 41;

/** What there is in a run, in bits. */
export const inRun = { smalls: 1 << small, capitals: 1 << capital, digits: 1 << digit } as const;

let pairsFor: Beginnings | undefined;
const bothPairs = new Uint8Array(128 * 128);
/** What two characters begin: 1 a vendor's token, 2 a cue. */
function pairsWith(vendors: Beginnings): Uint8Array {
  if (pairsFor !== vendors) for (let pair = 0; pair < bothPairs.length; pair += 1) bothPairs[pair] = (vendors.pairs[pair] === 0 ? 0 : 1) + (cueBeginnings.pairs[pair] === 0 ? 0 : 2);
  pairsFor = vendors;
  return bothPairs;
}

/** Surveys `text`. `vendors`: what tokens with a beginning of their own begin with. */
export function surveyOf(text: string, vendors: Beginnings): Survey {
  const pairs = pairsWith(vendors);
  const numbers: number[] = [];
  const runs: number[] = [];
  const heads: number[] = [];
  const mixed: number[] = [];
  const signs: number[] = [];
  const capitals: number[] = [];
  const places: number[] = [];
  let run = -1;
  let held = 0;
  // A number so far: where it began and ends, its digits, characters since.
  let number = -1;
  let numberEnd = 0;
  let count = 0;
  let gap = 0;
  const { length } = text;
  for (let i = 0; i < length; ) {
    const code = text.charCodeAt(i);
    const kind = kinds[code] || kindOf(code);
    if (kind < small) {
      if (kind === link) {
        if (run < 0) {
          run = i;
          held = 0;
        }
      } else {
        if (run >= 0) {
          if (i - run >= 12) runs.push(run, i, held);
          run = -1;
        }
        if (kind === sign) signs.push(i);
      }
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
    i += 1;
    if (code < 128) {
      if (run < 0) {
        run = word;
        held = 0;
      }
      const next = i < length ? text.charCodeAt(i) : 128;
      const pair = code * 128 + next;
      const bits = next < 128 ? (pairs[pair] ?? 0) : 0;
      if (bits !== 0) {
        if ((bits & 1) !== 0 && beginsAt(vendors, text, word)) heads.push(word);
        if ((bits & 2) !== 0 && goesOn(cueBeginnings, pair, i + 1 < length ? text.charCodeAt(i + 1) : 128)) places.push(word);
      }
    }
    let seen = 1 << kind;
    if (kind !== digit) {
      // Most of a text are small letters in a row, and then a blank.
      while (i < length && isSmall(text.charCodeAt(i))) i += 1;
      if (i > word + 1) seen |= 1 << small;
      if (i < length && text.charCodeAt(i) === 32) {
        if (number >= 0) {
          if (count >= 4) numbers.push(number, numberEnd, count);
          number = -1;
        }
        if (run >= 0 && i - run >= 12) runs.push(run, i, held | seen);
        run = -1;
        if (kind === capital && i > word + 1) capitals.push(word, i);
        i += 1;
        continue;
      }
    }
    let digits = kind === digit ? 1 : 0;
    while (i < length) {
      const next = text.charCodeAt(i);
      const here = kinds[next] || kindOf(next);
      if (here < small) break;
      if (run < 0 && next < 128) {
        run = i;
        held = 0;
      }
      seen |= 1 << here;
      if (here === digit) digits += 1;
      i += 1;
    }
    held |= seen;
    const size = i - word;
    if (digits === 0) {
      if (kind === capital && size > 1) capitals.push(word, i);
    } else if (digits < size && size >= 4 && size <= 48) mixed.push(word, i);
    if (kind !== digit) {
      if (number >= 0) {
        if (count >= 4) numbers.push(number, numberEnd, count);
        number = -1;
      }
      continue;
    }
    if (number < 0) {
      number = word;
      count = 0;
    }
    // Digits that letters follow (`3rd`) are no part of a number; what stood before them may be one.
    if (digits < size) {
      if (count >= 4) numbers.push(number, numberEnd, count);
      number = -1;
    } else {
      count += digits;
      numberEnd = i;
      gap = 0;
    }
  }
  if (run >= 0 && length - run >= 12) runs.push(run, length, held);
  if (number >= 0 && count >= 4) numbers.push(number, numberEnd, count);
  return { text, cues: cuesAt(text, places), numbers, runs, heads, mixed, signs, capitals };
}
const isSmall = (code: number): boolean => code >= 97 && code <= 122;

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
