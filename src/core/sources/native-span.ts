import { isObject, parseJson, type Json } from "../base/json.ts";
import type { SpanPiece } from "../trace/piece.ts";
import type { SpanKind } from "../trace/schema.ts";
import { asText, binaryPart, clean, cleanObject, textOf, type Noticed } from "./clean.ts";
import { generationCall, responseCall, usageOf } from "./native-model.ts";

type Item = Record<string, unknown>;
/** What `span_data` says: everything of a span but its frame (ids, times, error). */
type Told = Omit<SpanPiece["span"], "id" | "parent_id" | "started_at" | "ended_at" | "error">;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const string = (value: unknown, noticed: Noticed): string | undefined => (typeof value === "string" ? textOf(value, noticed) : undefined);
const strings = (value: unknown, noticed: Noticed): string[] | undefined =>
  Array.isArray(value) ? value.filter((item) => typeof item === "string").map((item) => textOf(item, noticed)) : undefined;

/** Sets a member only where there is something to set. */
function put<T extends object, K extends keyof T>(object: T, key: K, value: T[K] | undefined): void {
  if (value !== undefined) object[key] = value;
}

/** The members every reader of a kind knows; what else a span holds is kept in `data`. */
const known: Readonly<Record<string, readonly string[]>> = {
  agent: ["name", "handoffs", "tools", "output_type"],
  task: ["name", "usage"],
  turn: ["turn", "agent_name", "usage", "name"],
  function: ["name", "input", "output", "mcp_data", "_output_json"],
  generation: ["input", "output", "model", "model_config", "usage", "tools"],
  response: ["response_id", "usage", "_input", "_response", "input", "response"],
  handoff: ["from_agent", "to_agent"],
  guardrail: ["name", "triggered"],
  mcp_tools: ["server", "result"],
};

/**
 * Any of the SDK's 13 kinds of `span_data`, as exported (task and turn disguised as `custom`) or raw; of other kinds all is
 * kept under `data` and the kind is `unknown`.
 */
export function readSpanData(raw: unknown, noticed: Noticed): Told {
  if (!isObject(raw)) return { kind: "unknown" };
  const inner = raw["data"];
  const disguised = raw["type"] === "custom" && isObject(inner) && (inner["sdk_span_type"] === "task" || inner["sdk_span_type"] === "turn");
  const item: Item = disguised ? { ...inner, type: inner["sdk_span_type"] } : raw;
  const type = typeof item["type"] === "string" ? item["type"] : "";
  const told = read(type, item, noticed);
  if (disguised) told.native_type = `custom/${type}`;
  const rest = restOf(type, item, noticed);
  if (rest !== undefined) told.data = rest;
  return told;
}

function read(type: string, item: Item, noticed: Noticed): Mutable<Told> {
  const told: Mutable<Told> = { kind: type as SpanKind };
  const name = string(item["name"], noticed);
  put(told, "name", name);
  switch (type) {
    case "agent": {
      const agent: Mutable<NonNullable<Told["agent"]>> = { name: name ?? "" };
      put(agent, "handoffs", strings(item["handoffs"], noticed));
      put(agent, "tools", strings(item["tools"], noticed));
      put(agent, "output_type", string(item["output_type"], noticed));
      told.agent = agent;
      break;
    }
    case "task":
    case "turn": {
      const turn: Mutable<NonNullable<Told["turn"]>> = {};
      put(turn, "turn", Number.isSafeInteger(item["turn"]) ? (item["turn"] as number) : undefined);
      put(turn, "agent_name", string(item["agent_name"], noticed));
      if (Object.keys(turn).length > 0) told.turn = turn;
      put(told, "usage", usageOf(item["usage"]));
      break;
    }
    case "function":
      told.tool = readTool(item, name ?? "", noticed);
      break;
    case "generation":
      told.model = generationCall(item, noticed);
      break;
    case "response":
      told.model = responseCall(item, noticed);
      break;
    case "handoff": {
      const handoff: Mutable<NonNullable<Told["handoff"]>> = {};
      put(handoff, "from", string(item["from_agent"], noticed));
      put(handoff, "to", string(item["to_agent"], noticed));
      told.handoff = handoff;
      break;
    }
    case "guardrail":
      told.guardrail = { name: name ?? "", triggered: item["triggered"] === true };
      break;
    case "mcp_tools": {
      const mcp: Mutable<NonNullable<Told["mcp"]>> = {};
      put(mcp, "server", string(item["server"], noticed));
      put(mcp, "tools", strings(item["result"], noticed));
      told.mcp = mcp;
      break;
    }
    case "custom":
    case "transcription":
    case "speech":
    case "speech_group":
      break;
    default:
      told.kind = "unknown";
      if (type !== "") told.native_type = textOf(type, noticed);
  }
  return told;
}

