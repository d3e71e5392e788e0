import type { Runner } from "@openai/agents";
import type { Sdk } from "./sdk.ts";
import { stage, type AnyAgent } from "./stage.ts";

const agentsOfTools = new WeakMap<object, AnyAgent>();

/** The agent behind a tool made by `asTool`, if it is one. */
export const agentBehind = (tool: object): AnyAgent | undefined => agentsOfTools.get(tool);

const watched = new WeakSet<object>();

/**
 * Two seams in the SDK, both inert outside a trial: `asTool` remembers which tools are agents, and a run that user code
 * starts inside a trial (an agent used as a tool, an agent that a guardrail asks) is run with taped stand-ins.
 */
export function watch(sdk: Sdk): void {
  if (watched.has(sdk)) return;
  watched.add(sdk);
  const agents = sdk.Agent.prototype as AnyAgent;
  // oxlint-disable-next-line typescript/unbound-method
  const asTool = agents.asTool;
  agents.asTool = function (this: AnyAgent, options: never) {
    const tool = asTool.call(this, options);
    agentsOfTools.set(tool, this);
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
