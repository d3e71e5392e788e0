import { longRun } from "./blobs.ts";
import { decodingsOf } from "./decode.ts";
import { datesOf } from "./detect/dates.ts";
import { foldView } from "./fold.ts";
import type { Notes } from "./harvest.ts";
import type { Hit } from "./hit.ts";
import { kindOfKeysUnder, senseOfKey, type KeySense } from "./keys.ts";
import { isChunk, type Leaf } from "./leaf.ts";
import { leavesOf } from "./leaves.ts";
import type { Match } from "./matcher.ts";
import { ownCopy } from "./own.ts";
import { trait, traitsOf } from "./traits.ts";
import { sourceOf, type Way } from "./view.ts";

/** What the place of a text says about it: its member's name and what that means. */
export type Meaning = {
  readonly role: "text" | "number" | "key";
  readonly key: string | undefined;
  readonly sense: KeySense | undefined;
  /** The kind that the policy gives to members of this name, or `keep`. */
  readonly own: string | undefined;
  /** For a member's name: the kind that names are in such an object. */
  readonly holds: string | undefined;
  /** The member holds pieces of one text. */
  readonly chunk: boolean;
};

/**
 * A decoded text with one meaning. What can be seen in it by itself is the same wherever it stands, so it is looked at once,
 * however often it comes: in a trace most texts come many times, and the longest ones come in every trace.
 */
export type Term = {
  /** The folded text, and the way back to the text as it stands. */
  readonly text: string;
  readonly back: Way | undefined;
  readonly meaning: Meaning;
  /** Bits of `trait`. */
  readonly traits: number;
  /** Where its long words are: start, end. */
  readonly words: readonly number[];
  /** What was seen in it by itself, in order. Filled in when it is looked at. */
  readonly hits: Hit[];
  /** Texts decoded from it, its dates and numbers, and what its hits reveal, once somebody asked. */
  inner: readonly Inner[] | undefined;
  figures: Figures | undefined;
  noted: Notes | undefined;
  /** What stands in it of what was last looked for. */
  echo: Echo | undefined;
};

/** What of the patterns of two matchers (by their numbers, so that a term keeps none of them alive), as many as the second one had then, stands in a term. */
export type Echo = { readonly revealed: number; readonly corpus: number; readonly upTo: number; readonly matches: readonly (Match & { readonly strong: boolean })[] };

/** What in a text is written in digits, in forms that can be compared: ISO dates, and numbers without their separators. */
export type Figures = { readonly dates: readonly Figure[]; readonly numbers: readonly Figure[] };
export type Figure = { readonly start: number; readonly end: number; readonly value: string };

/** A text hidden in another: the way into that one's text as it stands, or the range of it that can only be masked whole. */
export type Inner = { readonly text: string; readonly meaning: Meaning; readonly role: Leaf["role"]; readonly way: Way | undefined; readonly wrap: readonly [number, number] | undefined };

/** All texts met lately, each of them once. */
export type Lexicon = {
  meaningOf(leaf: Pick<Leaf, "role" | "key" | "parents" | "siblings">): Meaning;
  termOf(text: string, meaning: Meaning): Term;
  /** The name of a member that is a small word. */
  nameOf(name: string): Term;
  /** A text that is remembered nowhere. */
  loneTerm(text: string, meaning: Meaning): Term;
  innerOf(term: Term): readonly Inner[];
  /** Terms nobody has looked at; each is handed out once. */
  takeFresh(): readonly Term[];
};

/** Texts and characters of them that are remembered; then all are forgotten, and what comes again is looked at again. */
const most = { terms: 60_000, characters: 3_000_000 } as const;

const nameless: Meaning = { role: "key", key: undefined, sense: undefined, own: undefined, holds: undefined, chunk: false };

