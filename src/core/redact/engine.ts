import { lookAgain } from "./again.ts";
import { canonicalOf, foldText, wordsOfName } from "./canonical.ts";
import { emptyHarvest, merge, note, notesOf, type Harvest, type Notes } from "./harvest.ts";
import { inOrder, settle, together, type Hit } from "./hit.ts";
import { joinsOf, pieceOf, share, type Join } from "./joins.ts";
import type { Home } from "./leaf.ts";
import { plausible } from "./detect/plausible.ts";
import type { Matcher } from "./matcher.ts";
import type { Policy } from "./policy.ts";
import { placeOf, type Reader, type Reading, type Source, type Spot } from "./reading.ts";
import { recallTokens } from "./recall.ts";
import type { Replace } from "./replace.ts";
import type { Detector } from "./scan-text.ts";
import { sightsOf, type Mask, type Places, type Sight } from "./sight.ts";
import { spread, type Where } from "./spread.ts";
import type { Lexicon, Term } from "./term.ts";
import { trait } from "./traits.ts";
import { placeholdersIn, type Tokens } from "./token.ts";

/** A hit in a source text: what stands for the value there, and the JSON string around it where pointers are wanted. */
export type Found = Hit & { readonly token: string; readonly home: Home | undefined };

/** What was found in one source: hits in order, without overlaps; ranges that are dropped unseen. */
export type Seen = { readonly found: readonly Found[]; readonly dropped: Reading["dropped"] };

export type EngineOptions = {
  readonly tokens: Tokens;
  readonly replace: Replace;
  readonly detectors: readonly Detector[];
  /** Values learned from other traces. */
  readonly corpus?: Matcher | undefined;
  /** Digests (the sixteen characters of a token) of values that are left alone. */
  readonly allow: ReadonlySet<string>;
  /** Kinds that are not looked for. */
  readonly ignore: ReadonlySet<string>;
  readonly mask: Policy["mask"];
};

/** Texts that belong together (one trace) taken apart. Nobody has looked at their terms yet. */
export type Opened = { readonly sources: readonly Source[]; readonly readings: readonly Reading[]; readonly sights: Sight[]; readonly places: readonly Places[]; readonly named: Set<Term>; readonly joins: readonly Join[] };

/** Texts taken apart and looked at. */
export type Gathered = Opened & { readonly harvest: Harvest };

/** Not yet compared with what other traces revealed. `revealed`: what was gathered in this trace, and in those of its batch. */
export type Prepared = Gathered & { readonly revealed: Matcher };

/** Takes texts apart into terms. */
export function openSources(sources: readonly Source[], read: Reader, lexicon: Lexicon): Opened {
  const readings = sources.map(read);
  const { sights, places, pieces } = sightsOf(readings, sources.map(({ text }) => text.length), pieceOf(sources));
  const joins = pieces.size === 0 ? [] : joinsOf(pieces.values(), sources, lexicon);
  for (const { whole } of joins) sights.push(whole);
  return { sources, readings, sights, places, named: new Set(), joins };
}

/** Longer values are masked where they stand, and not looked for elsewhere. */
const longestNoted = 400;

/** Gathers what was seen in the terms of one trace. `known`: tokens from elsewhere that belong to these texts. */
export function gather(opened: Opened, { tokens, ignore }: Pick<EngineOptions, "tokens" | "ignore">, known: Iterable<string> = []): Gathered {
  const harvest = emptyHarvest();
  for (const { people } of opened.readings) for (const name of people) if (plausible("NAME", name, { exact: true }) !== undefined) note(harvest, "NAME", name, "certain");
  for (const sight of opened.sights) {
    const { term } = sight;
    if (term.hits.length === 0) continue;
    sight.hits = term.hits;
    merge(harvest, (term.noted ??= revealedBy(term, ignore)));
  }
  recallTokens(opened.sights, known, tokens, harvest);
  return { ...opened, harvest };
}

/** What the hits of a term reveal. */
function revealedBy({ hits, text }: Term, ignore: ReadonlySet<string>): Notes {
  const harvest = emptyHarvest();
  for (const { start, end, kind, tier } of hits) if (tier !== "suspect" && end - start <= longestNoted && !ignore.has(kind)) note(harvest, kind, text.slice(start, end), tier);
  return notesOf(harvest);
}

