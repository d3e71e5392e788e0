import { Agent, tool, Usage, type Model, type ModelRequest } from "@openai/agents";
import { z } from "zod";
import { expect, test } from "vitest";
import { agentRunner, type RunnerOptions } from "../../../src/adapters/agents/runner.ts";
import { loadSdk } from "../../../src/adapters/agents/sdk.ts";
import type { PromptVersion } from "../../../src/core/prompt/prompt.ts";
import type { TrialRun } from "../../../src/core/replay/trial.ts";
import type { Trace } from "../../../src/core/trace/schema.ts";
import { outputItems, recordRun, type Says } from "../../support/record.ts";
import { caseOf } from "../../support/replay.ts";

const { sdk } = await loadSdk(process.cwd());
const prompt = (parts: PromptVersion["parts"] = []): PromptVersion => ({ name: "p", version: "1", hash: "", parts });

/** A model that says these things in order and remembers what it was asked. */
function scripted(says: readonly Says[]): { model: Model; asked: ModelRequest[] } {
  const left = [...says];
  const asked: ModelRequest[] = [];
  const getResponse = async (request: ModelRequest) => {
    asked.push(request);
    const next = left.shift();
    if (next === undefined) throw new Error("the script is over");
    const output = (outputItems(next, asked.length) as { call_id?: string }[]).map(({ call_id: callId, ...item }) => (callId === undefined ? item : { ...item, callId }));
    return { output: output as never, usage: new Usage() };
  };
  return { model: { getResponse, getStreamedResponse: () => { throw new Error("not streamed"); } }, asked };
}

const lookup = tool({ name: "lookup_order", description: "One order.", parameters: z.object({ id: z.string() }), execute: ({ id }) => ({ id, state: "sent", items: [{ n: 1 }] }) });
const refund = tool({ name: "refund", description: "Pays back.", parameters: z.object({ id: z.string() }), execute: () => "paid" });
const billing = new Agent({ name: "Billing agent", instructions: "Billing: refund.", tools: [refund], model: "m" });
const support = new Agent({
  name: "Support", instructions: "Support: help.", tools: [lookup], handoffs: [billing], model: "m", modelSettings: { temperature: 0.3, toolChoice: "auto" },
  outputGuardrails: [{ name: "No sorry", execute: async ({ agentOutput }) => ({ tripwireTriggered: String(agentOutput).includes("sorry"), outputInfo: {} }) }],
});
const sent = await recordRunOnce(["Order 7 was sent."]);
const sorry = await recordRunOnce(["sorry!"]);

async function recordRunOnce(last: Says[]): Promise<Trace> {
  return recordRun(support, ["Where is order 7?"], { Support: [[["lookup_order", { id: "7" }]], ...last] });
}

type Played = TrialRun & { readonly asked: ModelRequest[] };
async function played(trace: Trace, says: readonly Says[], more: Partial<RunnerOptions> = {}): Promise<Played> {
  const { model, asked } = scripted(says);
  const options: RunnerOptions = { sdk, prompt: prompt(), depth: "tape", onMiss: "fail", rules: [], maxTurns: undefined, module: undefined, brain: () => model, fatal: () => undefined, ...more };
  const run = await agentRunner(options).run({ case: caseOf(trace), trace, repeat: 0 }, undefined);
  return { ...run, asked };
}

test("the model is given the prompt version's words, and the rest as recorded", async () => {
  const run = await played(sent, ["Hello."], { prompt: prompt([{ instructions: "New words.", settings: { top_p: 0.5 } }]) });
  const [request] = run.asked;
  expect(request?.systemInstructions).toBe("New words.");
  expect(request?.input).toEqual([{ role: "user", content: "Where is order 7?", type: "message" }].map((item) => expect.objectContaining({ role: item.role, content: item.content })));
  expect(request?.tools.map(({ name }) => name)).toEqual(["lookup_order"]);
  expect(request?.tools[0]).toMatchObject({ type: "function", description: "One order.", strict: true, parameters: { properties: { id: { type: "string" } } } });
  expect(request?.handoffs.map(({ toolName }) => toolName)).toEqual(["transfer_to_Billing_agent"]);
  expect(request?.modelSettings).toMatchObject({ topP: 0.5 });
  expect(run.touched).toBe(1);
});

test("a part for another agent leaves the recorded instructions, and is counted as touching nothing", async () => {
  const run = await played(sent, ["Hello."], { prompt: prompt([{ agent: "Suport", instructions: "New words." }]) });
  expect(run.asked[0]?.systemInstructions).toBe("Support: help.");
  expect(run.touched).toBe(0);
  expect((await played(sent, ["Hello."], { prompt: prompt([{ agent: "support", instructions: "New." }]) })).asked[0]?.systemInstructions).toBe("New.");
});

