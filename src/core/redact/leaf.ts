import { sourceOf, type View } from "./view.ts";

/** A step of a JSON pointer: a member's name with its place in the source, or a position (`at` below 0). */
export type Trail = { readonly up: Trail | undefined; readonly name: string; readonly at: number; readonly end: number };

/** The outermost JSON string (or number, or key) that a leaf lies in, with its place in the source. */
export type Home = { readonly trail: Trail | undefined; readonly start: number; readonly end: number };

/**
 * One piece of text worth scanning, decoded: a JSON string without its quotes and escapes, an object key, a number, or
 * prose as it stands. `view` leads back to the source, so a replacement can be spliced in and everything around it stays
 * byte for byte: JSON stays valid at every level.
 */
export type Leaf = {
  readonly view: View;
  readonly role: "text" | "string" | "key" | "number" | "word";
  /** The member this is the value of. With `{name: "password", value: "x"}`, `password` for `x`. */
  key: string | undefined;
  /** Names of the enclosing members, outermost first. */
  readonly parents: readonly string[];
  /** All member names of the same object (complete once the text is read). */
  readonly siblings: readonly string[];
  /** Only where pointers are wanted. */
  readonly home: Home | undefined;
};

/** Strings inside strings, and arrays inside arrays, that are followed. What lies deeper is dropped, never passed. */
export const limits = { levels: 8, depth: 200 } as const;

/** What stands around a text. `pointers`: the text is the JSON of a member of a trace, and findings want to say where in it. */
export type Around = { readonly key?: string | undefined; readonly parents?: readonly string[]; readonly siblings?: readonly string[]; readonly pointers?: boolean };

/** What a text is made of. `tooDeep`: source ranges that nothing looked into. `dropped`: values of members that are never kept. */
export type Leaves = {
  readonly leaves: Leaf[];
  /** Names of members that are small words: most of what there is, and hardly ever of interest. */
  readonly names: Set<string>;
  /** Where one of them stands, for who asks. */
  readonly wanted: { readonly name: string; readonly places: number[] } | undefined;
  readonly tooDeep: (readonly [number, number])[];
  readonly dropped: (readonly [number, number])[];
  /** Some member is by its name a first or a last name. */
  persons: boolean;
};

/** A decoded text to be taken apart, and where its leaves go. */
export type Job = { readonly view: View; readonly around: Around; readonly level: number; readonly home: Home | undefined; readonly into: Leaves };

/** Where a view begins and ends in the source. */
export const extent = (view: View): readonly [number, number] => [sourceOf(view, 0), sourceOf(view, view.text.length)];

/** Members that hold one text in pieces: chunks of a stream, deltas. */
export const isChunk = (key: string): boolean => /(?:^|_|\.)(?:deltas?|chunks?|fragments?|pieces?|partial|stream)$/i.test(key);

/** Where the first character stands that is no blank. */
export function firstInk(text: string): number {
  let at = 0;
  for (let code = text.charCodeAt(0); code === 32 || (code >= 9 && code <= 13) || code === 0xfeff; code = text.charCodeAt(at)) at += 1;
  return at;
}

const constructor = /[A-Za-z_][\w.]{0,80}\(\s{0,4}(?:[A-Za-z_]\w{0,80}=|['"{[(])/y;
/** Whether a text begins like data: a bracket, a quote, `Name(member=`. */
export function mayHoldData(text: string, at = firstInk(text)): boolean {
  const head = text.charCodeAt(at);
  if (head === 123 || head === 91 || head === 34) return true;
  // A tuple has a comma or a quote; `(464)` begins a phone number.
  if (head === 40) return /[,'"]/.test(text.slice(at, at + 400));
  if (head < 65 || !text.includes("(")) return false;
  constructor.lastIndex = at;
  return constructor.test(text);
}
