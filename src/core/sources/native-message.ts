import { isObject } from "../base/json.ts";
import type { Message, Part } from "../trace/schema.ts";
import { asText, binaryIn, binaryPart, clean, isPreview, textOf, type Noticed } from "./clean.ts";

type Item = Record<string, unknown>;
type Role = Message["role"];

const roles: Readonly<Record<string, Role>> = {
  system: "system",
  developer: "developer",
  user: "user",
  human: "user",
  assistant: "assistant",
  model: "assistant",
  ai: "assistant",
  tool: "tool",
  function: "tool",
};

type Seen = { readonly messages: readonly Message[]; readonly noticed: ReadonlySet<string> };
/** Readers hand out the same object where a record resends the same text: it is made into messages once. */
const seen = new WeakMap<object, Map<Role, Seen>>();

/**
 * The messages one item of a model's input or output stands for, whatever its dialect: text, chat messages, items of the
 * Responses API (snake_case) and of the SDK's protocol (camelCase), a whole chat completion or Response, parts of an AI-SDK
 * prompt. `role` is for items that name none. What is none of these is kept as a JSON part.
 */
export function messagesOf(item: unknown, role: Role, noticed: Noticed): readonly Message[] {
  if (!isObject(item)) return item === null || item === undefined ? [] : readItem(item, role, noticed);
  let known = seen.get(item)?.get(role);
  if (known === undefined) {
    const fresh: Noticed = new Set();
    known = { messages: readItem(item, role, fresh), noticed: fresh };
    const byRole = seen.get(item) ?? new Map<Role, Seen>();
    seen.set(item, byRole.set(role, known));
  }
  for (const code of known.noticed) noticed.add(code);
  return known.messages;
}

/** The messages of an input or output: a text, a list of items, or one item. */
export function conversationOf(value: unknown, role: Role, noticed: Noticed): Message[] {
  return (Array.isArray(value) ? value : [value]).flatMap((item) => messagesOf(item, role, noticed));
}

function readItem(item: unknown, role: Role, noticed: Noticed): readonly Message[] {
  if (typeof item === "string") return [{ role, parts: [{ type: "text", text: textOf(item, noticed) }] }];
  if (!isObject(item)) return [{ role, parts: [{ type: "json", value: clean(item, noticed) }] }];
  if (Array.isArray(item["choices"]))
    return item["choices"].flatMap((choice: unknown) =>
      isObject(choice) ? messagesOf(choice["message"] ?? choice["delta"], "assistant", noticed) : [],
    );
  if (Array.isArray(item["output"]) && typeof item["role"] !== "string" && typeof item["type"] !== "string")
    return conversationOf(item["output"], "assistant", noticed);
  const type = typeof item["type"] === "string" ? item["type"] : "";
  if (type === "function_call") return one("assistant", [toolCall(item, noticed)]);
  if (type === "function_call_result" || type === "function_call_output") return one("tool", toolResult(item, item["output"], noticed));
  if (type === "reasoning") return one("assistant", reasoning(item, noticed));
  if (typeof item["role"] === "string") return chatMessage(item, item["role"], noticed);
  const [part] = contentParts([item], noticed);
  if (part !== undefined && part.type !== "json") return one(role, [part]);
  const answers = /_(output|result)$/.test(type);
  return one(answers ? "tool" : type.endsWith("_call") ? "assistant" : role, [jsonPart(item, noticed)]);
}

const firstText = (...values: readonly unknown[]): string => values.find((value) => typeof value === "string") ?? "";
const one = (role: Role, parts: readonly Part[]): Message[] => (parts.length === 0 ? [] : [{ role, parts: [...parts] }]);

function chatMessage(item: Item, word: string, noticed: Noticed): Message[] {
  const role = roles[word.toLowerCase()] ?? "user";
  const { content } = item;
  if (role === "tool") {
    const id = item["tool_call_id"] ?? item["toolCallId"];
    if (typeof id === "string" || !Array.isArray(content)) return one("tool", toolResult({ ...item, call_id: id }, content, noticed));
  }
  const parts: Part[] = [];
  if (typeof item["reasoning_content"] === "string" && item["reasoning_content"] !== "")
    parts.push({ type: "reasoning", text: textOf(item["reasoning_content"], noticed) });
  if (typeof content === "string") {
    const calls = Array.isArray(item["tool_calls"]) || isObject(item["function_call"]);
    if (content !== "" || !calls) parts.push(textPart(content, noticed));
  } else if (Array.isArray(content)) parts.push(...contentParts(content, noticed));
  else if (isObject(content)) parts.push(...contentParts([content], noticed));
  if (typeof item["refusal"] === "string") parts.push({ type: "refusal", text: textOf(item["refusal"], noticed) });
  if (isObject(item["audio"])) parts.push(...contentParts([{ type: "audio", ...item["audio"] }], noticed));
  if (Array.isArray(item["tool_calls"]))
    for (const call of item["tool_calls"]) if (isObject(call)) parts.push(toolCall(call, noticed));
  if (isObject(item["function_call"])) parts.push(toolCall(item["function_call"], noticed));
  const name = typeof item["name"] === "string" && item["name"] !== "" ? textOf(item["name"], noticed) : undefined;
  return [{ role, ...(name === undefined ? {} : { name }), parts }];
}

