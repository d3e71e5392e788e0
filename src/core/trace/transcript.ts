import type { Step, Transcript } from "./derived.ts";
import type { Exchange } from "./conversation.ts";
import { faultsOf, faultWords } from "./fault.ts";
import { guardrailStages, type Stage } from "./guardrail.ts";
import { linkToolCalls, type Links, type ToolLink } from "./link.ts";
import { transferTarget } from "./match.ts";
import type { Span, Trace } from "./schema.ts";
import { suspicionsOf } from "./suspicions.ts";
import { isModelKind, walk, type Place } from "./tree.ts";
import type { Unit } from "./units.ts";

/**
 * The course of a run as a person reads it: each message once although every model call resends them all, each tool call with
 * its result, handoffs, guardrails, each error once. Works on what there is: with no model content it tells tools and
 * structure and says so. `suspicions` point into `steps`.
 */
export function transcriptOf(trace: Trace): Transcript {
  const links = linkToolCalls(trace);
  const { steps, stepOfCall } = stepsOf(trace, links);
  const suspicions = suspicionsOf({ trace, links, steps, stepOfCall });
  return { system: systemOf(trace, links), steps, suspicions, output: outputOf(links) };
}

type Told = { readonly steps: Step[]; readonly stepOfCall: Map<ToolLink, number> };

function stepsOf(trace: Trace, links: Links): Told {
  const { tree } = links;
  const steps: Step[] = [];
  const stepOfCall = new Map<ToolLink, number>();
  const exchangeAt = new Map(links.exchanges.map((exchange) => [exchange.place.span.id, exchange]));
  const { told: faults, ofGuardrail } = guardrailFaults(faultsOf(trace, tree), tree.places);
  const stages = guardrailStages(tree);
  const early = earlyGuardrails(tree.places, stages);
  const isEarly = new Set([...early.values()].flat());
  const addUnits = (exchange: Exchange, said: boolean): void => {
    for (const unit of said ? exchange.output : exchange.fresh) {
      const call = links.ofUnit.get(unit);
      if (call === undefined) steps.push(...stepsOfWords(unit, exchange.place));
      // A call of the history that ran in this trace is told where it ran; a handoff where it was made.
      else if (call.handoff === undefined && (said || call.function === undefined)) addCall(call);
    }
  };
  const guarded = (place: Place, stage: Stage): Step[] => [
    ...stepsOfSpan(place, stage),
    ...(ofGuardrail.get(place) ?? []).map(errorStep),
  ];
  const addCall = (call: ToolLink): void => {
    stepOfCall.set(call, steps.length);
    steps.push(callStep(call));
  };
  const mute = tree.places.find(({ span }) => isModelKind(span.kind) && span.error === undefined);
  if (mute !== undefined && links.exchanges.every(({ recorded }) => !recorded))
    steps.push({ kind: "note", text: "The model's messages were not recorded: only tools and structure are known.", span_id: mute.span.id, ...agentOf(mute) });
  for (const { phase, place } of walk(tree)) {
    const exchange = exchangeAt.get(place.span.id);
    const call = links.ofSpan.get(place.span.id);
    if (phase === "leave") {
      if (faults.has(place) && place.span.kind !== "function") steps.push(errorStep(place));
    } else if (exchange !== undefined) {
      addUnits(exchange, false);
      steps.push(...(early.get(place) ?? []).flatMap((guardrail) => guarded(guardrail, "input")));
      addUnits(exchange, true);
    } else if (place.span.kind === "function" && call !== undefined) {
      if (call.origin !== "output") addCall(call);
    } else if (!isEarly.has(place)) steps.push(...guarded(place, stages.get(place)));
  }
  return { steps, stepOfCall };
}

/** What a tripped guardrail raised is told with the guardrail, not where the run gave up because of it. */
function guardrailFaults(faults: readonly Place[], places: readonly Place[]): { told: Set<Place>; ofGuardrail: Map<Place, Place[]> } {
  const tripped = places.findLast(({ span }) => span.guardrail?.triggered === true);
  const raised = tripped === undefined ? [] : faults.filter(({ span }) => /guardrail/i.test(faultWords(span.error ?? { message: "" })));
  return {
    told: new Set(faults.filter((place) => !raised.includes(place))),
    ofGuardrail: new Map(tripped === undefined ? [] : [[tripped, raised]]),
  };
}

