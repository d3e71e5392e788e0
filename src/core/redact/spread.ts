import { datesOf } from "./detect/dates.ts";
import type { Harvest } from "./harvest.ts";
import type { Hit } from "./hit.ts";
import { extent, type Leaf } from "./leaf.ts";
import { longestPattern, matcherOf, type Match, type Matcher } from "./matcher.ts";
import type { Opened, Work } from "./work.ts";

export type Where = Pick<Opened, "works" | "plain" | "names" | "sizes">;
type What = { readonly harvest: Harvest; readonly corpus?: Matcher | undefined };

/** Looks everywhere for what was seen anywhere: the trace's harvest, and strong values of other traces. */
export function spread({ works, plain, names, sizes }: Where, { harvest, corpus }: What): void {
  const matcher = matcherOf([...harvest.patterns.values()]);
  const matchers = [matcher, ...(corpus === undefined ? [] : [corpus])].filter(({ size }) => size > 0);
  if (matchers.length === 0 && harvest.dates.size === 0 && harvest.digits.size === 0) return;
  const seen = new Map<string, readonly Hit[]>();
  for (const work of works) {
    const { text } = work.view;
    const number = work.leaf.role === "number";
    if (text.length < (number ? 6 : 2)) continue;
    const short = text.length <= 64;
    const known = short ? seen.get(text) : undefined;
    const found = known ?? findIn(text, harvest, matchers);
    if (short && known === undefined) seen.set(text, found);
    // The very end of a source may be the beginning of something known: it was cut.
    if (text.length >= shortest && extent(work.leaf.view)[1] === sizes[work.source]) cutOff(work, matchers);
    for (const hit of found) if (!number || hit.end - hit.start >= 6) work.hits.push(hit);
  }
  for (const [text, sources] of names) {
    const found = findIn(text, harvest, matchers);
    if (found.length === 0) continue;
    names.delete(text);
    for (const [source, places] of sources) for (const base of places) works.push({ source, leaf: keyLeaf(text, base), view: { text, base: 0 }, hits: [...found], dull: true, blobs: false, hidden: false });
  }
  for (const [text, places] of plain) {
    const found = findIn(text, harvest, matchers);
    if (found.length === 0) continue;
    plain.delete(text);
    for (const { source, leaf } of places) works.push({ source, leaf, view: { text, base: 0 }, hits: [...found], dull: true, blobs: false, hidden: false });
  }
}

const keyLeaf = (text: string, base: number): Leaf => ({ view: { text, base }, role: "key", key: undefined, parents: [], siblings: [], home: undefined });

/** A text of some length may have been cut in the middle of a value; so much of the value must be there. */
const shortest = 64;
const least = 7;
const marker = /(?:\.{3}|…)?\s{0,2}(?:\[(?:truncated|cut|…)\])?\s{0,2}$/;

const months = /^(?:may|june|april|august)$/;
const numberRun = /\+?\(?\d[\d ().\-/]{4,28}\d/g;

function findIn(text: string, harvest: Harvest, matchers: readonly Matcher[]): readonly Hit[] {
  const hits: Hit[] = [];
  const put = ({ start, end, pattern }: Match): void => {
    // A passenger called May, and the 20th of May.
    if (pattern.kind === "NAME" && months.test(pattern.text) && /^\s?\d/.test(text.slice(end, end + 2))) return;
    hits.push(widen(text, { start, end, kind: pattern.kind, tier: pattern.tier, rule: pattern.rule }));
  };
  for (const matcher of matchers) matcher.find(text, put);
  if (harvest.dates.size > 0)
    for (const { start, end, iso } of datesOf(text)) if (harvest.dates.has(iso)) hits.push({ start, end, kind: "DOB", tier: "certain", rule: "seen-elsewhere" });
  if (harvest.digits.size > 0)
    for (const match of text.matchAll(numberRun)) {
      if (/\w/.test(text[match.index - 1] ?? "")) continue;
      const compact = match[0].replace(/\D/g, "");
      const kind = harvest.digits.get(compact) ?? harvest.digits.get(compact.slice(-10));
      if (kind !== undefined) hits.push({ start: match.index, end: match.index + match[0].length, kind, tier: "certain", rule: "seen-elsewhere" });
    }
  return hits;
}

function cutOff({ view, hits }: Work, matchers: readonly Matcher[]): void {
  const size = view.text.length - (marker.exec(view.text.slice(-40))?.[0].length ?? 0);
  const from = Math.max(0, size - longestPattern - 1);
  const end = view.text.slice(from, size);
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
