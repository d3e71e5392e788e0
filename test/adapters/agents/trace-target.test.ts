import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Agent, handoff, tool } from "@openai/agents";
import { z } from "zod";
import { expect, test } from "vitest";
import { agentRunner, type RunnerOptions } from "../../../src/adapters/agents/runner.ts";
import { loadSdk } from "../../../src/adapters/agents/sdk.ts";
import { subjectOf, type Subject } from "../../../src/core/grade/subject.ts";
import type { PromptVersion } from "../../../src/core/prompt/prompt.ts";
import { completenessOf } from "../../../src/core/trace/completeness.ts";
import type { Trace } from "../../../src/core/trace/schema.ts";
import type { TrialRun } from "../../../src/core/replay/trial.ts";
import { recordRun } from "../../support/record.ts";
import { caseOf, tracesOf } from "../../support/replay.ts";
import { sharedFile, sharedTest } from "../../support/shared.ts";

const recorded: PromptVersion = { name: "recorded", version: "as-is", hash: "", parts: [] };
const { sdk } = await loadSdk(process.cwd());
const replayed = async (trace: Trace, more: Partial<RunnerOptions> = {}): Promise<TrialRun> =>
  agentRunner({ sdk, prompt: recorded, depth: "frozen", onMiss: "fail", rules: [], maxTurns: undefined, module: undefined, brain: undefined, fatal: () => undefined, ...more }).run(
    { case: caseOf(trace), trace, repeat: 0 },
    undefined,
  );

/** What both a recorded and a replayed run have. */
const course = (subject: Subject) => ({
  calls: subject.calls.map(({ name, arguments: args, output, error, agent }) => ({ name, args, output, error, agent })),
  handoffs: subject.handoffs.map(({ from, to }) => ({ from, to })),
  guardrails: subject.guardrails.map(({ name, triggered }) => ({ name, triggered })),
  output: subject.output,
  error: subject.error,
  turns: subject.turns,
});

const lookup = tool({ name: "lookup_order", description: "One order.", parameters: z.object({ id: z.string() }), execute: ({ id }) => ({ id, state: "sent" }) });
const flaky = tool({ name: "flaky", description: "Fails.", parameters: z.object({}), execute: () => { throw new Error("boom"); } });

/** Triage with a guardrail, an agent as a tool that has a tool of its own, and two agents that hand over to each other. */
function graph() {
  const researcher = new Agent({ name: "Researcher", instructions: "Researcher: look things up.", tools: [lookup], model: "m" });
  const orders = new Agent({ name: "Orders agent", instructions: "Orders: help.", tools: [lookup, flaky], model: "m", outputGuardrails: [{ name: "No cards", execute: async ({ agentOutput }) => ({ tripwireTriggered: /4111/.test(String(agentOutput)), outputInfo: {} }) }] });
  const triage = new Agent({
    name: "Triage",
    instructions: "Triage: route.",
    model: "m",
    tools: [researcher.asTool({ toolName: "research", toolDescription: "Asks the researcher." })],
    handoffs: [handoff(orders, { toolNameOverride: "give_to_orders" })],
    inputGuardrails: [{ name: "No abuse", runInParallel: false, execute: async ({ input }) => ({ tripwireTriggered: JSON.stringify(input).includes("idiot"), outputInfo: {} }) }],
  });
  orders.handoffs = [triage];
  return triage;
}

test("a run with a guardrail, an agent as a tool, a renamed handoff in a cycle, parallel and failing calls comes out as recorded", async () => {
  const trace = await recordRun(graph(), ["Where is order 7?"], {
    Triage: [[["research", { input: "order 7" }]], [["give_to_orders", {}]]],
    Researcher: [[["lookup_order", { id: "7" }]], "It was sent."],
    Orders: [[["lookup_order", { id: "7" }], ["lookup_order", { id: "7" }], ["flaky", {}]], [["lookup_order", '{"id": 7']], "Order 7 was sent."],
  });
  const run = await replayed(trace);
  expect(run.ending).toEqual({ kind: "gradable" });
  expect(course(run.subject)).toEqual(course(subjectOf(trace)));
  expect(run.subject.calls.map(({ name }) => name)).toEqual(["research", "lookup_order", "lookup_order", "lookup_order", "flaky", "lookup_order"]);
  expect(run.subject.handoffs).toEqual([{ from: "Triage", to: "Orders agent" }]);
  expect(run.fidelity).toEqual({ served: 6, drifted: 0, missed: 0, unconsumed: 0 });
});

