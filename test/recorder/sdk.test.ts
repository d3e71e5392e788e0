import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Agent, OpenAIProvider, Runner, addTraceProcessor, setTraceProcessors, setTracingDisabled, tool, type InputGuardrail, type TracingProcessor } from "@openai/agents";
import { ScriptedModel, assistantMessage } from "@openai/agents/testing";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import * as z from "zod";
import { readNative } from "../../src/core/sources/native.ts";
import { assembleTrace } from "../../src/core/trace/assemble.ts";
import { completenessOf } from "../../src/core/trace/completeness.ts";
import type { Trace } from "../../src/core/trace/schema.ts";
import { statusOf } from "../../src/core/trace/status.ts";
import { transcriptOf } from "../../src/core/trace/transcript.ts";
import { createRecorder, type RecorderOptions } from "../../src/recorder/index.ts";
import { scratch } from "../support/io.ts";
import { called, responsesApi, said, type Answer } from "../support/responses-api.ts";

type Line = { object: string; span_data?: { type: string; [member: string]: unknown }; [member: string]: unknown };

// Replays switch tracing off, and leave it so.
beforeEach(() => setTracingDisabled(false));
afterEach(() => {
  setTraceProcessors([]);
  setTracingDisabled(true);
});

const lookup = tool({
  name: "lookup",
  description: "Look up",
  parameters: z.object({ id: z.string() }),
  execute: async ({ id }) => ({ id, found: true }),
});
const broken = tool({
  name: "lookup",
  description: "Look up",
  parameters: z.object({ id: z.string() }),
  errorFunction: null,
  execute: async () => Promise.reject(new Error("the shelf fell down")),
});

/** Runs an agent against scripted answers of a real endpoint, recording; answers what stands in the file. */
async function record(
  answers: readonly Answer[],
  options: { tools?: (typeof lookup)[]; guardrails?: InputGuardrail[]; stream?: boolean; sensitive?: boolean; recorder?: Partial<RecorderOptions> } = {},
): Promise<{ lines: Line[]; trace: Trace; error: unknown; path: string }> {
  const path = join(scratch(), "deep", "traces.jsonl");
  const recorder = createRecorder({ path, ...options.recorder });
  setTraceProcessors([recorder]);
  const runner = new Runner({
    modelProvider: new OpenAIProvider({ apiKey: "sk-test", baseURL: await responsesApi(answers), useResponses: true }),
    workflowName: "Support",
    groupId: "chat-1",
    traceIncludeSensitiveData: options.sensitive ?? true,
    tracing: { apiKey: "sk-tracing-key-never-written" },
  });
  const agent = new Agent({
    name: "Clerk",
    instructions: "Be kind.",
    model: "gpt-test",
    tools: options.tools ?? [lookup],
    inputGuardrails: options.guardrails ?? [],
  });
  let error: unknown;
  try {
    if (options.stream === true) await (await runner.run(agent, "Where is A?", { stream: true })).completed;
    else await runner.run(agent, "Where is A?");
  } catch (caught) {
    error = caught;
  }
  await recorder.forceFlush();
  const text = readFileSync(path, "utf8");
  expect(text).not.toContain("never-written");
  const lines = text.trimEnd().split("\n").map((line) => JSON.parse(line) as Line);
  return { lines, trace: assembleTrace(lines.flatMap((line) => readNative(line, { file: path }).pieces)), error, path };
}

const twoTurns: readonly Answer[] = [{ output: [called("lookup", '{"id":"A"}')] }, { output: [said("On the shelf.")] }];

test.each([false, true])("a run is recorded whole, with what went into the model and came out of it (stream: %s)", async (stream) => {
  const { lines, trace, error, path } = await record(twoTurns, { stream });
  expect(error).toBeUndefined();
  expect(lines[0]).toMatchObject({ object: "trace", workflow_name: "Support", group_id: "chat-1" });
  const response = lines.find(({ span_data }) => span_data?.type === "response");
  expect(response?.span_data).toMatchObject({ _input: [{ role: "user", content: "Where is A?" }], _response: { id: "resp_1", instructions: "Be kind." } });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(completenessOf(trace)).toMatchObject({ content: "full", traceRecord: true, replayable: { ok: true } });
  expect(transcriptOf(trace).steps.map((step) => [step.kind, step.kind === "tool" ? [step.output, step.linked] : ""])).toEqual([
    ["message", ""],
    ["tool", ['{"id":"A","found":true}', "exact"]],
    ["message", ""],
  ]);
  expect(statusOf(trace)).toBe("ok");
});

