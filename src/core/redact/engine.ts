import { lookAgain } from "./again.ts";
import { canonicalOf, foldText, wordsOfName } from "./canonical.ts";
import { emptyHarvest, type Harvest } from "./harvest.ts";
import { settle, type Hit } from "./hit.ts";
import { joinsOf, share, type Join } from "./joins.ts";
import type { Leaf } from "./leaf.ts";
import { lookAt } from "./look.ts";
import type { Matcher } from "./matcher.ts";
import type { Policy } from "./policy.ts";
import { recallTokens } from "./recall.ts";
import type { Detector } from "./scan-text.ts";
import type { Memo, Scanned } from "./sheet.ts";
import { spread, type Where } from "./spread.ts";
import { placeholdersIn, type Tokens } from "./token.ts";
import { sourceOf } from "./view.ts";
import { openSources, type Opened, type Source, type Work } from "./work.ts";

/** A hit in a source text, with the leaf it is in. */
export type Found = Hit & { readonly value: string; readonly leaf: Leaf };

/** What was found in one source: hits in order, without overlaps; ranges that are dropped unseen. */
export type Seen = { readonly found: readonly Found[]; readonly dropped: readonly (readonly [number, number, string])[] };

export type EngineOptions = {
  readonly tokens: Tokens;
  readonly detectors: readonly Detector[];
  readonly memo: Memo;
  /** Values learned from other traces. */
  readonly corpus?: Matcher | undefined;
  /** Tokens from elsewhere that belong to these texts. */
  readonly known?: Iterable<string> | undefined;
  /** Digests (the sixteen characters of a token) of values that are left alone. */
  readonly allow?: ReadonlySet<string> | undefined;
  /** Kinds that are not looked for. */
  readonly ignore?: ReadonlySet<string> | undefined;
  /** The user's own member names and the kinds of their values. */
  readonly keys?: ReadonlyMap<string, string> | undefined;
  /** What a detector outside saw, by text. */
  readonly outside?: ReadonlyMap<string, readonly Hit[]> | undefined;
  /** What was found when these texts were scanned before. */
  readonly local?: Scanned | undefined;
  readonly mask: Policy["mask"];
};

/** Texts taken apart and scanned, but not yet compared with what other traces revealed. */
export type Prepared = Opened & { readonly harvest: Harvest; readonly joins: readonly Join[] };

/**
 * The first half of finding what is sensitive in texts that belong together (one trace): takes them apart, scans every
 * decoded leaf, harvests what was found.
 */
export function prepare(sources: readonly Source[], options: EngineOptions): Prepared {
  const opened = openSources(sources, options.keys);
  const harvest = emptyHarvest();
  const joins = joinsOf(opened.works, sources);
  lookAt([...opened.works, ...joins.map(({ whole }) => whole)], { ...options, harvest });
  recallTokens(opened.works, options.known ?? [], options.tokens, harvest);
  return { ...opened, joins, harvest };
}

/** The second half: looks everywhere for what was harvested anywhere. Nothing is changed; offsets are those of the sources. */
export function finish({ works, plain, names, dropped, sizes, harvest, joins }: Prepared, options: EngineOptions): Seen[] {
  const all = { works: joins.length === 0 ? works : [...works, ...joins.map(({ whole }) => whole)], plain, names, sizes };
  spread(all, { harvest, corpus: options.corpus });
  shareAll(all, joins);
  lookAgain(all, options);
  shareAll(all, joins);
  const found: Found[][] = dropped.map(() => []);
  for (const work of all.works) {
    if (work.hits.length === 0 && !work.view.text.includes("[")) continue;
    const list = found[work.source];
    if (list !== undefined) for (const one of placed(work, options)) list.push(one);
  }
  return found.map((list, i) => ({ found: list.length < 2 ? list : (settle(list) as Found[]), dropped: dropped[i] ?? [] }));
}

/** What runs over the seams of joined texts goes to the texts, and is looked for everywhere. */
function shareAll(all: Where, joins: readonly Join[]): void {
  if (joins.length === 0) return;
  const harvest = emptyHarvest();
  for (const join of joins) share(join, harvest);
  spread(all, { harvest });
}

/** The hits of one leaf in the offsets of its source: our own tokens and allowed values left alone, foreign ones masked. */
function placed({ leaf, view, hits, wrap }: Work, { tokens, allow, ignore }: EngineOptions): Found[] {
  const { ours, foreign } = placeholdersIn(view.text, tokens);
  for (const [start, end] of foreign) hits.push({ start, end, kind: "PLACEHOLDER", tier: "certain", rule: "foreign-token" });
  if (hits.length === 0) return [];
  const at = (offset: number): number => sourceOf(leaf.view, sourceOf(view, offset));
  const out: Found[] = [];
  for (const hit of settle(joinNames(view.text, hits)).flatMap((one) => aroundOurs(view.text, one, ours))) {
    if (ignore?.has(hit.kind) === true || isDateOfOurs(view.text.slice(hit.start, hit.end))) continue;
    const value = hit.stands ?? view.text.slice(hit.start, hit.end);
    if (value.trim() === "" || isAllowed(hit.kind, value, { tokens, allow })) continue;
    if (wrap === undefined) out.push({ ...hit, start: at(hit.start), end: at(hit.end), value, leaf });
    else out.push({ ...hit, start: wrap[0], end: wrap[1], value, leaf, rule: `${hit.rule} (encoded)` });
  }
  return out;
}

/** What is left of a hit beside placeholders of ours: pieces with something in them. */
function aroundOurs(text: string, hit: Hit, ours: readonly (readonly [number, number])[]): readonly Hit[] {
  const inside = ours.filter(([start, end]) => hit.start < end && hit.end > start);
  if (inside.length === 0) return [hit];
  const pieces: Hit[] = [];
  const put = (from: number, to: number): void => {
    const piece = text.slice(from, to);
    const body = piece.trim();
    if (/[\p{L}\p{N}]{2}/u.test(body)) pieces.push({ ...hit, start: from + piece.indexOf(body), end: from + piece.indexOf(body) + body.length });
  };
  let from = hit.start;
  for (const [start, end] of inside) {
    if (start > from) put(from, start);
    from = Math.max(from, end);
  }
  if (from < hit.end) put(from, hit.end);
  return pieces;
}

/** A date that stands for another one: nobody alive was born then, and whoever looks again leaves it alone. */
const isDateOfOurs = (value: string): boolean => /^1[78]\d\d-\d\d-\d\d$/.test(value);

/** Whether somebody said of a value that it is harmless: by its digest, for a name by that of each word. */
function isAllowed(kind: string, value: string, { tokens, allow }: Pick<EngineOptions, "tokens" | "allow">): boolean {
  if (allow === undefined || allow.size === 0) return false;
  const words = kind === "NAME" ? wordsOfName(value).map(foldText) : [canonicalOf(kind, value)];
  return words.every((word) => allow.has(tokens.digest(word)));
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
