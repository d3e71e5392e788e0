import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Usage, type Model, type ModelRequest } from "@openai/agents";
import { expect, test } from "vitest";
import { loadModule } from "../../../src/adapters/agents/load-module.ts";
import { agentRunner, type RunnerOptions } from "../../../src/adapters/agents/runner.ts";
import { loadSdk } from "../../../src/adapters/agents/sdk.ts";
import { subjectOf } from "../../../src/core/grade/subject.ts";
import type { PromptVersion } from "../../../src/core/prompt/prompt.ts";
import type { TrialRun } from "../../../src/core/replay/trial.ts";
import type { Trace } from "../../../src/core/trace/schema.ts";
import { scratch } from "../../support/io.ts";
import { recordRun, type Script } from "../../support/record.ts";
import { caseOf } from "../../support/replay.ts";

const { sdk } = await loadSdk(process.cwd());
const prompt: PromptVersion = { name: "p", version: "1", hash: "", parts: [{ instructions: "Triage: v2." }] };

/** A folder with a module in it that finds the SDK as a user's module would. `ALARM` is where a tool that ran would leave a mark. */
function moduleFolder(source: string, file = "agents.mjs"): { cwd: string; alarm: string; ref: string } {
  const cwd = scratch();
  mkdirSync(join(cwd, "src"));
  symlinkSync(join(process.cwd(), "node_modules"), join(cwd, "node_modules"));
  const alarm = join(cwd, "alarm");
  const head = `import { appendFileSync } from "node:fs";
const alarm = (who) => { appendFileSync(${JSON.stringify(alarm)}, who + "\\n"); throw new Error("really ran: " + who); };
`;
  writeFileSync(join(cwd, "src", file), head + source);
  return { cwd, alarm, ref: `src/${file}#createAgent` };
}

/**
 * Every way a tool can hang from an agent: of the first agent, of handoff targets in a cycle, of an agent used as a tool (made
 * when the module loads, with a stream handler and an extractor), of an agent that a guardrail asks by itself, of an MCP server.
 */
const trapped = `
import { Agent, handoff, run, tool } from "@openai/agents";
import { z } from "zod";
const trap = (name) => tool({ name, description: name, parameters: z.object({ id: z.string() }), execute: () => alarm(name), errorFunction: () => alarm(name + " error") });
const judge = new Agent({ name: "Judge", instructions: "Judge: is it rude?", model: "m", tools: [trap("check_list")] });
const expert = new Agent({ name: "Expert", instructions: "Expert: know.", model: "m", tools: [trap("search")] });
const ask = expert.asTool({ toolName: "ask_expert", toolDescription: "Asks.", onStream: () => {}, customOutputExtractor: (result) => "expert says: " + result.finalOutput });
const server = new Proxy({ name: "shop", cacheToolsList: false }, { get: (target, key) => key in target ? target[key] : () => alarm("mcp " + String(key)) });
export function createAgent(prompt) {
  const orders = new Agent({ name: "Orders", instructions: "Orders: help.", model: "m", tools: [trap("cancel")], mcpServers: MCP ? [server] : [] });
  const triage = new Agent({
    name: "Triage", instructions: prompt.parts[0].instructions, model: "m", tools: [trap("lookup"), ask],
    handoffs: [handoff(orders, { onHandoff: () => alarm("onHandoff") })],
    inputGuardrails: [{ name: "Rude", runInParallel: false, execute: async ({ input }) => ({ tripwireTriggered: (await run(judge, JSON.stringify(input))).finalOutput === "yes", outputInfo: {} }) }],
  });
  orders.handoffs = [triage];
  return triage;
}
`;

/** The same graph with tools that work, to record from. */
async function recording(script: Script): Promise<Trace> {
  const { Agent, tool } = sdk;
  const { z } = await import("zod");
  const works = (name: string) => tool({ name, description: name, parameters: z.object({ id: z.string() }), execute: ({ id }: { id: string }) => `${name} of ${id}` });
  const expert = new Agent({ name: "Expert", instructions: "Expert: know.", model: "m", tools: [works("search")] });
  const orders = new Agent({ name: "Orders", instructions: "Orders: help.", model: "m", tools: [works("cancel"), works("shop_stock")] });
  const triage = new Agent({
    name: "Triage", instructions: "Triage: v1.", model: "m", handoffs: [orders],
    tools: [works("lookup"), expert.asTool({ toolName: "ask_expert", toolDescription: "Asks.", customOutputExtractor: (result) => `expert says: ${String(result.finalOutput)}` })],
    inputGuardrails: [{ name: "Rude", runInParallel: false, execute: async () => ({ tripwireTriggered: false, outputInfo: {} }) }],
  });
  orders.handoffs = [triage];
  return recordRun(triage, ["Cancel 7, please"], script);
}

const whole: Script = {
  Triage: [[["lookup", { id: "7" }]], [["ask_expert", { input: "may I?" }]], [["transfer_to_Orders", {}]]],
  Expert: [[["search", { id: "rules" }]], "You may."],
  Orders: [[["cancel", { id: "7" }]], "Cancelled."],
};