/** Input guardrails run beside the first model call of their agent: they are read after its input, before its answer. */
function earlyGuardrails(places: readonly Place[], stages: ReadonlyMap<Place, Stage>): Map<Place, Place[]> {
  const early = new Map<Place, Place[]>();
  for (const place of places) {
    if (stages.get(place) !== "input" || place.parent === undefined) continue;
    const parent = place.parent;
    const first = places.find((one) => one.span.model !== undefined && one.scope === place.scope && isUnder(one, parent));
    if (first !== undefined) early.set(first, [...(early.get(first) ?? []), place]);
  }
  return early;
}

function isUnder(place: Place, above: Place): boolean {
  for (let up = place.parent; up !== undefined && up.depth >= above.depth; up = up.parent) if (up === above) return true;
  return false;
}

function stepsOfWords(unit: Unit, place: Place): Step[] {
  const from = { span_id: place.span.id, ...agentOf(place) };
  if (unit.kind === "text") return unit.role === "system" ? [] : [{ kind: "message", role: unit.role, text: unit.text, ...from }];
  if (unit.kind === "reasoning") return [{ kind: "note", text: `reasoning: ${unit.text}`, ...from }];
  return unit.kind === "other" ? [{ kind: "note", text: unit.text, ...from }] : [];
}

function callStep(call: ToolLink): Step {
  const to = transferTarget(call.name, call.output);
  const span_id = (call.function ?? call.place).span.id;
  if (to !== undefined) return { kind: "handoff", from: call.place.agent, to, span_id, ...agentOf(call.place) };
  return {
    kind: "tool",
    name: call.name,
    arguments: call.arguments,
    output: call.output,
    ...(call.call_id === undefined ? {} : { call_id: call.call_id }),
    ...(call.error === undefined ? {} : { error: call.error }),
    span_id,
    ...agentOf(call.place),
    linked: call.linked,
  };
}

function stepsOfSpan(place: Place, stage: Stage): Step[] {
  const { span } = place;
  const from = { span_id: span.id, ...agentOf(place) };
  switch (span.kind) {
    case "handoff":
      return [{ kind: "handoff", from: span.handoff?.from, to: span.handoff?.to, ...from }];
    case "guardrail": {
      const { name, triggered } = span.guardrail ?? { name: span.name ?? "guardrail", triggered: false };
      return [{ kind: "guardrail", name, triggered, stage, ...from }];
    }
    default: {
      const text = noteOf(span);
      return text === undefined ? [] : [{ kind: "note", text, ...from }];
    }
  }
}

function noteOf(span: Span): string | undefined {
  const output = span.data?.["output"];
  switch (span.kind) {
    case "mcp_tools":
      return `mcp${span.mcp?.server === undefined ? "" : ` ${span.mcp.server}`} offers ${(span.mcp?.tools ?? []).join(", ") || "no tools"}`;
    case "transcription":
      return typeof output === "string" ? `heard: ${output}` : "heard something";
    case "speech":
      return typeof span.data?.["input"] === "string" ? `spoke: ${span.data["input"]}` : "spoke";
    case "custom":
    case "retrieval":
    case "unknown":
      return `${span.kind === "custom" ? "event" : (span.native_type ?? span.kind)}${span.name === undefined ? "" : ` ${span.name}`}`;
    default:
      return undefined;
  }
}

const errorStep = (place: Place): Step => ({
  kind: "error",
  message: faultWords(place.span.error ?? { message: "" }),
  span_id: place.span.id,
  ...agentOf(place),
});

const agentOf = ({ agent }: Place): { agent?: string } => (agent === undefined ? {} : { agent });

function systemOf(trace: Trace, { exchanges }: Links): Transcript["system"] {
  const seen = new Set<string>();
  const texts: { agent: string | undefined; text: string }[] = [];
  const add = (agent: string | undefined, text: string): void => {
    if (text.trim() !== "" && !texts.some((one) => one.agent === agent && one.text === text)) texts.push({ agent, text });
  };
  for (const { place, fresh } of exchanges) {
    const index = place.span.model?.instructions;
    const message = index === undefined ? undefined : trace.messages[index];
    const once = `${index} ${place.agent}`;
    if (message !== undefined && !seen.has(once)) add(place.agent, message.parts.map((part) => ("text" in part ? part.text : "")).join("\n"));
    seen.add(once);
    for (const unit of fresh) if (unit.kind === "text" && unit.role === "system") add(place.agent, unit.text);
  }
  return texts;
}

/** The last thing the model said to the user: not inside an agent used as a tool. */
function outputOf({ exchanges }: Links): string | undefined {
  for (const { place, output } of exchanges.toReversed()) {
    if (place.scope !== "") continue;
    const words = output.flatMap((unit) => (unit.kind === "text" && unit.role === "assistant" ? [unit.text] : []));
    if (words.length > 0) return words.join("\n");
  }
  return undefined;
}
