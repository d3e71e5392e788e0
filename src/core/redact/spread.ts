import type { Harvest } from "./harvest.ts";
import { inOrder, putHit, together, type Hit } from "./hit.ts";
import { findBoth, longestPattern, matcherOf, type Match, type Matcher, type Take } from "./matcher.ts";
import { placesOfName, type Reading, type Source } from "./reading.ts";
import { sightOf, type Places, type Sight } from "./sight.ts";
import { figuresOf, type Echo, type Term } from "./term.ts";
import { trait } from "./traits.ts";
import { fits } from "./trie.ts";

/** Looks for nothing. */
const noMatcher = matcherOf();

export type Where = { readonly sources: readonly Source[]; readonly readings: readonly Reading[]; readonly sights: Sight[]; readonly places: readonly Places[]; /** Members' names in which something was seen; they have sights now. */ readonly named: Set<Term> };
/** `revealed`: everything in the harvest that the corpus does not hold, and more where several traces are asked one after the other. */
type What = { readonly harvest: Harvest; readonly revealed?: Matcher; readonly corpus?: Matcher | undefined };

/** Looks everywhere for what was seen anywhere: the trace's harvest, and strong values of other traces. */
export function spread({ sources, readings, sights, places, named }: Where, { harvest, corpus = noMatcher, revealed = harvest.patterns.size === 0 ? noMatcher : matcherOf(harvest.patterns.values()) }: What): void {
  if (harvest.patterns.size === 0 && corpus.size === 0 && harvest.dates.size === 0 && harvest.digits.size === 0) return;
  const none: Echo = { revealed: revealed.serial, corpus: corpus.serial, upTo: corpus.size, matches: [] };
  const all: All = { harvest, revealed, corpus, none, echoOf: listenFor({ revealed, corpus, none }) };
  const cut = cutterOf(all);
  for (const sight of sights) {
    const { text, meaning } = sight.term;
    const number = meaning.role === "number";
    if (text.length < (number ? 6 : 2)) continue;
    const found = findIn(sight.term, all);
    if (sight.atEnd) cut(sight);
    if (found.length > 0) sight.hits = together(sight.hits, number ? found.filter(({ start, end }) => end - start >= 6) : found);
  }
  for (const { names } of readings)
    for (const term of names) {
      if (named.has(term)) continue;
      const found = findIn(term, all);
      if (found.length === 0) continue;
      named.add(term);
      const sight = { ...sightOf(term), hits: found };
      sights.push(sight);
      for (const [i, reading] of readings.entries()) if (reading.names.includes(term)) addName(places[i], sight, placesOfName(sources[i] ?? { text: "" }, term.text));
    }
}

/** All that is looked for, and the answer of most terms. */
type All = Required<What> & { readonly corpus: Matcher; readonly none: Echo; readonly echoOf: (term: Term) => Echo };

function addName(places: Places | undefined, sight: Sight, bases: readonly number[]): void {
  if (places === undefined) return;
  const { term } = sight;
  places.spots = [...places.spots, ...bases.map((base) => ({ term, role: "key", home: undefined, base, marks: undefined, via: undefined, wrap: undefined, chunk: undefined }) as const)];
  for (const _ of bases) places.sights.push(sight);
}

/** So much of a value must be there before the end of a text that was cut. */
const least = 7;
const marker = /(?:\.{3}|…)?\s{0,2}(?:\[(?:truncated|cut|…)\])?\s{0,2}$/;

const digitSoon = /^\s?\d/;
const months = /^(?:may|june|april|august)$/;

/** Says of terms what they hold of all that is looked for. Most come in several traces of a batch, and are asked once. */
function listenFor({ revealed, corpus, none }: Pick<All, "revealed" | "corpus" | "none">): (term: Term) => Echo {
  let matches: Echo["matches"][number][] = [];
  const take: Take = (start, end, pattern) => void matches.push({ start, end, pattern, strong: false });
  const takeStrong: Take = (start, end, pattern) => void matches.push({ start, end, pattern, strong: true });
  return (term) => {
    const known = term.echo;
    if (known !== undefined && known.revealed === none.revealed && known.corpus === none.corpus && known.upTo === none.upTo) return known;
    findBoth([revealed, corpus], term.text, take, takeStrong);
    if (matches.length === 0) return (term.echo = none);
    term.echo = { ...none, matches };
    matches = [];
    return term.echo;
  };
}

