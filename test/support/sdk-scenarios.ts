import { setTimeout as sleep } from "node:timers/promises";
import * as agents from "@openai/agents";
import { ScriptedModel, assistantMessage, functionCall } from "@openai/agents/testing";
import * as z from "zod";
import type { ChatAnswer } from "./chat-api.ts";
import { called, said, type Answer } from "./responses-api.ts";

/**
 * The ways in which the SDK writes traces, each with what its model says. They are those of the recorded samples, run anew:
 * a run may then be seen by two tracers at once.
 */
export type Scenario = {
  readonly name: string;
  readonly responses?: readonly Answer[];
  readonly chat?: readonly ChatAnswer[];
  readonly run: (runner: agents.Runner) => Promise<unknown>;
  /** Traces of the SDK; one where nothing is said. */
  readonly traces?: number;
  /** Traces that OpenInference writes of it, where they are not as many. */
  readonly otlp?: number;
  /** Sensitive data off would change nothing: what is written by hand is written. */
  readonly byHand?: true;
  readonly tracing?: { readonly includeTaskAndTurnSpans: boolean };
};

const asked = "Please refund invoice INV-77.";
const invoice = agents.tool({ name: "get_invoice", description: "d", parameters: z.object({ invoice_id: z.string() }), execute: async ({ invoice_id }) => ({ invoice_id, total_cents: 4200 }) });
const refund = agents.tool({ name: "issue_refund", description: "d", parameters: z.object({ invoice_id: z.string() }), execute: async () => Promise.reject(new Error("closed")) });
const hard = agents.tool({ name: "hard_fail", description: "d", parameters: z.object({}), errorFunction: null, execute: async () => Promise.reject(new Error("hard failure")) });
const remove = agents.tool({ name: "delete_account", description: "d", parameters: z.object({ id: z.string() }), needsApproval: true, execute: async ({ id }) => `deleted ${id}` });
const dump = agents.tool({ name: "big_dump", description: "d", parameters: z.object({}), execute: async () => "é".repeat(150_000) });

const call = (name: string, args: object | string, id?: string): Answer => ({ output: [called(name, typeof args === "string" ? args : JSON.stringify(args), id)] });
const say = (text: string): Answer => ({ output: [said(text)] });
const failing = (run: Promise<unknown>): Promise<unknown> => run.catch(() => undefined);
const guard = (tripwireTriggered: boolean) => async (): Promise<agents.GuardrailFunctionOutput> => ({ tripwireTriggered, outputInfo: { reason: "homework" } });
const agentWith = (name: string, more: object = {}): agents.Agent => new agents.Agent({ name, instructions: `${name} instructions`, ...more });

const handover = async (runner: agents.Runner, stream: boolean): Promise<unknown> => {
  const billing = agentWith("Billing", { tools: [invoice, refund], outputGuardrails: [{ name: "PII out", execute: guard(false) }] });
  const triage = agentWith("Triage", { handoffs: [billing], inputGuardrails: [{ name: "No Homework", execute: guard(false) }] });
  if (!stream) return runner.run(triage, asked);
  const result = await runner.run(triage, asked, { stream: true });
  return result.completed;
};
const handoverSaid: readonly Answer[] = [call("transfer_to_Billing", "{}", "call_h"), { output: [called("get_invoice", '{"invoice_id":"INV-77"}', "call_a"), called("issue_refund", '{"invoice_id":"INV-77"}', "call_b")] }, say("Invoice INV-77 cannot be refunded.")];
const handoverChat: readonly ChatAnswer[] = [[["transfer_to_Billing", "{}"]], [["get_invoice", '{"invoice_id":"INV-77"}'], ["issue_refund", '{"invoice_id":"INV-77"}']], "Invoice INV-77 cannot be refunded."];

/** Three at once that ask the same. They begin a few milliseconds apart, as requests do. */
const sideBySide = (runner: agents.Runner): Promise<unknown> =>
  Promise.all([0, 1, 2].map(async (at) => {
    await sleep(at * 4);
    return runner.run(agentWith("Chat"), "Say the same");
  }));

async function decided(runner: agents.Runner, decide: "approve" | "reject"): Promise<unknown> {
  const danger = agentWith("Danger", { tools: [remove] });
  const first = await runner.run(danger, "Delete account a1");
  for (const item of first.interruptions) first.state[decide](item);
  return runner.run(danger, first.state);
}

