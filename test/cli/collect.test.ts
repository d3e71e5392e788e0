import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { request, type ClientRequest, type IncomingMessage } from "node:http";
import { gzipSync } from "node:zlib";
import { PassThrough } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { startCollector } from "../../src/adapters/http/collector.ts";
import { run } from "../../src/cli/run.ts";
import { distFile } from "../support/dist.ts";
import { casebook, scratch } from "../support/io.ts";

/** Hex as random as an SDK's ids: others are pseudonymised. */
const hex = (n: number, digits: number): string => createHash("sha256").update(String(n)).digest("hex").slice(0, digits);
const trace = (n: number): object => ({ object: "trace", id: `trace_${hex(n, 32)}`, workflow_name: "shop", group_id: null, metadata: null });
const span = (n: number, name = "lookup"): object => ({
  object: "trace.span",
  id: `span_${hex(n, 24)}`,
  trace_id: `trace_${hex(n, 32)}`,
  parent_id: null,
  started_at: "2026-11-22T06:28:16.877Z",
  ended_at: "2026-11-22T06:28:16.878Z",
  span_data: { type: "function", name, input: '{"email":"jane.doe@example.com"}', output: "ok" },
  error: null,
});

/** A running `casebook collect` on a free port; `stop` ends it as Ctrl-C would. */
async function collecting(cwd: string, options: { env?: Record<string, string>; argv?: string[] } = {}) {
  const stop = new AbortController();
  const out = new PassThrough();
  const err = new PassThrough();
  let told = "";
  const url = new Promise<string>((resolve) =>
    out.on("data", (chunk: Buffer) => {
      told += String(chunk);
      const found = /"url":"([^"]+)"/.exec(told)?.[1];
      if (found) resolve(found);
    }),
  );
  const ended = run(["collect", "--port", "0", "--json", ...(options.argv ?? [])], {
    stdin: Object.assign(new PassThrough()),
    stdout: out,
    stderr: err.resume(),
    cwd,
    env: { CASEBOOK_KEY: "00".repeat(32), ...options.env },
    interactive: false,
    signal: stop.signal,
  });
  onTestFinished(() => stop.abort());
  return {
    url: await url,
    async stop() {
      stop.abort();
      return { code: await ended, summary: JSON.parse(told.trim().split("\n").at(-1) ?? "") as Record<string, unknown> };
    },
  };
}
const post = (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: typeof body === "string" || body instanceof Uint8Array ? (body as string) : JSON.stringify(body) });

test("what is posted is stored redacted before it is answered, a retried batch adds nothing, and a stop flushes", async () => {
  const cwd = scratch();
  const at = await collecting(cwd);
  for (let i = 0; i < 3; i += 1) expect((await post(`${at.url}/v1/traces/ingest`, { data: [trace(1), span(1)] })).status).toBe(200);
  const ls = (await casebook(cwd, ["ls", "--json"])).out;
  expect(ls).toContain(`trace_${hex(1, 32)}`);
  expect(await at.stop()).toMatchObject({ code: 0, summary: { posts: 3, new_traces: 1 } });
  const shown = await casebook(cwd, ["show", `trace_${hex(1, 32)}`, "--json"]);
  expect(shown.code).toBe(0);
  expect(shown.out).not.toContain("jane.doe");
});

test("many senders at once lose nothing", async () => {
  const cwd = scratch();
  const at = await collecting(cwd);
  const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => post(`${at.url}/v1/traces/ingest`, gzipSync(JSON.stringify({ data: [trace(n), span(n)] })), { "content-encoding": "gzip" })));
  expect(answers.every((answer) => answer.status === 200)).toBe(true);
  expect(await at.stop()).toMatchObject({ summary: { posts: 40, new_traces: 40 } });
});

test.each<[string, string, unknown, Record<string, string>, number]>([
  ["another path", "/v1/other", {}, {}, 404],
  ["no JSON", "/v1/traces/ingest", "{", {}, 400],
  ["no protobuf", "/v1/traces", new Uint8Array([255, 255, 255]), { "content-type": "application/x-protobuf" }, 400],
  ["an unknown encoding", "/v1/traces", "{}", { "content-encoding": "br" }, 415],
  ["broken gzip", "/v1/traces", "{}", { "content-encoding": "gzip" }, 400],
  ["bytes that are not UTF-8", "/v1/traces/ingest", Buffer.from('{"data":["caf\u00e9"]}', "latin1"), {}, 400],
  ["a form, as a web page could send it", "/v1/traces/ingest", "{}", { "content-type": "text/plain" }, 415],
  ["a type that is a name of JavaScript's", "/v1/traces/ingest", "{}", { "content-type": "constructor" }, 415],
])("%s is refused, and the next good post is taken", async (_, path, body, headers, status) => {
  const at = await collecting(scratch());
  expect((await post(at.url + path, body, headers)).status).toBe(status);
  expect((await post(`${at.url}/v1/traces/ingest`, { data: [trace(1)] })).status).toBe(200);
  expect(await at.stop()).toMatchObject({ summary: { new_traces: 1 } });
});

