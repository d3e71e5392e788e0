import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Agent, tool } from "@openai/agents";
import { z } from "zod";
import { beforeAll, expect, test } from "vitest";
import type { Trace } from "../../src/core/trace/schema.ts";
import { distFile } from "../support/dist.ts";
import { casebook, scratch } from "../support/io.ts";
import { recordRun } from "../support/record.ts";
import { caseOf, put, releaseDataset } from "../support/replay.ts";

const orders = ["7", "8", "9", "10"];
const traces = new Map<string, Trace>();
beforeAll(async () => {
  const lookup = tool({ name: "lookup_order", description: "One order.", parameters: z.object({ id: z.string() }), execute: ({ id }) => ({ id, state: "sent" }) });
  const support = new Agent({ name: "Support", instructions: "Support: look the order up first.", tools: [lookup], model: "m" });
  for (const id of orders) traces.set(id, await recordRun(support, [`Where is order ${id}?`], { Support: [[["lookup_order", { id }]], `Order ${id} was sent.`] }));
});

const checks = [
  { id: "looks-up", type: "called" as const, tool: "lookup_order" },
  { id: "says-sent", type: "output" as const, contains: "sent" },
];

/** A workspace with a released dataset of four cases, two prompt versions, and a model that does as its instructions say. */
function workspace(): string {
  const cwd = scratch();
  releaseDataset(cwd, "orders", orders.map((id) => ({ trace: traces.get(id) as Trace, case: caseOf(traces.get(id) as Trace, checks, { id: `order-${id}`, title: `Order ${id}` }) })));
  put(join(cwd, "casebook.yaml"), "schema: casebook/config@1\n");
  put(join(cwd, "prompts", "support", "v1.md"), "Look the order up first.");
  put(join(cwd, "prompts", "support", "v2.md"), "Answer at once.");
  symlinkSync(join(process.cwd(), "node_modules"), join(cwd, "node_modules"));
  writeFileSync(join(cwd, "model.mjs"), `
import { appendFileSync, existsSync } from "node:fs";
import { Usage } from "@openai/agents";
export const createModel = ({ agent, prompt }) => ({
  async getResponse({ systemInstructions, input }) {
    const text = JSON.stringify(input);
    appendFileSync(new URL("asked.log", import.meta.url), agent + " " + prompt.version + "\\n");
    if (existsSync(new URL("down", import.meta.url)) && text.includes("order 9")) throw new Error("down: " + text);
    if (existsSync(new URL("slow", import.meta.url))) await new Promise((resolve) => setTimeout(resolve, 150));
    const id = /order (\\d+)/.exec(text)[1];
    const say = (text) => ({ type: "message", role: "assistant", status: "completed", content: [{ type: "output_text", text }] });
    const looked = text.includes("function_call_result");
    const output = looked ? [say("It was sent. Mail jo.doe@example.com")] : systemInstructions.startsWith("Look") ? [{ type: "function_call", callId: "c1", name: "lookup_order", arguments: JSON.stringify({ id }), status: "completed" }] : [say("No idea.")];
    return { output, usage: new Usage({ requests: 1, inputTokens: 3, outputTokens: 2, totalTokens: 5 }) };
  },
  getStreamedResponse() { throw new Error("not streamed"); },
});
`);
  return cwd;
}
const tape = ["--depth", "tape", "--model-module", "model.mjs#createModel"];
const runsOf = (cwd: string): string[] => (existsSync(join(cwd, ".casebook/runs")) ? readdirSync(join(cwd, ".casebook/runs")).sort() : []);
const asked = (cwd: string): number => (existsSync(join(cwd, "asked.log")) ? readFileSync(join(cwd, "asked.log"), "utf8").trimEnd().split("\n").length : 0);
const trialLines = (cwd: string, run: string): string[] => readFileSync(join(cwd, ".casebook/runs", run, "trials.jsonl"), "utf8").trimEnd().split("\n");

