import type { DedupDecision } from "./types.ts";

/** A kept trace and those that were dropped for being like it, the most alike first. */
export type Cluster = { readonly kept: string; readonly members: readonly { readonly id: string; readonly score: number }[] };

/** The clusters of one level's decisions, the largest first, then in the order their first decision came. */
export function clustersOf(decisions: readonly DedupDecision[]): Cluster[] {
  const members = new Map<string, { id: string; score: number }[]>();
  for (const { kept, dropped, score } of decisions) members.set(kept, [...(members.get(kept) ?? []), { id: dropped, score }]);
  return [...members]
    .map(([kept, alike]) => ({ kept, members: alike.sort((a, b) => b.score - a.score) }))
    .sort((a, b) => b.members.length - a.members.length);
}
