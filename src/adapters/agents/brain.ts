import type { AgentOutputItem, Model, ModelRequest, ModelResponse, StreamEvent } from "@openai/agents";
import type { JsonObject } from "../../core/base/json.ts";
import { nextLine, type ScriptLine } from "../../core/replay/script.ts";
import type { Usage } from "../../core/trace/schema.ts";
import { callIds, outputItems } from "./items.ts";
import type { Sdk } from "./sdk.ts";
import { stage } from "./stage.ts";

/** Who a model is made for. */
type Role = { readonly agent: string; readonly model: string | undefined; readonly settings: JsonObject };

/** What thinks for the agents of one trial. A model that throws has failed as part of the world, unless it throws one of the two below. */
export type Brain = (role: Role) => Model;

/** The recording has no more answers for this conversation, and the recorded run did not end there by an error. */
export class ScriptEnded extends Error {}
/** The recorded run ended here, and so does this one. `message` is the recorded error; empty where it was only cut short. */
export class RecordedEnd extends Error {}

/** Any model, heard: what it says goes into the recording, what it throws into `troubles`. */
export function heardModel(inner: Model, agent: string, ears: { handoffs: () => ReadonlySet<string>; troubles: { model: { readonly error: unknown } | undefined } }): Model {
  const getResponse = async (request: ModelRequest): Promise<ModelResponse> => {
    const here = stage.getStore();
    if (here?.recording.waits() === true) here.recording.shown(resultsIn(request.input));
    let response: ModelResponse;
    try {
      response = await inner.getResponse(request);
      if (!Array.isArray(response?.output)) throw new TypeError("the model answered without an output list");
    } catch (error) {
      ears.troubles.model ??= { error };
      throw error;
    }
    here?.recording.heard({ agent, scope: here.scope, ...said(response.output, ears.handoffs()), usage: usageOf(response) });
    return response;
  };
  return {
    getResponse,
    async *getStreamedResponse(request) {
      const response = await getResponse(request);
      yield { type: "response_started" };
      yield { type: "response_done", response: { id: response.responseId ?? "replayed", output: response.output, usage: countsOf(response.usage) } } as StreamEvent;
    },
  };
}

const countsOf = ({ inputTokens, outputTokens, totalTokens }: ModelResponse["usage"]): { inputTokens: number; outputTokens: number; totalTokens: number } => ({ inputTokens, outputTokens, totalTokens });

function said(output: readonly AgentOutputItem[], handoffs: ReadonlySet<string>): { texts: string[]; calls: { name: string; arguments: string; callId: string }[] } {
  const texts: string[] = [];
  const calls: { name: string; arguments: string; callId: string }[] = [];
  for (const item of output) {
    if (item.type === "function_call") {
      if (!handoffs.has(item.name)) calls.push({ name: item.name, arguments: item.arguments, callId: item.callId });
    } else if (item.type === "message" || item.type === undefined) {
      const parts = "content" in item && Array.isArray(item.content) ? item.content : [];
      const text = parts.flatMap((part) => (part.type === "output_text" ? [part.text] : part.type === "refusal" ? [part.refusal] : [])).join("");
      if (text !== "") texts.push(text);
    }
  }
  return { texts, calls };
}

function* resultsIn(input: ModelRequest["input"]): Generator<readonly [string, string]> {
  if (typeof input === "string") return;
  for (const item of input)
    if (item.type === "function_call_result") yield [item.callId, typeof item.output === "string" ? item.output : "text" in item.output ? item.output.text : JSON.stringify(item.output)];
}

function usageOf({ usage }: ModelResponse): Usage | undefined {
  if (usage === undefined || usage.totalTokens === 0) return undefined;
  return { requests: usage.requests || 1, input: usage.inputTokens, output: usage.outputTokens, total: usage.totalTokens };
}

/**
 * Answers from the recording: each conversation of the trial (the run, each agent used as a tool, agents that guardrails
 * ask) gets its recorded answers in order. No network, no key. One per trial.
 */
export function frozenBrain(sdk: Sdk, script: readonly ScriptLine[], recordedEnd: () => string | undefined): Brain {
  const had = new Map<string, number>();
  const ids = callIds();
  const getResponse = async (): Promise<ModelResponse> => {
    const scope = stage.getStore()?.scope ?? "";
    const count = had.get(scope) ?? 0;
    had.set(scope, count + 1);
    const take = nextLine(script, scope, count);
    if (take === undefined) {
      const end = scope === "" ? (recordedEnd() ?? (cutShort(script, count) ? "" : undefined)) : undefined;
      throw end === undefined ? new ScriptEnded("no recorded answer is left") : new RecordedEnd(end);
    }
    const { usage } = take;
    return {
      output: outputItems(take.output, ids),
      usage: new sdk.Usage({ requests: usage?.requests ?? 1, inputTokens: usage?.input ?? 0, outputTokens: usage?.output ?? 0, totalTokens: usage?.total ?? (usage?.input ?? 0) + (usage?.output ?? 0) }),
      responseId: take.response_id ?? `recorded_${take.seq}`,
    };
  };
  return () => ({ getResponse, getStreamedResponse: notStreamed });
}

/** The recording ends with calls that were answered, and this run has just had those answers: whoever ran it stopped there. */
function cutShort(script: readonly ScriptLine[], had: number): boolean {
  const run = script.filter(({ scope }) => scope === "");
  return had === run.length && run.at(-1)?.take.output.some(({ parts }) => parts.some((part) => part.type === "tool_call")) === true;
}

/** Every model here is asked through `heardModel`, which streams by itself. */
export const notStreamed = (): never => {
  throw new Error("replays do not stream");
};
