import { canonicalOf, foldText } from "./canonical.ts";
import { decodingsOf } from "./decode.ts";
import { datesOf } from "./detect/dates.ts";
import { plausible } from "./detect/plausible.ts";
import { isStandIn } from "./detect/secrets.ts";
import { foldView } from "./fold.ts";
import { emptyHarvest, note, type Harvest } from "./harvest.ts";
import { settle, type Hit } from "./hit.ts";
import { senseOfKey, wordsOf } from "./keys.ts";
import { leavesOf, type Around, type Leaf } from "./leaves.ts";
import { matcherOf, type Match, type Matcher } from "./matcher.ts";
import type { Policy } from "./policy.ts";
import { isNumberOfOurs } from "./replace.ts";
import { scanText, type Detector } from "./scan-text.ts";
import { tokenPattern, type Tokens } from "./token.ts";
import { sourceOf, type View } from "./view.ts";

/** A text to be looked at, and what stands around it (its field's name, say). */
export type Source = { readonly text: string; readonly around?: Around | undefined };

/** A hit in a source text, with the leaf it is in. */
export type Found = Hit & { readonly value: string; readonly leaf: Leaf };

/** What was found in one source: hits in order, without overlaps; ranges that are dropped unseen. */
export type Seen = { readonly found: readonly Found[]; readonly dropped: readonly (readonly [number, number, string])[] };

export type EngineOptions = {
  readonly tokens: Tokens;
  readonly detectors: readonly Detector[];
  /** Values learned from other traces. */
  readonly corpus?: Matcher | undefined;
  /** Tokens from elsewhere that belong to these texts. */
  readonly known?: Iterable<string> | undefined;
  /** HMACs of values that are left alone. */
  readonly allow?: ReadonlySet<string> | undefined;
  readonly policy?: Pick<Policy, "ignore" | "keys"> | undefined;
};

/** A leaf in hand: folded, with what was found so far. `wrap`: it was decoded from a run that can only be masked whole. */
type Work = {
  readonly source: number;
  readonly leaf: Leaf;
  readonly view: View;
  readonly hits: Hit[];
  readonly wrap?: readonly [number, number];
};

/**
 * Finds what is sensitive in texts that belong together (one trace): every decoded leaf is scanned, what is found anywhere is
 * harvested, and the harvested values are looked for everywhere. Nothing is changed; offsets are those of the sources.
 */
export function inspect(sources: readonly Source[], options: EngineOptions, joins: readonly (readonly number[])[] = []): Seen[] {
  void joins;
  const harvest = emptyHarvest();
  const works: Work[] = [];
  const dropped = sources.map((): [number, number, string][] => []);
  for (const [index, source] of sources.entries()) {
    const { leaves, tooDeep, dropped: gone } = leavesOf(source.text, source.around);
    for (const [start, end] of tooDeep) dropped[index]?.push([start, end, "[DROPPED]"]);
    for (const [start, end] of gone) dropped[index]?.push([start, end, "null"]);
    for (const leaf of leaves) open(works, { source: index, leaf, depth: 0 });
  }
  const memo = new Map<string, readonly Hit[]>();
  for (const work of works) look(work, options, harvest, memo);
  recall(works, options, harvest);
  const matcher = matcherOf([...harvest.patterns.values()]);
  for (const work of works) propagate(work, harvest, matcher, options.corpus);
  return gather(sources.length, works, options, dropped);
}

/** What a batch of raw texts reveals, for other traces. */
export function harvestOf(sources: readonly Source[], options: EngineOptions): Harvest {
  const harvest = emptyHarvest();
  const memo = new Map<string, readonly Hit[]>();
  const works: Work[] = [];
  for (const [index, source] of sources.entries()) for (const leaf of leavesOf(source.text, source.around).leaves) open(works, { source: index, leaf, depth: 0 });
  for (const work of works) look(work, options, harvest, memo);
  return harvest;
}

/** Texts hidden in texts that are followed, one in the other. */
const deepest = 3;

