import { existsSync, statSync } from "node:fs";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { FunctionTool, Runner, Tool } from "@openai/agents";
import { CasebookError } from "../../core/base/error.ts";
import type { GraphPlan, ToolPlan } from "../../core/replay/graph.ts";
import type { PromptVersion } from "../../core/prompt/prompt.ts";
import { sdkSettings } from "../../core/replay/settings.ts";
import { heardModel } from "./brain.ts";
import { heardGuardrail } from "./guardrails.ts";
import { runNested, type Making } from "./making.ts";
import { quiet, type Sdk } from "./sdk.ts";
import { stage, type AnyAgent, type AnyHandoff } from "./stage.ts";
import { tapedTool } from "./taped-tool.ts";

/** The user's agents, as their module made them for one prompt version. Never run themselves: only clones are. */
export type UserModule = { readonly start: AnyAgent; readonly prompt: PromptVersion };

/** An export of a user's file, called or not by the caller. Throws `usage` where it cannot be loaded. */
export async function loadExport(ref: string, cwd: string, flag: string): Promise<unknown> {
  const [, file = "", name = ""] = /^(.+?)(?:#([\w$]+))?$/.exec(ref) ?? [];
  const path = resolve(cwd, file);
  if (!existsSync(path) || !statSync(path).isFile())
    throw new CasebookError("usage", `There is no file ${file}.`, { hint: `${flag} FILE#EXPORT, the file relative to where you are` });
  const features = process.features as { readonly typescript?: string | false };
  if (/^\.[cm]?tsx?$/.test(extname(path)) && !features.typescript)
    throw new CasebookError("usage", `${file} is TypeScript, which Node ${process.versions.node} cannot load.`, {
      hint: "Point at the built .js or .mjs, or run casebook with Node 22.18 or later.",
    });
  let loaded: Record<string, unknown>;
  try {
    loaded = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (error) {
    throw new CasebookError("usage", `${file} could not be loaded: ${error instanceof Error ? `${error.name}: ${error.message.split("\n")[0]}` : "it threw"}`, {
      hint: `Try it alone: node ${file}`,
      cause: error,
    });
  }
  const value = loaded[name === "" ? "default" : name];
  if (value === undefined)
    throw new CasebookError("usage", `${file} exports no ${name === "" ? "default" : name}.`, {
      hint: `It exports ${Object.keys(loaded).filter((key) => key !== "module.exports").join(", ") || "nothing"}; name one after #.`,
    });
  return value;
}

/**
 * Loads the user's module and has it make its agents for a prompt version. The SDK is watched from before the module is
 * loaded, so that agents used as tools are known by their `asTool`. Refuses tools that only a provider or this machine can run.
 */
export async function loadModule(ref: string, options: { sdk: Sdk; cwd: string; prompt: PromptVersion }): Promise<UserModule> {
  watch(options.sdk);
  const make = await loadExport(ref, options.cwd, "--target module:");
  let made: unknown;
  try {
    made = await (typeof make === "function" && !(make instanceof options.sdk.Agent) ? (make as (prompt: PromptVersion) => unknown)(options.prompt) : make);
  } catch (error) {
    throw new CasebookError("usage", `${ref} threw a ${error instanceof Error ? error.name : typeof error} when asked for its agents.`, { hint: "It is called with the prompt version: {name, version, hash, parts: [{agent, instructions, …}]}.", cause: error });
  }
  quiet(options.sdk);
  if (!(made instanceof options.sdk.Agent)) {
    const looksLikeOne = typeof made === "object" && made !== null && "getSystemPrompt" in made;
    throw new CasebookError("usage", looksLikeOne ? `${ref} makes agents with another copy of @openai/agents than the one found from here.` : `${ref} gives no agent.`, {
      hint: looksLikeOne ? "Run casebook where the module's own @openai/agents is installed; import it, do not require it." : "Export a function that takes the prompt version and returns an Agent.",
    });
  }
  const start = made as AnyAgent;
  refuseUnreplayable(start, new Set());
  return { start, prompt: options.prompt };
}

const tools = new WeakMap<object, AnyAgent>();
const watched = new WeakSet<object>();

/**
 * Two seams in the SDK, both inert outside a trial: `asTool` remembers which tools are agents, and a run that user code
 * starts inside a trial (an agent used as a tool, an agent that a guardrail asks) is run with taped stand-ins.
 */
function watch(sdk: Sdk): void {
  if (watched.has(sdk)) return;
  watched.add(sdk);
  const agents = sdk.Agent.prototype as AnyAgent;
  // oxlint-disable-next-line typescript/unbound-method
  const asTool = agents.asTool;
  agents.asTool = function (this: AnyAgent, options: never) {
    const tool = asTool.call(this, options);
    tools.set(tool, this);
    return tool;
  } as typeof agents.asTool;
  const runners = sdk.Runner.prototype as unknown as { run: (this: Runner, agent: AnyAgent, input: unknown, options?: object) => unknown };
  const run = runners.run;
  runners.run = function (agent, input, options) {
    const here = stage.getStore();
    if (here === undefined) return run.call(this, agent, input, options);
    // Sessions and server-side conversations would carry a replay's words out of it.
    (this.config as { tracingDisabled: boolean }).tracingDisabled = true;
    const { session: _s, conversationId: _c, previousResponseId: _p, ...kept } = (options ?? {}) as Record<string, unknown>;
    return run.call(this, here.understudy(agent), input, kept);
  };
}

function refuseUnreplayable(agent: AnyAgent, seen: Set<AnyAgent>): void {
  if (seen.has(agent)) return;
  seen.add(agent);
  for (const tool of agent.tools as Tool[]) {
    if (tool.type !== "function")
      throw new CasebookError("usage", `${agent.name} has the tool ${tool.name} (${tool.type}), which a tape cannot answer.`, {
        hint: "Leave it out when casebook asks for the agents, or replay with --target trace.",
      });
    const nested = tools.get(tool);
    if (nested !== undefined) refuseUnreplayable(nested, seen);
  }
  for (const handoff of agent.handoffs) refuseUnreplayable(targetOf(handoff), seen);
}

const targetOf = (handoff: AnyAgent | AnyHandoff): AnyAgent => ("agent" in handoff ? (handoff.agent as AnyAgent) : handoff);

/** Clones by name, and the clone of any agent of the user's. */
export type ModuleCast = { get(name: string): AnyAgent | undefined; readonly understudy: (agent: AnyAgent) => AnyAgent };

/**
 * The user's whole graph, cloned for one trial: models are ours, every tool answers from the tape (those of handoff
 * targets, of agents used as tools and of MCP servers too; what an MCP server offers is taken from the recording and no
 * server is asked), guardrails and approval rules are the user's and run. Callbacks of handoffs do not run.
 */
export function castFromModule(module: UserModule, plan: GraphPlan, making: Making): ModuleCast {
  const { sdk, recording } = making;
  const clones = new Map<AnyAgent, AnyAgent>();
  const ours = new Set<AnyAgent>();

  function cloneOf(agent: AnyAgent): AnyAgent {
    const known = ours.has(agent) ? agent : clones.get(agent);
    if (known !== undefined) return known;
    const part = module.prompt.parts.find((one) => (one.agent === undefined ? agent === module.start : one.agent === agent.name));
    const named = typeof agent.model === "string" && agent.model !== "" ? agent.model : undefined;
    const inner = making.brain({ agent: agent.name, model: part?.model ?? named, settings: part?.settings ?? {} });
    const transfers = new Set<string>();
    const clone = agent.clone({
      model: heardModel(inner, agent.name, { handoffs: () => transfers, troubles: making.troubles }),
      modelSettings: { ...agent.modelSettings, ...sdkSettings(part?.settings ?? {}) },
      handoffs: [],
      mcpServers: [],
      tools: [...agent.tools.map((tool) => standIn(tool as FunctionTool, agent)), ...mcpTools(agent)],
      inputGuardrails: agent.inputGuardrails.map((one) => heardGuardrail(one, recording)),
      outputGuardrails: agent.outputGuardrails.map((one) => heardGuardrail(one, recording)),
      handoffOutputTypeWarningEnabled: false,
    }) as AnyAgent;
    clones.set(agent, clone);
    ours.add(clone);
    clone.handoffs = agent.handoffs.map((handoff) => {
      const made = sdk.getHandoff(handoff as never);
      const target = cloneOf(targetOf(handoff));
      const copy = made.clone({
        agent: target as never,
        agentName: made.agentName,
        onInvokeHandoff: async () => {
          recording.handoff(agent.name, target.name);
          return target as never;
        },
      });
      transfers.add(copy.toolName);
      return copy;
    });
    return clone;
  }

  function standIn(tool: FunctionTool, agent: AnyAgent): FunctionTool {
    if (!tools.has(tool)) return tapedTool(tool, agent.name, recording);
    return {
      ...tool,
      invoke: async (context, input, details) =>
        runNested(making, { agent: agent.name, name: tool.name, arguments: input, callId: details?.toolCall?.callId }, () => tool.invoke(context, input, details)),
    };
  }

  function mcpTools(agent: AnyAgent): FunctionTool[] {
    if (agent.mcpServers.length === 0) return [];
    const own = new Set(agent.tools.map((tool) => tool.name));
    const offered = plan.agents.get(agent.name)?.tools ?? [];
    return offered.filter((tool) => !own.has(tool.name)).map((tool) => tapedTool(asFunctionTool(tool), agent.name, recording));
  }

  const start = cloneOf(module.start);
  return {
    get: (name) => (name === start.name ? start : [...clones.values()].find((clone) => clone.name === name)),
    understudy: cloneOf,
  };
}

const asFunctionTool = ({ name, description, parameters, strict }: ToolPlan): Omit<FunctionTool, "invoke"> =>
  ({ type: "function", name, description, parameters, strict, needsApproval: async () => false, isEnabled: async () => true }) as unknown as Omit<FunctionTool, "invoke">;
