import { characters, emptyTrie, endOf, fits, folded, follow, isWordCode, leadOf, learned, put } from "./trie.ts";

/** One thing to look for. `text` is folded (see `foldText`). */
export type Pattern = {
  readonly text: string;
  readonly kind: string;
  readonly tier: "certain" | "likely";
  readonly rule: string;
  /** Only where no letter or digit stands right before or after. */
  readonly bounded: boolean;
  /** `capital`: the text must begin with a capital there; `digits`: no `$`, comma or point may tie it to a longer number. */
  readonly care?: "capital" | "digits" | undefined;
};

export type Match = { readonly start: number; readonly end: number; readonly pattern: Pattern };

/** Takes one match. */
export type Take = (start: number, end: number, pattern: Pattern) => void;

/** A growing set of patterns, all of which are looked for at once. */
export type Matcher = {
  /** No other matcher has this number. */
  readonly serial: number;
  readonly size: number;
  /** Adds a pattern; the first one with a text stays. */
  add(pattern: Pattern): void;
  /** Four bits for each pair of characters (`pairOf`), eight pairs to a number: 1, a pattern begins so at the beginning of a word; 2, anywhere; 4, one of them is no longer; 8, one is of three characters. */
  readonly begins: Int32Array;
  /** One bit for each three characters (`tripleOf`) that a pattern begins with. */
  readonly triples: Int32Array;
  /** One bit for each three characters (`gramOf`) that stand next to one another somewhere in a pattern. */
  readonly inside: Int32Array;
  /** Some pattern may begin in the middle of a word. */
  readonly anywhere: boolean;
  /** The patterns that stand at `start`. */
  walk(text: string, start: number, take: Take): void;
  /** Whether a pattern is found by another one that was added, wherever it is looked for. */
  covers(pattern: Pattern): boolean;
  /** Whether the text's very end may be the beginning of anything at all. */
  mayEnd(text: string, least: number): boolean;
  /** What the text's very end may be the beginning of, where at least `least` characters of it are there: a field was cut. */
  cutAtEnd(text: string, least: number): Match | undefined;
};

/** Longest pattern that is looked for. */
export const longestPattern = 200;

/** Two folded characters as a place in the table of beginnings. What lies outside of ASCII shares places: the table only says no. */
const pairOf = (first: number, second: number): number => ((first & 127) << 7) | (second & 127);
const beginsAt = (begins: Int32Array, pair: number): number => ((begins[pair >> 3] ?? 0) >> ((pair & 7) * 4)) & 15;
/** Three folded characters as a place in a table of 16,384. */
const tripleOf = (pair: number, third: number): number => (pair * 37 + third * 101) & 16_383;
/** Three folded characters as a place in a table of 65,536. */
const gramOf = (first: number, second: number, third: number): number => Math.imul((first << 16) ^ (second << 8) ^ third, 0x9e3779b1) >>> 16;
const isMarked = (bits: Int32Array, bit: number): boolean => (((bits[bit >> 5] ?? 0) >> (bit & 31)) & 1) === 1;
const mark = (bits: Int32Array, bit: number): void => void (bits[bit >> 5] = (bits[bit >> 5] ?? 0) | (1 << (bit & 31)));
/** Whether the last `least` characters of a text may stand in a pattern. Blanks in a row count once. */
function mayEndIn(inside: Int32Array, text: string, least: number): boolean {
  let [second, third] = [0, 0];
  for (let i = text.length - 1, taken = 0; i >= 0 && taken < least; i -= 1) {
    const first = folded(text.charCodeAt(i));
    if (first === 32 && second === 32) continue;
    taken += 1;
    if (taken > 2 && !isMarked(inside, gramOf(first, second, third))) return false;
    third = second;
    second = first;
  }
  return true;
}

/**
 * A trie over folded text, walked from where a pattern may begin: the beginning of a word, for most. Nearly all words are
 * turned away by their first two characters. No walk is longer than the longest pattern, so time is linear in the text
 * whatever the patterns. Which match counts where several overlap is for the caller to say (`settle`).
 */
