import { finish, prepare, type EngineOptions, type Found, type Prepared, type Seen } from "./engine.ts";
import { settle } from "./hit.ts";
import type { Home, Trail } from "./leaf.ts";
import type { Policy } from "./policy.ts";
import type { Replace } from "./replace.ts";
import { editsOf, writeEdits, type Edit } from "./splice.ts";
import type { Source } from "./work.ts";

/** More rounds than this have never been needed; a text that still changes then is left as it is. */
const rounds = 4;

export type Writing = { readonly replace: Replace; readonly policy: Pick<Policy, "mask" | "style"> };

/**
 * `finish`, until nothing more is found: a value may stand so close to another one that it shows only when that one is
 * masked. What is redacted in this way stays the same when it is redacted again. Offsets are those of the sources.
 */
export function finishQuiet(prepared: Prepared, sources: readonly Source[], { options, writing }: { readonly options: EngineOptions; readonly writing: Writing }): Seen[] {
  let seen = finish(prepared, options);
  for (let round = 0; round < rounds; round += 1) {
    const edits = sources.map(({ text }, i) => editsOf({ text, seen: seen[i] ?? nothing, ...writing }));
    // What shows only now may stand in texts that nothing was found in so far.
    const again = round === 0 ? changed(sources, edits) : sources.map((_, i) => i);
    if (again.length === 0) return seen;
    const texts = again.map((i): Source => ({ ...(sources[i] ?? { text: "" }), text: writeEdits(sources[i]?.text ?? "", edits[i] ?? []) }));
    // Surrogates do not show that a text was changed.
    const how = { ...options, changedOnly: writing.policy.style !== "surrogate" };
    const more = finish(prepare(texts, how), how);
    let grew = false;
    const next = seen.slice();
    for (const [n, i] of again.entries()) {
      const fresh = more[n]?.found.filter((one) => isMasked(one, writing.policy)) ?? [];
      if (fresh.length === 0) continue;
      grew = true;
      const back = backFrom(edits[i] ?? []);
      const old = seen[i] ?? nothing;
      next[i] = { ...old, found: settle([...old.found, ...fresh.map((one) => moved(one, back))]) as Found[] };
    }
    if (!grew) return seen;
    seen = next;
  }
  return seen;
}

const nothing: Seen = { found: [], dropped: [] };
const isMasked = ({ tier }: Found, { mask }: Pick<Policy, "mask">): boolean => tier === "certain" || mask.includes(tier);

/** Sources that were changed, and those that are read as one with them. */
function changed(sources: readonly Source[], edits: readonly (readonly Edit[])[]): number[] {
  const joined = new Set(sources.flatMap(({ joins }, i) => (joins !== undefined && (edits[i] ?? []).some(({ put, was }) => put !== was) ? [joins] : [])));
  return sources.flatMap(({ joins }, i) => ((edits[i] ?? []).some(({ put, was }) => put !== was) || (joins !== undefined && joined.has(joins)) ? [i] : []));
}

/** From an offset in the written text to the one it had before. */
function backFrom(edits: readonly Edit[]): (offset: number) => number {
  const steps: { readonly at: number; readonly shift: number }[] = [];
  let shift = 0;
  for (const { start, end, put } of edits) {
    const grown = put.length - (end - start);
    steps.push({ at: end + shift + grown, shift: shift + grown });
    shift += grown;
  }
  return (offset) => {
    let by = 0;
    for (const step of steps) {
      if (step.at > offset) break;
      by = step.shift;
    }
    return offset - by;
  };
}

const moved = (found: Found, back: (offset: number) => number): Found => ({
  ...found,
  start: back(found.start),
  end: back(found.end),
  leaf: { ...found.leaf, home: found.leaf.home === undefined ? undefined : movedHome(found.leaf.home, back) },
});
const movedHome = ({ trail, start, end }: Home, back: (offset: number) => number): Home => ({ trail: movedTrail(trail, back), start: back(start), end: back(end) });
const movedTrail = (trail: Trail | undefined, back: (offset: number) => number): Trail | undefined =>
  trail === undefined ? undefined : { ...trail, up: movedTrail(trail.up, back), at: trail.at < 0 ? trail.at : back(trail.at), end: trail.at < 0 ? trail.end : back(trail.end) };
