import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { PassThrough } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { startCollector } from "../../src/adapters/http/collector.ts";
import { run } from "../../src/cli/run.ts";
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
  expect((await post(`${at.url}/v1/traces/ingest`, { data: [trace(1)] })).status).toBe(401);
  expect((await post(`${at.url}/v1/traces/ingest`, { data: [trace(1)] }, { authorization: `Bearer ${token}` })).status).toBe(200);
  await at.stop();
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
