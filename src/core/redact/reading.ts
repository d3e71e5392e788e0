import { splitBlobs } from "./blobs.ts";
import type { Joins } from "./fields.ts";
import type { Hit } from "./hit.ts";
import { partOfName } from "./keys.ts";
import type { Around, Home, Leaf } from "./leaf.ts";
import { leavesOf, proseOf } from "./leaves.ts";
import { mayHoldBlob, type Lexicon, type Meaning, type Term } from "./term.ts";
import { trait } from "./traits.ts";
import { mapped, part, sourceOf, type Way } from "./view.ts";

/** A text to be looked at, and what stands around it (its field's name, say). */
export type Source = { readonly text: string; readonly around?: Around | undefined; /** What it is read as one with. */ readonly joins?: Joins; /** Not data, whatever it looks like. */ readonly prose?: boolean };

/** A term at a place of a source. */
export type Spot = {
  readonly term: Term;
  readonly role: Leaf["role"];
  readonly home: Home | undefined;
  /** The way from the leaf it is in, or decoded from, to the source: where the leaf begins there, or the place of each of its units. */
  readonly base: number;
  readonly marks: ArrayLike<number> | undefined;
  /** The way from the term's text into the leaf, where that is not the same text. */
  readonly via: Way | undefined;
  /** The range of the source that a hit masks, because it cannot be cut. */
  readonly wrap: readonly [number, number] | undefined;
  /** The member of a stream that this is a piece of. */
  readonly chunk: string | undefined;
};

/** A source taken apart: everything there is to know of it before other texts are looked at. */
export type Reading = {
  readonly spots: readonly Spot[];
  /** Members' names that are small words. */
  readonly names: readonly Term[];
  /** Ranges that are not kept: start, end, what is written instead. */
  readonly dropped: readonly (readonly [number, number, string])[];
  /** First and last names that stand in one object. */
  readonly people: readonly string[];
};

/** Offset in the source of an offset in a spot's term. */
export function placeOf({ base, marks, via }: Spot, offset: number): number {
  const at = via === undefined ? offset : sourceOf(via, offset);
  return marks === undefined ? base + at : (marks[at] ?? 0);
}

/** Where a member's name stands in a source. */
export function placesOfName({ text, around }: Source, name: string): readonly number[] {
  const places: number[] = [];
  leavesOf(text, around, { name, places });
  return places;
}

export type Reader = (source: Source) => Reading;

/** Characters of sources whose readings are remembered, twice: prompts, tools, what is said again in the next trace. */
const remembered = 400_000;
const longest = 50_000;

/** Takes sources apart. What came lately is not read again. */
export function createReader(lexicon: Lexicon): Reader {
  let young = new Map<string, Map<string, Reading>>();
  let old = young;
  let characters = 0;
  return (source) => {
    const { text, around, prose } = source;
    if (text.length > longest || around?.parents !== undefined || around?.siblings !== undefined) return read(source, lexicon);
    const kind = prose === true ? "prose" : around?.pointers === true ? "json" : around?.key === undefined ? "text" : `text ${around.key}`;
    const known = young.get(kind)?.get(text);
    if (known !== undefined) return known;
    const made = old.get(kind)?.get(text) ?? read(source, lexicon);
    if (characters > remembered) {
      old = young;
      young = new Map();
      characters = 0;
    }
    const same = young.get(kind);
    if (same === undefined) young.set(kind, new Map([[text, made]]));
    else same.set(text, made);
    characters += text.length;
    return made;
  };
}

/** Texts hidden in texts that are followed, one in the other. */
const deepest = 3;

const none: readonly never[] = [];

function read({ text, around, prose }: Source, lexicon: Lexicon): Reading {
  const { leaves, names, tooDeep, dropped, persons } = prose === true ? proseOf(text) : leavesOf(text, around);
  const spots: Spot[] = [];
  for (const leaf of leaves) place(spots, leaf, lexicon);
  return {
    // (A list that grew holds room for many more.)
    spots: spots.slice(),
    names: names.size === 0 ? none : Array.from(names, (name) => lexicon.nameOf(name)),
    dropped: tooDeep.length + dropped.length === 0 ? none : [...tooDeep.map(([start, end]) => [start, end, "[DROPPED]"] as const), ...dropped.map(([start, end]) => [start, end, "null"] as const)],
    people: persons ? peopleIn(leaves) : none,
  };
}