test("a body over the cap is refused, packed or not", async () => {
  const seen: number[] = [];
  const at = await startCollector({ host: "127.0.0.1", port: 0, maxBody: 10_000, store: (posts) => Promise.resolve(void seen.push(posts.length)) });
  const large = JSON.stringify({ data: "x".repeat(100_000) });
  expect((await post(`${at.url}/v1/traces`, large)).status).toBe(413);
  expect((await post(`${at.url}/v1/traces`, gzipSync(large), { "content-encoding": "gzip" })).status).toBe(413);
  await at.close();
  expect(seen).toEqual([]);
});

test("gzip that unpacks without end is refused long before it is unpacked", async () => {
  const at = await startCollector({ host: "127.0.0.1", port: 0, store: () => Promise.resolve() });
  const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, 0x20));
  const before = process.memoryUsage().rss;
  expect((await post(`${at.url}/v1/traces`, bomb, { "content-encoding": "gzip" })).status).toBe(413);
  expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  await at.close();
});

/** A post whose head the server has, and whose body has begun. */
async function beginPost(url: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<ClientRequest> {
  const slow = request(url, { method: "POST", headers: { "content-type": "application/json", expect: "100-continue", ...headers } });
  slow.on("error", () => {});
  slow.flushHeaders();
  onTestFinished(() => void slow.destroy());
  await once(slow, "continue");
  slow.write(body);
  return slow;
}

test("bodies that together are too much to hold are asked to come back, and what went away half-way frees its place", async () => {
  const at = await startCollector({ host: "127.0.0.1", port: 0, maxWaiting: 2, maxHeld: 20_000, store: () => Promise.resolve() });
  onTestFinished(() => at.close());
  const status = async (body: string): Promise<number> => (await post(`${at.url}/v1/traces`, body)).status;
  const large = JSON.stringify("y".repeat(9_000));
  const held = await beginPost(`${at.url}/v1/traces`, `"${"x".repeat(15_000)}`);
  await expect.poll(() => status(large)).toBe(429);
  expect((await post(`${at.url}/v1/traces`, large)).headers.get("retry-after")).toBe("1");
  expect(await status("{}")).toBe(200);
  const packed = await beginPost(`${at.url}/v1/traces`, gzipSync("x".repeat(99)).subarray(0, 12), { "content-encoding": "gzip" });
  expect(await status("{}")).toBe(429);
  held.destroy();
  packed.destroy();
  await expect.poll(() => status(large)).toBe(200);
});

test("a full queue asks senders to come back, and what could not be stored is not called stored", async () => {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  let calls = 0;
  const at = await startCollector({
    host: "127.0.0.1",
    port: 0,
    maxWaiting: 1,
    store: async () => {
      calls += 1;
      await held;
      if (calls > 1) throw new Error("disk full");
    },
  });
  const first = post(`${at.url}/v1/traces`, "{}");
  await expect.poll(() => calls).toBe(1);
  const second = post(`${at.url}/v1/traces`, "{}");
  await expect.poll(async () => (await post(`${at.url}/v1/traces`, "{}")).status).toBe(429);
  release();
  expect([(await first).status, (await second).status]).toEqual([200, 503]);
  await at.close();
});

test("an address others can reach needs a token, and the token is asked for", async () => {
  const cwd = scratch();
  const refused = await casebook(cwd, ["collect", "--host", "0.0.0.0", "--port", "0"], { env: {} });
  expect(refused.code).toBe(2);
  expect(refused.err).toContain("CASEBOOK_COLLECT_TOKEN");
  const token = "0123456789abcdef";
  const at = await collecting(cwd, { env: { CASEBOOK_COLLECT_TOKEN: token } });
  for (const wrong of [{}, { authorization: "Bearer " }, { authorization: `Bearer ${token}x` }, { authorization: token }, { authorization: `bearer ${token.toUpperCase()}` }])
    expect((await post(`${at.url}/v1/traces/ingest`, { data: [trace(1)] }, wrong as Record<string, string>)).status).toBe(401);
  expect((await post(`${at.url}/v1/traces/ingest`, { data: [trace(1)] }, { authorization: `Bearer ${token}` })).status).toBe(200);
  await at.stop();
});

test("a port that is taken is the user's to fix, and named with the way out", async () => {
  const at = await startCollector({ host: "127.0.0.1", port: 0, store: () => Promise.resolve() });
  const { port } = new URL(at.url);
  onTestFinished(() => at.close());
  const taken = await casebook(scratch(), ["collect", "--port", port]);
  expect([taken.code, taken.err]).toEqual([2, expect.stringContaining(`Port ${port} is taken`)]);
  expect(taken.err).toContain("--port 0");
});

test("a stop waits for a post that is on its way and stores it", async () => {
  const stored: string[] = [];
  const at = await startCollector({
    host: "127.0.0.1",
    port: 0,
    store: async (posts) => {
      await new Promise((later) => setTimeout(later, 30));
      stored.push(...posts.map(({ bytes }) => String(bytes)));
    },
  });
  const slow = await beginPost(`${at.url}/v1/traces`, "{");
  const answer = once(slow, "response");
  const closed = at.close();
  slow.end("}");
  expect(((await answer) as [IncomingMessage])[0].statusCode).toBe(200);
  await closed;
  expect(stored).toEqual(["{}"]);
});

test("the SDK's own exporter can be pointed at it", async () => {
  const { Agent, Runner, BatchTraceProcessor, OpenAITracingExporter, setTraceProcessors, setTracingDisabled, getGlobalTraceProvider, tool } = await import("@openai/agents");
  const { ScriptedModel, assistantMessage, functionCall } = await import("@openai/agents/testing");
  const cwd = scratch();
  const at = await collecting(cwd);
  setTracingDisabled(false);
  setTraceProcessors([new BatchTraceProcessor(new OpenAITracingExporter({ endpoint: `${at.url}/v1/traces/ingest`, apiKey: "local-not-a-key" }))]);
  const { z } = await import("zod");
  const lookup = tool({ name: "lookup", description: "d", parameters: z.object({ id: z.string() }), execute: async () => "found" });
  const model = new ScriptedModel([[functionCall("lookup", { id: "1" }, { callId: "c1" })], [assistantMessage("done")]]);
  await new Runner({ workflowName: "Real exporter" }).run(new Agent({ name: "Helper", tools: [lookup], model }), "hi");
  await getGlobalTraceProvider().forceFlush();
  setTraceProcessors([]);
  expect(await at.stop()).toMatchObject({ code: 0, summary: { new_traces: 1, problem_counts: {} } });
  const [row] = (await casebook(cwd, ["ls", "--json"])).json().rows as unknown[];
  expect(JSON.stringify(row)).toContain("Real exporter");
});

test("real OTLP exporters, JSON and protobuf, can be pointed at it, and say the same", async () => {
  const { BasicTracerProvider, SimpleSpanProcessor } = await import("@opentelemetry/sdk-trace-base");
  const { OTLPTraceExporter: JsonExporter } = await import("@opentelemetry/exporter-trace-otlp-http");
  const { OTLPTraceExporter: ProtoExporter } = await import("@opentelemetry/exporter-trace-otlp-proto");
  const spans: unknown[] = [];
  for (const Exporter of [JsonExporter, ProtoExporter]) {
    const cwd = scratch();
    const at = await collecting(cwd);
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(new Exporter({ url: `${at.url}/v1/traces` }))] });
    const one = provider.getTracer("test").startSpan("chat", { startTime: 1_790_000_000_000, attributes: { "gen_ai.operation.name": "chat", "gen_ai.request.model": "m", "gen_ai.usage.input_tokens": 12, "gen_ai.input.messages": JSON.stringify([{ role: "user", parts: [{ type: "text", content: "hi" }] }]), list: ["a", "b"], share: 0.5, yes: true } });
    one.setStatus({ code: 2, message: "boom" });
    one.end(1_790_000_001_000);
    await provider.forceFlush();
    expect(await at.stop()).toMatchObject({ code: 0, summary: { posts: 1, new_traces: 1, problem_counts: {} } });
    const id = (await casebook(cwd, ["ls", "--json"])).json().rows[0].id as string;
    const shown = (await casebook(cwd, ["show", id, "--raw-json"])).json() as { spans: Record<string, unknown>[]; messages: unknown };
    spans.push({ ...shown.spans[0], id: "", messages: shown.messages });
  }
  expect(spans[0]).toEqual(spans[1]);
  expect(spans[0]).toMatchObject({ kind: "generation", started_at: "2026-09-21T14:13:20.000000000Z", error: { message: "boom" }, model: { model: "m", usage: { input: 12 } }, data: { list: ["a", "b"], share: 0.5, yes: true } });
});

