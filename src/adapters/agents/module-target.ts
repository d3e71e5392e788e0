import type { FunctionTool } from "@openai/agents";
import type { GraphPlan, ToolPlan } from "../../core/replay/graph.ts";
import { sdkSettings } from "../../core/replay/settings.ts";
import { heardModel } from "./brain.ts";
import { heardGuardrail } from "./guardrails.ts";
import { targetOf, type UserModule } from "./load-module.ts";
import { runNested, type Making } from "./making.ts";
import type { AnyAgent } from "./stage.ts";
import { tapedTool } from "./taped-tool.ts";
import { agentBehind } from "./watch.ts";

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
      const target = cloneOf(targetOf(handoff));
      // Made anew, so that the user's callback is not part of it; what the model sees and the filters are theirs.
      const copy = sdk.handoff(target);
      if ("agent" in handoff) {
        copy.toolName = handoff.toolName;
        copy.toolDescription = handoff.toolDescription;
        copy.inputJsonSchema = handoff.inputJsonSchema;
        copy.strictJsonSchema = handoff.strictJsonSchema;
        copy.isEnabled = handoff.isEnabled;
        if (handoff.inputFilter !== undefined) copy.inputFilter = handoff.inputFilter;
      }
      copy.onInvokeHandoff = async () => {
        recording.handoff(agent.name, target.name);
        return target;
      };
      transfers.add(copy.toolName);
      return copy;
    });
    return clone;
  }

  function standIn(tool: FunctionTool, agent: AnyAgent): FunctionTool {
    if (agentBehind(tool) === undefined) return tapedTool(tool, agent.name, recording);
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
