import type { Tool } from "@openai/agents";
import { CasebookError } from "../../core/base/error.ts";
import { isObject } from "../../core/base/json.ts";
import type { PromptVersion } from "../../core/prompt/prompt.ts";
import { loadExport } from "./load-export.ts";
import { quiet, type Sdk } from "./sdk.ts";
import type { AnyAgent, AnyHandoff } from "./stage.ts";
import { agentBehind, watch } from "./watch.ts";

/** The user's agents, as their module made them for one prompt version. Never run themselves: only clones are. `context` is what runs are given. */
export type UserModule = { readonly start: AnyAgent; readonly context: unknown; readonly prompt: PromptVersion };

/**
 * Loads the user's module and has it make its agents for a prompt version: an agent, or `{agent, context}`. The SDK is watched from before the module is
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
  const { agent, context } = isObject(made) && "agent" in made ? made : { agent: made, context: undefined };
  if (!(agent instanceof options.sdk.Agent)) {
    const looksLikeOne = isObject(agent) && "getSystemPrompt" in agent;
    throw new CasebookError("usage", looksLikeOne ? `${ref} makes agents with another copy of @openai/agents than the one found from here.` : `${ref} gives no agent.`, {
      hint: looksLikeOne ? "Run casebook where the module's own @openai/agents is installed; import it, do not require it." : "Export a function that takes the prompt version and returns an Agent, or {agent, context}.",
    });
  }
  const start = agent as AnyAgent;
  refuseUnreplayable(start, new Set());
  return { start, context, prompt: options.prompt };
}

function refuseUnreplayable(agent: AnyAgent, seen: Set<AnyAgent>): void {
  if (seen.has(agent)) return;
  seen.add(agent);
  for (const tool of agent.tools as Tool[]) {
    if (tool.type !== "function")
      throw new CasebookError("usage", `${agent.name} has the tool ${tool.name} (${tool.type}), which a tape cannot answer.`, {
        hint: "Leave it out when casebook asks for the agents, or replay with --target trace.",
      });
    const nested = agentBehind(tool);
    if (nested !== undefined) refuseUnreplayable(nested, seen);
  }
  for (const handoff of agent.handoffs) refuseUnreplayable(targetOf(handoff), seen);
}

export const targetOf = (handoff: AnyAgent | AnyHandoff): AnyAgent => ("agent" in handoff ? (handoff.agent as AnyAgent) : handoff);
