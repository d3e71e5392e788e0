import type { Trace, Usage } from "./schema.ts";
import { leafModels, treeOf, type Place } from "./tree.ts";

/**
 * Tokens of a whole trace, each counted once: the usage of a task or turn span includes what is nested in it, so levels are
 * never added up. Where every model call that succeeded tells its usage, their sum; else that of the outermost task spans,
 * then of the outermost turns; else of the model calls that tell. Members nobody gave stay absent.
 */
export function usageOf(trace: Trace): Usage {
  const tree = treeOf(trace);
  const models = leafModels(tree);
  const told = models.flatMap(({ span }) => (span.model?.usage === undefined ? [] : [span.model.usage]));
  const silent = models.filter(({ span }) => span.model?.usage === undefined && span.error === undefined);
  if (told.length > 0 && silent.length === 0) return sum(told);
  for (const kind of ["task", "turn"] as const) {
    const outermost = tree.places.filter((place) => place.span.kind === kind && !isInside(place, kind));
    const usages = outermost.flatMap(({ span }) => (span.usage === undefined ? [] : [span.usage]));
    if (usages.length > 0) return sum(usages);
  }
  return sum(told);
}

function isInside(place: Place, kind: "task" | "turn"): boolean {
  for (let up = place.parent; up !== undefined; up = up.parent) if (up.span.kind === kind) return true;
  return false;
}

const members = ["requests", "input", "output", "total", "cached_input", "reasoning"] as const;

function sum(usages: readonly Usage[]): Usage {
  const all: { -readonly [K in (typeof members)[number]]?: number } = {};
  for (const usage of usages)
    for (const member of members) {
      const more = usage[member] ?? (member === "total" ? totalOf(usage) : undefined);
      if (more !== undefined) all[member] = (all[member] ?? 0) + more;
    }
  return all;
}

const totalOf = ({ input, output }: Usage): number | undefined =>
  input === undefined || output === undefined ? undefined : input + output;