test.each(["SIGTERM", "SIGINT"] as const)("%s: what was accepted is on disk, what is on its way is stored and answered, and the exit is 0", async (signal) => {
  const cwd = scratch();
  const child = spawn(process.execPath, [distFile("cli/main.js"), "collect", "--port", "0", "--json"], { cwd, stdio: ["ignore", "pipe", "ignore"], env: { ...process.env, CASEBOOK_KEY: "00".repeat(32) } });
  onTestFinished(() => void child.kill("SIGKILL"));
  let told = "";
  child.stdout.on("data", (chunk: Buffer) => (told += String(chunk)));
  const ended = once(child, "exit");
  await expect.poll(() => told, { timeout: 20_000 }).toContain("url");
  const url = `${(JSON.parse(told) as { url: string }).url}/v1/traces/ingest`;
  expect((await post(url, { data: [trace(1), span(1)] })).status).toBe(200);
  const slow = await beginPost(url, '{"data":[');
  const answer = once(slow, "response");
  child.kill(signal);
  slow.end(`${JSON.stringify(trace(2))},${JSON.stringify(span(2))}]}`);
  expect(((await answer) as [IncomingMessage])[0].statusCode).toBe(200);
  expect((await ended)[0]).toBe(0);
  expect(told).toContain('"posts":2');
  expect((await casebook(cwd, ["ls", "--json"])).json().rows).toHaveLength(2);
});
