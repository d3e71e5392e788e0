import { isModelKind, type Place, type Tree } from "./tree.ts";

export type Stage = "input" | "output" | "tool" | undefined;

/**
 * When each guardrail ran. The SDK records only its name and whether it tripped, so the stage is inferred where the source does
 * not say: under a function span it guards the tool; before the first answer of the first agent it guards the input; after
 * the last model call of its agent the output; else nobody knows.
 */
export function guardrailStages(tree: Tree): ReadonlyMap<Place, Stage> {
  const models = new Map<Place | undefined, Place[]>();
  const firstAgent = new Map<string, Place>();
  for (const place of tree.places) {
    if (place.span.kind === "agent" && !firstAgent.has(place.scope)) firstAgent.set(place.scope, place);
    if (!isModelKind(place.span.kind)) continue;
    const agent = agentAbove(place);
    const list = models.get(agent);
    if (list === undefined) models.set(agent, [place]);
    else list.push(place);
  }
  const stages = new Map<Place, Stage>();
  for (const place of tree.places) {
    if (place.span.kind !== "guardrail") continue;
    const agent = agentAbove(place);
    stages.set(place, stageOf(place, models.get(agent) ?? [], agent === undefined || firstAgent.get(place.scope) === agent));
  }
  return stages;
}

function stageOf({ span, parent }: Place, models: readonly Place[], isFirst: boolean): Stage {
  if (span.guardrail?.stage !== undefined) return span.guardrail.stage;
  if (parent?.span.kind === "function") return "tool";
  const first = models[0]?.span;
  const last = models.at(-1)?.span;
  if (first === undefined) return isFirst && span.guardrail?.triggered === true ? "input" : undefined;
  const start = span.started_at;
  if (start === undefined) return undefined;
  if (isFirst && first.ended_at !== undefined && start < first.ended_at) return "input";
  return last?.ended_at !== undefined && start >= last.ended_at ? "output" : undefined;
}

function agentAbove(place: Place): Place | undefined {
  let up = place.parent;
  while (up !== undefined && up.span.kind !== "agent") up = up.parent;
  return up;
}