test("a frozen replay grades every case from the recording and says what to type next", async () => {
  const cwd = workspace();
  const ran = await casebook(cwd, ["replay", "-p", "support@v1"]);
  expect([ran.code, runsOf(cwd)]).toEqual([0, [expect.stringMatching(/^\d{8}-\d{6}-support-v1-[0-9a-f]{4}$/) as string]]);
  expect(ran.out).toMatch(/cases passing +4\/4/);
  expect(ran.out.split("\n").every((line) => line.length <= 80)).toBe(true);
  expect(ran.err).toContain(`casebook gate ${runsOf(cwd)[0]}`);
});

test("several prompt versions are a run each, and the bad one fails its checks; both exit 0", async () => {
  const cwd = workspace();
  const ran = await casebook(cwd, ["replay", "-p", "support@v1", "support@v2", ...tape, "--json"]);
  expect(ran.code).toBe(0);
  const [good, bad] = ran.json();
  expect([good.prompt.version, good.ends.pass, bad.prompt.version, bad.ends.fail]).toEqual(["v1", 4, "v2", 4]);
  expect(bad.cases[0].failing.map(({ id }: { id: string }) => id)).toEqual(["looks-up", "says-sent"]);
  expect(ran.err).toContain(`casebook gate ${bad.id} --baseline ${good.id}`);
  const gate = await casebook(cwd, ["gate", bad.id, "--baseline", good.id]);
  expect(gate.out).toMatch(/newly failing/i);
});

test("what a model said is redacted before it rests in the log", async () => {
  const cwd = workspace();
  await casebook(cwd, ["replay", "-p", "support@v1", ...tape]);
  const log = trialLines(cwd, runsOf(cwd)[0] ?? "").join("\n");
  expect(log).toContain("It was sent. Mail [EMAIL:");
  expect(log).not.toContain("jo.doe");
});

test("repeats are trials of their own, and pass^k comes out", async () => {
  const cwd = workspace();
  const ran = await casebook(cwd, ["replay", "-p", "support@v1", ...tape, "--repeat", "3", "-j", "2", "--json"]);
  expect(ran.json()).toMatchObject({ trials: { done: 12, of: 12 }, repeat: 3, pass_hat: [{ k: 1, value: 1 }, { k: 2, value: 1 }, { k: 3, value: 1, cases: 4 }] });
});

