import type { Model } from "@openai/agents";
import { CasebookError } from "../../core/base/error.ts";
import type { PromptVersion } from "../../core/prompt/prompt.ts";
import type { Brain } from "./brain.ts";
import { loadExport } from "./load-export.ts";

/**
 * A model that runs in this process: an export that is an SDK `Model`, or a function that makes one. It is called for each agent of
 * each trial with `{agent, model, prompt}`, so that a model may keep what it likes without two trials meeting in it.
 */
export async function moduleBrain(ref: string, options: { cwd: string; prompt: PromptVersion }): Promise<Brain> {
  const make = await loadExport(ref, options.cwd, "--model-module");
  return ({ agent, model }) => {
    const made = isModel(make) ? make : typeof make === "function" ? (make as (role: object) => unknown)({ agent, model, prompt: options.prompt }) : undefined;
    if (!isModel(made))
      throw new CasebookError("usage", `${ref} gives no model.`, { hint: "Export a Model of the SDK ({getResponse, getStreamedResponse}) or a function that returns one." });
    return made;
  };
}

const isModel = (value: unknown): value is Model =>
  typeof value === "object" && value !== null && "getResponse" in value && typeof value.getResponse === "function";
