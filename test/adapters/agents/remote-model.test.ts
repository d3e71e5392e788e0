import { Agent, tool } from "@openai/agents";
import type { ServerResponse } from "node:http";
import { z } from "zod";
import { expect, test } from "vitest";
import { checkEndpoint, remoteBrain, type Endpoint } from "../../../src/adapters/agents/remote-model.ts";
import { agentRunner } from "../../../src/adapters/agents/runner.ts";
import { loadSdk } from "../../../src/adapters/agents/sdk.ts";
import type { TrialRun } from "../../../src/core/replay/trial.ts";
import { recordRun, responseTo } from "../../support/record.ts";
import { caseOf } from "../../support/replay.ts";
import { json, serve, type Seen } from "../../support/server.ts";

const loaded = await loadSdk(process.cwd());
const lookup = tool({ name: "lookup_order", description: "One order.", parameters: z.object({ id: z.string() }), execute: ({ id }) => ({ id, state: "sent" }) });
const support = new Agent({ name: "Support", instructions: "Support: help.", tools: [lookup], model: "recorded-model" });
const trace = await recordRun(support, ["Where is order 7?"], { Support: [[["lookup_order", { id: "7" }]], "Order 7 was sent."] });

type Answer = (seen: Seen, response: ServerResponse, index: number) => void;
const talks: Answer = (seen, response, index) => json(response, responseTo(JSON.parse(seen.body), index === 0 ? [["lookup_order", { id: "7" }]] : "It was sent.", index));

async function against(answer: Answer, more: Partial<Endpoint> = {}, trials = 1): Promise<{ runs: TrialRun[]; seen: Seen[] }> {
  const { base, seen } = await serve(answer);
  const { brain, fatal } = remoteBrain(loaded, { baseUrl: `${base}/v1`, api: "responses", key: "sk-secret-key", keyFrom: "MY_KEY", model: undefined, concurrency: 4, signal: undefined, ...more });
  const runner = agentRunner({ sdk: loaded.sdk, prompt: { name: "p", version: "1", hash: "", parts: [{ instructions: "New words." }] }, depth: "tape", onMiss: "fail", rules: [], maxTurns: undefined, module: undefined, brain, fatal });
  const runs = await Promise.all(Array.from({ length: trials }, async (_, repeat) => runner.run({ case: caseOf(trace), trace, repeat }, undefined)));
  return { runs, seen };
}

test("a Responses endpoint is asked with the prompt's words, the recorded tools and model, and the key", async () => {
  const { runs, seen } = await against(talks);
  expect(runs[0]).toMatchObject({ ending: { kind: "gradable" }, subject: { output: "It was sent.", turns: 2, usage: { requests: 2, input: 20, output: 10, total: 30 } }, fidelity: { served: 1 } });
  expect(seen.map(({ method, path, headers }) => [method, path, headers.authorization])).toEqual([["POST", "/v1/responses", "Bearer sk-secret-key"], ["POST", "/v1/responses", "Bearer sk-secret-key"]]);
  expect(JSON.parse(seen[0]?.body ?? "")).toMatchObject({ model: "recorded-model", instructions: "New words.", tools: [{ type: "function", name: "lookup_order" }] });
  expect(seen[1]?.body).toContain('{\\"id\\":\\"7\\",\\"state\\":\\"sent\\"}');
});

test("a Chat endpoint is asked in its own words, and --model stands over the recorded one", async () => {
  const { runs, seen } = await against(
    (_, response, index) =>
      json(response, {
        id: `c${index}`, object: "chat.completion", created: 1, model: "local",
        choices: [{ index: 0, finish_reason: "stop", message: index === 0 ? { role: "assistant", content: null, tool_calls: [{ id: "c", type: "function", function: { name: "lookup_order", arguments: '{"id":"7"}' } }] } : { role: "assistant", content: "Sent." } }],
        usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
      }),
    { api: "chat", model: "local" },
  );
  expect(runs[0]).toMatchObject({ ending: { kind: "gradable" }, subject: { output: "Sent.", calls: [{ name: "lookup_order" }], usage: { total: 20 } } });
  expect(seen.map(({ path }) => path)).toEqual(["/v1/chat/completions", "/v1/chat/completions"]);
  expect(JSON.parse(seen[0]?.body ?? "")).toMatchObject({ model: "local", messages: [{ role: "system", content: "New words." }, { role: "user" }] });
});

