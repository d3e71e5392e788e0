import { cueHeads, cuesAt, type Cues } from "./cues.ts";

/**
 * One pass over a text that says where detectors should look, so that each of them costs only what it might find: numbers,
 * runs of token characters, vendors' beginnings, signs, capitalised words. Linear; every expression afterwards is tried at
 * these places only.
 */
export type Survey = {
  readonly text: string;
  readonly lower: string;
  /** Where words stand that tell a detector where to look. */
  readonly cues: Cues;
  /** Start, end, count of digits: digits with single separators between them, four digits or more. */
  readonly numbers: readonly number[];
  /** Start, end: runs of `[A-Za-z0-9_+/~-]` of 12 and more. */
  readonly runs: readonly number[];
  /** Where a word begins (a letter or digit after anything else, an underscore or dash included) and a vendor's token might. */
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
const kinds = new Uint8Array(128);
for (let code = 48; code < 58; code += 1) kinds[code] = digit;
for (let code = 65; code < 91; code += 1) kinds[code] = upperCase;
for (let code = 97; code < 123; code += 1) kinds[code] = lowerCase;
const isSeparator = (code: number): boolean => code === 32 || code === 45 || code === 46 || code === 47 || code === 40 || code === 41;

/** Surveys `text`. `headOf` is a table of 128 × 128 pairs of characters that begin a vendor's token. */
export function surveyOf(text: string, headOf: Uint8Array): Survey {
  const numbers: number[] = [];
  const runs: number[] = [];
  const heads: number[] = [];
  const mixed: number[] = [];
  const signs: number[] = [];
  const capitals: number[] = [];
  const places: number[] = [];
  let run = -1;
  let word = -1;
  let wordDigits = 0;
  let wordLetters = 0;
  let capital = -1;
  let number = -1;
  let numberEnd = 0;
  let count = 0;
  let gap = 0;
  let soundEnd = 0;
  let soundCount = 0;
  let inWord = false;
  const { length } = text;
  for (let i = 0; i <= length; i += 1) {
    const code = i < length ? text.charCodeAt(i) : 10;
    const kind = code < 128 ? (kinds[code] ?? other) : code === 0x2019 ? other : isLetter(code) ? (isUpper(code) ? upperCase : lowerCase) : other;
    if (kind !== other) {
      if (word < 0) {
        word = i;
        wordDigits = 0;
        wordLetters = 0;
        if (code < 128 && i + 1 < length) {
          const next = text.charCodeAt(i + 1);
          if (next < 128 && headOf[code * 128 + next] === 1) heads.push(i);
          if (next < 128 && cueHeads[code * 128 + next] === 1) places.push(i);
        }
        if (kind === upperCase) capital = i;
      }
      if (kind === digit) wordDigits += 1;
      else wordLetters += 1;
      if (run < 0 && code < 128) run = i;
    } else {
      if (word >= 0) {
        const size = i - word;
        if (wordDigits > 0 && wordLetters > 0 && size >= 4 && size <= 48) mixed.push(word, i);
        if (capital === word && size > 1 && wordDigits === 0) capitals.push(word, i);
        word = -1;
        capital = -1;
      }
      if (run >= 0 && code !== 95 && code !== 45 && code !== 43 && code !== 47 && code !== 126) {
        if (i - run >= 12) runs.push(run, i);
        run = -1;
      } else if (run < 0 && (code === 95 || code === 45 || code === 43 || code === 47 || code === 126)) run = i;
      if (code === 58 || code === 61) signs.push(i);
    }
    if (kind === digit) {
      // Digits inside a word (`J0`, `3rd`) are no part of a number.
      if (inWord) continue;
      if (number < 0) {
        number = i;
        count = 0;
        gap = 1;
      }
      if (gap > 0) {
        soundEnd = numberEnd;
        soundCount = count;
      }
      count += 1;
      gap = 0;
      numberEnd = i + 1;
    } else {
      inWord = kind !== other;
      if (number < 0) continue;
      gap += 1;
      if (inWord && gap === 1) {
        if (soundCount >= 4) numbers.push(number, soundEnd, soundCount);
        number = -1;
      } else if (gap > 2 || !isSeparator(code)) {
        if (count >= 4) numbers.push(number, numberEnd, count);
        number = -1;
      }
    }
  }
  const lower = text.toLowerCase();
  // Lower case is longer for one letter of Turkish; places would not fit.
  const same = lower.length === length ? lower : text;
  return { text, lower: same, cues: cuesAt(same, places), numbers, runs, heads, mixed, signs, capitals };
}

const letter = /\p{L}/u;
const upper = /\p{Lu}/u;
const known = new Map<number, number>();
function classOf(code: number): number {
  let found = known.get(code);
  if (found === undefined) {
    const char = String.fromCharCode(code);
    found = letter.test(char) ? (upper.test(char) ? 2 : 1) : 0;
    known.set(code, found);
  }
  return found;
}
const isLetter = (code: number): boolean => classOf(code) > 0;
const isUpper = (code: number): boolean => classOf(code) === 2;

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