function place(spots: Spot[], leaf: Leaf, lexicon: Lexicon): void {
  const { view, role, home, key } = leaf;
  const { text } = view;
  if (text.length < 2) return;
  const meaning = lexicon.meaningOf(leaf);
  // Small numbers say nothing without a name.
  if (role === "number" && text.length < 6 && meaning.sense === undefined && meaning.own === undefined) return;
  const chunk = meaning.chunk ? key : undefined;
  if (text.length <= 64) {
    // Most leaves: a small text with nothing in it but itself.
    const term = lexicon.termOf(text, meaning);
    if (term.back === undefined && (term.traits & trait.hides) === 0) return void spots.push({ term, role, home, base: view.base, marks: view.marks, via: undefined, wrap: undefined, chunk });
  }
  put(spots, { text, meaning, depth: 0, at: { role, home, base: view.base, marks: view.marks, via: undefined, wrap: undefined, chunk } }, lexicon);
}

type Found = { readonly text: string; readonly meaning: Meaning; readonly depth: number; /** `via` leads from the text as it stands, before folding. */ readonly at: Omit<Spot, "term"> };

/** A text at its place, without the binary parts in it, and what is hidden in it. */
function put(spots: Spot[], { text, meaning, depth, at }: Found, lexicon: Lexicon): void {
  const { role, home, base, marks, via, wrap, chunk } = at;
  if (meaning.own === undefined && mayHoldBlob(text)) {
    const { pieces, hits } = splitBlobs(text);
    if (hits.length > 0) {
      const nameless = lexicon.meaningOf({ role, key: undefined, parents: [], siblings: [] });
      for (const { start, end, ...hit } of hits) spots.push({ ...at, term: blobTerm(text.slice(start, end), hit, nameless), via: onward({ base: start }, via), chunk: undefined });
      for (const [start, piece] of pieces) if (piece.length > 1) put(spots, { text: piece, meaning: nameless, depth, at: { ...at, via: onward({ base: start }, via) } }, lexicon);
      return;
    }
  }
  const term = lexicon.termOf(text, meaning);
  spots.push({ term, role, home, base, marks, via: onward(term.back, via), wrap, chunk });
  if ((term.traits & trait.hides) === 0 || depth >= deepest) return;
  const place = { ...at, term };
  for (const inner of lexicon.innerOf(term)) {
    const range = wrap ?? (inner.wrap === undefined ? undefined : ([placeOf(place, inner.wrap[0]), placeOf(place, inner.wrap[1])] as const));
    put(spots, { text: inner.text, meaning: inner.meaning, depth: depth + 1, at: { role: role === "key" || inner.wrap === undefined ? role : inner.role, home, base, marks, via: range === undefined ? onward(inner.way, via) : undefined, wrap: range, chunk: undefined } }, lexicon);
  }
}

const blobTerm = (text: string, hit: Omit<Hit, "start" | "end">, meaning: Meaning): Term => ({ text, back: undefined, meaning, traits: trait.dull, words: [], hits: [{ ...hit, start: 0, end: text.length }], inner: [], figures: undefined, noted: undefined, echo: undefined });

/** One way after another. */
function onward(first: Way | undefined, then: Way | undefined): Way | undefined {
  if (first === undefined || then === undefined) return first ?? then;
  if (first.marks !== undefined) return { base: 0, marks: mapped(first.marks, then) };
  return then.marks === undefined ? { base: first.base + then.base } : { base: 0, marks: part(then.marks, first.base, then.marks.length) };
}

/** First and last name of one object are a name together, too: `Mia Li`, `mia_li_3668`. */
function peopleIn(leaves: readonly Leaf[]): string[] {
  const people = new Map<readonly string[], { first?: string; last?: string }>();
  for (const { key, role, siblings, view } of leaves) {
    if (key === undefined || role !== "string" || view.text.length > 40) continue;
    const part = partOfName(key);
    if (part !== undefined) people.set(siblings, { ...people.get(siblings), [part]: view.text });
  }
  return [...people.values()].flatMap(({ first, last }) => (first === undefined || last === undefined || masked.test(first) || masked.test(last) ? [] : [`${first} ${last}`]));
}
const masked = /^\[[A-Z][A-Z0-9_]*(?::[a-z2-7]{16})?\]$/;
