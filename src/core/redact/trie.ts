import { foldChar } from "./canonical.ts";
import type { Pattern, Take } from "./matcher.ts";

/** What each character folds to, times two, and one more where it belongs to a word: filled in as they are met. */
export const characters = new Uint32Array(65_536);
export const learned = (code: number): number => {
  const char = String.fromCharCode(code);
  return (characters[code] = (foldChar(char).charCodeAt(0) || 32) * 2 + (/[\p{L}\p{N}]/u.test(char) ? 1 : 0));
};
export const folded = (code: number): number => (characters[code] || learned(code)) >> 1;
export const isWordCode = (code: number): boolean => ((characters[code] || learned(code)) & 1) === 1;

/** Numbers that an edge of the trie takes. */
const width = 4;

/**
 * One open hash table of edges. States are numbered as they are made, so each pattern makes a row of them. An edge takes four
 * numbers: the state it comes from and one more (0: no edge), its character, the state it leads to, the pattern that ends there
 * and one more.
 */
export type Trie = {
  readonly patterns: readonly Pattern[];
  edges: Int32Array;
  states: number;
  /** The first state that each pattern made, for those that made any; and which they are. */
  readonly firsts: number[];
  readonly makers: number[];
};

/** Where in the table an edge is, or would be. */
function placeOf(edges: Int32Array, state: number, code: number): number {
  const mask = edges.length - 1;
  const hash = Math.imul(state, 0x9e3779b1) ^ Math.imul(code, 0x85ebca6b);
  for (let at = ((hash ^ (hash >>> 15)) * width) & mask; ; at = (at + width) & mask) {
    const from = edges[at];
    if (from === 0 || (from === state + 1 && edges[at + 1] === code)) return at;
  }
}

/** Goes from `start` to the text's end, or to where the trie leads nowhere: then nothing is answered. Patterns that end on the way are taken. */
export function follow({ edges, patterns }: Trie, text: string, start: number, take?: Take): { readonly edge: number; readonly depth: number } | undefined {
  const { length } = text;
  let state = 0;
  let edge = -1;
  let depth = 0;
  let blank = false;
  for (let i = start; i < length; i += 1) {
    const raw = text.charCodeAt(i);
    const code = (characters[raw] || learned(raw)) >> 1;
    if (code === 32) {
      if (blank) continue;
      blank = true;
    } else blank = false;
    edge = placeOf(edges, state, code);
    if (edges[edge] === 0) return undefined;
    state = edges[edge + 2] ?? 0;
    depth += 1;
    if (take === undefined || edges[edge + 3] === 0) continue;
    const pattern = patterns[(edges[edge + 3] ?? 0) - 1];
    if (pattern !== undefined && fits(text, start, i + 1, pattern)) take(start, i + 1, pattern);
  }
  return { edge, depth };
}

/** Adds a text as that of a pattern; false where it is there. */
export function put(trie: Trie, text: string, pattern: number): boolean {
  let state = 0;
  let at = -1;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    at = placeOf(trie.edges, state, code);
    if (trie.edges[at] === 0) {
      if (trie.states * 2 * width > trie.edges.length) {
        trie.edges = widened(trie.edges);
        at = placeOf(trie.edges, state, code);
      }
      if (trie.makers.at(-1) !== pattern) {
        trie.makers.push(pattern);
        trie.firsts.push(trie.states);
      }
      trie.edges[at] = state + 1;
      trie.edges[at + 1] = code;
      trie.edges[at + 2] = trie.states;
      trie.states += 1;
    }
    state = trie.edges[at + 2] ?? 0;
  }
  if (at < 0 || trie.edges[at + 3] !== 0) return false;
  trie.edges[at + 3] = pattern + 1;
  return true;
}

/** The number of the pattern with this text, or one that none has. */
export function endOf({ edges }: Trie, text: string): number {
  let state = 0;
  let pattern = -1;
  for (let i = 0; i < text.length; i += 1) {
    const at = placeOf(edges, state, text.charCodeAt(i));
    if (edges[at] === 0) return -1;
    state = edges[at + 2] ?? 0;
    pattern = (edges[at + 3] ?? 0) - 1;
  }
  return pattern;
}

function widened(old: Int32Array): Int32Array {
  const edges = new Int32Array(old.length * 2);
  for (let at = 0; at < old.length; at += width) {
    const from = old[at] ?? 0;
    if (from === 0) continue;
    const place = placeOf(edges, from - 1, old[at + 1] ?? 0);
    for (let i = 0; i < width; i += 1) edges[place + i] = old[at + i] ?? 0;
  }
  return edges;
}

/** The first pattern whose text goes over an edge. */
export function leadOf({ edges, firsts, makers }: Trie, edge: number): number {
  const state = edges[edge + 2] ?? 0;
  let low = 0;
  let high = firsts.length - 1;
  while (low < high) {
    const mid = (low + high + 1) >> 1;
    if ((firsts[mid] ?? 0) <= state) low = mid;
    else high = mid - 1;
  }
  return makers[low] ?? -1;
}

/** Whether a pattern may stand at a place where its text stands. */
export function fits(text: string, start: number, end: number, pattern: Pattern): boolean {
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

/** A trie that holds nothing, and will hold these patterns. */
export const emptyTrie = (patterns: readonly Pattern[]): Trie => ({ patterns, edges: new Int32Array(256 * width), states: 1, firsts: [], makers: [] });
