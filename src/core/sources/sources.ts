import { isObject } from "../base/json.ts";
import { langfuse } from "./langfuse.ts";
import { langsmith } from "./langsmith.ts";
import { native } from "./native.ts";
import { otlpSource } from "./otlp/otlp.ts";
import { phoenix } from "./phoenix.ts";
import type { Source } from "./source.ts";

/** Every family of exports we read, in the order they are asked. */
export const sources: readonly Source[] = [native, otlpSource, langfuse, langsmith, phoenix];

/** The source that knows this record, if any does. */
export const sniffSource = (value: unknown): Source | undefined => sources.find((source) => source.recognises(value));

/** What a record of no known source looks like, and what to do about it: for the person who named the wrong file. */
export function guessKind(value: unknown): { readonly looks: string; readonly remedy: string } {
  const record = Array.isArray(value) ? value[0] : value;
  if (isObject(record)) {
    if (Array.isArray(record["messages"]))
      return {
        looks: "chat rows for fine-tuning (messages, but no trace)",
        remedy: "Pull the traces these rows were made from; rows without spans hold no tool calls to check.",
      };
    if (isObject(record["request"]) && isObject(record["response"]))
      return { looks: "recorded API responses", remedy: "Use them to fill traces that hold only response ids; pull the traces first." };
    if (record["object"] === "response" || record["object"] === "chat.completion")
      return { looks: "API responses, not traces of them", remedy: "Pull the traces; responses alone have no spans." };
    if (typeof record["custom_id"] === "string") return { looks: "batch API rows", remedy: "Pull traces of the Agents SDK instead." };
    if (typeof record["schema"] === "string" && record["schema"].startsWith("casebook/"))
      return { looks: "one of casebook's own files", remedy: "Pull the export it was made from." };
  }
  return {
    looks: "JSON, but no trace export we know",
    remedy: `Name the format with --format (${sources.map(({ name }) => name).join(", ")}), or record with casebook/recorder.`,
  };
}
