import { isObject, parseJson, type Json } from "../base/json.ts";
import type { ToolTake } from "../trace/derived.ts";

/**
 * What `--on-miss stub` answers: the shape of an earlier recording of the same tool with everything emptied (`""`, 0,
 * false, []), or no text at all where none was recorded as JSON.
 */
export function stubFor(tool: string, takes: readonly ToolTake[]): string {
  const recorded = takes.find((take) => take.name === tool && take.output !== undefined);
  const shape = recorded?.output === undefined ? undefined : parseJson(recorded.output);
  return isObject(shape) || Array.isArray(shape) ? JSON.stringify(emptied(shape as Json)) : "";
}

function emptied(value: Json): Json {
  if (Array.isArray(value)) return [];
  if (isObject(value)) return Object.fromEntries(Object.entries(value as { readonly [key: string]: Json }).map(([key, item]) => [key, emptied(item)]));
  if (typeof value === "string") return "";
  if (typeof value === "number") return 0;
  return typeof value === "boolean" ? false : null;
}