test("a dataset that is not what was released is refused, exit 1; --unreleased takes it as it is", async () => {
  const cwd = workspace();
  const file = join(cwd, "datasets/orders/cases/order-8/case.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace("contains: sent", "contains: delivered"));
  const refused = await casebook(cwd, ["replay", "-p", "support@v1"]);
  expect([refused.code, refused.err, runsOf(cwd)]).toEqual([1, expect.stringContaining("order-8"), []]);
  const ran = await casebook(cwd, ["replay", "-p", "support@v1", "--unreleased", "--json"]);
  expect(ran.json()).toMatchObject({ dataset: { version: "unreleased" }, ends: { pass: 3, fail: 1 } });
  const lock = join(cwd, "datasets/orders/versions/1.0.0.json");
  const edited = workspace();
  writeFileSync(join(edited, "datasets/orders/versions/1.0.0.json"), readFileSync(lock, "utf8").replace(/"verdict": "pass"/, '"verdict": "fail"'));
  expect((await casebook(edited, ["replay", "-p", "support@v1"])).code).toBe(1);
});

test.each<[string, string[], RegExp]>([
  ["no case selected", ["-p", "support@v1", "--filter", "nope"], /nothing to replay/],
  ["no prompt version", [], /Which prompt version/],
  ["a prompt version that is not there", ["-p", "support@v7"], /no prompt version support@v7/],
  ["a dataset that is not there", ["nope", "-p", "support@v1"], /no dataset nope/],
  ["a version that is not there", ["orders@9.0.0", "-p", "support@v1"], /no version 9\.0\.0/],
  ["a model at depth frozen", ["-p", "support@v1", "--model", "m"], /no model is asked/],
  ["a key that is not set", ["-p", "support@v1", "--depth", "tape", "--model", "m", "--base-url", "https://api.invalid/v1"], /OPENAI_API_KEY is not set/],
  ["a target of another kind", ["-p", "support@v1", "--target", "command:x"], /A target is/],
  ["a module that is not there", ["-p", "support@v1", "--target", "module:nope.mjs#x"], /no file nope/],
  ["a depth of another name", ["-p", "support@v1", "--depth", "live"], /Allowed choices/],
  ["a share above one", ["-p", "support@v1", "--min-fidelity", "1.5"], /share from 0 to 1/],
  ["nothing to go on with", ["--resume"], /Every run is finished/],
])("%s is a usage error, exit 2, and leaves no run", async (_, argv, message) => {
  const cwd = workspace();
  const ran = await casebook(cwd, ["replay", ...argv]);
  expect([ran.code, ran.err, ran.out]).toEqual([2, expect.stringMatching(message), ""]);
  expect(runsOf(cwd)).toEqual([]);
});

test("a key over http is refused before anything is sent", async () => {
  const ran = await casebook(workspace(), ["replay", "-p", "support@v1", "--depth", "tape", "--base-url", "http://models.invalid/v1"], { env: { OPENAI_API_KEY: "sk-secret" } });
  expect([ran.code, ran.err]).toEqual([2, expect.stringContaining("in the clear")]);
  expect(ran.err).not.toContain("sk-secret");
});

test("--list and --dry-run say what would be run, and run nothing", async () => {
  const cwd = workspace();
  const list = await casebook(cwd, ["replay", "--list", "--filter", "order-1"]);
  expect([list.code, list.out]).toEqual([0, "pass  order-10\n"]);
  const dry = await casebook(cwd, ["replay", "-p", "support@v1", ...tape, "--repeat", "2", "--limit", "3", "--dry-run", "--json"]);
  expect(dry.json().runs).toMatchObject([{ depth: "tape", repeat: 2, trials_left: 6, cases: [{ id: "order-10" }, { id: "order-7" }, { id: "order-8" }] }]);
  expect([runsOf(cwd), asked(cwd)]).toEqual([[], 0]);
});

test("a model that is down makes the run exit 3, its trials errors; --resume repeats only those", async () => {
  const cwd = workspace();
  writeFileSync(join(cwd, "down"), "");
  const first = await casebook(cwd, ["replay", "-p", "support@v1", ...tape]);
  expect([first.code, first.out]).toEqual([3, expect.stringMatching(/1 in error/)]);
  expect(trialLines(cwd, runsOf(cwd)[0] ?? "").join("")).not.toContain("down:");
  const before = asked(cwd);
  const { rmSync } = await import("node:fs");
  rmSync(join(cwd, "down"));
  const again = await casebook(cwd, ["replay", "--resume", "--json"]);
  expect([again.code, again.json().ends, asked(cwd) - before]).toEqual([0, { pass: 4, fail: 0, invalid: 0, error: 0, missing: 0 }, 2]);
  expect(runsOf(cwd)).toHaveLength(1);
});

test("--only failed replays what failed last time", async () => {
  const cwd = workspace();
  await casebook(cwd, ["replay", "-p", "support@v2", ...tape, "--filter", "order-8"]);
  const ran = await casebook(cwd, ["replay", "-p", "support@v1", ...tape, "--only", "failed", "--json"]);
  expect(ran.json()).toMatchObject({ trials: { of: 1 }, ends: { pass: 1 }, cases: [{ case_id: "order-8" }] });
});

test("Ctrl-C keeps what is finished, exits 130, and --resume goes on without repeating it", async () => {
  const cwd = workspace();
  writeFileSync(join(cwd, "slow"), "");
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 450);
  const stopped = await casebook(cwd, ["replay", "-p", "support@v1", ...tape, "-j", "1"], { io: { signal: stop.signal } });
  const [run = ""] = runsOf(cwd);
  expect([stopped.code, stopped.err]).toEqual([130, expect.stringContaining(`casebook replay --resume ${run}`)]);
  const finished = existsSync(join(cwd, ".casebook/runs", run, "trials.jsonl")) ? trialLines(cwd, run).length : 0;
  expect(finished).toBeLessThan(4);
  const before = asked(cwd);
  const ran = await casebook(cwd, ["replay", "--resume", run, "--json"]);
  expect([ran.code, ran.json().ends.pass, asked(cwd) - before]).toEqual([0, 4, (4 - finished) * 2]);
});

