import { longRun } from "./blobs.ts";
import { decodingsOf } from "./decode.ts";
import { foldView } from "./fold.ts";
import type { Hit } from "./hit.ts";
import { senseOfKey } from "./keys.ts";
import { isChunk, type Around, type Leaf } from "./leaf.ts";
import { leavesOf, proseOf } from "./leaves.ts";
import { sourceOf, type View } from "./view.ts";

/** A text to be looked at, and what stands around it (its field's name, say). */
export type Source = { readonly text: string; readonly around?: Around | undefined; /** Equal for texts that follow each other and are read as one. */ readonly joins?: string; /** Not data, whatever it looks like. */ readonly prose?: boolean };

/** A leaf in hand: folded, with what was found so far. `wrap`: it was decoded from a run that can only be masked whole. */
export type Work = {
  readonly source: number;
  readonly leaf: Leaf;
  /** The folded text, and the way back into the leaf's text. */
  readonly view: View;
  readonly hits: Hit[];
  /** One word, or a few small ones: nothing a detector could find. */
  readonly dull: boolean;
  /** Holds binary parts that nothing should look into. */
  readonly blobs: boolean;
  /** Decoded from another work's text. */
  readonly hidden: boolean;
  readonly wrap?: readonly [number, number];
};

/** What sources are made of, and what in them is not kept: `[start, end, what is written instead]`. */
export type Opened = {
  readonly works: Work[];
  /** Small words that say nothing by themselves and whose member says nothing of them: only looked at for what is seen elsewhere. By text. */
  readonly plain: Map<string, { readonly source: number; readonly leaf: Leaf }[]>;
  /** Members' names that are small words: by name the sources and places they stand in. */
  readonly names: Map<string, (readonly [number, readonly number[]])[]>;
  readonly sizes: readonly number[];
  readonly dropped: readonly (readonly [number, number, string])[][];
};

/** Takes all sources apart, what is hidden in them included. */
export function openSources(sources: readonly Source[], keys?: ReadonlyMap<string, string>): Opened {
  const works: Work[] = [];
  const plain: Opened["plain"] = new Map();
  const names: Opened["names"] = new Map();
  const dropped: [number, number, string][][] = [];
  for (const [source, { text, around, prose }] of sources.entries()) {
    const { leaves, names: small, tooDeep, dropped: gone } = prose === true ? proseOf(text) : leavesOf(text, around);
    dropped.push([...tooDeep.map(([start, end]): [number, number, string] => [start, end, "[DROPPED]"]), ...gone.map(([start, end]): [number, number, string] => [start, end, "null"])]);
    for (const [name, places] of small) {
      const same = names.get(name);
      if (same === undefined) names.set(name, [[source, places]]);
      else same.push([source, places]);
    }
    for (const leaf of leaves) {
      const { text: value } = leaf.view;
      if (leaf.role === "text" || value.length >= 40 || !saysNothing(leaf, keys)) open(works, { source, leaf, depth: 0 });
      else if (leaf.role !== "number" && value.length > 1) {
        const same = plain.get(value);
        if (same === undefined) plain.set(value, [{ source, leaf }]);
        else same.push({ source, leaf });
      }
    }
  }
  return { works, plain, names, sizes: sources.map(({ text }) => text.length), dropped };
}

/** Whether nothing can be found in a leaf by itself: a small word (or number) that no member's name makes anything of. */
function saysNothing(leaf: Leaf, keys: ReadonlyMap<string, string> | undefined): boolean {
  const { key, view, role } = leaf;
  if (role === "number" ? view.text.length >= 6 : (traitsOf(view.text) & trait.dull) === 0) return false;
  return role === "key" || key === undefined || (keys?.has(key) !== true && !isChunk(key) && senseOfKey({ key, parents: leaf.parents, siblings: leaf.siblings }) === undefined);
}

/** What a first look at a text says: `dull` texts hold nothing to find, only some hide another text or need folding. */
export const trait = { dull: 1, hides: 2, strange: 4, long: 8 } as const;

/** One cheap pass over a text. A text may hide another one where it has escapes, or a long run that is no small word. */
export function traitsOf(text: string): number {
  const { length } = text;
  let run = 0;
  let spaces = 0;
  let pairs = 0;
  let mixed = false;
  let dull = length < 40;
  let strange = false;
  let hides = false;
  let long = false;
  for (let i = 0; i < length; i += 1) {
    const code = text.charCodeAt(i);
    if (code >= 97 && code <= 122) run += 1;
    else if ((code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 43 || code === 47) {
      run += 1;
      mixed = true;
      if (code < 65 || i > 0) dull = false;
    } else if (code === 45 || code === 95) run += 1;
    else {
      // `6d 69 61 2e`: bytes written one by one.
      pairs = run === 2 && (code === 32 || code === 58) ? pairs + 1 : 0;
      if (pairs >= 7) hides = true;
      run = 0;
      mixed = false;
      if (code !== 32 || (spaces += 1) > 2) dull = false;
      if (code >= 256 || code === 173) strange = true;
      else if (!hides && (code === 37 || code === 38 || code === 61 || code === 92) && escape.test(text.slice(i, i + 10))) hides = true;
    }
    if ((run >= 12 && mixed) || run >= 40) hides = true;
    if (run === longRun) long = true;
  }
  return (dull ? trait.dull : 0) + (hides ? trait.hides : 0) + (strange ? trait.strange : 0) + (long ? trait.long : 0);
}
const escape = /^(?:%[0-9a-fA-F]{2}|&#?\w{2,8};|\\["'ux0-7]|=[0-9A-F\r\n])/;

/** Texts hidden in texts that are followed, one in the other. */
const deepest = 3;

type Opening = { readonly source: number; readonly leaf: Leaf; readonly depth: number; readonly wrap?: readonly [number, number] };

function open(works: Work[], { source, leaf, depth, wrap }: Opening): void {
  let traits = leaf.role === "number" ? 0 : traitsOf(leaf.view.text);
  const view = (traits & trait.strange) === 0 ? { text: leaf.view.text, base: 0 } : foldView({ text: leaf.view.text, base: 0 });
  const { text } = view;
  if ((traits & trait.strange) !== 0) traits = traitsOf(text);
  const work: Work = { source, leaf, view, hits: [], dull: (traits & trait.dull) !== 0, blobs: (traits & trait.long) !== 0 || (text.length > 64 && text.includes(";base64,")), hidden: depth > 0 };
  works.push(wrap === undefined ? work : { ...work, wrap });
  if ((traits & trait.hides) === 0 || depth >= deepest || text.length < 8 || text.length > 1_000_000 || work.blobs) return;
  for (const hidden of decodingsOf(text)) {
    const at = (offset: number): number => sourceOf(leaf.view, sourceOf(view, offset));
    const outer = wrap ?? (hidden.whole ? ([at(hidden.start), at(hidden.end)] as const) : undefined);
    if (outer !== undefined) {
      for (const inner of leavesOf(hidden.view.text, { key: leaf.key, parents: leaf.parents, siblings: leaf.siblings }).leaves) open(works, { source, leaf: { ...inner, home: leaf.home }, depth: depth + 1, wrap: outer });
      continue;
    }
    const marks = new Int32Array(hidden.view.text.length + 1);
    for (let i = 0; i < marks.length; i += 1) marks[i] = at(sourceOf(hidden.view, i));
    open(works, { source, leaf: { ...leaf, view: { text: hidden.view.text, base: 0, marks } }, depth: depth + 1 });
  }
}
