import { guardrailStages } from "../trace/guardrail.ts";
import type { Trace } from "../trace/schema.ts";
import { isModelKind, type Place, type Tree } from "../trace/tree.ts";

/** A guardrail as it was seen to decide, in order. `output` is what an output guardrail had before it. */
export type RecordedGuardrail = { readonly name: string; readonly stage: "input" | "output"; readonly verdicts: readonly boolean[]; readonly output: string | undefined };

/**
 * The guardrails of one agent. A guardrail span says neither what it looked at nor why it decided; where its stage cannot be
 * told either, one that ran before its agent's model did guards the input. Guardrails of tools are not rebuilt.
 */
export function recordedGuardrails(tree: Tree, agent: string, trace: Trace): readonly RecordedGuardrail[] {
  const stages = guardrailStages(tree);
  if (stages.size === 0) return [];
  const calls = tree.places.filter((place) => isModelKind(place.span.kind) && place.agent === agent);
  const found = new Map<string, { name: string; stage: "input" | "output"; verdicts: boolean[]; output: string | undefined }>();
  for (const [place, told] of stages) {
    const { guardrail } = place.span;
    if (guardrail === undefined || place.agent !== agent || told === "tool") continue;
    const stage = told ?? (calls.some((call) => call.index < place.index) ? "output" : "input");
    const key = `${stage} ${guardrail.name}`;
    const known = found.get(key) ?? { name: guardrail.name, stage, verdicts: [], output: stage === "output" ? lastWords(trace, calls) : undefined };
    known.verdicts.push(guardrail.triggered);
    found.set(key, known);
  }
  return [...found.values()];
}

function lastWords(trace: Trace, calls: readonly Place[]): string | undefined {
  const messages = calls.at(-1)?.span.model?.output?.flatMap((index) => trace.messages[index] ?? []) ?? [];
  const text = messages.flatMap((message) => message.parts.flatMap((part) => (part.type === "text" ? [part.text] : [])));
  return text.length === 0 ? undefined : text.join("");
}
