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
  readonly instead?: string;
};

export type Match = { readonly start: number; readonly end: number; readonly pattern: Pattern };

export type Matcher = {
  readonly size: number;
  find(text: string, take: (match: Match) => void): void;
  /** What the text's very end may be the beginning of, where at least `least` characters of it are there: a field was cut. */
  cutAtEnd(text: string, least: number): Match | undefined;
};

const ascii = Array.from({ length: 128 }, (_, code) => foldChar(String.fromCharCode(code)).charCodeAt(0));
const isWordCode = (code: number): boolean => (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || (code > 127 && /[\p{L}\p{N}]/u.test(String.fromCharCode(code)));

/**
 * Aho-Corasick over folded text: every pattern in one pass, whatever their number. Edges live in one hash table, so the
 * size grows with the patterns only. Longest match at a place is left to the caller (`settle`).
 */
export function matcherOf(patterns: readonly Pattern[]): Matcher {
  if (patterns.length === 0) return { size: 0, find: () => undefined, cutAtEnd: () => undefined };
  const total = patterns.reduce((sum, pattern) => sum + pattern.text.length, 1);
  let capacity = 16;
  while (capacity < total * 2) capacity *= 2;
  const keys = new Float64Array(capacity).fill(-1);
  const targets = new Int32Array(capacity);
  const fail = new Int32Array(total + 1);
  const report = new Int32Array(total + 1);
  const out: Pattern[][] = [[]];
  const slot = (state: number, code: number): number => {
    const key = state * 65_536 + code;
    let at = (Math.imul(state, 0x9e3779b1) ^ Math.imul(code, 0x85ebca6b)) >>> 0;
    at = (at ^ (at >>> 15)) & (capacity - 1);
    while (keys[at] !== key && keys[at] !== -1) at = (at + 1) & (capacity - 1);
    return at;
  };
  let states = 1;
  const children: [number, number][][] = [[]];
  const depth: number[] = [0];
  const leads: (Pattern | undefined)[] = [undefined];
  for (const pattern of patterns) {
    let state = 0;
    for (let i = 0; i < pattern.text.length; i += 1) {
      const code = pattern.text.charCodeAt(i);
      const at = slot(state, code);
      if (keys[at] === -1) {
        keys[at] = state * 65_536 + code;
        targets[at] = states;
        children[state]?.push([code, states]);
        children[states] = [];
        out[states] = [];
        depth[states] = i + 1;
        leads[states] = pattern;
        states += 1;
      }
      state = targets[at] ?? 0;
    }
    out[state]?.push(pattern);
  }
  const next = (state: number, code: number): number => {
    for (let at = state; ; at = fail[at] ?? 0) {
      const edge = slot(at, code);
      if (keys[edge] !== -1) return targets[edge] ?? 0;
      if (at === 0) return 0;
    }
  };
  const queue: number[] = [0];
  for (let head = 0; head < queue.length; head += 1) {
    const state = queue[head] ?? 0;
    for (const [code, child] of children[state] ?? []) {
      fail[child] = state === 0 ? 0 : next(fail[state] ?? 0, code);
      const down = fail[child] ?? 0;
      report[child] = (out[down]?.length ?? 0) > 0 ? down : (report[down] ?? 0);
      queue.push(child);
    }
  }
  const first = new Uint8Array(65_536);
  for (const pattern of patterns) first[pattern.text.charCodeAt(0)] = 1;

  const find = (text: string, take: (match: Match) => void): void => {
    // Source offset of the last 256 folded characters; patterns are no longer than that.
    const ring = new Int32Array(256);
    let count = 0;
    let state = 0;
    let blank = true;
    for (let i = 0; i < text.length; i += 1) {
      const raw = text.charCodeAt(i);
      const code = raw < 128 ? (ascii[raw] ?? 0) : foldChar(text[i] ?? "").charCodeAt(0);
      if (code === 32) {
        if (blank) continue;
        blank = true;
      } else blank = false;
      ring[count & 255] = i;
      count += 1;
      if (state === 0 && first[code] === 0) continue;
      state = next(state, code);
      if (state === 0) continue;
      for (let at = (out[state]?.length ?? 0) > 0 ? state : (report[state] ?? 0); at !== 0; at = report[at] ?? 0)
        for (const pattern of out[at] ?? []) {
          const start = ring[(count - pattern.text.length) & 255] ?? 0;
          if (fits(text, start, i + 1, pattern)) take({ start, end: i + 1, pattern });
        }
    }
  };
  const cutAtEnd = (text: string, least: number): Match | undefined => {
    const from = Math.max(0, text.length - longestPattern);
    const at: number[] = [];
    let state = 0;
    for (let i = from; i < text.length; i += 1) {
      const code = foldChar(text[i] ?? "").charCodeAt(0);
      if (code === 32 && (at.length === 0 || text[i - 1] === undefined || foldChar(text[i - 1] ?? "") === " ")) continue;
      at.push(i);
      state = next(state, code);
    }
    const pattern = leads[state];
    const start = at[at.length - (depth[state] ?? 0)];
    if (pattern === undefined || start === undefined || (depth[state] ?? 0) < least || pattern.care !== undefined) return undefined;
    return fits(text, start, text.length, { ...pattern, bounded: true }) ? { start, end: text.length, pattern } : undefined;
  };
  return { size: patterns.length, find, cutAtEnd };
}

/** Longest pattern that is looked for; a longer value is matched by its beginning and its end. */
export const longestPattern = 200;

function fits(text: string, start: number, end: number, pattern: Pattern): boolean {
  if (pattern.bounded) {
    if (start > 0 && isWordCode(text.charCodeAt(start - 1))) return false;
    if (end < text.length && isWordCode(text.charCodeAt(end))) return false;
  }
  if (pattern.care === "capital") {
    const code = text.charCodeAt(start);
    if (code >= 97 && code <= 122) return false;
    // Short names shouted are codes of airports and states.
    if (end - start <= 4 && end - start > 1 && text.slice(start, end) === text.slice(start, end).toUpperCase() && /^[A-Z]+$/.test(text.slice(start, end))) return false;
    const after = text.charCodeAt(end);
    // `May 20`, `Li_ion`: a date or an identifier, no person.
    if (after === 95 || (start > 0 && text.charCodeAt(start - 1) === 95)) return false;
  }
  if (pattern.care === "digits") {
    const before = text[start - 1] ?? "";
    if (before === "$" || before === "€" || before === "£" || (/[.,:]/.test(before) && /\d/.test(text[start - 2] ?? ""))) return false;
    if (/[.,:]/.test(text[end] ?? "") && /\d/.test(text[end + 1] ?? "")) return false;
    if (/[-/]/.test(before) && /\d/.test(text[start - 2] ?? "") && /[-/]/.test(text[end] ?? "")) return false;
  }
  return true;
}