/** The second half: looks everywhere for what was gathered anywhere. Nothing is changed; offsets are those of the sources. */
export function finish(prepared: Prepared, options: EngineOptions): Seen[] {
  const { readings, places, joins, harvest, revealed } = prepared;
  spread(prepared, { harvest, revealed, corpus: options.corpus });
  shareAll(prepared, joins);
  lookAgain(prepared, options);
  shareAll(prepared, joins);
  return readings.map(({ dropped }, i) => ({ found: foundIn(places[i], options), dropped }));
}

/** What runs over the seams of joined texts goes to the texts, and is looked for everywhere. */
function shareAll(all: Where, joins: readonly Join[]): void {
  if (joins.length === 0) return;
  const harvest = emptyHarvest();
  for (const join of joins) share(join, harvest);
  spread(all, { harvest });
}

const none: readonly Found[] = [];
const noMasks: readonly Mask[] = [];

/** What was seen in a source, in its offsets, without overlaps. */
function foundIn(places: Places | undefined, options: EngineOptions): readonly Found[] {
  let found: Found[] | undefined;
  if (places === undefined) return none;
  const { spots, sights } = places;
  for (let i = 0; i < spots.length; i += 1) {
    const [spot, sight] = [spots[i], sights[i]];
    if (spot === undefined || sight === undefined || (sight.hits.length === 0 && (sight.term.traits & trait.bracket) === 0)) continue;
    const { home, wrap, role } = spot;
    for (const mask of (sight.masks ??= masksOf(sight, role, options))) {
      const { start, end, kind, tier, rule, instead, value } = mask;
      // What stands for a value depends on where it stands, and it nearly always stands in the same kind of place.
      const token = instead ?? (role === mask.role ? mask.token : options.replace(kind, value, role));
      const one: Found = wrap === undefined ? { start: placeOf(spot, start), end: placeOf(spot, end), kind, tier, rule, instead, token, home } : { start: wrap[0], end: wrap[1], kind, tier, rule: `${rule} (encoded)`, instead, token, home };
      if (found === undefined) found = [one];
      else found.push(one);
    }
  }
  return found === undefined ? none : (settle(inOrder(found)) as readonly Found[]);
}

/** The hits of a sight without overlaps, and what stands for them: our own tokens and allowed values left alone, foreign ones masked. */
function masksOf({ term, hits }: Sight, role: Spot["role"], { tokens, replace, allow, ignore }: EngineOptions): readonly Mask[] {
  const { text, traits } = term;
  let settled: readonly Hit[];
  if ((traits & trait.bracket) === 0) settled = settle(joinNames(text, hits));
  else {
    const { ours, foreign } = placeholdersIn(text, tokens);
    const masked = foreign.map(([start, end]): Hit => ({ start, end, kind: "PLACEHOLDER", tier: "certain", rule: "foreign-token" }));
    settled = settle(joinNames(text, together(hits, masked))).flatMap((one) => aroundOurs(text, one, ours));
  }
  let masks: Mask[] | undefined;
  for (const { start, end, kind, tier, rule, instead, stands } of settled) {
    const here = text.slice(start, end);
    const value = stands ?? here;
    if (ignore.has(kind) || isDateOfOurs(here) || value.trim() === "" || isAllowed(kind, value, { tokens, allow })) continue;
    const mask: Mask = { start, end, kind, tier, rule, instead, value, role, token: instead ?? replace(kind, value, role) };
    if (masks === undefined) masks = [mask];
    else masks.push(mask);
  }
  return masks ?? noMasks;
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
const isDateOfOurs = (value: string): boolean => value.length === 10 && /^1[78]\d\d-\d\d-\d\d$/.test(value);

/** Whether somebody said of a value that it is harmless: by its digest, for a name by that of each word. */
function isAllowed(kind: string, value: string, { tokens, allow }: Pick<EngineOptions, "tokens" | "allow">): boolean {
  if (allow.size === 0) return false;
  const words = kind === "NAME" ? wordsOfName(value).map(foldText) : [canonicalOf(kind, value)];
  return words.every((word) => allow.has(tokens.digest(word)));
}

/** A first and a last name with only a space between are one name. */
function joinNames(text: string, hits: readonly Hit[]): readonly Hit[] {
  if (hits.length < 2) return hits;
  const names = hits.filter((hit) => hit.kind === "NAME" && hit.tier !== "suspect");
  if (names.length < 2) return hits;
  const joined: Hit[] = [];
  for (const [i, hit] of names.entries()) {
    const next = names[i + 1];
    if (next !== undefined && next.start > hit.end && next.start - hit.end <= 2 && /^[ \u00a0]{1,2}$/.test(text.slice(hit.end, next.start))) joined.push({ ...hit, end: next.end });
  }
  return together(hits, joined);
}