function open(works: Work[], { source, leaf, depth, wrap }: { source: number; leaf: Leaf; depth: number; wrap?: readonly [number, number] }): void {
  const view = foldView({ text: leaf.view.text, base: 0 });
  works.push({ source, leaf, view, hits: [], ...(wrap === undefined ? {} : { wrap }) });
  if (depth >= deepest || leaf.role === "number" || view.text.length < 5 || view.text.length > 1_000_000) return;
  if (view.text.includes(";base64,")) return;
  for (const hidden of decodingsOf(view.text)) {
    const at = (offset: number): number => sourceOf(leaf.view, sourceOf(view, offset));
    const outer = wrap ?? (hidden.whole ? ([at(hidden.start), at(hidden.end)] as const) : undefined);
    if (outer !== undefined) {
      for (const inner of leavesOf(hidden.view.text, leaf).leaves) open(works, { source, leaf: { ...inner, pointer: leaf.pointer }, depth: depth + 1, wrap: outer });
      continue;
    }
    const marks = Array.from({ length: hidden.view.text.length + 1 }, (_, i) => at(sourceOf(hidden.view, i)));
    open(works, { source, leaf: { ...leaf, view: { text: hidden.view.text, base: 0, marks } }, depth: depth + 1 });
  }
}

const sameNumber = /^[\d._-]+$/;

/** Detectors and the meaning of the leaf's member; what is found goes into the harvest. */
function look(work: Work, options: EngineOptions, harvest: Harvest, memo: Map<string, readonly Hit[]>): void {
  const { leaf, view, hits } = work;
  const { text } = view;
  if (text.length < 2 || (leaf.role === "number" && isNumberOfOurs(options.tokens, text))) return;
  const sense = leaf.role === "key" ? keyItself(leaf) : meaning(leaf, text);
  if (sense !== undefined) hits.push(sense);
  if (leaf.role === "number" && text.replace(/\D/g, "").length < 7) return noteAll(work, harvest);
  // `key: value`, so that detectors that look for words near see the member's name.
  const key = leaf.role !== "key" && leaf.key !== undefined && leaf.key.length <= 64 && text.length <= 4096 ? `${leaf.key}: ` : "";
  const short = text.length <= 64;
  const known = short ? memo.get(key + text) : undefined;
  const scanned = known ?? scanText(key + text, options.detectors);
  if (short && known === undefined) memo.set(key + text, scanned);
  for (const hit of scanned) {
    if (hit.end <= key.length) continue;
    const start = Math.max(0, hit.start - key.length);
    hits.push(key === "" ? hit : { ...hit, start, end: hit.end - key.length });
  }
  noteAll(work, harvest);
}

function noteAll(work: Work, harvest: Harvest): void {
  for (const hit of work.hits) if (hit.tier !== "suspect" && hit.end - hit.start <= 400) note(harvest, hit.kind, work.view.text.slice(hit.start, hit.end), hit.tier);
}

/** The hit that the member's name makes of its whole value. */
function meaning(leaf: Leaf, text: string): Hit | undefined {
  if (leaf.key === undefined || text.length > 2000) return undefined;
  const sense = senseOfKey({ key: leaf.key, parents: leaf.parents, siblings: leaf.siblings });
  if (sense === undefined) return undefined;
  const { kind, tier } = sense;
  if (sense.secret) {
    const value = text.trim();
    if (value.length < 3 || isStandIn(value) || (leaf.role === "number" && value.length < 4) || /^\[[A-Z][A-Z0-9_]*(?::[a-z2-7]{16})?\]$/.test(value)) return undefined;
    if (/\s/.test(value) && kind === "SECRET" && !/cookie|authorization|bearer|mnemonic|seed|key/i.test(leaf.key)) return undefined;
    const wordy = /^[A-Za-z]+(?:[-_. ][A-Za-z]+)*$/.test(value) && (kind !== "PASSWORD" || value.includes(" "));
    return { start: 0, end: text.length, kind, tier: wordy && value.length < 24 ? "suspect" : tier, rule: "member-name" };
  }
  if (leaf.role === "number" && !/PHONE|CARD|ZIP|ID$|ACCOUNT|GEO|SALARY|DOB/.test(kind)) return undefined;
  const part = plausible(kind, text, { exact: true });
  return part === undefined ? undefined : { ...part, kind, tier, rule: "member-name" };
}

