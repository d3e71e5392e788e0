import type { Harvest } from "./harvest.ts";
import type { Hit } from "./hit.ts";
import { findBoth, longestPattern, matcherOf, type Match, type Matcher } from "./matcher.ts";
import { placesOfName, type Source } from "./reading.ts";
import type { Sight, SmallNames } from "./sight.ts";
import { figuresOf, type Meaning, type Term } from "./term.ts";
import { trait } from "./traits.ts";

/** Looks for nothing. */
const noMatcher = matcherOf();

export type Where = { readonly sources: readonly Source[]; readonly sights: Sight[]; readonly names: SmallNames };
type What = { readonly harvest: Harvest; readonly corpus?: Matcher | undefined };

/** Looks everywhere for what was seen anywhere: the trace's harvest, and strong values of other traces. */
export function spread({ sources, sights, names }: Where, { harvest, corpus }: What): void {
  const matchers = [harvest.patterns.size === 0 ? noMatcher : matcherOf(harvest.patterns.values()), corpus ?? noMatcher] as const;
  if (matchers.every(({ size }) => size === 0) && harvest.dates.size === 0 && harvest.digits.size === 0) return;
  for (const sight of sights) {
    const { text, meaning } = sight.term;
    const number = meaning.role === "number";
    if (text.length < (number ? 6 : 2)) continue;
    const found = findIn(sight.term, { harvest, matchers });
    if (sight.atEnd) cutOff(sight, matchers);
    for (const hit of found) if (!number || hit.end - hit.start >= 6) sight.hits.push(hit);
  }
  for (const [name, where] of names) {
    const term = nameTerm(name);
    const found = findIn(term, { harvest, matchers });
    if (found.length === 0) continue;
    names.delete(name);
    sights.push(sightOfName(term, where.flatMap((source) => placesOfName(sources[source] ?? { text: "" }, name).map((base) => [source, base] as const)), found));
  }
}

const nameless: Meaning = { role: "key", key: undefined, sense: undefined, own: undefined, holds: undefined, chunk: false };
const nameTerm = (text: string): Term => ({ text, back: undefined, meaning: nameless, traits: trait.dull, words: [], hits: [], inner: [], figures: undefined, noted: undefined });

function sightOfName(term: Term, places: readonly (readonly [source: number, base: number])[], hits: readonly Hit[]): Sight {
  return { term, hits: [...hits], spots: places.map(([, base]) => ({ term, role: "key", home: undefined, base, marks: undefined, via: undefined, wrap: undefined, chunk: undefined })), sources: places.map(([source]) => source), atEnd: false };
}

/** So much of a value must be there before the end of a text that was cut. */
const least = 7;
const marker = /(?:\.{3}|…)?\s{0,2}(?:\[(?:truncated|cut|…)\])?\s{0,2}$/;

const months = /^(?:may|june|april|august)$/;

function findIn(term: Term, { harvest, matchers }: { readonly harvest: Harvest; readonly matchers: readonly [Matcher, Matcher] }): readonly Hit[] {
  const { text } = term;
  const hits: Hit[] = [];
  findBoth(matchers, text, ({ start, end, pattern }: Match): void => {
    // A passenger called May, and the 20th of May.
    if (pattern.kind === "NAME" && months.test(pattern.text) && /^\s?\d/.test(text.slice(end, end + 2))) return;
    hits.push(widen(text, { start, end, kind: pattern.kind, tier: pattern.tier, rule: pattern.rule }));
  });
  if ((term.traits & trait.digits) === 0 || harvest.dates.size + harvest.digits.size === 0) return hits;
  const { dates, numbers } = figuresOf(term);
  for (const { start, end, value } of dates) if (harvest.dates.has(value)) hits.push({ start, end, kind: "DOB", tier: "certain", rule: "seen-elsewhere" });
  for (const { start, end, value } of numbers) {
    const kind = harvest.digits.get(value) ?? harvest.digits.get(value.slice(-10));
    if (kind !== undefined) hits.push({ start, end, kind, tier: "certain", rule: "seen-elsewhere" });
  }
  return hits;
}

function cutOff({ term, hits }: Sight, matchers: readonly Matcher[]): void {
  const { text } = term;
  const size = text.length - (/[\s.…\]]/.test(text.charAt(text.length - 1)) ? (marker.exec(text.slice(-40))?.[0].length ?? 0) : 0);
  const from = Math.max(0, size - longestPattern - 1);
  const end = text.slice(from, size);
  for (const matcher of matchers) {
    const cut = matcher.cutAtEnd(end, least);
    if (cut !== undefined) hits.push({ start: from + cut.start, end: from + cut.end, kind: cut.pattern.kind, tier: "likely", rule: "cut-off" });
  }
}

/** A full name glued into an identifier (`mia_li_3668`) masks the identifier. */
function widen(text: string, hit: Hit): Hit {
  if (hit.kind !== "NAME") return hit;
  const tail = /^[_.-]?\d+(?!\p{L})/u.exec(text.slice(hit.end, hit.end + 24))?.[0] ?? "";
  if (tail === "" || !/[_.]|^\p{Ll}/u.test(text.slice(hit.start, hit.end))) return hit;
  return { ...hit, end: hit.end + tail.length, kind: "USER_ID" };
}
