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
  /** Folded texts of the patterns. */
  has(text: string): boolean;
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

/**
 * A trie over folded text, walked from where a pattern may begin: the beginning of a word, for most. Nearly all words are
 * turned away by their first two characters. No walk is longer than the longest pattern, so time is linear in the text
 * whatever the patterns. Which match counts where several overlap is for the caller to say (`settle`).
 */
export function matcherOf(patterns: Iterable<Pattern> = []): Matcher {
  const trie = emptyTrie();
  /** 1: a pattern begins so at the beginning of a word; 2: anywhere. */
  const begins = new Uint8Array(1 << 14);
  let anywhere = false;
  let longest = 0;
  const known = new Map<string, Pattern>();
  const ends: (Pattern | undefined)[] = [undefined];
  /** Some pattern that passes through a state. */
  const leads: (Pattern | undefined)[] = [undefined];

  const add = (pattern: Pattern): void => {
    const { text } = pattern;
    if (text.length < 2 || known.has(text)) return;
    known.set(text, pattern);
    let state = 0;
    for (let i = 0; i < text.length; i += 1) {
      state = trie.grow(state, text.charCodeAt(i));
      leads[state] ??= pattern;
    }
    ends[state] = pattern;
    const pair = pairOf(text.charCodeAt(0), text.charCodeAt(1));
    begins[pair] = Math.max(begins[pair] ?? 0, pattern.bounded ? 1 : 2);
    if (!pattern.bounded) anywhere = true;
    longest = Math.max(longest, text.length);
  };
  for (const pattern of patterns) add(pattern);

  /** Follows the trie from `start`; answers the state at the text's end, or -1 where it leads nowhere before that. */
  const walk = (text: string, start: number, take: ((match: Match) => void) | undefined): number => {
    let state = 0;
    let blank = false;
    for (let i = start; i < text.length; i += 1) {
      const code = folded(text.charCodeAt(i));
      if (code === 32) {
        if (blank) continue;
        blank = true;
      } else blank = false;
      state = trie.next(state, code);
      if (state < 0) return -1;
      const pattern = ends[state];
      if (pattern !== undefined && take !== undefined && fits(text, start, i + 1, pattern)) take({ start, end: i + 1, pattern });
    }
    return state;
  };

  return {
    get size() {
      return known.size;
    },
    has: (text) => known.has(text),
    add,
    find(text, take) {
      if (known.size === 0) return;
      const last = text.length - 1;
      for (let i = 0; i < last; i += 1) {
        const here = folded(text.charCodeAt(i));
        const begin = begins[pairOf(here, folded(text.charCodeAt(i + 1)))] ?? 0;
        if (begin !== 0 && (begin === 2 || i === 0 || !isWordCode(text.charCodeAt(i - 1)))) walk(text, i, take);
        if (anywhere || !isWordCode(text.charCodeAt(i))) continue;
        // The rest of the word, and the sign after it, begin nothing.
        for (i += 1; i < last && isWordCode(text.charCodeAt(i)); i += 1);
      }
    },
    cutAtEnd(text, least) {
      if (known.size === 0) return undefined;
      // Blanks in a row count once, so what is there may be longer than its pattern.
      for (let start = Math.max(0, text.length - Math.min(2 * longest, longestPattern)); start <= text.length - least; start += 1) {
        if (start > 0 && isWordCode(text.charCodeAt(start - 1))) continue;
        if (begins[pairOf(folded(text.charCodeAt(start)), folded(text.charCodeAt(start + 1)))] === 0) continue;
        const state = walk(text, start, undefined);
        if (state <= 0) continue;
        const pattern = leads[state];
        if (pattern === undefined || trie.depth(state) < least || pattern.care !== undefined) return undefined;
        return fits(text, start, text.length, { ...pattern, bounded: true }) ? { start, end: text.length, pattern } : undefined;
      }
      return undefined;
    },
  };
}

type Trie = {
  /** The state after `code`, or -1. */
  next(state: number, code: number): number;
  /** The state after `code`, made where there is none. */
  grow(state: number, code: number): number;
  /** How many characters lead to a state. */
  depth(state: number): number;
};

/** Edges in one open hash table: state and character beside the state they lead to. Root is 0. */
function emptyTrie(): Trie {
  let size = 1024;
  let froms = new Int32Array(size).fill(-1);
  let codes = new Uint16Array(size);
  let targets = new Int32Array(size);
  let states = 1;
  const depths: number[] = [0];
  const placeOf = (state: number, code: number): number => {
    let at = (Math.imul(state, 0x9e3779b1) ^ Math.imul(code, 0x85ebca6b)) >>> 0;
    at = (at ^ (at >>> 15)) & (size - 1);
    while (froms[at] !== -1 && (froms[at] !== state || codes[at] !== code)) at = (at + 1) & (size - 1);
    return at;
  };
  const put = (from: number, code: number, target: number): void => {
    const at = placeOf(from, code);
    froms[at] = from;
    codes[at] = code;
    targets[at] = target;
  };
  const widen = (): void => {
    const [oldFroms, oldCodes, oldTargets] = [froms, codes, targets];
    size *= 2;
    froms = new Int32Array(size).fill(-1);
    codes = new Uint16Array(size);
    targets = new Int32Array(size);
    for (let i = 0; i < oldFroms.length; i += 1) if (oldFroms[i] !== -1) put(oldFroms[i] ?? 0, oldCodes[i] ?? 0, oldTargets[i] ?? 0);
  };
  return {
    next(state, code) {
      const at = placeOf(state, code);
      return froms[at] === -1 ? -1 : (targets[at] ?? -1);
    },
    grow(state, code) {
      const at = placeOf(state, code);
      if (froms[at] !== -1) return targets[at] ?? 0;
      if (states * 2 > size) {
        widen();
        return this.grow(state, code);
      }
      put(state, code, states);
      depths.push((depths[state] ?? 0) + 1);
      states += 1;
      return states - 1;
    },
    depth: (state) => depths[state] ?? 0,
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