test("a killed run goes on where it was: nothing finished is repeated, a torn line is", async () => {
  const cwd = workspace();
  writeFileSync(join(cwd, "slow"), "");
  const child = spawn(process.execPath, [distFile("cli/main.js"), "replay", "-p", "support@v1", ...tape, "-j", "1"], { cwd, stdio: "ignore", env: { ...process.env, CASEBOOK_KEY: "00".repeat(32) } });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const log = (): string => { const [run] = runsOf(cwd); const file = join(cwd, ".casebook/runs", run ?? "", "trials.jsonl"); return run !== undefined && existsSync(file) ? readFileSync(file, "utf8") : ""; };
  for (let i = 0; i < 400 && log().split("\n").length < 3; i += 1) await new Promise((resolve) => setTimeout(resolve, 25));
  child.kill("SIGKILL");
  await ended;
  const finished = log().split("\n").length - 1;
  expect(finished).toBeGreaterThanOrEqual(2);
  expect(finished).toBeLessThan(4);
  appendFileSync(join(cwd, ".casebook/runs", runsOf(cwd)[0] ?? "", "trials.jsonl"), '{"schema":"casebook/tri');
  const before = asked(cwd);
  const ran = await casebook(cwd, ["replay", "--resume", "--json"]);
  expect([ran.code, ran.json().ends.pass, asked(cwd) - before]).toEqual([0, 4, (4 - finished) * 2]);
  expect(trialLines(cwd, runsOf(cwd)[0] ?? "")).toHaveLength(4);
});

test.each<[string, (cwd: string) => void, RegExp]>([
  ["the prompt", (cwd) => put(join(cwd, "prompts/support/v1.md"), "Other words."), /the prompt changed/],
  ["the rules", (cwd) => put(join(cwd, "casebook.yaml"), "schema: casebook/config@1\nreplay:\n  rules:\n    - numbers: loose\n"), /the settings changed/],
])("a run does not go on after %s changed", async (_, change, message) => {
  const cwd = workspace();
  writeFileSync(join(cwd, "down"), "");
  await casebook(cwd, ["replay", "-p", "support@v1", ...tape]);
  change(cwd);
  const ran = await casebook(cwd, ["replay", "--resume"]);
  expect([ran.code, ran.err]).toEqual([2, expect.stringMatching(message)]);
});

test("a run does not go on with other flags", async () => {
  const cwd = workspace();
  writeFileSync(join(cwd, "down"), "");
  await casebook(cwd, ["replay", "-p", "support@v1", ...tape]);
  for (const flags of [["--repeat", "2"], ["--on-miss", "stub"], ["--depth", "frozen"], ["-p", "support@v2"], ["--min-fidelity", "0.5"]])
    expect((await casebook(cwd, ["replay", "--resume", ...flags])).code).toBe(2);
});

test("a prompt that speaks to no agent of the cases is said so", async () => {
  const cwd = workspace();
  put(join(cwd, "prompts/support/v3.md"), "---\nagent: Suport\n---\nWords.");
  const ran = await casebook(cwd, ["replay", "-p", "support@v3"]);
  expect(ran.err).toContain("support@v3 says nothing to any agent of 4 of 4 cases");
});

test("the user's module is the target: its agents run, its tools do not", async () => {
  const cwd = workspace();
  mkdirSync(join(cwd, "agents"));
  writeFileSync(join(cwd, "agents", "support.mjs"), `
import { Agent, tool } from "@openai/agents";
import { z } from "zod";
import { writeFileSync } from "node:fs";
const lookup = tool({ name: "lookup_order", description: "x", parameters: z.object({ id: z.string() }), execute: () => { writeFileSync("${join(cwd, "ran")}", ""); return "x"; } });
export const createAgent = (prompt) => new Agent({ name: "Support", instructions: prompt.parts[0].instructions, tools: [lookup], model: "m" });
`);
  const ran = await casebook(cwd, ["replay", "-p", "support@v1", "support@v2", ...tape, "--target", "module:agents/support.mjs#createAgent", "--json"]);
  expect(ran.json().map(({ ends }: { ends: { pass: number } }) => ends.pass)).toEqual([4, 0]);
  expect(existsSync(join(cwd, "ran"))).toBe(false);
});
