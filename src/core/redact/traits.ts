/**
 * What a first look at a text says. `dull`: nothing to find by itself. `strange`: may need folding. `digits`, `bracket`: has
 * some. `hides`: another text may be hidden in it, in long words or in the escapes named by the bits above it.
 */
export const trait = { dull: 1, strange: 2, digits: 4, bracket: 8, hides: 16, percent: 32, entity: 64, backslash: 128, quoted: 256, pairs: 512 } as const;

/** Bits of `trait`, and where the long words are (start, end): runs of base64 characters that are no small word, no path and no snake_case name. */
export type Traits = { readonly traits: number; readonly words: readonly number[] };

/** Longer runs are no hidden text. */
const longestWord = 65_536;
const noWords: readonly number[] = [];

/** What each character is: 1 a small letter, a dash or an underscore, 2 anything else of base64, 3 a digit, 0 no part of a word. */
const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code);
  return /[a-z_-]/.test(char) ? 1 : /[A-Z+/]/.test(char) ? 2 : /\d/.test(char) ? 3 : 0;
});

/** One cheap pass over a text. */
export function traitsOf(text: string): Traits {
  const { length } = text;
  let words: number[] | undefined;
  let traits = 0;
  let spaces = 0;
  let pairs = 0;
  // Words of small letters only (the first one may be a capital), and two spaces at most.
  let dull = length < 40;
  for (let i = 0; i < length; ) {
    const start = i;
    let mixed = false;
    for (; i < length; i += 1) {
      const code = text.charCodeAt(i);
      if (code >= 97 && code <= 122) continue;
      const kind = code < 128 ? kinds[code] : 0;
      if (kind === 0) break;
      if (kind === 1) continue;
      mixed = true;
      if (kind === 3) traits |= trait.digits;
      if (code < 65 || i > 0) dull = false;
    }
    const size = i - start;
    if (size >= 12 && (mixed || size >= 40)) {
      traits |= trait.hides;
      if (size <= longestWord) (words ??= []).push(start, i);
    }
    if (i >= length) break;
    const code = text.charCodeAt(i);
    // `6d 69 61 2e`: bytes written one by one.
    pairs = size === 2 && (code === 32 || code === 58) ? pairs + 1 : 0;
    if (pairs >= 7) traits |= trait.pairs | trait.hides;
    if (code !== 32 || (spaces += 1) > 2) dull = false;
    if (code === 91) traits |= trait.bracket;
    else if (code >= 256 || code === 173) traits |= trait.strange;
    else {
      const bit = code === 37 ? trait.percent : code === 38 ? trait.entity : code === 92 ? trait.backslash : code === 61 ? trait.quoted : 0;
      if (bit !== 0 && (traits & bit) === 0 && escape.test(text.slice(i, i + 10))) traits |= bit | trait.hides;
    }
    i += 1;
  }
  return { traits: dull ? traits | trait.dull : traits, words: words ?? noWords };
}
const escape = /^(?:%[0-9a-fA-F]{2}|&#?\w{1,8};|\\["'ux0-7]|=(?:[0-9A-F]{2}|\r?\n))/;
