import type { AgentOptions, FunctionTool, ModelSettings } from "@openai/agents";
import type { AgentPlan, GraphPlan, HandoffPlan, ToolPlan } from "../../core/replay/graph.ts";
import { sdkSettings } from "../../core/replay/settings.ts";
import { parseJson } from "../../core/base/json.ts";
import { heardModel, notStreamed, type Brain } from "./brain.ts";
import { inputGuardrails, outputGuardrails } from "./guardrails.ts";
import { runNested, type Making } from "./making.ts";
import type { Recording } from "./recording.ts";
import type { Sdk } from "./sdk.ts";
import type { AnyAgent, AnyHandoff } from "./stage.ts";
import { tapedTool } from "./taped-tool.ts";

/**
 * The agents of a recorded run, alive: every tool answers from the tape, handoffs lead to each other, agents used as
 * tools run nested. An agent that never ran in the recording ends the run when it is handed over to: nobody recorded
 * what tools it has and what they answer.
 */
export function castFromTrace(plan: GraphPlan, making: Making): ReadonlyMap<string, AnyAgent> {
  const { sdk } = making;
  const agents = new Map<string, AnyAgent>();
  for (const one of plan.agents.values()) agents.set(one.name, agentOf(one, making));
  for (const one of plan.agents.values()) {
    const agent = agents.get(one.name) as AnyAgent;
    agent.handoffs = one.handoffs.flatMap((handoff) => {
      const target = agents.get(handoff.to);
      return target === undefined ? [] : [handoffOf(sdk, handoff, { from: agent, target, recording: making.recording })];
    });
    agent.tools = one.tools.map((tool) => {
      const nested = tool.nested === undefined ? undefined : agents.get(tool.nested);
      return nested === undefined ? tapedTool(specOf(tool), one.name, making.recording) : nestedTool(tool, { agent: one.name, nested, making });
    });
  }
  return agents;
}

function agentOf(plan: AgentPlan, making: Making): AnyAgent {
  const { sdk, recording } = making;
  const role = { agent: plan.name, model: plan.model, settings: plan.settings };
  const handoffs = new Set(plan.handoffs.map(({ tool }) => tool.name));
  const model = plan.instructions === undefined ? silence(sdk) : making.brain(role);
  const options = {
    name: plan.name,
    instructions: plan.instructions ?? "",
    model: plan.instructions === undefined ? model : heardModel(model, plan.name, { handoffs: () => handoffs, troubles: making.troubles }),
    modelSettings: sdkSettings(plan.settings) as ModelSettings,
    ...(plan.output === undefined ? {} : { outputType: { type: "json_schema", ...plan.output } }),
    inputGuardrails: inputGuardrails(plan.guardrails, recording),
    outputGuardrails: outputGuardrails(plan.guardrails, recording, making.troubles),
    ...(plan.stopAt.length === 0 ? {} : { toolUseBehavior: { stopAtToolNames: [...plan.stopAt] } }),
    handoffOutputTypeWarningEnabled: false,
  };
  return new sdk.Agent(options as unknown as AgentOptions);
}

function handoffOf(sdk: Sdk, { tool }: HandoffPlan, link: { from: AnyAgent; target: AnyAgent; recording: Recording }): AnyHandoff {
  const made = sdk.handoff(link.target, { toolNameOverride: tool.name, ...(tool.description === "" ? {} : { toolDescriptionOverride: tool.description }) });
  made.inputJsonSchema = tool.parameters as unknown as typeof made.inputJsonSchema;
  made.strictJsonSchema = tool.strict;
  made.onInvokeHandoff = async () => {
    link.recording.handoff(link.from.name, link.target.name);
    return link.target;
  };
  return made;
}

const specOf = ({ name, description, parameters, strict }: ToolPlan): Omit<FunctionTool, "invoke"> =>
  ({ type: "function", name, description, parameters, strict, needsApproval: async () => false, isEnabled: async () => true }) as unknown as Omit<FunctionTool, "invoke">;

/** An agent as a tool: its own run, in the conversation of its recorded call. */
function nestedTool(tool: ToolPlan, { agent, nested, making }: { agent: string; nested: AnyAgent; making: Making }): FunctionTool {
  const { sdk, signal } = making;
  return {
    ...specOf(tool),
    invoke: async (_context, input, details) =>
      runNested(making, { agent, name: tool.name, arguments: input, callId: details?.toolCall?.callId }, async () => {
        const runner = new sdk.Runner({ tracingDisabled: true });
        return (await runner.run(nested, wordsFor(input), { ...(signal ? { signal } : {}), maxTurns: 50 })).finalOutput;
      }),
  };
}

/** The SDK's agents-as-tools take `{input}`; those with parameters of their own are given them as JSON. */
function wordsFor(input: string): string {
  const value = parseJson(input);
  return typeof value === "object" && value !== null && "input" in value && typeof value.input === "string" ? value.input : input;
}

function silence(sdk: Sdk): ReturnType<Brain> {
  return {
    getResponse: async () => ({ output: [{ type: "message", role: "assistant", status: "completed", content: [{ type: "output_text", text: "" }] }], usage: new sdk.Usage() }),
    getStreamedResponse: notStreamed,
  };
}
