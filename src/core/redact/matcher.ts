import { foldChar } from "./canonical.ts";

/** One thing to look for. `text` is folded (see `foldText`). */
export type Pattern = {
  readonly text: string;
  readonly kind: string;
  readonly tier: "certain" | "likely";
  readonly rule: string;
  /** Only where no letter or digit stands right before or after. */
  readonly bounded: boolean;
  /** `capital`: the text must begin with a capital there; `digits`: no `$`, comma or point may tie it to a longer number. */
  readonly care?: "capital" | "digits";
};

export type Match = { readonly start: number; readonly end: number; readonly pattern: Pattern };

/** A growing set of patterns, all of which are looked for at once. */
export type Matcher = {
  readonly size: number;
  /** Adds a pattern; the first one with a text stays. */
  add(pattern: Pattern): void;
  find(text: string, take: (match: Match) => void): void;
  /** What the text's very end may be the beginning of, where at least `least` characters of it are there: a field was cut. */
  cutAtEnd(text: string, least: number): Match | undefined;
};

/** What each character folds to, times two, and one more where it belongs to a word: filled in as they are met. */
const characters = new Uint32Array(65_536);
const learned = (code: number): number => {
  const char = String.fromCharCode(code);
  return (characters[code] = (foldChar(char).charCodeAt(0) || 32) * 2 + (/[\p{L}\p{N}]/u.test(char) ? 1 : 0));
};
const folded = (code: number): number => (characters[code] || learned(code)) >> 1;
const isWordCode = (code: number): boolean => ((characters[code] || learned(code)) & 1) === 1;

/** Longest pattern that is looked for. */
export const longestPattern = 200;

/** Two folded characters as a place in the table of beginnings. What lies outside of ASCII shares places: the table only says no. */
const pairOf = (first: number, second: number): number => ((first & 127) << 7) | (second & 127);
/** Two bits for each pair, sixteen pairs to a number. */
const beginsAt = (begins: Int32Array, pair: number): number => ((begins[pair >> 4] ?? 0) >> ((pair & 15) * 2)) & 3;

/**
 * A trie over folded text, walked from where a pattern may begin: the beginning of a word, for most. Nearly all words are
 * turned away by their first two characters. No walk is longer than the longest pattern, so time is linear in the text
 * whatever the patterns. Which match counts where several overlap is for the caller to say (`settle`).
 */
export function matcherOf(given: Iterable<Pattern> = []): Matcher {
  const patterns: Pattern[] = [];
  const trie = emptyTrie();
  /** 1: a pattern begins so at the beginning of a word; 2: anywhere. */
  const begins = new Int32Array(1024);
  let anywhere = false;
  let longest = 0;

  const add = (pattern: Pattern): void => {
    const { text } = pattern;
    if (text.length < 2 || !trie.put(text, patterns.length)) return;
    patterns.push(pattern);
    const pair = pairOf(text.charCodeAt(0), text.charCodeAt(1));
    begins[pair >> 4] = (begins[pair >> 4] ?? 0) | ((pattern.bounded ? 1 : 2) << ((pair & 15) * 2));
    if (!pattern.bounded) anywhere = true;
    longest = Math.max(longest, text.length);
  };
  for (const pattern of given) add(pattern);

  /** Follows the trie from `start` to the text's end, or to where it leads nowhere: then nothing is answered. */
  const walk = (text: string, start: number, take?: (match: Match) => void): { readonly edge: number; readonly depth: number } | undefined => {
    let edge = -1;
    let depth = 0;
    let blank = false;
    for (let i = start; i < text.length; i += 1) {
      const code = folded(text.charCodeAt(i));
      if (code === 32) {
        if (blank) continue;
        blank = true;
      } else blank = false;
      edge = trie.next(edge, code);
      if (edge < 0) return undefined;
      depth += 1;
      const pattern = take === undefined ? undefined : patterns[trie.endOf(edge)];
      if (pattern !== undefined && take !== undefined && fits(text, start, i + 1, pattern)) take({ start, end: i + 1, pattern });
    }
    return { edge, depth };
  };

  return {
    get size() {
      return patterns.length;
    },
    add,
    find(text, take) {
      if (patterns.length === 0) return;
      const last = text.length - 1;
      for (let i = 0; i < last; i += 1) {
        const here = folded(text.charCodeAt(i));
        const begin = beginsAt(begins, pairOf(here, folded(text.charCodeAt(i + 1))));
        if (begin !== 0 && (begin > 1 || i === 0 || !isWordCode(text.charCodeAt(i - 1)))) walk(text, i, take);
        if (anywhere || !isWordCode(text.charCodeAt(i))) continue;
        // The rest of the word, and the sign after it, begin nothing.
        for (i += 1; i < last && isWordCode(text.charCodeAt(i)); i += 1);
      }
    },
    cutAtEnd(text, least) {
      if (patterns.length === 0) return undefined;
      // Blanks in a row count once, so what is there may be longer than its pattern.
      for (let start = Math.max(0, text.length - Math.min(2 * longest, longestPattern)); start <= text.length - least; start += 1) {
        if (start > 0 && isWordCode(text.charCodeAt(start - 1))) continue;
        if (beginsAt(begins, pairOf(folded(text.charCodeAt(start)), folded(text.charCodeAt(start + 1)))) === 0) continue;
        const end = walk(text, start);
        if (end === undefined) continue;
        const pattern = patterns[trie.leadOf(end.edge)];
        if (pattern === undefined || end.depth < least || pattern.care !== undefined) return undefined;
        return fits(text, start, text.length, { ...pattern, bounded: true }) ? { start, end: text.length, pattern } : undefined;
      }
      return undefined;
    },
  };
}

