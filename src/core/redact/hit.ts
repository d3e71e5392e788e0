import type { Tier } from "./types.ts";

/** Something a detector saw in one text: UTF-16 offsets, what kind it is, how sure, and the rule that saw it. */
export type Hit = {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
  readonly tier: Tier;
  readonly rule: string;
  /** What is written instead, where it is not for the kind to say: nothing, for the rest of a value that began elsewhere. */
  readonly instead?: string | undefined;
  /** The value this is a part of, where it runs over several texts. */
  readonly stands?: string | undefined;
};

/** Takes one hit. */
export type Emit = (hit: Hit) => void;

const rank: Readonly<Record<Tier, number>> = { certain: 2, likely: 1, suspect: 0 };

/** The surer of two tiers. */
export const surer = (a: Tier, b: Tier): Tier => (rank[a] >= rank[b] ? a : b);

/** Hits that begin first come first; of those, the longest; of those, the surest. */
const order = (a: Hit, b: Hit): number => a.start - b.start || b.end - a.end || rank[b.tier] - rank[a.tier];

/** Puts hits in order, in place. */
export function inOrder(hits: Hit[]): Hit[] {
  for (let i = 1; i < hits.length; i += 1) if (order(hits[i - 1] as Hit, hits[i] as Hit) > 0) return hits.sort(order);
  return hits;
}

/** Whether a hit says all that another one does. */
const says = (hit: Hit | undefined, { start, end, kind, tier }: Hit): boolean => hit?.start === start && hit.end === end && hit.kind === kind && rank[hit.tier] >= rank[tier];

/** Puts a hit where it belongs, unless it was said before. Made for hits that come nearly in order. */
export function putHit(hits: Hit[], hit: Hit): void {
  let at = hits.length;
  while (at > 0 && order(hits[at - 1] as Hit, hit) > 0) at -= 1;
  if (says(hits[at - 1], hit)) return;
  if (at === hits.length) hits.push(hit);
  else hits.splice(at, 0, hit);
}

/** Two lists that are in order as one. What both say stands once; where the second says nothing new, the first is the answer. */
export function together(one: readonly Hit[], other: readonly Hit[]): readonly Hit[] {
  if (one.length === 0) return other;
  let out: Hit[] | undefined;
  let at = 0;
  for (const hit of other) {
    const from = at;
    while (at < one.length && order(one[at] as Hit, hit) <= 0) at += 1;
    const said = says(one[at - 1], hit);
    if (out === undefined && said) continue;
    if (out === undefined) out = one.slice(0, at);
    else for (let i = from; i < at; i += 1) out.push(one[i] as Hit);
    if (!said) out.push(hit);
  }
  if (out === undefined) return one;
  for (; at < one.length; at += 1) out.push(one[at] as Hit);
  return out;
}

/**
 * Hits that are in order without overlaps. Hits that will be masked and overlap become one (the kind of the longest), so that
 * no part of either is left standing; a suspect gives way to anything masked.
 */
export function settle(hits: readonly Hit[]): readonly Hit[] {
  if (hits.length < 2) return hits;
  if (!hits.some(isSuspect)) return merge(hits);
  const masked = merge(hits.filter((hit) => !isSuspect(hit)));
  return together(masked, merge(hits.filter(isSuspect)).filter((suspect) => !touches(masked, suspect)));
}

const isSuspect = ({ tier }: Hit): boolean => tier === "suspect";

function merge(hits: readonly Hit[]): readonly Hit[] {
  let at = 1;
  while (at < hits.length && (hits[at] as Hit).start >= (hits[at - 1] as Hit).end) at += 1;
  if (at >= hits.length) return hits;
  const out: Hit[] = hits.slice(0, at);
  let last = out.at(-1);
  for (let i = at; i < hits.length; i += 1) {
    const hit = hits[i] as Hit;
    if (last === undefined || hit.start >= last.end) {
      out.push((last = hit));
      continue;
    }
    if (hit.end <= last.end && rank[hit.tier] <= rank[last.tier]) continue;
    const same = hit.start === last.start && hit.end === last.end;
    const longest = same ? (rank[hit.tier] > rank[last.tier] ? hit : last) : hit.end - hit.start > last.end - last.start ? hit : last;
    out[out.length - 1] = last = { ...longest, start: last.start, end: Math.max(last.end, hit.end), tier: surer(hit.tier, last.tier) };
  }
  return out;
}

function touches(ordered: readonly Hit[], hit: Hit): boolean {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if ((ordered[mid]?.end ?? 0) <= hit.start) low = mid + 1;
    else high = mid;
  }
  return (ordered[low]?.start ?? Infinity) < hit.end;
}
