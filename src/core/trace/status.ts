import type { Status } from "./derived.ts";
import { linkToolCalls, type Links } from "./link.ts";
import type { Trace } from "./schema.ts";
import { isModelKind, type Place } from "./tree.ts";

/**
 * How a run ended; the SDK records no such thing. The first that holds: `blocked` (a guardrail of the run tripped), `error`
 * (a task, agent, turn or root failed, or the last model call did; a tool that failed and was survived does not count),
 * `incomplete` (a root never ended or is missing), `interrupted` (the last model call asked for tools nobody ran), `ok`.
 * `unknown` without spans.
 */
export function statusOf(trace: Trace): Status {
  if (trace.spans.length === 0) return "unknown";
  const links = linkToolCalls(trace);
  const { places } = links.tree;
  if (places.some(isTripped)) return "blocked";
  if (places.some(isFatal) || lastModel(places)?.span.error !== undefined) return "error";
  if (isIncomplete(trace)) return "incomplete";
  return isInterrupted(links) ? "interrupted" : "ok";
}

/** A guardrail inside an agent used as a tool stops that agent, not the run; a tool guardrail stops the tool. */
function isTripped({ span, scope, parent }: Place): boolean {
  if (span.guardrail?.triggered !== true || span.guardrail.stage === "tool" || parent?.span.kind === "function") return false;
  return scope === "";
}

function isFatal({ span, scope }: Place): boolean {
  if (span.error === undefined || scope !== "") return false;
  if (span.kind === "task" || span.kind === "agent" || span.kind === "turn") return true;
  return span.parent_id === null && span.kind !== "function" && !isModelKind(span.kind) && span.kind !== "guardrail";
}

const lastModel = (places: readonly Place[]): Place | undefined =>
  places.findLast((place) => isModelKind(place.span.kind) && place.scope === "");

function isIncomplete(trace: Trace): boolean {
  const ids = new Set(trace.spans.map(({ id }) => id));
  const lost = trace.spans.some(({ original_parent_id: parent }) => parent !== undefined && !ids.has(parent));
  const timed = trace.spans.some(({ ended_at }) => ended_at !== undefined);
  return lost || (timed && trace.spans.some((span) => span.parent_id === null && span.ended_at === undefined));
}

function isInterrupted({ exchanges, ofUnit }: Links): boolean {
  const last = exchanges.findLast(({ place }) => place.scope === "");
  return (last?.output ?? []).some((unit) => {
    const call = ofUnit.get(unit);
    return call !== undefined && call.function === undefined && call.handoff === undefined && call.output === undefined;
  });
}
