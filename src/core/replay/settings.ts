import { isObject, type Json, type JsonObject } from "../base/json.ts";

/** How the APIs name a setting and how the SDK does. */
const names: Readonly<Record<string, string>> = {
  top_p: "topP",
  frequency_penalty: "frequencyPenalty",
  presence_penalty: "presencePenalty",
  tool_choice: "toolChoice",
  parallel_tool_calls: "parallelToolCalls",
  max_tokens: "maxTokens",
  max_output_tokens: "maxTokens",
  max_completion_tokens: "maxTokens",
};
const taken: ReadonlySet<string> = new Set(["temperature", "truncation", "reasoning", "text", ...Object.values(names)]);

/** Recorded because the API echoes them, not because anybody set them: some models refuse even their defaults. */
const defaults: Readonly<Record<string, Json>> = { temperature: 1, topP: 1, frequencyPenalty: 0, presencePenalty: 0, truncation: "disabled", toolChoice: "auto", parallelToolCalls: true };

/**
 * Model settings as recorded or as a prompt's front matter has them (`top_p` or `topP`), in the SDK's words. What is null, at
 * the API's default, or not a setting of the SDK is left out.
 */
export function sdkSettings(settings: JsonObject): JsonObject {
  const out: Record<string, Json> = {};
  for (const [key, value] of Object.entries(settings)) {
    const name = names[key] ?? key;
    const plain = settingOf(name, value);
    if (taken.has(name) && plain !== undefined && defaults[name] !== plain) out[name] = plain;
  }
  return out;
}

function settingOf(name: string, value: Json): Json | undefined {
  if (value === null) return undefined;
  if (name === "toolChoice" && isObject(value)) {
    const named = isObject(value["function"]) ? value["function"]["name"] : value["name"];
    return typeof named === "string" ? named : undefined;
  }
  if (name !== "reasoning" && name !== "text") return value;
  if (!isObject(value)) return undefined;
  const kept = Object.entries(value as JsonObject).filter(([key, item]) => item !== null && ["effort", "summary", "verbosity"].includes(key));
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