/** A call in any dialect: `{id, function: {name, arguments}}`, `{call_id|callId, name, arguments}`, `{toolCallId, toolName, input}`. */
function toolCall(item: Item, noticed: Noticed): Part {
  const inner = isObject(item["function"]) ? item["function"] : isObject(item["custom"]) ? item["custom"] : item;
  const id = item["call_id"] ?? item["callId"] ?? item["toolCallId"] ?? item["id"];
  const args = inner["arguments"] ?? inner["input"] ?? inner["args"] ?? "";
  return {
    type: "tool_call",
    ...(typeof id === "string" ? { call_id: id } : {}),
    name: textOf(firstText(inner["name"], item["toolName"]), noticed),
    arguments: asText(args, noticed),
  };
}

/** The result as text; images and files the tool gave stand beside it as parts of their own. */
function toolResult(item: Item, output: unknown, noticed: Noticed): Part[] {
  const id = item["call_id"] ?? item["callId"] ?? item["toolCallId"] ?? item["tool_call_id"];
  const name = item["name"] ?? item["toolName"];
  const list = Array.isArray(output) ? output : isObject(output) && typeof output["type"] === "string" ? [output] : undefined;
  const parts = list === undefined ? [] : contentParts(list, noticed);
  const texts = parts.filter((part) => part.type === "text");
  const others = parts.filter((part) => part.type === "binary" || part.type === "ref");
  const plain = list !== undefined && texts.length + others.length === parts.length;
  return [
    {
      type: "tool_result",
      ...(typeof id === "string" ? { call_id: id } : {}),
      ...(typeof name === "string" && name !== "" ? { name: textOf(name, noticed) } : {}),
      output: plain ? texts.map((part) => part.text).join("\n") : output === null || output === undefined ? "" : asText(output, noticed),
    },
    ...(plain ? others : []),
  ];
}

function reasoning(item: Item, noticed: Noticed): Part[] {
  const held = [item["summary"], item["content"], item["rawContent"], item["text"]].flat();
  const texts = held.map((part) => (isObject(part) ? part["text"] : part)).filter((text) => typeof text === "string" && text !== "");
  return texts.map((text) => ({ type: "reasoning", text: textOf(text as string, noticed) }));
}

const textPart = (text: string, noticed: Noticed): Part => binaryIn(text, "file") ?? { type: "text", text: textOf(text, noticed) };

function jsonPart(item: Item, noticed: Noticed): Part {
  const type = typeof item["type"] === "string" ? { native_type: item["type"] } : {};
  return { type: "json", ...type, value: clean(item, noticed) };
}

function contentParts(content: readonly unknown[], noticed: Noticed): Part[] {
  return content.flatMap((raw): Part[] => {
    if (typeof raw === "string") return [textPart(raw, noticed)];
    if (!isObject(raw)) return raw === null || raw === undefined ? [] : [{ type: "json", value: clean(raw, noticed) }];
    const type = typeof raw["type"] === "string" ? raw["type"] : "";
    const { text } = raw;
    if (typeof text === "string" && /^(input_|output_|summary_)?text$/.test(type)) return [textPart(text, noticed)];
    if (type === "refusal") return [{ type: "refusal", text: textOf(firstText(raw["refusal"], text), noticed) }];
    if (/^(reasoning|thinking|reasoning_text)$/.test(type)) return reasoning({ text: raw["thinking"], ...raw }, noticed);
    if (/^tool[-_](call|use)$/.test(type)) return [toolCall(raw, noticed)];
    if (/^tool[-_]result$/.test(type)) return toolResult(raw, unwrapped(raw["output"] ?? raw["result"] ?? raw["content"]), noticed);
    const media = /(image|audio|file)/.exec(type)?.[1] as "image" | "audio" | "file" | undefined;
    return [(media === undefined || isPreview(raw) ? undefined : mediaPart(raw, media)) ?? jsonPart(raw, noticed)];
  });
}

/** AI-SDK results say their type: `{type: "text" | "json", value}`. */
const unwrapped = (output: unknown): unknown => (isObject(output) && "value" in output ? output["value"] : output);

function mediaPart(raw: Item, media: "image" | "audio" | "file"): Part | undefined {
  const inner = [raw["image_url"], raw["input_audio"], raw["audio"], raw["file"], raw["image"]].find(isObject) ?? raw;
  const mime = [raw["mediaType"], raw["mimeType"], raw["mime_type"]].find((word) => typeof word === "string") as string | undefined;
  const format = typeof inner["format"] === "string" ? `${media}/${inner["format"]}` : mime;
  for (const key of ["data", "file_data", "b64_json"])
    if (typeof inner[key] === "string") return binaryIn(inner[key], media, format) ?? binaryPart(inner[key], media, format);
  for (const key of ["url", "image_url", "image", "file_url", "file_id", "fileId", "file", "audio", "id"]) {
    const ref = inner[key];
    if (typeof ref === "string") return binaryIn(ref, media, format) ?? { type: "ref", media, ref };
    if (isObject(ref) && typeof ref["id"] === "string") return { type: "ref", media, ref: ref["id"] };
  }
  return undefined;
}