export const scenarios: readonly Scenario[] = [
  { name: "responses, handoff and tools", responses: handoverSaid, run: (runner) => handover(runner, false) },
  { name: "responses, streamed", responses: handoverSaid, run: (runner) => handover(runner, true) },
  { name: "chat, handoff and tools", chat: handoverChat, run: (runner) => handover(runner, false) },
  { name: "chat, streamed", chat: handoverChat, run: (runner) => handover(runner, true) },
  {
    name: "agent as tool",
    responses: [call("translate", { input: "hello" }), say("bonjour"), say("It is bonjour.")],
    run: (runner) => runner.run(agentWith("Orchestrator", { tools: [agentWith("Translator").asTool({ toolName: "translate", toolDescription: "d" })] }), "Translate hello"),
  },
  { name: "approval, interrupted and resumed", otlp: 2, responses: [call("delete_account", { id: "a1" }), say("Deleted.")], run: (runner) => decided(runner, "approve") },
  { name: "approval, rejected", otlp: 2, responses: [call("delete_account", { id: "a1" }), say("Kept.")], run: (runner) => decided(runner, "reject") },
  { name: "arguments that are no JSON", responses: [call("get_invoice", '{"invoice_id": 12, '), say("Sorry.")], run: (runner) => runner.run(agentWith("BadArgs", { tools: [invoice] }), asked) },
  { name: "a tool's error that ends the run", responses: [call("hard_fail", {})], run: (runner) => failing(runner.run(agentWith("Hard", { tools: [hard] }), asked)) },
  { name: "responses side by side", responses: [say("Same."), say("Same."), say("Same.")], traces: 3, run: sideBySide },
  { name: "chats side by side", chat: ["Same.", "Same.", "Same."], traces: 3, run: sideBySide },
  {
    name: "second turn of a conversation",
    responses: [say("Hello."), say("You said hi.")],
    traces: 2,
    run: async (runner) => {
      const first = await runner.run(agentWith("Chat"), "Hi");
      return runner.run(agentWith("Chat"), [...first.history, { role: "user", content: "What did I say?" }]);
    },
  },
  {
    name: "previous response id",
    responses: [say("Hello."), say("You said hi.")],
    traces: 2,
    run: async (runner) => {
      const first = await runner.run(agentWith("Chat"), "Hi");
      return runner.run(agentWith("Chat"), "What did I say?", first.lastResponseId === undefined ? {} : { previousResponseId: first.lastResponseId });
    },
  },
  {
    name: "a model that writes no span",
    run: (runner) => {
      const model = new ScriptedModel([[functionCall("get_invoice", '{"invoice_id":"INV-1"}', { callId: "c1" })], [assistantMessage("It is 42.")]]);
      return runner.run(agentWith("Scripted", { model, tools: [invoice] }), "What does INV-1 cost?");
    },
  },
  { name: "huge fields", responses: [call("big_dump", {}), say("Done.")], run: (runner) => runner.run(agentWith("Big", { tools: [dump] }), "Dump") },
  {
    name: "spans of all types by hand",
    byHand: true,
    run: () =>
      agents.withTrace("Manual", async () => {
        await agents.withCustomSpan(async () => undefined, { data: { name: "db", data: { table: "users", rows: 3 } } });
        await agents.withTranscriptionSpan(async () => undefined, { data: { model: "gpt-4o-transcribe", input: { data: "AAAA", format: "pcm" }, output: "hi there" } });
        await agents.withSpeechGroupSpan(() => agents.withSpeechSpan(async () => undefined, { data: { model: "gpt-4o-mini-tts", input: "hi", output: { data: "AAAA", format: "pcm" } } }), { data: { input: "hi" } });
        await agents.withMCPListToolsSpan(async () => undefined, { data: { server: "files", result: ["read"] } });
        // Told by its look alone, which many runs of one second must not share.
        const input = ["Q1", "Q2", "Q3", "Q4"].map((content) => ({ role: "user", content }));
        await agents.withGenerationSpan(async () => undefined, { data: { model: "m", input, output: [{ role: "assistant", content: "a" }] } });
        await failing(agents.withCustomSpan(async () => Promise.reject(new Error("boom")), { data: { name: "thrower", data: {} } }));
      }),
  },
  {
    name: "too many turns",
    responses: [call("get_invoice", { invoice_id: "X0" }, "call_0"), call("get_invoice", { invoice_id: "X1" }, "call_1")],
    run: (runner) => failing(runner.run(agentWith("Loop", { tools: [invoice] }), "Loop", { maxTurns: 2 })),
  },
  {
    name: "several runs in one trace",
    responses: [say("A joke."), say("Two of ten.")],
    run: (runner) =>
      agents.withTrace("Jokes", async () => {
        const first = await runner.run(agentWith("Joker"), "Tell a joke");
        return runner.run(agentWith("Rater"), `Rate it: ${String(first.finalOutput)}`);
      }),
  },
  { name: "no task and turn spans", tracing: { includeTaskAndTurnSpans: false }, responses: handoverSaid, run: (runner) => handover(runner, false) },
  {
    name: "the same tool called twice at once",
    responses: [{ output: [called("get_invoice", '{"invoice_id":"A"}', "call_a"), called("get_invoice", '{"invoice_id":"A"}', "call_b")] }, say("Both.")],
    run: (runner) => runner.run(agentWith("Twice", { tools: [invoice] }), asked),
  },
  { name: "an HTTP error", responses: [{ status: 400, message: "no such model" }], run: (runner) => failing(runner.run(agentWith("Chat"), asked)) },
  { name: "an HTTP error of chat", chat: [{ status: 400, message: "no such model" }], run: (runner) => failing(runner.run(agentWith("Chat"), asked)) },
  {
    name: "an input guardrail that trips",
    run: (runner) => failing(runner.run(agentWith("Triage", { inputGuardrails: [{ name: "No Homework", runInParallel: false, execute: guard(true) }] }), asked)),
  },
  { name: "an output guardrail that trips", responses: [say("jane's card")], run: (runner) => failing(runner.run(agentWith("Triage", { outputGuardrails: [{ name: "PII out", execute: guard(true) }] }), asked)) },
  {
    name: "structured output",
    responses: [say('{"intent":"refund"}')],
    run: (runner) => runner.run(new agents.Agent({ name: "Classifier", instructions: "x", outputType: z.object({ intent: z.string() }) }), asked),
  },
];
