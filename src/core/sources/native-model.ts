import { isObject, type JsonObject } from "../base/json.ts";
import type { LooseModelCall } from "../trace/piece.ts";
import type { Message, ToolSpec, Usage } from "../trace/schema.ts";
import { clean, cleanObject, textOf, type Noticed } from "./clean.ts";
import { conversationOf } from "./native-message.ts";

type Item = Record<string, unknown>;

const word = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value.toWellFormed() : undefined);
const count = (...values: readonly unknown[]): number | undefined =>
  values.find((value): value is number => Number.isSafeInteger(value) && (value as number) >= 0);

/** Tokens of any dialect: the SDK's, the Responses API's, chat completions', spans' of tasks and turns. */
export function usageOf(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  const inside = (key: string): Item => (isObject(value[key]) ? value[key] : {});
  const [input, output] = [
    { ...inside("prompt_tokens_details"), ...inside("input_tokens_details"), ...inside("inputTokensDetails") },
    { ...inside("completion_tokens_details"), ...inside("output_tokens_details"), ...inside("outputTokensDetails") },
  ];
  const usage = {
    requests: count(value["requests"]),
    input: count(value["input_tokens"], value["prompt_tokens"], value["inputTokens"]),
    output: count(value["output_tokens"], value["completion_tokens"], value["outputTokens"]),
    total: count(value["total_tokens"], value["totalTokens"]),
    cached_input: count(input["cached_tokens"], value["cached_input_tokens"]),
    reasoning: count(output["reasoning_tokens"]),
  };
  const told = Object.entries(usage).filter(([, tokens]) => tokens !== undefined);
  return told.length === 0 ? undefined : (Object.fromEntries(told) as Usage);
}

/** The id of an answer. The SDK gives all streamed completions the same one, which names none of them. */
export const responseId = (value: unknown): string | undefined => (value === "FAKE_ID" ? undefined : word(value));

const toolsSeen = new WeakMap<object, ToolSpec[]>();

/** Tools as offered to a model: Responses form, or chat form with the function inside. */
function toolsOf(value: unknown, noticed: Noticed): ToolSpec[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const known = toolsSeen.get(value);
  if (known !== undefined) return known;
  const specs = value.filter(isObject).map((tool): ToolSpec => {
    const inner = isObject(tool["function"]) ? tool["function"] : tool;
    const spec: { -readonly [K in keyof ToolSpec]: ToolSpec[K] } = { type: word(tool["type"]) ?? "function" };
    const name = word(inner["name"]) ?? word(inner["server_label"]);
    if (name !== undefined) spec.name = name;
    if (typeof inner["description"] === "string") spec.description = textOf(inner["description"], noticed);
    const parameters = inner["parameters"] ?? inner["input_schema"];
    if (isObject(parameters)) spec.parameters = clean(parameters, noticed);
    if (typeof inner["strict"] === "boolean") spec.strict = inner["strict"];
    return spec;
  });
  toolsSeen.set(value, specs);
  return specs;
}

const settingNames = [
  "temperature",
  "top_p",
  "max_output_tokens",
  "max_tokens",
  "max_completion_tokens",
  "tool_choice",
  "parallel_tool_calls",
  "reasoning",
  "reasoning_effort",
  "truncation",
  "frequency_penalty",
  "presence_penalty",
  "seed",
  "stop",
  "service_tier",
  "max_tool_calls",
  "verbosity",
];

function settingsOf(from: Item, noticed: Noticed): JsonObject | undefined {
  const held = settingNames.filter((name) => from[name] !== undefined && from[name] !== null);
  const text = isObject(from["text"]) ? word(from["text"]["verbosity"]) : undefined;
  return cleanObject(
    { ...Object.fromEntries(held.map((name) => [name, from[name]])), ...(text === undefined ? {} : { verbosity: text }) },
    noticed,
  );
}

/** The system text: a string, or a list of items where a stored prompt gave them. */
function instructionsOf(value: unknown, noticed: Noticed): Message | undefined {
  if (typeof value === "string") return { role: "system", parts: [{ type: "text", text: textOf(value, noticed) }] };
  return Array.isArray(value) ? joined(conversationOf(value, "system", noticed)) : undefined;
}

/** System messages at the head of an input are the instructions; later ones are part of the conversation. */
function splitSystem(input: readonly Message[]): { readonly instructions: Message | undefined; readonly input: Message[] } {
  const end = input.findIndex(({ role }) => role !== "system" && role !== "developer");
  const head = end < 0 ? input : input.slice(0, end);
  return { instructions: joined(head), input: input.slice(head.length) };
}

const joined = (messages: readonly Message[]): Message | undefined =>
  messages.length <= 1 ? messages[0] : { role: (messages[0] as Message).role, parts: messages.flatMap(({ parts }) => parts) };

type Loose = { -readonly [K in keyof LooseModelCall]: LooseModelCall[K] };

