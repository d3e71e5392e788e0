import { isObject, type Json, type JsonObject } from "../base/json.ts";
import { agentKey, handoffTarget } from "../grade/subject.ts";
import type { PromptVersion } from "../prompt/prompt.ts";
import type { ModelCall, ToolSpec, Trace } from "../trace/schema.ts";
import { linkToolCalls, type Links } from "../trace/link.ts";
import { isModelKind, type Place, type Tree } from "../trace/tree.ts";
import { recordedGuardrails, type RecordedGuardrail } from "./guardrails.ts";
import { conversationScope } from "./script.ts";

/** A tool as it was offered. `nested`: it is an agent used as a tool, whose own run was recorded. */
export type ToolPlan = { readonly name: string; readonly description: string; readonly parameters: JsonObject; readonly strict: boolean; readonly nested?: string };
export type HandoffPlan = { readonly tool: Omit<ToolPlan, "nested">; readonly to: string };
export type AgentPlan = {
  readonly name: string;
  /** The prompt version's where it has one for this agent, else as recorded. Undefined: this agent never ran, so neither its tools are known. */
  readonly instructions: string | undefined;
  readonly model: string | undefined;
  readonly settings: JsonObject;
  readonly output: { readonly name: string; readonly schema: JsonObject; readonly strict: boolean } | undefined;
  readonly tools: readonly ToolPlan[];
  readonly handoffs: readonly HandoffPlan[];
  readonly guardrails: readonly RecordedGuardrail[];
  /** Tools whose answer ended the run. */
  readonly stopAt: readonly string[];
};

/** The agents of a recorded run. `touched`: how many of them the prompt version speaks to. `hosted`: tools that only a provider can run. */
export type GraphPlan = {
  readonly start: string;
  readonly agents: ReadonlyMap<string, AgentPlan>;
  readonly touched: number;
  readonly hosted: readonly string[];
};

/**
 * Rebuilds the agents of a recorded run from its trace: instructions, tools, output schema and settings as the model was
 * given them, handoffs from the agent spans and the transfer tools, agents used as tools from the runs nested in tool
 * calls, guardrails as stand-ins. The prompt version's text takes the place of the recorded instructions; a part that
 * names no agent is for the first one. What is not in a trace is not rebuilt: hooks, input filters,
 * approval rules, guardrails of tools, and agents that never ran (a handoff to one is made, and ends the run).
 */
export function rebuildGraph(trace: Trace, options: { start: string | undefined; prompt: PromptVersion }): GraphPlan {
  const links = linkToolCalls(trace);
  const { tree } = links;
  const calls = tree.places.filter((place) => isModelKind(place.span.kind) && place.span.model !== undefined);
  const first = calls.find((place) => conversationScope(place) === "") ?? calls[0];
  const start = options.start ?? first?.agent ?? tree.places.find((place) => place.span.agent !== undefined)?.agent ?? "agent";
  const seen = new Set([start, ...calls.map((place) => place.agent ?? start)]);
  const spans = tree.places.filter((place) => place.span.agent !== undefined);
  for (const place of spans) seen.add(place.span.agent?.name ?? start).add(place.agent ?? start);
  const known = [...seen];
  for (const place of spans) for (const name of place.span.agent?.handoffs ?? []) if (!known.some((one) => agentKey(one) === agentKey(name))) known.push(name);

  const hosted = new Set<string>();
  const agents = new Map<string, AgentPlan>();
  let touched = 0;
  for (const name of known) {
    const mine = calls.filter((place) => (place.agent ?? start) === name);
    const part = options.prompt.parts.find((one) => (one.agent === undefined ? name === start : agentKey(one.agent) === agentKey(name)));
    if (part !== undefined && mine.length > 0) touched += 1;
    const model = mine[0]?.span.model;
    const { tools, handoffs } = offered({ trace, links, name, mine, known, hosted });
    agents.set(name, {
      name,
      instructions: mine.length === 0 ? undefined : (part?.instructions ?? instructionsOf(trace, model)),
      model: part?.model ?? mine.find((place) => place.span.model?.model !== undefined)?.span.model?.model,
      settings: { ...model?.settings, ...part?.settings },
      output: outputOf(model?.output_schema),
      tools,
      handoffs,
      guardrails: recordedGuardrails(tree, name, trace),
      stopAt: stopAt(links, name, start),
    });
  }
  return { start, agents, touched, hosted: [...hosted] };
}

function instructionsOf(trace: Trace, model: ModelCall | undefined): string {
  const message = model?.instructions === undefined ? undefined : trace.messages[model.instructions];
  return (message?.parts ?? []).flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}

function outputOf(schema: Json | undefined): AgentPlan["output"] {
  if (!isObject(schema)) return undefined;
  const wrapped = isObject(schema["schema"]) ? schema["schema"] : undefined;
  const name = typeof schema["name"] === "string" ? schema["name"] : "output";
  return { name, schema: (wrapped ?? schema) as JsonObject, strict: wrapped === undefined || schema["strict"] !== false };
}