test("a run that its input guardrail blocked is blocked again, and one whose output guardrail tripped trips again", async () => {
  const blocked = await replayed(await recordRun(graph(), ["You idiot"], {}));
  expect(blocked.subject).toMatchObject({ guardrails: [{ name: "No abuse", triggered: true }], output: undefined, error: undefined, turns: 0 });
  const tripped = await replayed(await recordRun(graph(), ["My card?"], { Triage: [[["give_to_orders", {}]]], Orders: ["It is 4111 1111"] }));
  expect(tripped.subject.guardrails).toEqual([{ name: "No abuse", triggered: false }, { name: "No cards", triggered: true }]);
  expect(tripped.ending).toEqual({ kind: "gradable" });
});

test("a conversation of several runs is replayed run by run", async () => {
  const trace = await recordRun(graph(), ["hello", "and order 8?"], { Triage: ["Hi!", [["give_to_orders", {}]]], Orders: [[["lookup_order", { id: "8" }]], "Sent."] });
  const run = await replayed(trace);
  expect(course(run.subject)).toEqual(course(subjectOf(trace)));
  expect(run.subject.output).toBe("Sent.");
  expect(run.subject.guardrails.map(({ name }) => name)).toEqual(["No abuse", "No abuse", "No cards"]);
});

test("a run that ran out of turns ends in the same error", async () => {
  const trace = await recordRun(graph(), ["loop"], { Triage: [[["give_to_orders", {}]]], Orders: [[["flaky", {}]], [["flaky", {}]]] }, { maxTurns: 3 });
  const run = await replayed(trace);
  expect(run.ending).toEqual({ kind: "gradable" });
  expect(run.subject.error).toMatch(/Max turns/);
  expect(course(run.subject)).toEqual(course(subjectOf(trace)));
});

test("every example trace that can be replayed comes out as recorded", async () => {
  const traces = readdirSync("examples/support-agent/traces").flatMap((file) => tracesOf(join("examples/support-agent/traces", file)));
  const whole = traces.filter((trace) => completenessOf(trace).replayable.ok && trace.spans.every((span) => span.original_parent_id === undefined));
  expect(whole.length).toBeGreaterThan(25);
  for (const trace of whole) {
    const run = await replayed(trace);
    expect([trace.id, course(run.subject), run.ending]).toEqual([trace.id, course(subjectOf(trace)), { kind: "gradable" }]);
    expect(run.fidelity).toMatchObject({ drifted: 0, missed: 0, unconsumed: 0 });
  }
});

sharedTest("recordings of the real SDK come out as recorded: approvals, bad arguments, hard errors, streams, structured output, chat", ["sdk-samples/ts-agent-as-tool.rich.jsonl"], async () => {
  const files = readdirSync(sharedFile("sdk-samples")).filter((file) => file.endsWith(".rich.jsonl") && !file.includes("manual-spans"));
  let replayable = 0;
  for (const file of files)
    for (const trace of tracesOf(sharedFile(`sdk-samples/${file}`))) {
      const run = await replayed(trace);
      if (completenessOf(trace).replayable.ok) {
        replayable += 1;
        expect([file, course(run.subject), run.ending]).toEqual([file, course(subjectOf(trace)), { kind: "gradable" }]);
      } else if (run.ending.kind !== "gradable") expect([file, run.ending]).toMatchObject([file, { kind: "invalid", code: "not-replayable" }]);
    }
  expect(replayable).toBeGreaterThanOrEqual(20);
});

test("an application that stops at a tool, or cuts a run short, is replayed to the same place", async () => {
  const stops = graph();
  const orders = stops.handoffs[0] as unknown as { agent: Agent };
  orders.agent.toolUseBehavior = { stopAtToolNames: ["lookup_order"] };
  const trace = await recordRun(stops, ["Order 7?"], { Triage: [[["give_to_orders", {}]]], Orders: [[["lookup_order", { id: "7" }]], "never asked"] });
  const run = await replayed(trace);
  expect([course(run.subject), run.ending]).toEqual([course(subjectOf(trace)), { kind: "gradable" }]);
  expect(run.subject).toMatchObject({ calls: [{ name: "lookup_order" }], output: undefined, turns: 2 });
  const twice = await recordRun(stops, ["Order 7?", "Order 8?"], { Triage: [[["give_to_orders", {}]], [["give_to_orders", {}]]], Orders: [[["lookup_order", { id: "7" }]], [["lookup_order", { id: "8" }]]] });
  expect((await replayed(twice)).ending).toEqual({ kind: "gradable" });
});

sharedTest("25 airline dialogues of a real model come out as recorded", ["tau-airline-traces.jsonl.gz"], async () => {
  const traces = tracesOf(sharedFile("tau-airline-traces.jsonl.gz"), 8);
  for (const trace of traces) {
    const run = await replayed(trace);
    const { error: _, ...recordedCourse } = course(subjectOf(trace));
    expect([trace.id, run.ending, run.fidelity.unconsumed, course(run.subject)]).toMatchObject([trace.id, { kind: "gradable" }, 0, recordedCourse]);
  }
  expect(traces).toHaveLength(25);
});
