import { parseJson } from "../base/json.ts";
import type { Step, Suspicion } from "./derived.ts";
import { completenessOf } from "./completeness.ts";
import type { Links, ToolLink } from "./link.ts";
import type { Trace } from "./schema.ts";
import { isModelKind } from "./tree.ts";
import { argumentsKey } from "./units.ts";

/**
 * Places worth a look first, found without a model: what a reader would be sorry to scroll past. They order and propose, they
 * never judge. At most one of each code per step; in the order of the steps they point at.
 */
export function suspicionsOf({ trace, links, steps, stepOfCall }: Seen): Suspicion[] {
  const stepOf = new Map<string, number>();
  for (const [index, { span_id }] of steps.entries()) if (span_id !== undefined && !stepOf.has(span_id)) stepOf.set(span_id, index);
  const ofCalls = [...repeatedCalls(links.calls), ...links.calls.flatMap((call) => suspectCall(call, trace))];
  const tripped = steps.some((step) => step.kind === "guardrail" && step.triggered);
  const found = [
    // The error a guardrail raised is told beside it and needs no second mark.
    ...steps.flatMap(suspectStep).filter(({ code, step = 0 }) => !(tripped && code === "guardrail-tripped" && steps[step]?.kind === "error")),
    ...ofCalls.map(({ call, code, words }) => at(stepOfCall.get(call), { code, span_id: spanOf(call), words })),
    ...pingPong(steps),
    ...[...emptyOutput(links), ...lostContent(trace)].map((one) => at(stepOf.get(one.span_id), one)),
  ];
  const seen = new Set<string>();
  return found
    .filter(({ code, span_id, step }) => {
      const key = `${code} ${step ?? span_id}`;
      return !seen.has(key) && seen.add(key);
    })
    .sort((a, b) => (a.step ?? Infinity) - (b.step ?? Infinity) || 0);
}

type Seen = {
  readonly trace: Trace;
  readonly links: Links;
  readonly steps: readonly Step[];
  readonly stepOfCall: ReadonlyMap<ToolLink, number>;
};
type CallSuspicion = { readonly call: ToolLink; readonly code: string; readonly words: string };

const at = (step: number | undefined, suspicion: Suspicion): Suspicion => (step === undefined ? suspicion : { ...suspicion, step });

/** Errors whose words say what kind they are; the strings are those of both SDKs. */
const errorCodes: readonly (readonly [RegExp, string, string])[] = [
  [/max(?:imum)? ?turns/i, "max-turns", "the run hit its limit of turns"],
  [/multiple handoffs/i, "multiple-handoffs", "several handoffs were asked for at once"],
  [/tool .*not found|server label not found/i, "tool-not-found", "a tool was called that does not exist"],
  [/invalid json|parsing tool arguments/i, "invalid-arguments", "the arguments of a call were not valid"],
  [/guardrail/i, "guardrail-tripped", "a guardrail stopped the run"],
];

function suspectStep(step: Step, index: number): Suspicion[] {
  const here = { span_id: step.span_id ?? "", step: index };
  if (step.kind === "guardrail" && step.triggered) return [{ code: "guardrail-tripped", ...here, words: `guardrail ${step.name} tripped` }];
  if (step.kind === "error") {
    const known = errorCodes.find(([pattern]) => pattern.test(step.message));
    return [{ code: known?.[1] ?? "error", ...here, words: known?.[2] ?? "an error ended this" }];
  }
  if (step.kind !== "tool") return [];
  const known = errorCodes.find(([pattern]) => pattern.test(step.error ?? "") || pattern.test((step.error && step.output) ?? ""));
  if (step.error !== undefined) return [{ code: known?.[1] ?? "tool-error", ...here, words: known?.[2] ?? `${step.name} failed` }];
  return /^\s*(?:error\b|an error occurred)/i.test(step.output ?? "")
    ? [{ code: "tool-error", ...here, words: `${step.name} answered with an error` }]
    : [];
}

function repeatedCalls(calls: readonly ToolLink[]): CallSuspicion[] {
  const times = new Map<string, number>();
  return calls.flatMap((call) => {
    if (call.arguments === undefined || call.handoff !== undefined || call.origin === "input") return [];
    const key = JSON.stringify([call.place.scope, call.name, argumentsKey(call.arguments)]);
    const count = (times.get(key) ?? 0) + 1;
    times.set(key, count);
    return count < 2 ? [] : [{ call, code: "repeated-call", words: `${call.name} called ${count} times with the same arguments` }];
  });
}

function suspectCall(call: ToolLink, trace: Trace): CallSuspicion[] {
  if (call.origin !== "output") return [];
  const found: CallSuspicion[] = [];
  if (call.arguments !== "" && call.arguments !== undefined && parseJson(call.arguments) === undefined)
    found.push({ call, code: "invalid-arguments", words: `the arguments of ${call.name} are not JSON` });
  const offered = (call.place.span.model?.tools ?? []).flatMap((index) => trace.tools[index]?.name ?? []);
  if (offered.length > 0 && !offered.includes(call.name))
    found.push({ call, code: "tool-not-found", words: `${call.name} is not among the tools that were offered` });
  if (call.function === undefined && call.handoff === undefined && call.output === undefined)
    found.push({ call, code: "unanswered-call", words: `nobody answered the call of ${call.name}` });
  return found;
}

function pingPong(steps: readonly Step[]): Suspicion[] {
  const handoffs = steps.flatMap((step, index) => (step.kind === "handoff" ? [{ ...step, index }] : []));
  return handoffs.flatMap((step, at) => {
    const before = handoffs[at - 1];
    const back = before !== undefined && step.to !== undefined && step.to === before.from && (step.from ?? before.to) === before.to;
    return back
      ? [{ code: "handoff-ping-pong", span_id: step.span_id, step: step.index, words: `handed back to ${step.to}` }]
      : [];
  });
}

function emptyOutput({ exchanges }: Links): Suspicion[] {
  const last = exchanges.findLast(({ place }) => place.scope === "");
  const { span } = last?.place ?? {};
  if (last === undefined || span?.model?.output === undefined || span.error !== undefined) return [];
  const words = last.output.filter((unit) => unit.kind !== "reasoning");
  if (words.length === 0) return [{ code: "empty-output", span_id: span.id, words: "the run ended without an answer" }];
  const text = last.output.flatMap((unit) => (unit.kind === "text" && unit.role === "assistant" ? [unit.text] : [])).join("");
  return span.model.output_schema !== undefined && text !== "" && parseJson(text) === undefined
    ? [{ code: "invalid-format", span_id: span.id, words: "the answer should be JSON and is not" }]
    : [];
}

function lostContent(trace: Trace): Suspicion[] {
  const { truncated, content } = completenessOf(trace);
  const first = trace.spans.find(({ kind, error }) => isModelKind(kind) ? error === undefined : kind === "function");
  const cut = truncated.map((span_id) => ({ code: "truncated", span_id, words: "text was cut by an exporter" }));
  return content === "none" && first !== undefined
    ? [...cut, { code: "no-content", span_id: first.id, words: "no messages and no tool content were recorded" }]
    : cut;
}

const spanOf = (call: ToolLink): string => (call.function ?? call.place).span.id;