const nothing: readonly Hit[] = [];

function findIn(term: Term, { harvest, echoOf }: All): readonly Hit[] {
  const { text } = term;
  const { matches } = echoOf(term);
  let hits: Hit[] | undefined;
  for (const { start, end, pattern: any, strong } of matches) {
    const known = harvest.patterns.get(any.text);
    const own = known !== undefined && (known === any || fits(text, start, end, known)) ? known : undefined;
    // What the trace itself says of it counts, unless others are surer.
    const pattern = strong && (own === undefined || (own.tier === "likely" && any.tier === "certain")) ? any : own;
    if (pattern === undefined) continue;
    // A passenger called May, and the 20th of May.
    if (pattern.kind === "NAME" && digitSoon.test(text.slice(end, end + 2)) && months.test(pattern.text)) continue;
    const hit = widen(text, { start, end, kind: pattern.kind, tier: pattern.tier, rule: pattern.rule });
    if (hits === undefined) hits = [hit];
    else putHit(hits, hit);
  }
  if ((term.traits & trait.digits) === 0 || harvest.dates.size + harvest.digits.size === 0) return hits ?? nothing;
  const { dates, numbers } = figuresOf(term);
  if (dates.length + numbers.length === 0) return hits ?? nothing;
  const counted: Hit[] = [];
  for (const { start, end, value } of dates) if (harvest.dates.has(value)) counted.push({ start, end, kind: "DOB", tier: "certain", rule: "seen-elsewhere" });
  for (const { start, end, value } of numbers) {
    const kind = harvest.digits.get(value) ?? harvest.digits.get(value.slice(-10));
    if (kind !== undefined) counted.push({ start, end, kind, tier: "certain", rule: "seen-elsewhere" });
  }
  return together(hits ?? nothing, inOrder(counted));
}

/** Sees values that are cut off at the end of a text. */
function cutterOf({ harvest, revealed, corpus }: All): (sight: Sight) => void {
  let own: Matcher | undefined;
  return (sight) => {
    const { text } = sight.term;
    const size = text.length - (/[\s.…\]]/.test(text.charAt(text.length - 1)) ? (marker.exec(text.slice(-40))?.[0].length ?? 0) : 0);
    const from = Math.max(0, size - longestPattern - 1);
    const end = text.slice(from, size);
    const add = (cut: Match | undefined): void => {
      if (cut !== undefined) sight.hits = together(sight.hits, [{ start: from + cut.start, end: from + cut.end, kind: cut.pattern.kind, tier: "likely", rule: "cut-off" }]);
    };
    const strong = corpus.mayEnd(end, least);
    // What others revealed may end there, too.
    if (strong || revealed.mayEnd(end, least)) add((own ??= matcherOf(harvest.patterns.values())).cutAtEnd(end, least));
    if (strong) add(corpus.cutAtEnd(end, least));
  };
}

/** `_`, `.`, `-`, a digit. */
const mayWiden = (code: number): boolean => code === 95 || code === 45 || code === 46 || (code >= 48 && code <= 57);

/** A full name glued into an identifier (`mia_li_3668`) masks the identifier. */
function widen(text: string, hit: Hit): Hit {
  if (hit.kind !== "NAME" || !mayWiden(text.charCodeAt(hit.end))) return hit;
  const tail = /^[_.-]?\d+(?!\p{L})/u.exec(text.slice(hit.end, hit.end + 24))?.[0] ?? "";
  if (tail === "" || !/[_.]|^\p{Ll}/u.test(text.slice(hit.start, hit.end))) return hit;
  return { ...hit, end: hit.end + tail.length, kind: "USER_ID" };
}