/** Keys that carry data: `{"credit_card_4421486": {…}}` inside `payment_methods`. */
function keyItself(leaf: Leaf): Hit | undefined {
  const parent = leaf.parents.at(-1);
  const { text } = leaf.view;
  if (parent === undefined || text.length < 5 || !/\d/.test(text)) return undefined;
  const words = wordsOf(parent);
  const kind = words.includes("payment") || (words.includes("cards") && words.length < 3) ? "PAYMENT_ID" : /^(?:customers|users|members|patients|passengers|employees|accounts|profiles)$/.test(words.at(-1) ?? "") ? "USER_ID" : undefined;
  return kind === undefined || sameNumber.test(text) ? undefined : { start: 0, end: text.length, kind, tier: "certain", rule: "key" };
}

const grams = /[\p{L}\p{N}][\p{L}\p{N}@._+'’-]*/gu;

/**
 * Values that were masked before and come again in new text: words and runs of up to four words are compared by HMAC with
 * the tokens at hand. What is recognised is harvested, so its derived forms are found, too.
 */
function recall(works: readonly Work[], { tokens, known }: EngineOptions, harvest: Harvest): void {
  const kinds = new Map<string, string>();
  const collect = (text: string): void => {
    for (const [, kind = "", digest = ""] of text.matchAll(tokenPattern)) if (tokens.isOurs(digest)) kinds.set(digest, kind);
  };
  for (const token of known ?? []) collect(token);
  for (const { leaf } of works) if (leaf.view.text.includes("[")) collect(leaf.view.text);
  if (kinds.size === 0) return;
  const tried = new Set<string>();
  const attempt = (raw: string): void => {
    if (raw.length < 2 || raw.length > 120 || tried.has(raw)) return;
    tried.add(raw);
    for (const form of new Set([foldText(raw), raw, raw.toLowerCase(), canonicalOf("PHONE", raw), canonicalOf("DOB", raw)])) {
      const kind = kinds.get(tokens.digest(form));
      if (kind !== undefined) note(harvest, kind, raw, "certain");
    }
  };
  for (const { view } of works) {
    const { text } = view;
    if (text.length > 200_000) continue;
    const words = [...text.replace(tokenPattern, (token) => " ".repeat(token.length)).matchAll(grams)];
    for (const [i, word] of words.entries()) {
      if (!/^\p{Lu}|[\d@_]/u.test(word[0])) continue;
      for (let n = 0; n < 4; n += 1) {
        const last = words[i + n];
        if (last === undefined) break;
        attempt(text.slice(word.index, last.index + last[0].length).replace(/[.'’-]+$/, ""));
      }
    }
    for (const digits of text.matchAll(/\+?\d[\d\s().-]{5,24}\d/g)) attempt(digits[0]);
  }
}

const numberRun = /(?<![\p{L}\p{N}])\+?\(?\d[\d ().\-/]{4,28}\d/gu;

/** Looks for everything harvested in one leaf. */
function propagate(work: Work, harvest: Harvest, matcher: Matcher, corpus: Matcher | undefined): void {
  const { text } = work.view;
  if (text.length < 2) return;
  const number = work.leaf.role === "number";
  const put = ({ start, end, pattern }: Match): void => {
    if (number && pattern.text.length < 6) return;
    if (pattern.care === "capital" && pattern.kind === "NAME" && /^\s?\d{1,2}(?:\D|$)/.test(text.slice(end, end + 4)) && /^(?:may|june|april|august)$/.test(pattern.text)) return;
    work.hits.push(widen(text, { start, end, kind: pattern.kind, tier: pattern.tier, rule: pattern.rule }));
  };
  if (matcher.size > 0) matcher.find(text, put);
  if (corpus !== undefined && corpus.size > 0) corpus.find(text, put);
  if (harvest.dates.size > 0)
    for (const { start, end, iso } of datesOf(text)) if (harvest.dates.has(iso)) work.hits.push({ start, end, kind: "DOB", tier: "certain", rule: "seen-elsewhere" });
  if (harvest.digits.size > 0)
    for (const match of text.matchAll(numberRun)) {
      const compact = match[0].replace(/\D/g, "");
      const kind = harvest.digits.get(compact) ?? harvest.digits.get(compact.slice(-10));
      if (kind !== undefined) work.hits.push({ start: match.index, end: match.index + match[0].length, kind, tier: "certain", rule: "seen-elsewhere" });
    }
}

/** A full name glued into an identifier (`mia_li_3668`) masks the identifier. */
function widen(text: string, hit: Hit): Hit {
  if (hit.kind !== "NAME") return hit;
  const tail = /^[_.-]?\d+(?!\p{L})/u.exec(text.slice(hit.end, hit.end + 24))?.[0] ?? "";
  if (tail === "" || !/[_.]|^\p{Ll}/u.test(text.slice(hit.start, hit.end))) return hit;
  return { ...hit, end: hit.end + tail.length, kind: "USER_ID" };
}

function gather(count: number, works: readonly Work[], { tokens, allow }: EngineOptions, dropped: readonly (readonly (readonly [number, number, string])[])[]): Seen[] {
  const bySource: Found[][] = Array.from({ length: count }, () => []);
  for (const work of works) {
    const list = bySource[work.source];
    if (list === undefined || work.hits.length === 0 && !work.leaf.view.text.includes("[")) continue;
    const { leaf, view } = work;
    const ours: [number, number][] = [];
    if (view.text.includes("["))
      for (const match of view.text.matchAll(tokenPattern)) {
        const range: [number, number] = [match.index, match.index + match[0].length];
        if (tokens.isOurs(match[2] ?? "")) ours.push(range);
        else work.hits.push({ start: range[0], end: range[1], kind: "PLACEHOLDER", tier: "certain", rule: "foreign-token" });
      }
    for (const hit of settle(joinNames(view.text, work.hits))) {
      if (ours.some(([start, end]) => hit.start < end && hit.end > start)) continue;
      const value = view.text.slice(hit.start, hit.end);
      if (value.trim() === "") continue;
      if (allow !== undefined && allow.size > 0 && allow.has(tokens.hmac(canonicalOf(hit.kind, value)))) continue;
      const at = (offset: number): number => sourceOf(leaf.view, sourceOf(view, offset));
      if (work.wrap === undefined) list.push({ ...hit, start: at(hit.start), end: at(hit.end), value, leaf });
      else list.push({ ...hit, start: work.wrap[0], end: work.wrap[1], value, leaf, rule: `${hit.rule} (encoded)` });
    }
  }
  return bySource.map((list, index) => ({ found: merge(list), dropped: dropped[index] ?? [] }));
}

/** A first and a last name with only a space between are one name. */
function joinNames(text: string, hits: readonly Hit[]): readonly Hit[] {
  const names = hits.filter((hit) => hit.kind === "NAME" && hit.tier !== "suspect").sort((a, b) => a.start - b.start);
  if (names.length < 2) return hits;
  const joined: Hit[] = [];
  for (const [i, hit] of names.entries()) {
    const next = names[i + 1];
    if (next !== undefined && next.start > hit.end && next.start - hit.end <= 2 && /^[ \u00a0]{1,2}$/.test(text.slice(hit.end, next.start))) joined.push({ ...hit, end: next.end });
  }
  return joined.length === 0 ? hits : [...hits, ...joined];
}

/** Hits of several views of one source may overlap again. */
function merge(list: readonly Found[]): Found[] {
  if (list.length < 2) return [...list];
  return settle(list) as Found[];
}