test("429, 5xx and broken connections are retried, and leave no trace in the trial", async () => {
  const faults: Answer[] = [
    (_, response) => json(response, { error: { message: "slow down" } }, 429, { "retry-after": "0" }),
    (_, response) => json(response, {}, 503, { "retry-after": new Date(Date.now() - 1000).toUTCString() }),
    (_, response) => void response.destroy(),
    (_, response) => void response.writeHead(502, { "retry-after": "0" }).end("<html>bad gateway</html>"),
  ];
  let told = 0;
  const { runs, seen } = await against((asked, response, index) => (faults[index] ?? (() => talks(asked, response, told++)))(asked, response, index));
  expect(runs[0]).toMatchObject({ ending: { kind: "gradable" }, subject: { output: "It was sent." } });
  expect(seen).toHaveLength(6);
});

test("when retries are used up the trial is an error of the world, never a fail", async () => {
  const { runs, seen } = await against((_, response) => json(response, { error: { message: "words of the request: order 7" } }, 429, { "retry-after": "0" }));
  expect(runs[0]?.ending).toEqual({ kind: "infra", code: "model", message: "The model's endpoint answered 429." });
  expect(seen).toHaveLength(6);
});

test.each<[string, Answer]>([
  ["a 400", (_, response) => json(response, { error: { message: "context too long: order 7", code: "context_length_exceeded" } }, 400)],
  ["a page instead of JSON", (_, response) => void response.writeHead(200, { "content-type": "text/html" }).end("<html>login</html>")],
  ["JSON that is cut", (_, response) => void response.writeHead(200, { "content-type": "application/json" }).end('{"id": "resp_1", "outp')],
  ["JSON that is no answer", (_, response) => json(response, { hello: "world" })],
  ["an empty body", (_, response) => void response.writeHead(200, { "content-type": "application/json" }).end()],
])("%s is an error of the world, told without the body", async (_, answer) => {
  const { runs, seen } = await against(answer);
  expect(runs[0]?.ending).toMatchObject({ kind: "infra", code: "model" });
  expect(JSON.stringify(runs[0]?.ending)).not.toMatch(/order 7|login|world|secret/);
  expect(seen).toHaveLength(1);
});

test.each([
  [401, "the key was not accepted", /Set MY_KEY/],
  [403, "the key was not accepted", /Set MY_KEY/],
  [404, "answered 404", /--model/],
] as const)("%i stops the whole run and says what to do, without the key", async (status, message, hint) => {
  const stopped = against((_, response) => json(response, { error: { message: "sk-secret-key is wrong" } }, status));
  await expect(stopped).rejects.toMatchObject({ code: "remote", message: expect.stringContaining(message) as string, hint: expect.stringMatching(hint) as string });
  await expect(stopped).rejects.not.toMatchObject({ message: expect.stringContaining("sk-secret") as string });
});

test("a redirect is not followed: the key stays", async () => {
  const other = await serve((_, response) => json(response, {}));
  await expect(against((_, response) => void response.writeHead(307, { location: `${other.base}/v1/responses` }).end())).rejects.toMatchObject({ code: "remote", message: expect.stringContaining("sends us elsewhere") as string });
  expect(other.seen).toEqual([]);
});

test("no more requests are in flight than asked for, and fewer after a 429", async () => {
  let open = 0;
  let most = 0;
  let refused = false;
  const { runs } = await against(
    (asked, response) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        if (!refused) {
          refused = true;
          most = 0;
          json(response, {}, 429, { "retry-after": "0" });
        } else json(response, responseTo(JSON.parse(asked.body), "Done.", 1));
      }, 15);
    },
    { concurrency: 4 },
    16,
  );
  expect(runs.every(({ ending }) => ending.kind === "gradable")).toBe(true);
  expect(most).toBeLessThanOrEqual(4);
  expect(refused).toBe(true);
});

test.each([
  ["https://api.example.com/v1/", true, "https://api.example.com/v1"],
  ["http://127.0.0.1:8080/v1?x=1#y", true, "http://127.0.0.1:8080/v1"],
  ["http://[::1]:8080", true, "http://[::1]:8080"],
  ["http://models.example.com/v1", false, "http://models.example.com/v1"],
] as const)("%s with a key: %s", (url, key, kept) => {
  expect(checkEndpoint(url, key)).toBe(kept);
});

test.each([
  ["http://models.example.com/v1", /in the clear/],
  ["http://127.0.0.1.example.com/v1", /in the clear/],
  ["https://user:pw@api.example.com", /holds credentials/],
  ["ftp://api.example.com", /https/],
  ["api.example.com", /not a URL/],
] as const)("%s is refused for a key", (url, message) => {
  expect(() => checkEndpoint(url, true)).toThrow(message);
  expect(() => checkEndpoint(url, true)).not.toThrow(/pw/);
});
