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

export type Matcher = {
  readonly size: number;
  find(text: string, take: (match: Match) => void): void;
  /** What the text's very end may be the beginning of, where at least `least` characters of it are there: a field was cut. */
  cutAtEnd(text: string, least: number): Match | undefined;
};

const ascii = Uint8Array.from({ length: 128 }, (_, code) => foldChar(String.fromCharCode(code)).charCodeAt(0));
const wordAscii = Uint8Array.from({ length: 128 }, (_, code) => (/[A-Za-z0-9]/.test(String.fromCharCode(code)) ? 1 : 0));
const isWordCode = (code: number): boolean => (code < 128 ? wordAscii[code] === 1 : /[\p{L}\p{N}]/u.test(String.fromCharCode(code)));
const folded = (code: number): number => (code < 128 ? (ascii[code] ?? 0) : foldChar(String.fromCharCode(code)).charCodeAt(0));

/** Longest pattern that is looked for. */
export const longestPattern = 200;
/** States times characters that still have a full table; beyond it edges are looked up in a hash. */
const tableLimit = 4_000_000;

/**
 * Aho-Corasick over folded text: every pattern in one pass, whatever their number. Which match counts where several
 * overlap is for the caller to say (`settle`).
 */
export function matcherOf(patterns: readonly Pattern[]): Matcher {
  if (patterns.length === 0) return { size: 0, find: () => undefined, cutAtEnd: () => undefined };
  const { trie, classes } = trieOf(patterns);
  const { fail, report } = linksOf(trie);
  const next = nextOf(trie, fail, classes.size + 1);
  const asciiClass = Uint16Array.from({ length: 128 }, (_, code) => classes.get(ascii[code] ?? 0) ?? 0);
  const classOf = (code: number): number => (code < 128 ? (asciiClass[code] ?? 0) : (classes.get(folded(code)) ?? 0));
  // Where a pattern may begin: after a word's end for most, anywhere for the others.
  const begins = new Uint8Array(classes.size + 1);
  for (const { text, bounded } of patterns) begins[classes.get(text.charCodeAt(0)) ?? 0] = Math.max(begins[classes.get(text.charCodeAt(0)) ?? 0] ?? 0, bounded ? 1 : 2);

  const find = (text: string, take: (match: Match) => void): void => {
    // Source offsets of the last 256 folded characters; patterns are no longer than that.
    const ring = new Int32Array(256);
    let count = 0;
    let state = 0;
    let blank = true;
    let inWord = false;
    for (let i = 0; i < text.length; i += 1) {
      const code = text.charCodeAt(i);
      const kind = classOf(code);
      const was = inWord;
      inWord = code < 128 ? wordAscii[code] === 1 : isWordCode(code);
      if (state === 0 && (begins[kind] ?? 0) < (was ? 2 : 1)) {
        blank = false;
        continue;
      }
      if ((code < 128 ? ascii[code] : folded(code)) === 32) {
        if (blank) continue;
        blank = true;
      } else blank = false;
      ring[count & 255] = i;
      count += 1;
      state = next(state, kind);
      if (state === 0) continue;
      for (let at = trie.out[state] === undefined ? (report[state] ?? 0) : state; at !== 0; at = report[at] ?? 0)
        for (const pattern of trie.out[at] ?? []) {
          const start = ring[(count - pattern.text.length) & 255] ?? 0;
          if (fits(text, start, i + 1, pattern)) take({ start, end: i + 1, pattern });
        }
    }
  };

  const cutAtEnd = (text: string, least: number): Match | undefined => {
    const at: number[] = [];
    let state = 0;
    let blank = true;
    for (let i = Math.max(0, text.length - longestPattern); i < text.length; i += 1) {
      const code = text.charCodeAt(i);
      if (folded(code) === 32) {
        if (blank) continue;
        blank = true;
      } else blank = false;
      at.push(i);
      state = next(state, classOf(code));
    }
    const pattern = trie.leads[state];
    const depth = trie.depth[state] ?? 0;
    const start = at[at.length - depth];
    if (pattern === undefined || start === undefined || depth < least || pattern.care !== undefined) return undefined;
    return fits(text, start, text.length, { ...pattern, bounded: true }) ? { start, end: text.length, pattern } : undefined;
  };
  return { size: patterns.length, find, cutAtEnd };
}

type Trie = {
  /** Class → child, for each state. */
  readonly children: readonly ReadonlyMap<number, number>[];
  readonly out: readonly (readonly Pattern[] | undefined)[];
  readonly depth: readonly number[];
  /** Some pattern that passes through the state. */
  readonly leads: readonly (Pattern | undefined)[];
};

function trieOf(patterns: readonly Pattern[]): { readonly trie: Trie; readonly classes: ReadonlyMap<number, number> } {
  const classes = new Map<number, number>();
  const children: Map<number, number>[] = [new Map()];
  const out: (Pattern[] | undefined)[] = [undefined];
  const depth: number[] = [0];
  const leads: (Pattern | undefined)[] = [undefined];
  for (const pattern of patterns) {
    let state = 0;
    for (let i = 0; i < pattern.text.length; i += 1) {
      const code = pattern.text.charCodeAt(i);
      let kind = classes.get(code);
      if (kind === undefined) classes.set(code, (kind = classes.size + 1));
      let child = children[state]?.get(kind);
      if (child === undefined) {
        child = children.length;
        children[state]?.set(kind, child);
        children.push(new Map());
        out.push(undefined);
        depth.push(i + 1);
        leads.push(pattern);
      }
      state = child;
    }
    const here = out[state];
    if (here === undefined) out[state] = [pattern];
    else here.push(pattern);
  }
  return { trie: { children, out, depth, leads }, classes };
}

/** For each state the longest suffix that is a state, too (`fail`), and the next one of those where a pattern ends (`report`). */
function linksOf({ children, out }: Trie): { readonly fail: Int32Array; readonly report: Int32Array } {
  const fail = new Int32Array(children.length);
  const report = new Int32Array(children.length);
  const queue: number[] = [0];
  for (let head = 0; head < queue.length; head += 1) {
    const state = queue[head] ?? 0;
    for (const [kind, child] of children[state] ?? []) {
      let down = state === 0 ? -1 : (fail[state] ?? 0);
      while (down > 0 && children[down]?.has(kind) !== true) down = fail[down] ?? 0;
      fail[child] = down < 0 ? 0 : (children[down]?.get(kind) ?? 0);
      const suffix = fail[child] ?? 0;
      report[child] = out[suffix] === undefined ? (report[suffix] ?? 0) : suffix;
      queue.push(child);
    }
  }
  return { fail, report };
}

/** The automaton's step: one table where it is small, else edges and fail links. */
function nextOf({ children }: Trie, fail: Int32Array, width: number): (state: number, kind: number) => number {
  if (children.length * width > tableLimit)
    return (state, kind) => {
      for (let at = state; ; at = fail[at] ?? 0) {
        const child = children[at]?.get(kind);
        if (child !== undefined) return child;
        if (at === 0) return 0;
      }
    };
  const table = new Int32Array(children.length * width);
  // Shallow states first, so that the row of a fail link is there when it is copied.
  const queue: number[] = [0];
  for (let head = 0; head < queue.length; head += 1) {
    const state = queue[head] ?? 0;
    if (state !== 0) table.copyWithin(state * width, (fail[state] ?? 0) * width, ((fail[state] ?? 0) + 1) * width);
    for (const [kind, child] of children[state] ?? []) {
      table[state * width + kind] = child;
      queue.push(child);
    }
  }
  return (state, kind) => table[state * width + kind] ?? 0;
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
