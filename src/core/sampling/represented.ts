import { actionOf } from "../dedup/decide.ts";
import type { DedupDecision, DedupLevel } from "../dedup/types.ts";

const collapsing: readonly DedupLevel[] = ["exact", "prefix", "near"];

/**
 * Which traces need not be shown because a copy of them is: id → the id that stands for it. Levels are taken one after the
 * other; a decision is passed over where what it keeps is gone, or stands for itself only through the trace it would hide
 * (two levels may disagree on who is kept). So whatever is hidden, something shown stands for it.
 */
export function representedBy(ids: ReadonlySet<string>, decisions: readonly DedupDecision[]): ReadonlyMap<string, string> {
  const by = new Map<string, string>();
  const standsFor = (id: string): string => {
    let at = id;
    for (let next = by.get(at); next !== undefined; next = by.get(at)) at = next;
    return at;
  };
  for (const level of collapsing)
    for (const decision of decisions) {
      const { dropped, kept } = decision;
      if (decision.level !== level || actionOf(decision) !== "collapse" || by.has(dropped)) continue;
      if (!ids.has(dropped) || !ids.has(kept) || standsFor(kept) === dropped) continue;
      by.set(dropped, kept);
    }
  return new Map([...by.keys()].map((id) => [id, standsFor(id)]));
}
