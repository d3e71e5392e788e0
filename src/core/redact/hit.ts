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

/**
 * Hits without overlaps, in order. Hits that will be masked and overlap become one (the kind of the longest), so that no
 * part of either is left standing; a suspect gives way to anything masked.
 */
export function settle(hits: readonly Hit[]): Hit[] {
  if (hits.length < 2) return hits.slice();
  const doubtful = hits.filter((hit) => hit.tier === "suspect");
  if (doubtful.length === 0) return merge(hits);
  const masked = merge(hits.filter((hit) => hit.tier !== "suspect"));
  const suspects = merge(doubtful).filter((suspect) => !touches(masked, suspect));
  return suspects.length === 0 ? masked : [...masked, ...suspects].sort((a, b) => a.start - b.start);
}

const order = (a: Hit, b: Hit): number => a.start - b.start || b.end - a.end || rank[b.tier] - rank[a.tier];
function inOrder(hits: readonly Hit[]): boolean {
  for (let i = 1; i < hits.length; i += 1) {
    const [last, next] = [hits[i - 1], hits[i]];
    if (last !== undefined && next !== undefined && order(last, next) > 0) return false;
  }
  return true;
}

function merge(hits: readonly Hit[]): Hit[] {
  if (hits.length < 2) return [...hits];
  const ordered = inOrder(hits) ? hits : [...hits].sort(order);
  const out: Hit[] = [];
  for (const hit of ordered) {
    const last = out.at(-1);
    if (last === undefined || hit.start >= last.end) {
      out.push(hit);
      continue;
    }
    if (hit.end <= last.end && rank[hit.tier] <= rank[last.tier]) continue;
    const same = hit.start === last.start && hit.end === last.end;
    const longest = same ? (rank[hit.tier] > rank[last.tier] ? hit : last) : hit.end - hit.start > last.end - last.start ? hit : last;
    out[out.length - 1] = { ...longest, start: last.start, end: Math.max(last.end, hit.end), tier: surer(hit.tier, last.tier) };
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
