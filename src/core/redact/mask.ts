import { isObject, type Json } from "../base/json.ts";
import type { Trace } from "../trace/schema.ts";

/** A place of a stored trace that a person said must be masked, and the token its value must have (else the place has moved). */
export type Mask = { readonly path: string; readonly start: number; readonly end: number; readonly kind: string; readonly token: string };

/**
 * Puts tokens where a person said so. `tokenOf` names a value; a place that no longer holds the value it was said of is left
 * alone, so masks may be applied again and again. Answers the trace and how many masks came into force.
 */
export function applyMasks(trace: Trace, masks: readonly Mask[], tokenOf: (kind: string, value: string) => string): { readonly trace: Trace; readonly applied: number } {
  const copy = structuredClone(trace) as unknown as Json;
  let applied = 0;
  // From the end, so that earlier offsets stay true.
  for (const { path, start, end, kind, token } of [...masks].sort((a, b) => b.start - a.start)) {
    const steps = path.split("/").slice(1).map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
    const last = steps.pop();
    let holder: unknown = copy;
    for (const step of steps) holder = Array.isArray(holder) ? holder[Number(step)] : isObject(holder) && Object.hasOwn(holder, step) ? holder[step] : undefined;
    if (last === undefined || typeof holder !== "object" || holder === null) continue;
    const members = holder as Record<string, unknown>;
    const text = Object.hasOwn(members, last) ? members[last] : undefined;
    if (typeof text !== "string") continue;
    if (tokenOf(kind, text.slice(start, end)) !== token) continue;
    members[last] = text.slice(0, start) + token + text.slice(end);
    applied += 1;
  }
  return { trace: copy as unknown as Trace, applied };
}