function readTool(item: Item, name: string, noticed: Noticed): NonNullable<Told["tool"]> {
  const tool: Mutable<NonNullable<Told["tool"]>> = { name };
  if (item["input"] !== undefined && item["input"] !== null) tool.arguments = asText(item["input"], noticed);
  // What a Python tool gave, where our recorder kept it; the export holds its repr only.
  const output = item["_output_json"] ?? item["output"];
  if (output !== undefined && output !== null) {
    tool.output = output === item["output"] ? asText(output, noticed) : JSON.stringify(clean(output, noticed));
    if (tool.output !== "") tool.output_encoding = encodingOf(tool.output);
  }
  put(tool, "mcp_server", serverOf(item["mcp_data"], noticed));
  return tool;
}

/** `{server}`, or the same as JSON text. */
function serverOf(value: unknown, noticed: Noticed): string | undefined {
  const data = typeof value === "string" ? (parseJson(value) ?? value) : value;
  return isObject(data) ? string(data["server"], noticed) : typeof data === "string" && data !== "" ? textOf(data, noticed) : undefined;
}

/** Python writes results that are not strings as `str(obj)`: quotes are single, and None, True and False are words. */
function encodingOf(output: string): "json" | "python-repr" | "text" {
  if (!/^\s*[[{("'\d-]|^\s*(?:true|false|null|None|True|False)\s*$/.test(output)) return "text";
  if (parseJson(output) !== undefined) return "json";
  if (/^\s*(?:None|True|False)\s*$/.test(output)) return "python-repr";
  return /^\s*[[{(]/.test(output) && /'[^']*'\s*[:,\]})]|[:,[({]\s*(?:None|True|False)\b/.test(output.slice(0, 4096)) ? "python-repr" : "text";
}

function restOf(type: string, item: Item, noticed: Noticed): Told["data"] {
  if (type === "custom") return cleanObject(item["data"], noticed) ?? (item["data"] === undefined || isObject(item["data"]) ? undefined : { value: clean(item["data"], noticed) });
  const taken = new Set(["type", "sdk_span_type", ...(known[type] ?? (type === "" ? [] : ["name"]))]);
  const rest: Record<string, Json> = {};
  // The repr is what the model was shown: by it the call is known again.
  if (type === "function" && item["_output_json"] !== undefined && item["_output_json"] !== null) rest["shown"] = clean(item["output"], noticed);
  for (const key of Object.keys(item)) {
    if (taken.has(key) || item[key] === null || item[key] === undefined) continue;
    rest[key.startsWith("_") ? key.slice(1) : key] = audio(item[key], noticed);
  }
  return cleanObject(rest, noticed);
}

/** `{data: <base64>, format}` of voice spans: sound is never kept, however short. */
function audio(value: unknown, noticed: Noticed): Json {
  if (!isObject(value) || typeof value["data"] !== "string" || typeof value["format"] !== "string") return clean(value, noticed);
  const { bytes } = binaryPart(value["data"], "audio");
  return { type: "binary", mime: `audio/${value["format"]}`, bytes };
}
