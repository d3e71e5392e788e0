import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { casebook, scratch } from "../support/io.ts";
import { json, serve } from "../support/server.ts";
import { sharedFile, sharedTest } from "../support/shared.ts";

const keys = { LANGFUSE_PUBLIC_KEY: "pk-lf-1", LANGFUSE_SECRET_KEY: "sk-lf-0123456789abcdef" };
const observation = (n: number, over: object = {}): object => ({
  id: `o${n}`,
  traceId: `t${n}`,
  type: "GENERATION",
  parentObservationId: null,
  name: "answer",
  startTime: "2026-11-20T10:00:00.000Z",
  endTime: "2026-11-20T10:00:01.000Z",
  traceName: "Support",
  input: JSON.stringify([{ role: "user", content: `question ${n} from jane.doe@example.com` }]),
  output: JSON.stringify({ role: "assistant", content: "hello" }),
  ...over,
});

test("casebook pull langfuse stores every page redacted, remembers where it ended, and asks again with an overlap", async () => {
  const cwd = scratch();
  const { base, seen } = await serve((one, response) => {
    const second = one.path.includes("cursor=c1");
    json(response, { data: [observation(second ? 2 : 1)], meta: second ? {} : { cursor: "c1" } });
  });
  const argv = ["pull", "langfuse", "--base-url", base, "--json"];
  const first = await casebook(cwd, [...argv, "--since", "2026-11-01"], { env: keys });
  expect(first.code, first.err).toBe(0);
  expect(first.json()).toMatchObject({ pages: 2, records: 2, traces: { new: 2 }, resumed: false, window: { from: "2026-11-01T00:00:00.000Z" } });
  expect(seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from("pk-lf-1:sk-lf-0123456789abcdef").toString("base64")}`);
  const again = await casebook(cwd, argv, { env: keys });
  expect(again.json()).toMatchObject({ traces: { new: 0, updated: 0 } });
  const [ended, from] = [Date.parse(first.json().window.to as string), Date.parse(again.json().window.from as string)];
  expect(ended - from).toBe(30 * 60_000);
  const stored = readdirSync(cwd, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1")).join("\n");
  expect(stored).toContain("question 1 from");
  expect(stored).not.toContain("jane.doe");
  expect(stored).not.toContain(keys.LANGFUSE_SECRET_KEY);
});

const trace = "0123456789abcdef0123456789abcdef";
const whose = (row: object) => (response: Parameters<typeof json>[0]): void => json(response, row);
test.each([
  ["langfuse", [], whose({ data: [observation(1), observation(2, { id: undefined, traceId: trace }), observation(3, { id: undefined, traceId: "jane.doe@example.com" })], meta: {} })],
  ["langsmith", ["--project", "3f2b8c1e-0000-4000-8000-000000000000"], whose({ items: [{ id: trace, run_type: "chain" }, { trace_id: trace, run_type: "llm" }, { trace_id: "jane.doe@example.com", run_type: "llm" }], next_cursor: null })],
  ["phoenix", ["--project", "support"], whose({ data: [{ context: { trace_id: trace, span_id: "0123456789abcdef" } }, { context: { trace_id: trace } }, { context: { trace_id: "jane.doe@example.com" } }], next_cursor: null })],
])("a problem of a pull from %s says which traces it is in, where that is known, by ids that tell nothing", async (vendor, more, answer) => {
  const { base } = await serve((_, response) => answer(response));
  const env = { ...keys, LANGSMITH_API_KEY: "lsv2_pt_x", PHOENIX_API_KEY: "x" };
  const ran = await casebook(scratch(), ["pull", vendor, "--base-url", base, "--json", "--since", "2026-11-01", ...more], { env });
  expect(ran.json().problems, ran.err).toMatchObject([{ trace_ids: [trace, expect.stringMatching(/^trace_[0-9a-f]{32}$/)] }]);
  expect(ran.err).toMatch(new RegExp(`^${vendor}, page 1, traces ${trace}, trace_[0-9a-f]{32}: 2 rows are .* \\(row 2, 3\\)`, "m"));
  expect(ran.out + ran.err).not.toContain("jane.doe");
});

test("a pull that broke off goes on from the page it had not stored, in the same window", async () => {
  const cwd = scratch();
  const large = "x ".repeat(600_000);
  let down = true;
  const { base, seen } = await serve((one, response) => {
    const at = /cursor=c(\d)/.exec(one.path)?.[1] ?? "0";
    if (at === "1" && down) json(response, {}, 400);
    else json(response, { data: [observation(Number(at), { input: JSON.stringify([{ role: "user", content: large }]) })], meta: at === "2" ? {} : { cursor: `c${Number(at) + 1}` } });
  });
  const argv = ["pull", "langfuse", "--base-url", base, "--json", "--since", "2026-11-01", "--until", "2026-11-22"];
  expect((await casebook(cwd, argv, { env: keys })).code).toBe(3);
  down = false;
  seen.length = 0;
  const rest = await casebook(cwd, argv, { env: keys });
  expect(rest.code, rest.err).toBe(0);
  expect(rest.json()).toMatchObject({ resumed: true, pages: 2, traces: { new: 2 } });
  expect(seen[0]?.path).toContain("cursor=c1");
  expect((await casebook(cwd, ["ls", "--json"])).json().rows).toHaveLength(3);
});

test.each([
  ["langfuse", {}, "LANGFUSE_PUBLIC_KEY"],
  ["langfuse", { LANGFUSE_PUBLIC_KEY: "p" }, "LANGFUSE_SECRET_KEY"],
  ["langsmith", {}, "LANGSMITH_API_KEY"],
])("%s without its key (%j) says which variable to set", async (vendor, env, variable) => {
  const ran = await casebook(scratch(), ["pull", vendor], { env });
  expect(ran.code).toBe(2);
  expect(ran.err).toContain(variable);
});

test("a key that is refused names the variable and exits 3; a key over plain http goes nowhere", async () => {
  const { base, seen } = await serve((_, response) => json(response, {}, 401));
  const refused = await casebook(scratch(), ["pull", "langfuse", "--base-url", base], { env: keys });
  expect([refused.code, refused.err]).toEqual([3, expect.stringContaining("LANGFUSE_SECRET_KEY")]);
  expect(refused.err + refused.out).not.toContain(keys.LANGFUSE_SECRET_KEY);
  expect(seen).toHaveLength(1);
  const plain = await casebook(scratch(), ["pull", "langfuse", "--base-url", "http://langfuse.example"], { env: keys });
  expect([plain.code, plain.err]).toEqual([2, expect.stringContaining("in the clear")]);
});

test("casebook pull langsmith and phoenix find their project and store its runs", async () => {
  const run = { id: "r1", trace_id: "r1", name: "Support", run_type: "LLM", start_time: "2026-11-20T10:00:00.000000Z", inputs: { messages: [{ role: "user", content: "hi" }] }, outputs: { output: "hello" }, parent_run_ids: [] };
  const langsmith = await serve((one, response) => json(response, one.path.startsWith("/api/v1/sessions") ? [{ name: "demo", id: "6f0f1b5e-0000-4000-8000-000000000001" }] : { items: [run], next_cursor: "" }));
  const cwd = scratch();
  const pulled = await casebook(cwd, ["pull", "langsmith", "--project", "demo", "--base-url", langsmith.base, "--json"], { env: { LANGSMITH_API_KEY: "lsv2_x" } });
  expect(pulled.json()).toMatchObject({ traces: { new: 1 } });
  expect(langsmith.seen.every((one) => one.headers["x-api-key"] === "lsv2_x")).toBe(true);
  const span = { name: "s", context: { trace_id: "0af7651916cd43dd8448eb211c80319c", span_id: "b7ad6b7169203331" }, span_kind: "LLM", parent_id: null, start_time: "2026-11-20T10:00:00Z", status_code: "OK", attributes: { "llm.input_messages.0.message.role": "user", "llm.input_messages.0.message.content": "hi" } };
  const phoenix = await serve((_, response) => json(response, { data: [span], next_cursor: null }));
  expect((await casebook(cwd, ["pull", "phoenix", "--base-url", phoenix.base, "--json"])).json()).toMatchObject({ traces: { new: 1 } });
});

test.each([
  ["langsmith", "LANGSMITH_ENDPOINT", "/api/v1", "/api/v2/runs/query"],
  ["langsmith", "LANGSMITH_ENDPOINT", "/api", "/api/v2/runs/query"],
  ["phoenix", "PHOENIX_COLLECTOR_ENDPOINT", "/v1/traces", "/v1/projects/"],
  ["langfuse", "LANGFUSE_HOST", "/", "/api/public/v2/observations"],
])("%s is found by %s as its own SDK is given it, with %s", async (vendor, variable, end, path) => {
  const { base, seen } = await serve((_, response) => json(response, { data: [], items: [], meta: {}, next_cursor: null }));
  const ran = await casebook(scratch(), ["pull", vendor, "--project", "6f0f1b5e-0000-4000-8000-000000000001"], { env: { ...keys, LANGSMITH_API_KEY: "lsv2_x", [variable]: base + end } });
  expect(ran.code, ran.err).toBe(0);
  expect(seen[0]?.path.startsWith(path)).toBe(true);
});

test("a page with a value nested without end costs that value, not the page and not the pull", async () => {
  const deep = `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`;
  const run = (id: string, inputs: string): string => `{"id":"${id}","trace_id":"${id}","name":"Support","run_type":"LLM","start_time":"2026-11-20T10:00:00.000000Z","inputs":${inputs},"outputs":{"output":"hello"},"parent_run_ids":[]}`;
  const { base } = await serve((_, response) => response.end(`{"items":[${run("r1", deep)},${run("r2", '{"messages":[{"role":"user","content":"hi"}]}')}],"next_cursor":""}`));
  const ran = await casebook(scratch(), ["pull", "langsmith", "--project", "6f0f1b5e-0000-4000-8000-000000000001", "--base-url", base, "--json"], { env: { LANGSMITH_API_KEY: "lsv2_x" } });
  expect(ran.code, ran.err).toBe(0);
  expect(ran.json()).toMatchObject({ traces: { new: 2 }, problem_counts: {} });
});

test("--dry-run and a window that is empty are told apart from a pull", async () => {
  expect((await casebook(scratch(), ["pull", "langfuse", "--dry-run"], { env: keys })).code).toBe(2);
  const { base } = await serve((_, response) => json(response, { data: [], meta: {} }));
  const empty = await casebook(scratch(), ["pull", "langfuse", "--base-url", base, "--since", "2026-11-02", "--until", "2026-11-01"], { env: keys });
  expect([empty.code, empty.err]).toEqual([2, expect.stringContaining("--since is not before --until")]);
});

const response = (id: string, text: string): object => ({ id, object: "response", model: "m", instructions: "Be brief.", output: [{ type: "message", role: "assistant", content: [{ type: "output_text", text }] }], usage: { input_tokens: 1, output_tokens: 1 } });
/** Hex as random as the API's ids: others are pseudonymised. */
const hex = (n: number, digits: number): string => createHash("sha256").update(String(n)).digest("hex").slice(0, digits);
const bare = (n: number): string =>
  [
    { object: "trace", id: `trace_${hex(n, 32)}`, workflow_name: "w", group_id: null, metadata: null },
    { object: "trace.span", id: `span_${hex(n, 24)}`, trace_id: `trace_${hex(n, 32)}`, parent_id: null, started_at: "2026-11-22T06:28:16.877Z", ended_at: "2026-11-22T06:28:16.878Z", span_data: { type: "response", response_id: `resp_${hex(n, 48)}` }, error: null },
  ]
    .map((record) => JSON.stringify(record))
    .join("\n");

test("casebook hydrate fills spans from the API, page by page, remembers what is gone, and asks no second time", async () => {
  const cwd = scratch();
  writeFileSync(join(cwd, "t.jsonl"), `${bare(1)}\n${bare(2)}\n`);
  await casebook(cwd, ["pull", "t.jsonl"]);
  expect((await casebook(cwd, ["hydrate", "--dry-run", "--json"])).json()).toMatchObject({ spans: 2, filled: 0 });
  const { base, seen } = await serve((one, answer) => {
    if (one.path.includes(hex(2, 48))) json(answer, { error: {} }, 404);
    else if (one.path.includes("input_items")) {
      const second = one.path.includes("after=i1");
      json(answer, { object: "list", data: [{ id: second ? "i2" : "i1", type: "message", role: "user", content: second ? "and jane.doe@example.com" : "first" }], last_id: second ? "i2" : "i1", has_more: !second });
    } else json(answer, response(`resp_${hex(1, 48)}`, "hello"));
  });
  const argv = ["hydrate", "--base-url", base, "--rate", "1000", "--json"];
  const env = { OPENAI_API_KEY: "sk-test" };
  expect((await casebook(cwd, argv, { env })).json()).toMatchObject({ spans: 2, filled: 1, gone: 1, unknown: 0 });
  const asked = seen.length;
  expect((await casebook(cwd, argv, { env })).json()).toMatchObject({ spans: 1, filled: 0, gone: 1 });
  expect(seen).toHaveLength(asked);
  const shown = (await casebook(cwd, ["show", `trace_${hex(1, 32)}`, "--raw-json"])).out;
  expect(shown).toContain("Be brief.");
  expect(shown).toContain("hello");
  expect(shown).not.toContain("jane.doe");
});

test("a hydrate with nothing to fill says so and needs no key; with something to fill it asks for one", async () => {
  const cwd = scratch();
  const none = await casebook(cwd, ["hydrate"], { env: { OPENAI_API_KEY: "" } });
  expect([none.code, none.err]).toEqual([0, "No span holds only a response id: there is nothing to fill.\n"]);
  const id = "trace_0123456789abcdef0123456789abcdef";
  const span = { object: "trace.span", id: "span_0123456789abcdef01234567", trace_id: id, parent_id: null, started_at: null, ended_at: null, span_data: { type: "response", response_id: "resp_0123456789abcdef" }, error: null };
  await casebook(cwd, ["pull", "-"], { stdin: `${JSON.stringify(span)}\n` });
  const some = await casebook(cwd, ["hydrate"], { env: { OPENAI_API_KEY: "" } });
  expect([some.code, some.err]).toEqual([2, expect.stringContaining("OPENAI_API_KEY is not set")]);
  expect((await casebook(cwd, ["hydrate", "--dry-run"])).err).toContain("1 span holds only a response id.");
});

test("a hydrate that is refused, would go in the clear or is answered by something else says so, and takes nothing for gone", async () => {
  const cwd = scratch();
  writeFileSync(join(cwd, "t.jsonl"), `${bare(1)}\n`);
  await casebook(cwd, ["pull", "t.jsonl"]);
  const env = { OPENAI_API_KEY: "sk-test-Zq3vT8nLw0pXk2Rb7Yc5" };
  const hydrate = (base: string) => casebook(cwd, ["hydrate", "--base-url", base, "--rate", "1000"], { env });
  const refusing = await serve((_, answer) => json(answer, {}, 401));
  const page = await serve((_, answer) => answer.writeHead(404, { "content-type": "text/html" }).end("<p>nothing here"));
  for (const [base, code, words] of [[refusing.base, 3, "OPENAI_API_KEY"], [page.base, 3, "--base-url"], ["http://example.invalid", 2, "in the clear"]] as const) {
    const ran = await hydrate(base);
    expect([ran.code, ran.err]).toEqual([code, expect.stringContaining(words)]);
    expect(ran.err + ran.out).not.toContain(env.OPENAI_API_KEY);
  }
  expect(refusing.seen).toHaveLength(1);
  expect((await casebook(cwd, ["hydrate", "--dry-run", "--json"])).json()).toMatchObject({ spans: 1, gone: 0 });
});

test("a hydrate that broke off goes on with what it had not filled", async () => {
  const cwd = scratch();
  writeFileSync(join(cwd, "t.jsonl"), [1, 2, 3].map(bare).join("\n"));
  await casebook(cwd, ["pull", "t.jsonl"]);
  let down = true;
  const { base, seen } = await serve((one, answer) => {
    const n = [1, 2, 3].find((at) => one.path.includes(hex(at, 48))) ?? 0;
    if (n === 2 && down) json(answer, {}, 400);
    else if (one.path.includes("input_items")) json(answer, { object: "list", data: [], has_more: false });
    else json(answer, response(`resp_${hex(n, 48)}`, `answer ${n}`));
  });
  const argv = ["hydrate", "--base-url", base, "--rate", "1000", "--json"];
  const env = { OPENAI_API_KEY: "sk-test" };
  expect((await casebook(cwd, argv, { env })).code).toBe(3);
  const first = seen.filter(({ path }) => path.includes(hex(1, 48))).length;
  down = false;
  expect((await casebook(cwd, argv, { env })).json()).toMatchObject({ spans: 2, filled: 2 });
  expect(seen.filter(({ path }) => path.includes(hex(1, 48)))).toHaveLength(first);
  for (const n of [1, 2, 3]) expect((await casebook(cwd, ["show", `trace_${hex(n, 32)}`])).out).toContain(`answer ${n}`);
});

test("casebook hydrate --from a file that holds no Responses says so", async () => {
  const cwd = scratch();
  writeFileSync(join(cwd, "x.jsonl"), '{"a":1}\n');
  const ran = await casebook(cwd, ["hydrate", "--from", "x.jsonl"]);
  expect([ran.code, ran.err]).toEqual([2, expect.stringContaining("holds no Responses")]);
});

sharedTest("65 of the 66 response spans of the real posts hydrate from their recordings", ["agents-sdk-real/agents_sdk_real_ingest_posts.jsonl", "agents-sdk-real/agents_sdk_real_responses.jsonl"], async () => {
  const cwd = scratch();
  await casebook(cwd, ["pull", sharedFile("agents-sdk-real/agents_sdk_real_ingest_posts.jsonl")]);
  const ran = await casebook(cwd, ["hydrate", "--from", sharedFile("agents-sdk-real/agents_sdk_real_responses.jsonl"), "--json"]);
  expect(ran.json()).toMatchObject({ spans: 66, filled: 65, gone: 0, unknown: 1 });
});