export function matcherOf(given: Iterable<Pattern> = []): Matcher {
  const patterns: Pattern[] = [];
  const trie = emptyTrie(patterns);
  const begins = new Int32Array(2048);
  const triples = new Int32Array(512);
  const inside = new Int32Array(2048);
  let anywhere = false;
  let longest = 0;

  const add = (pattern: Pattern): void => {
    const { text } = pattern;
    if (text.length < 2 || !put(trie, text, patterns.length)) return;
    patterns.push(pattern);
    const pair = pairOf(text.charCodeAt(0), text.charCodeAt(1));
    begins[pair >> 3] = (begins[pair >> 3] ?? 0) | (((pattern.bounded ? 1 : 2) + (text.length === 2 ? 4 : text.length === 3 ? 8 : 0)) << ((pair & 7) * 4));
    mark(triples, tripleOf(pair, text.charCodeAt(2)));
    for (let i = 2; i < text.length; i += 1) mark(inside, gramOf(text.charCodeAt(i - 2), text.charCodeAt(i - 1), text.charCodeAt(i)));
    if (!pattern.bounded) anywhere = true;
    longest = Math.max(longest, text.length);
  };
  for (const pattern of given) add(pattern);

  /** The first place, `least` characters before the end or further, from where the trie leads on to the text's end. */
  const reach = (text: string, least: number): { readonly start: number; readonly edge: number; readonly depth: number } | undefined => {
    if (patterns.length === 0 || !mayEndIn(inside, text, least)) return undefined;
    // Blanks in a row count once, so what is there may be longer than its pattern.
    for (let start = Math.max(0, text.length - Math.min(2 * longest, longestPattern)); start <= text.length - least; start += 1) {
      if (start > 0 && isWordCode(text.charCodeAt(start - 1))) continue;
      if (beginsAt(begins, pairOf(folded(text.charCodeAt(start)), folded(text.charCodeAt(start + 1)))) === 0) continue;
      const end = follow(trie, text, start);
      if (end !== undefined) return { start, ...end };
    }
    return undefined;
  };

  serials += 1;
  return {
    serial: serials,
    get size() {
      return patterns.length;
    },
    add,
    begins,
    triples,
    inside,
    get anywhere() {
      return anywhere;
    },
    walk: (text, start, take) => void follow(trie, text, start, take),
    covers({ text, bounded }) {
      const known = patterns[endOf(trie, text)];
      return known?.care === undefined && known !== undefined && (bounded || !known.bounded);
    },
    mayEnd: (text, least) => reach(text, least) !== undefined,
    cutAtEnd(text, least) {
      const reached = reach(text, least);
      if (reached === undefined || reached.depth < least) return undefined;
      const { start, edge } = reached;
      const pattern = patterns[leadOf(trie, edge)];
      if (pattern === undefined || pattern.care !== undefined) return undefined;
      return fits(text, start, text.length, { ...pattern, bounded: true }) ? { start, end: text.length, pattern } : undefined;
    },
  };
}

let serials = 0;

/** Everything that two matchers look for in a text, in one pass. */
export function findBoth([one, other]: readonly [Matcher, Matcher], text: string, take: Take, takeOther: Take = take): void {
  const { begins, triples, inside } = one;
  const { begins: begins2, triples: triples2, inside: inside2 } = other;
  const anywhere = one.anywhere || other.anywhere;
  const last = text.length - 1;
  let before = 0;
  for (let i = 0; i < last; i += 1) {
    const raw = text.charCodeAt(i);
    const here = characters[raw] || learned(raw);
    const next = text.charCodeAt(i + 1);
    const second = (characters[next] || learned(next)) >> 1;
    const pair = pairOf(here >> 1, second);
    const begin = beginsAt(begins, pair);
    const begin2 = beginsAt(begins2, pair);
    if (begin !== 0 || begin2 !== 0) {
      const starts = (before & 1) === 0 ? 3 : 2;
      const third = i + 2 < text.length ? folded(text.charCodeAt(i + 2)) : 0;
      const triple = tripleOf(pair, third);
      const gram = i + 3 < text.length ? gramOf(second, third, folded(text.charCodeAt(i + 3))) : 0;
      // Blanks in a row count as one, so what follows a blank is not sure to be next to it.
      if ((begin & starts) !== 0 && ((begin & 4) !== 0 || second === 32 || (isMarked(triples, triple) && ((begin & 8) !== 0 || third === 32 || isMarked(inside, gram))))) one.walk(text, i, take);
      if ((begin2 & starts) !== 0 && ((begin2 & 4) !== 0 || second === 32 || (isMarked(triples2, triple) && ((begin2 & 8) !== 0 || third === 32 || isMarked(inside2, gram))))) other.walk(text, i, takeOther);
    }
    before = here;
    if (anywhere || (here & 1) === 0) continue;
    // The rest of the word, and the sign after it, begin nothing.
    for (i += 1; i < last; i += 1) {
      const code = text.charCodeAt(i);
      before = characters[code] || learned(code);
      if ((before & 1) === 0) break;
    }
  }
}