async function replayed(source: string, trace: Trace, more: Partial<RunnerOptions> = {}): Promise<{ run: TrialRun; rang: boolean }> {
  const { cwd, alarm, ref } = moduleFolder(source);
  const module = await loadModule(ref, { sdk, cwd, prompt });
  const runner = agentRunner({ sdk, prompt, depth: "frozen", onMiss: "fail", rules: [], maxTurns: undefined, module, brain: undefined, fatal: () => undefined, ...more });
  const run = await runner.run({ case: caseOf(trace), trace, repeat: 0 }, undefined);
  return { run, rang: existsSync(alarm) };
}
const withJudge = (trace: Trace): Trace => {
  // The judge's answer, as an SDK that recorded the guardrail's own run would have it: under the guardrail span.
  const guardrail = trace.spans.find((span) => span.guardrail !== undefined);
  const at = trace.spans.findIndex((span) => span.guardrail !== undefined) + 1;
  const no = trace.messages.length;
  return {
    ...trace,
    messages: [...trace.messages, { role: "assistant", parts: [{ type: "text", text: "no" }] }],
    spans: [
      ...trace.spans.slice(0, at),
      { id: "judge", parent_id: guardrail?.id ?? null, kind: "response", started_at: guardrail?.started_at, ended_at: guardrail?.ended_at, model: { api: "responses", input: [], output: [no] } } as Trace["spans"][number],
      ...trace.spans.slice(at),
    ],
  };
};

test("no tool of the user's ever runs: not those of handoff targets, of agents used as tools, of agents that guardrails ask", async () => {
  const trace = withJudge(await recording(whole));
  const { run, rang } = await replayed(trapped.replaceAll("MCP", "false"), trace);
  expect(rang).toBe(false);
  expect(run.ending).toEqual({ kind: "gradable" });
  const recorded = subjectOf(trace);
  expect(run.subject.calls.map(({ name, output, agent }) => [agent, name, output])).toEqual(recorded.calls.map(({ name, output, agent }) => [agent, name, output]));
  expect(run.subject.calls.map(({ output }) => output)).toEqual(["lookup of 7", "expert says: You may.", "search of rules", "cancel of 7"]);
  expect(run.subject).toMatchObject({ handoffs: [{ from: "Triage", to: "Orders" }], guardrails: [{ name: "Rude", triggered: false }], output: "Cancelled." });
  expect(run.fidelity).toEqual({ served: 4, drifted: 0, missed: 0, unconsumed: 0 });
});

test("an MCP server is never asked: what it offered is taken from the recording", async () => {
  const trace = withJudge(await recording({ ...whole, Orders: [[["shop_stock", { id: "9" }]], "In stock."] }));
  const { run, rang } = await replayed(trapped.replaceAll("MCP", "true"), trace);
  expect(rang).toBe(false);
  expect(run.subject).toMatchObject({ output: "In stock.", calls: [{}, {}, {}, { name: "shop_stock", output: "shop_stock of 9" }] });
});

test("at depth tape the model is asked with the module's words and tools, and still nothing runs", async () => {
  const trace = await recording(whole);
  const asked: ModelRequest[] = [];
  const model: Model = {
    getStreamedResponse: () => { throw new Error("no"); },
    getResponse: async (request) => {
      asked.push(request);
      const judge = request.systemInstructions?.startsWith("Judge") === true;
      const call = (name: string, args: string) => [{ type: "function_call" as const, name, arguments: args, callId: `c${asked.length}`, status: "completed" as const }];
      const say = (text: string) => [{ type: "message" as const, role: "assistant" as const, status: "completed" as const, content: [{ type: "output_text" as const, text }] }];
      const output = judge ? (asked.length === 1 ? call("check_list", '{"id":"x"}') : say("no")) : asked.length < 4 ? call("lookup", '{"id":"8"}') : say("Done.");
      return { output, usage: new Usage() };
    },
  };
  const { run, rang } = await replayed(trapped.replaceAll("MCP", "false"), trace, { depth: "tape", brain: () => model, onMiss: "error" });
  expect(rang).toBe(false);
  expect(asked.map(({ systemInstructions }) => systemInstructions?.split(":")[0])).toEqual(["Judge", "Judge", "Triage", "Triage"]);
  expect(asked[2]?.systemInstructions).toBe("Triage: v2.");
  expect(asked[2]?.tools.map(({ name }) => name)).toEqual(["lookup", "ask_expert"]);
  expect(run.fidelity).toMatchObject({ drifted: 1, missed: 1 });
});

test("trials of one module do not meet: each has its own tape", async () => {
  const trace = withJudge(await recording(whole));
  const { cwd, alarm, ref } = moduleFolder(trapped.replaceAll("MCP", "false"));
  const module = await loadModule(ref, { sdk, cwd, prompt });
  const runner = agentRunner({ sdk, prompt, depth: "frozen", onMiss: "fail", rules: [], maxTurns: undefined, module, brain: undefined, fatal: () => undefined });
  const runs = await Promise.all(Array.from({ length: 8 }, async (_, repeat) => runner.run({ case: caseOf(trace), trace, repeat }, undefined)));
  expect(runs.map(({ fidelity, subject }) => [fidelity.served, fidelity.unconsumed, subject.output])).toEqual(runs.map(() => [4, 0, "Cancelled."]));
  expect(existsSync(alarm)).toBe(false);
});