/** A place in the trie is the edge that leads to it; -1 is the root. Patterns are numbers. */
type Trie = {
  /** The edge that goes on from a place by `code`, or -1. */
  next(edge: number, code: number): number;
  /** Adds a text as that of a pattern; false where it is there. */
  put(text: string, pattern: number): boolean;
  /** The pattern that ends at a place, or -1. */
  endOf(edge: number): number;
  /** The first pattern whose text goes through a place. */
  leadOf(edge: number): number;
};

/** Numbers that an edge takes: the state it comes from and one more (0: no edge), its character, the state it leads to, the pattern that ends there and one more. */
const width = 4;

/** One open hash table of edges. States are numbered as they are made, so each pattern makes a row of them. */
function emptyTrie(): Trie {
  let slots = 256;
  let edges = new Int32Array(slots * width);
  let states = 1;
  /** The first state that each pattern made, for those that made any; and which they are. */
  const firsts: number[] = [];
  const makers: number[] = [];
  const placeOf = (state: number, code: number): number => {
    let at = Math.imul(state, 0x9e3779b1) ^ Math.imul(code, 0x85ebca6b);
    at = (at ^ (at >>> 15)) & (slots - 1);
    while (edges[at * width] !== 0 && (edges[at * width] !== state + 1 || edges[at * width + 1] !== code)) at = (at + 1) & (slots - 1);
    return at * width;
  };
  const widen = (): void => {
    const old = edges;
    slots *= 2;
    edges = new Int32Array(slots * width);
    for (let at = 0; at < old.length; at += width) {
      const from = old[at] ?? 0;
      if (from === 0) continue;
      const place = placeOf(from - 1, old[at + 1] ?? 0);
      for (let i = 0; i < width; i += 1) edges[place + i] = old[at + i] ?? 0;
    }
  };
  return {
    next(edge, code) {
      const place = placeOf(edge < 0 ? 0 : (edges[edge + 2] ?? 0), code);
      return edges[place] === 0 ? -1 : place;
    },
    put(text, pattern) {
      let state = 0;
      let place = -1;
      for (let i = 0; i < text.length; i += 1) {
        const code = text.charCodeAt(i);
        place = placeOf(state, code);
        if (edges[place] === 0) {
          if (states * 2 > slots) {
            widen();
            place = placeOf(state, code);
          }
          if (makers.at(-1) !== pattern) {
            makers.push(pattern);
            firsts.push(states);
          }
          edges[place] = state + 1;
          edges[place + 1] = code;
          edges[place + 2] = states;
          states += 1;
        }
        state = edges[place + 2] ?? 0;
      }
      if (place < 0 || edges[place + 3] !== 0) return false;
      edges[place + 3] = pattern + 1;
      return true;
    },
    endOf: (edge) => (edges[edge + 3] ?? 0) - 1,
    leadOf(edge) {
      const state = edges[edge + 2] ?? 0;
      let low = 0;
      let high = firsts.length - 1;
      while (low < high) {
        const mid = (low + high + 1) >> 1;
        if ((firsts[mid] ?? 0) <= state) low = mid;
        else high = mid - 1;
      }
      return makers[low] ?? -1;
    },
  };
}

function fits(text: string, start: number, end: number, pattern: Pattern): boolean {
  if (pattern.bounded) {
    if (start > 0 && isWordCode(text.charCodeAt(start - 1))) return false;
    if (end < text.length && isWordCode(text.charCodeAt(end))) return false;
  }
  if (pattern.care === "capital") {
    const code = text.charCodeAt(start);
    if (code >= 97 && code <= 122) return false;
    // Short names shouted are codes of airports and states.
    if (end - start <= 4 && end - start > 1 && /^[A-Z]+$/.test(text.slice(start, end))) return false;
    // `Li_ion` is an identifier, no person.
    if (text.charCodeAt(end) === 95 || (start > 0 && text.charCodeAt(start - 1) === 95)) return false;
  }
  if (pattern.care === "digits") {
    const before = text[start - 1] ?? "";
    if (before === "$" || before === "€" || before === "£" || (/[.,:]/.test(before) && /\d/.test(text[start - 2] ?? ""))) return false;
    if (/[.,:]/.test(text[end] ?? "") && /\d/.test(text[end + 1] ?? "")) return false;
    if (/[-/]/.test(before) && /\d/.test(text[start - 2] ?? "") && /[-/]/.test(text[end] ?? "")) return false;
  }
  return true;
}