test("a run that a tool ends by throwing is recorded, although the SDK never ends its trace", async () => {
  const { trace, error } = await record(twoTurns, { tools: [broken as unknown as typeof lookup] });
  expect(String(error)).toContain("the shelf fell down");
  expect(statusOf(trace)).toBe("error");
  expect(trace.spans.map(({ kind }) => kind).sort()).toEqual(["agent", "function", "response", "task", "turn"]);
});

test("a run that a guardrail stops is recorded", async () => {
  const stop: InputGuardrail = { name: "stop", runInParallel: false, execute: async () => ({ tripwireTriggered: true, outputInfo: {} }) };
  const { trace, error } = await record(twoTurns, { guardrails: [stop] });
  expect((error as Error).name).toBe("InputGuardrailTripwireTriggered");
  expect(statusOf(trace)).toBe("blocked");
});

test("a run that the endpoint refuses is recorded", async () => {
  const { trace } = await record([{ status: 400, message: "no such model" }]);
  expect(statusOf(trace)).toBe("error");
  expect(transcriptOf(trace).steps).toMatchObject([{ kind: "error", message: "400 no such model" }]);
});

test("with sensitive data off the content stays away", async () => {
  const { lines, trace } = await record(twoTurns, { sensitive: false });
  expect(JSON.stringify(lines)).not.toContain("shelf");
  expect(completenessOf(trace)).toMatchObject({ content: "none", sensitiveOff: true });
});

test("the hook sees every record first, content included", async () => {
  const seen: unknown[] = [];
  const redact: RecorderOptions["redact"] = (record) => {
    seen.push(record["object"]);
    return record["object"] === "trace" ? null : (JSON.parse(JSON.stringify(record).replaceAll("shelf", "[PLACE]")) as typeof record);
  };
  const { lines } = await record(twoTurns, { recorder: { redact } });
  expect(seen).toContain("trace");
  expect(lines.every(({ object }) => object === "trace.span")).toBe(true);
  expect(JSON.stringify(lines)).toContain("On the [PLACE].");
  expect(JSON.stringify(lines)).not.toContain("shelf");
});

test("a recorder stands beside other processors and changes nothing for them", async () => {
  const seen: string[] = [];
  const other: TracingProcessor = {
    onTraceStart: async ({ traceId }) => void seen.push(traceId),
    onTraceEnd: async () => {},
    onSpanStart: async () => {},
    onSpanEnd: async ({ spanId }) => void seen.push(spanId),
    shutdown: async () => {},
    forceFlush: async () => {},
  };
  const path = join(scratch(), "traces.jsonl");
  setTraceProcessors([other]);
  addTraceProcessor(createRecorder({ path }));
  await new Runner({ model: new ScriptedModel([[assistantMessage("Hello.")]]) }).run(new Agent({ name: "A" }), "Hi");
  const ids = readFileSync(path, "utf8").trimEnd().split("\n").map((line) => (JSON.parse(line) as { id: string }).id);
  expect(ids.toSorted()).toEqual(seen.toSorted());
  expect(ids.length).toBeGreaterThan(2);
});

test("a recorder that cannot write never disturbs the run", async () => {
  const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  onTestFinished(() => said.mockRestore());
  const folder = scratch();
  const blocked = createRecorder({ path: folder });
  setTraceProcessors([blocked]);
  const result = await new Runner({ model: new ScriptedModel([[assistantMessage("Hello.")]]) }).run(new Agent({ name: "A" }), "Hi");
  expect(result.finalOutput).toBe("Hello.");
  expect(blocked.stats()).toMatchObject({ written: 0 });
  expect(blocked.stats().failed).toBeGreaterThan(2);
  expect(said.mock.calls.map(([text]) => text)).toEqual(["casebook recorder: a record was not written (EISDIR); further failures are only counted.\n"]);
});