test("a change in the user's code shows at depth frozen: a tool taken away, a handoff renamed, a guardrail that trips", async () => {
  const trace = withJudge(await recording(whole));
  const gone = await replayed(trapped.replaceAll("MCP", "false").replace('tools: [trap("lookup"), ask]', "tools: [ask]"), trace);
  expect(gone.run.subject.error).toMatch(/lookup/);
  const renamed = await replayed(trapped.replaceAll("MCP", "false").replace('name: "Orders"', 'name: "Order desk"'), trace);
  expect(renamed.run.subject.handoffs).toEqual([]);
  const trips = await replayed(trapped.replaceAll("MCP", "false").replace('=== "yes"', '=== "no"'), trace);
  expect(trips.run).toMatchObject({ ending: { kind: "gradable" }, subject: { guardrails: [{ name: "Rude", triggered: true }], calls: [] } });
});

const loading = async (source: string, file?: string, name = "createAgent"): Promise<unknown> => {
  const { cwd } = moduleFolder(source, file);
  return loadModule(`src/${file ?? "agents.mjs"}#${name}`, { sdk, cwd, prompt });
};
const needsNewNode = !(process.features as { typescript?: unknown }).typescript;

test.each<[string, () => Promise<unknown>, RegExp]>([
  ["a file that is not there", async () => loadModule("nope.mjs#x", { sdk, cwd: scratch(), prompt }), /no file nope\.mjs/],
  ["an export that is not there", async () => loading("export const a = 1, b = 2;"), /exports no createAgent/],
  ["a module that throws", async () => loading('throw new TypeError("oops");'), /could not be loaded: TypeError: oops/],
  ["a function that throws", async () => loading('export const createAgent = () => { throw new RangeError("secret words"); };'), /threw a RangeError/],
  ["a function that gives no agent", async () => loading("export const createAgent = () => ({});"), /gives no agent/],
  ["an agent of another copy of the SDK", async () => loading("export const createAgent = () => ({ name: 'x', getSystemPrompt() {} });"), /another copy/],
  [
    "a hosted tool deep in the graph",
    async () => loading('import { Agent, webSearchTool } from "@openai/agents"; const a = new Agent({ name: "Deep", tools: [webSearchTool()] }); const b = new Agent({ name: "B", handoffs: [a] }); a.handoffs = [b]; export const createAgent = () => new Agent({ name: "T", tools: [b.asTool({ toolName: "b", toolDescription: "b" })] });'),
    /Deep has the tool web_search/,
  ],
])("%s is refused before anything runs", async (_, load, message) => {
  await expect(load()).rejects.toMatchObject({ name: "CasebookError", code: "usage", message: expect.stringMatching(message) as string, hint: expect.any(String) as string });
});

test("a TypeScript module on a Node that cannot load it is refused with what to do", async () => {
  const loaded = loading("export const createAgent: unknown = 1;", "agents.ts");
  const message = needsNewNode ? "is TypeScript, which Node" : "gives no agent";
  await expect(loaded).rejects.toMatchObject({ code: "usage", message: expect.stringContaining(message) as string });
});

test("a replay traces nothing, even where the user's code switches tracing on and adds an exporter", async () => {
  const trace = withJudge(await recording(whole));
  const on = `const on = () => { setTracingDisabled(false); addTraceProcessor({ onTraceStart: async () => appendFileSync(${"TRACED"}, "t"), onTraceEnd: async () => {}, onSpanStart: async () => {}, onSpanEnd: async () => appendFileSync(${"TRACED"}, "s"), shutdown: async () => {}, forceFlush: async () => {} }); };`;
  const { cwd, ref } = moduleFolder("");
  const traced = join(cwd, "traced");
  const source = trapped
    .replaceAll("MCP", "false")
    .replace("export function", `import { addTraceProcessor, setTracingDisabled } from "@openai/agents"; ${on.replaceAll("TRACED", JSON.stringify(traced))} on();\nexport function`)
    .replace("execute: async ({ input }) => (", "execute: async ({ input }) => (on(), ");
  writeFileSync(join(cwd, "src", "agents.mjs"), `import { appendFileSync } from "node:fs"; const alarm = (who) => { throw new Error(who); };\n${source}`);
  const module = await loadModule(ref, { sdk, cwd, prompt });
  const run = await agentRunner({ sdk, prompt, depth: "frozen", onMiss: "fail", rules: [], maxTurns: undefined, module, brain: undefined, fatal: () => undefined }).run({ case: caseOf(trace), trace, repeat: 0 }, undefined);
  expect(run).toMatchObject({ ending: { kind: "gradable" }, subject: { output: "Cancelled.", guardrails: [{ name: "Rude" }] } });
  expect(existsSync(traced)).toBe(false);
});
