import { guardrailStages } from "../trace/guardrail.ts";
import type { Trace } from "../trace/schema.ts";
import { isModelKind, type Place, type Tree } from "../trace/tree.ts";

/** A guardrail as it was seen to decide, in order. `output` is what an output guardrail had before it. */
export type RecordedGuardrail = { readonly name: string; readonly stage: "input" | "output"; readonly verdicts: readonly boolean[]; readonly output: string | undefined };

/**
 * The guardrails of one agent. A guardrail span says neither what it looked at nor why it decided; where its stage cannot be
 * told either, one that began before a model call of its stretch ended guards the input. Guardrails of tools are not rebuilt.
 */
export function recordedGuardrails(tree: Tree, agent: string, trace: Trace): readonly RecordedGuardrail[] {
  const stages = guardrailStages(tree);
  if (stages.size === 0) return [];
  const calls = tree.places.filter((place) => isModelKind(place.span.kind) && place.agent === agent);
  const mine = [...stages].filter(([place, stage]) => place.agent === agent && place.span.guardrail !== undefined && stage !== "tool");
  const told = new Map(mine.flatMap(([place, stage]) => (stage === undefined || stage === "tool" ? [] : [[place.span.guardrail?.name, stage] as const])));
  const found = new Map<string, { name: string; stage: "input" | "output"; verdicts: boolean[]; output: string | undefined }>();
  for (const [place, known] of mine) {
    const { name, triggered } = place.span.guardrail ?? { name: "", triggered: false };
    const stage = known === "input" || known === "output" ? known : (told.get(name) ?? guess(place, calls));
    const key = `${stage} ${name}`;
    const one = found.get(key) ?? { name, stage, verdicts: [], output: stage === "output" ? lastWords(trace, calls) : undefined };
    one.verdicts.push(triggered);
    found.set(key, one);
  }
  return [...found.values()];
}

function guess(guardrail: Place, calls: readonly Place[]): "input" | "output" {
  const started = guardrail.span.started_at;
  const stretch = calls.filter((call) => isUnder(call, guardrail.parent));
  return started === undefined || stretch.length === 0 || stretch.some((call) => (call.span.ended_at ?? started) > started) ? "input" : "output";
}

function isUnder(place: Place, above: Place | undefined): boolean {
  for (let at = place.parent; at !== undefined; at = at.parent) if (at === above) return true;
  return above === undefined;
}

function lastWords(trace: Trace, calls: readonly Place[]): string | undefined {
  const messages = calls.at(-1)?.span.model?.output?.flatMap((index) => trace.messages[index] ?? []) ?? [];
  const text = messages.flatMap((message) => message.parts.flatMap((part) => (part.type === "text" ? [part.text] : [])));
  return text.length === 0 ? undefined : text.join("");
}