/** An empty lexicon for one policy. `keys`: the user's own member names and the kinds of their values. */
export function emptyLexicon(keys: ReadonlyMap<string, string>): Lexicon {
  let meanings = new Map<string | undefined, Meaning[]>();
  let known = new Map<Meaning, Map<string, Term>>();
  let terms = 0;
  let characters = 0;
  let fresh: Term[] = [];

  const meaningOf: Lexicon["meaningOf"] = ({ role: as, key: named, parents, siblings }) => {
    const role = as === "number" || as === "key" ? as : "text";
    const key = role === "key" ? undefined : named;
    const holds = role === "key" ? kindOfKeysUnder(parents.at(-1)) : undefined;
    const sense = key === undefined ? undefined : senseOfKey({ key, parents, siblings });
    let list = meanings.get(key);
    if (list === undefined) meanings.set(key, (list = []));
    for (const one of list) if (one.role === role && one.holds === holds && (one.sense === sense || (sense !== undefined && one.sense?.kind === sense.kind && one.sense.tier === sense.tier && one.sense.secret === sense.secret))) return one;
    const made: Meaning = { role, key, sense, own: key === undefined ? undefined : keys.get(key), holds, chunk: key !== undefined && role === "text" && isChunk(key) };
    list.push(made);
    return made;
  };
  const make = (text: string, meaning: Meaning): Term => {
    const term = termFrom(text, meaning);
    if (needsLook(term)) fresh.push(term);
    return term;
  };
  const termOf = (text: string, meaning: Meaning): Term => {
    let byText = known.get(meaning);
    if (byText === undefined) known.set(meaning, (byText = new Map()));
    const before = byText.get(text);
    if (before !== undefined) return before;
    if (terms >= most.terms || characters + text.length > most.characters) {
      // Terms in use stay what they are; whoever meets their texts anew makes new ones.
      meanings = new Map();
      known = new Map([[meaning, (byText = new Map())]]);
      terms = 0;
      characters = 0;
    }
    const own = ownCopy(text);
    const made = make(own, meaning);
    byText.set(own, made);
    terms += 1;
    characters += text.length;
    return made;
  };
  const nameOf = (name: string): Term => termOf(name, nameless);
  const innerOf = (term: Term): readonly Inner[] => (term.inner ??= innersOf(term, meaningOf));
  return {
    meaningOf,
    termOf,
    nameOf,
    loneTerm: make,
    innerOf,
    takeFresh() {
      const taken = fresh;
      fresh = [];
      return taken;
    },
  };
}

function termFrom(text: string, meaning: Meaning): Term {
  if (meaning.role === "number") return { text, back: undefined, meaning, traits: trait.digits, words: [], hits: [], inner: none, figures: undefined, noted: undefined, echo: undefined };
  const { traits, words } = traitsOf(text);
  const view = (traits & trait.strange) === 0 ? undefined : foldView({ text, base: 0 });
  if (view === undefined || view.text === text) return { text, back: undefined, meaning, traits, words, hits: [], inner: undefined, figures: undefined, noted: undefined, echo: undefined };
  const { base, marks } = view;
  return { text: view.text, back: marks === undefined ? { base } : { base, marks }, meaning, ...traitsOf(view.text), hits: [], inner: undefined, figures: undefined, noted: undefined, echo: undefined };
}

/** Whether detectors, the member's name or the policy could say anything about a term. */
function needsLook({ text, traits, meaning }: Term): boolean {
  if (text.length < 2) return false;
  if (meaning.sense !== undefined || meaning.own !== undefined || meaning.holds !== undefined) return true;
  return meaning.role === "number" ? text.length >= 7 : (traits & trait.dull) === 0;
}

const none: readonly Inner[] = [];

function innersOf({ text, back, traits, words, meaning }: Term, meaningOf: Lexicon["meaningOf"]): readonly Inner[] {
  if ((traits & trait.hides) === 0 || text.length < 8 || text.length > 1_000_000 || meaning.role === "number") return none;
  const at = (offset: number): number => (back === undefined ? offset : sourceOf(back, offset));
  const inners: Inner[] = [];
  for (const { view, start, end, whole } of decodingsOf(text, { traits, words })) {
    if (whole) {
      const wrap = [at(start), at(end)] as const;
      for (const leaf of leavesOf(view.text, { key: meaning.key }).leaves) inners.push({ text: leaf.view.text, meaning: leaf.role === "text" && meaning.role === "text" ? meaning : meaningOf(leaf), role: leaf.role, way: undefined, wrap });
      continue;
    }
    const marks = new Int32Array(view.text.length + 1);
    for (let i = 0; i < marks.length; i += 1) marks[i] = at(sourceOf(view, i));
    inners.push({ text: view.text, meaning, role: "string", way: { base: 0, marks }, wrap: undefined });
  }
  return inners;
}

const numberRun = /\+?\(?\d[\d ().\-/]{4,28}\d/g;
const noFigures: Figures = { dates: [], numbers: [] };

/** The dates and numbers of a term. */
export function figuresOf(term: Term): Figures {
  if (term.figures !== undefined) return term.figures;
  if ((term.traits & trait.digits) === 0) return (term.figures = noFigures);
  const { text } = term;
  const numbers: Figure[] = [];
  numberRun.lastIndex = 0;
  for (let found = numberRun.exec(text); found !== null; found = numberRun.exec(text)) {
    const start = found.index;
    if (start === 0 || !/\w/.test(text.charAt(start - 1))) numbers.push({ start, end: start + found[0].length, value: found[0].replace(/\D/g, "") });
  }
  const dates = Array.from(datesOf(text), ({ start, end, iso }) => ({ start, end, value: iso }));
  return (term.figures = dates.length + numbers.length === 0 ? noFigures : { dates, numbers });
}

/** Whether a text is as long as a binary part, so that it is worth looking for one. */
export const mayHoldBlob = (text: string): boolean => text.length > 64 && (text.length >= longRun || text.includes(";base64,"));