/**
 * Tools that ended the run: all that its last answer asked for, each answered, and none of them ever followed by another answer. An agent
 * that stops at a tool (`stopAtToolNames`, or a loop of the application's own) looks like this.
 */
function stopAt({ calls, exchanges }: Links, name: string, start: string): readonly string[] {
  const run = exchanges.filter(({ place }) => conversationScope(place) === "");
  const last = run.at(-1);
  if (last === undefined || (last.place.agent ?? start) !== name) return [];
  const asked = calls.filter((call) => call.origin === "output" && call.place.index === last.place.index);
  const earlier = new Set(calls.filter((call) => call.place.index < last.place.index).map((call) => call.name));
  return asked.every((call) => call.handoff === undefined && call.output !== undefined && !earlier.has(call.name)) ? asked.map((call) => call.name) : [];
}

type Offer = {
  readonly trace: Trace;
  readonly links: Links;
  readonly name: string;
  readonly mine: readonly Place[];
  readonly known: readonly string[];
  readonly hosted: Set<string>;
};

/** Everything the model of one agent could call, told apart: its tools and its handoffs. */
function offered({ trace, links, name, mine, known, hosted }: Offer): Pick<AgentPlan, "tools" | "handoffs"> {
  const { tree } = links;
  const specs = new Map<string, ToolSpec>();
  for (const place of mine)
    for (const index of place.span.model?.tools ?? []) {
      const spec = trace.tools[index];
      if (spec === undefined) continue;
      if (spec.type !== "function") hosted.add(spec.name ?? spec.type);
      else if (spec.name !== undefined && !specs.has(spec.name)) specs.set(spec.name, spec);
    }
  const spans = tree.places.filter((place) => place.span.agent?.name === name);
  const declared = new Set(spans.flatMap((place) => place.span.agent?.tools ?? []));
  // Where the model span lists no tools (chat spans, partial traces), the names on the agent span and the calls made do.
  const called = tree.places.filter((place) => place.span.tool !== undefined && place.agent === name).map((place) => place.span.tool?.name ?? "");
  for (const tool of [...declared, ...called]) if (tool !== "" && !specs.has(tool)) specs.set(tool, { type: "function", name: tool });

  const targets = [...new Set(spans.flatMap((place) => place.span.agent?.handoffs ?? []))];
  const handoffs = new Map<string, string>();
  for (const call of links.calls) {
    const to = call.handoff?.span.handoff?.to;
    if (to !== undefined && (call.place.agent ?? name) === name) handoffs.set(call.name, to);
  }
  for (const tool of specs.keys()) {
    if (declared.has(tool) || handoffs.has(tool)) continue;
    const target = handoffTarget(tool);
    const to = target === undefined ? undefined : [...targets, ...known].find((one) => agentKey(one) === agentKey(target));
    if (to !== undefined) handoffs.set(tool, to);
  }
  // A handoff under a name of its own: what is offered, is no tool of the agent, and pairs with a target left over.
  const left = targets.filter((target) => ![...handoffs.values()].some((to) => agentKey(to) === agentKey(target)));
  const renamed = declared.size === 0 ? [] : [...specs.keys()].filter((tool) => !declared.has(tool) && !handoffs.has(tool) && !called.includes(tool));
  left.forEach((target, i) => handoffs.set(renamed.length === left.length ? (renamed[i] ?? "") : `transfer_to_${target.replace(/[^a-zA-Z0-9]/g, "_")}`, target));

  const resolve = (to: string): string => known.find((one) => agentKey(one) === agentKey(to)) ?? to;
  return {
    tools: [...specs.values()].filter((spec) => !handoffs.has(spec.name ?? "")).map((spec) => toolPlan(spec, nestedAgent(tree, name, spec.name ?? ""))),
    handoffs: [...handoffs].map(([tool, to]) => ({ tool: toolPlan(specs.get(tool) ?? { type: "function", name: tool, description: `Handoff to the ${to} agent to handle the request.` }), to: resolve(to) })),
  };
}

const anything: JsonObject = { type: "object", properties: {}, required: [], additionalProperties: true };

function toolPlan(spec: ToolSpec, nested?: string): ToolPlan {
  return {
    name: spec.name ?? "",
    description: spec.description ?? "",
    parameters: isObject(spec.parameters) ? (spec.parameters as JsonObject) : anything,
    strict: spec.strict === true,
    ...(nested === undefined ? {} : { nested }),
  };
}

/** The agent whose model answered inside a call of this tool, where the tool is an agent. */
function nestedAgent(tree: Tree, agent: string, tool: string): string | undefined {
  const calls = new Set(tree.places.filter((place) => place.span.tool?.name === tool && place.agent === agent).map((place) => place.span.id));
  return tree.places.find((place) => calls.has(place.scope) && isModelKind(place.span.kind) && place.span.model?.output !== undefined)?.agent;
}