test("drifted arguments are answered from the next recording of the tool, and counted", async () => {
  const run = await played(sent, [[["lookup_order", { id: "8" }]], "Sent."]);
  expect(run.fidelity).toEqual({ served: 0, drifted: 1, missed: 0, unconsumed: 0 });
  expect(run.subject.calls).toMatchObject([{ name: "lookup_order", arguments: '{"id":"8"}', output: '{"id":"7","state":"sent","items":[{"n":1}]}' }]);
  expect(run.steps).toContainEqual(expect.objectContaining({ kind: "tool", match: "sequence" }));
});

test("declared rules make drift exact", async () => {
  const run = await played(sent, [[["lookup_order", { id: 7 }]], "Sent."], { rules: [{ tool: "lookup_order", numbers: "loose" }] });
  expect(run.fidelity).toMatchObject({ served: 1, drifted: 0 });
});

const miss: Says[] = [[["lookup_order", { id: "7" }]], [["lookup_order", { id: "9" }]], "Done."];
test("a missed call ends the run by default", async () => {
  const run = await played(sent, miss);
  expect(run.ending).toEqual({ kind: "missed", tool: "lookup_order" });
  expect(run.asked).toHaveLength(2);
  expect(run.fidelity).toEqual({ served: 1, drifted: 0, missed: 1, unconsumed: 0 });
});

test.each([
  ["error", /was not recorded/],
  ["stub", /^\{"id":"","state":"","items":\[\]\}$/],
] as const)("a missed call is answered with --on-miss %s, and the run goes on", async (onMiss, output) => {
  const run = await played(sent, miss, { onMiss });
  expect(run.ending).toEqual({ kind: "gradable" });
  expect(run.subject.output).toBe("Done.");
  expect(run.subject.calls[1]?.output).toMatch(output);
  expect(run.fidelity.missed).toBe(1);
});

test("a handoff to an agent that never ran is made, and ends the run", async () => {
  const run = await played(sent, [[["transfer_to_Billing_agent", {}]], "never said"], { prompt: prompt([{ agent: "Billing agent", instructions: "Billing: words." }]) });
  expect(run.subject.handoffs).toEqual([{ from: "Support", to: "Billing agent" }]);
  expect(run.subject).toMatchObject({ output: undefined, error: undefined });
  expect(run.asked).toHaveLength(1);
});

test("an output guardrail that tripped on the recorded answer makes another answer's trial invalid, not wrong", async () => {
  expect((await played(sorry, ["Fine."])).ending).toMatchObject({ kind: "invalid", code: "guardrail-unknown" });
  const same = await played(sorry, ["sorry!"]);
  expect(same.ending).toEqual({ kind: "gradable" });
  expect(same.subject.guardrails).toEqual([{ name: "No sorry", triggered: true }]);
});

test("a model that fails is the world's trouble; a tool that is not there and too many turns are the agent's", async () => {
  const dead = await played(sent, []);
  expect(dead.ending).toMatchObject({ kind: "infra", code: "model" });
  expect(JSON.stringify(dead.ending)).not.toContain("script is over");
  const unknown = await played(sent, [[["no_such_tool", {}]], "x"]);
  expect(unknown).toMatchObject({ ending: { kind: "gradable" }, subject: { error: expect.stringContaining("no_such_tool") as string } });
  const loop = await played(sent, Array.from({ length: 5 }, (): Says => [["lookup_order", { id: "7" }]]), { maxTurns: 3 });
  expect(loop).toMatchObject({ ending: { kind: "gradable" }, subject: { error: expect.stringContaining("Max turns") as string, turns: 3 } });
});

test("the answer of a model that is no answer is the world's trouble", async () => {
  const broken: Model = { getResponse: async () => ({ nonsense: true }) as never, getStreamedResponse: () => { throw new Error("no"); } };
  expect((await played(sent, [], { brain: () => broken })).ending).toMatchObject({ kind: "infra", code: "model" });
});

test("hosted tools cannot be answered from a tape: invalid at depth tape, replayed at depth frozen", async () => {
  const hosted: Trace = { ...sent, tools: [...sent.tools, { type: "web_search" }], spans: sent.spans.map((span) => (span.model === undefined ? span : { ...span, model: { ...span.model, tools: [...(span.model.tools ?? []), sent.tools.length] } })) };
  expect((await played(hosted, ["x"])).ending).toMatchObject({ kind: "invalid", code: "hosted-tool", message: expect.stringContaining("web_search") as string });
  expect((await played(hosted, ["x"], { depth: "frozen", brain: undefined })).subject.output).toBe("Order 7 was sent.");
});

test("an edited input is what the agent is given", async () => {
  const { model, asked } = scripted(["Hi."]);
  const edited = caseOf(sent, [], { input: { messages: [{ role: "user", text: "Where is order 99?" }], agent: "Support" } });
  await agentRunner({ sdk, prompt: prompt(), depth: "tape", onMiss: "fail", rules: [], maxTurns: undefined, module: undefined, brain: () => model, fatal: () => undefined }).run({ case: edited, trace: sent, repeat: 0 }, undefined);
  expect(asked[0]?.input).toEqual([expect.objectContaining({ role: "user", content: "Where is order 99?" })]);
});