/** A `response` span: `_input` and `_response` where a recorder kept them, else the id (and usage) alone. */
export function responseCall(data: Item, noticed: Noticed): LooseModelCall {
  const response = [data["_response"], data["response"]].find(isObject);
  const call: Loose = { api: "responses" };
  const id = word(data["response_id"]) ?? word(response?.["id"]);
  if (id !== undefined) call.response_id = id;
  const usage = usageOf(data["usage"]) ?? usageOf(response?.["usage"]);
  if (usage !== undefined) call.usage = usage;
  const input = data["_input"] ?? data["input"];
  if (input !== undefined && input !== null) call.input = conversationOf(input, "user", noticed);
  if (response !== undefined) readResponse(call, response, noticed);
  if (call.instructions === undefined && call.input !== undefined) {
    const split = splitSystem(call.input);
    call.input = split.input;
    if (split.instructions !== undefined) call.instructions = split.instructions;
  }
  return call;
}

function readResponse(call: Loose, response: Item, noticed: Noticed): void {
  const model = word(response["model"]);
  if (model !== undefined) call.model = model;
  const previous = word(response["previous_response_id"]);
  if (previous !== undefined) call.previous_response_id = previous;
  const conversation = isObject(response["conversation"]) ? word(response["conversation"]["id"]) : word(response["conversation"]);
  if (conversation !== undefined) call.conversation_id = conversation;
  if (previous !== undefined || conversation !== undefined) call.input_is_delta = true;
  const instructions = instructionsOf(response["instructions"], noticed);
  if (instructions !== undefined) call.instructions = instructions;
  if (Array.isArray(response["output"])) call.output = conversationOf(response["output"], "assistant", noticed);
  const tools = toolsOf(response["tools"], noticed);
  if (tools !== undefined) call.tools = tools;
  const settings = settingsOf(response, noticed);
  if (settings !== undefined) call.settings = settings;
  const format = isObject(response["text"]) ? response["text"]["format"] : undefined;
  if (isObject(format) && format["type"] === "json_schema" && isObject(format["schema"])) call.output_schema = clean(format["schema"], noticed);
  const { prompt } = response;
  if (isObject(prompt) && typeof prompt["id"] === "string") {
    const variables = cleanObject(prompt["variables"], noticed);
    const version = word(prompt["version"]);
    call.prompt = { id: prompt["id"], ...(version === undefined ? {} : { version }), ...(variables === undefined ? {} : { variables }) };
  }
  const why = isObject(response["incomplete_details"]) ? word(response["incomplete_details"]["reason"]) : undefined;
  const finish = why ?? word(response["status"]);
  if (finish !== undefined) call.finish = finish;
}

/** A `generation` span in any of its dialects (chat messages in; messages, a completion, a Response or items out). */
export function generationCall(data: Item, noticed: Noticed): LooseModelCall {
  const outputs = (Array.isArray(data["output"]) ? data["output"] : [data["output"]]).filter(isObject);
  const whole = outputs.find((item) => Array.isArray(item["choices"])) ?? outputs.find((item) => item["object"] === "response");
  const call: Loose = { api: "chat" };
  if (Array.isArray(data["output"]) && whole?.["object"] === "response") readResponse(call, whole, noticed);
  const id = responseId(whole?.["id"]);
  if (id !== undefined) call.response_id = id;
  const model = word(data["model"]) ?? word(whole?.["model"]);
  if (model !== undefined) call.model = model;
  if (data["input"] !== undefined && data["input"] !== null) {
    const split = splitSystem(conversationOf(data["input"], "user", noticed));
    call.input = split.input;
    if (split.instructions !== undefined) call.instructions = split.instructions;
  }
  if (data["output"] !== undefined && data["output"] !== null) call.output = conversationOf(data["output"], "assistant", noticed);
  const config = isObject(data["model_config"]) ? data["model_config"] : {};
  const settings = settingsOf(config, noticed);
  if (settings !== undefined) call.settings = settings;
  const tools = toolsOf(config["tools"] ?? data["tools"], noticed);
  if (tools !== undefined) call.tools = tools;
  const schema = [config["response_format"], config["text"]].flatMap((value) =>
    isObject(value) ? [value["json_schema"], value["format"]].filter(isObject) : [],
  )[0]?.["schema"];
  if (isObject(schema)) call.output_schema = clean(schema, noticed);
  const choices: unknown = whole?.["choices"];
  if (Array.isArray(choices)) {
    if (choices.length > 1) noticed.add("several-choices");
    const finish = isObject(choices[0]) ? word(choices[0]["finish_reason"]) : undefined;
    if (finish !== undefined) call.finish = finish;
  }
  const usage = usageOf(data["usage"]) ?? usageOf(whole?.["usage"]);
  if (usage !== undefined) call.usage = usage;
  return call;
}
