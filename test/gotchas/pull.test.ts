import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test, vi } from "vitest";
import { openCheckpoints } from "../../src/adapters/files/checkpoint.ts";
import { recordOf } from "../../src/adapters/files/records.ts";
import { openWorkspace } from "../../src/adapters/files/workspace.ts";
import { ask, type Api } from "../../src/adapters/http/client.ts";
import { openStore } from "../../src/adapters/store/store.ts";
import { pullPages } from "../../src/commands/pull-pages.ts";
import { waitBeforeRetry } from "../../src/core/base/endpoint.ts";
import type { Source } from "../../src/core/sources/source.ts";
import { sources } from "../../src/core/sources/sources.ts";
import { lines, pulled, ran, spanRecord } from "../support/gotcha.ts";
import { casebook, scratch, type Ran } from "../support/io.ts";
import { plainRedactor } from "../support/plain-redactor.ts";
import { json, serve, type Seen } from "../support/server.ts";

const env = { LANGFUSE_PUBLIC_KEY: "pk-lf-1", LANGFUSE_SECRET_KEY: "sk-lf-0123456789abcdef", LANGSMITH_API_KEY: "lsv2_x", OPENAI_API_KEY: "sk-none" };
const project = "6f0f1b5e-0000-4000-8000-000000000001";
const observation = (n: number): object => ({ id: `o${n}`, traceId: `t${n}`, type: "GENERATION", parentObservationId: null, name: "a", startTime: "2026-11-20T10:00:00.000Z", traceName: "Support", input: "hi", output: "hello" });
const run = (n: number): object => ({ id: `r${n}`, trace_id: `r${n}`, name: "Support", run_type: "LLM", start_time: "2026-11-20T10:00:00.000000Z", inputs: { messages: [{ role: "user", content: "hi" }] }, outputs: { output: "hello" }, parent_run_ids: [] });
const phoenixSpan = (n: number): object => ({ name: "s", context: { trace_id: `0af7651916cd43dd8448eb211c8031${10 + n}`, span_id: `b7ad6b71692033${10 + n}` }, span_kind: "LLM", parent_id: null, start_time: "2026-11-20T10:00:00Z", status_code: "OK", attributes: {} });
const vendor = (name: string, base: string, cwd = scratch(), ...more: string[]): Promise<Ran> => casebook(cwd, ["pull", name, "--base-url", base, "--json", ...(name === "langsmith" ? ["--project", project] : []), ...more], { env });
const client = (base: string): Api => ({ base, secret: { header: "authorization", value: "Bearer k", variable: "SOME_KEY" }, maxWait: 5, attempts: 3, idle: 200 });

test("E35 what is busy is asked again when it says, what refuses is not, and older endpoints are found", async () => {
  const wait = (retryAfter: string | null): number => waitBeforeRetry({ attempt: 1, retryAfter, now: 0, random: 0.5, max: 60_000 });
  expect([wait("3"), wait("Thu, 01 Jan 1970 00:00:07 GMT"), wait(null), wait("soon")]).toEqual([3000, 7000, 500, 500]);
  const busy = await serve((_, response, at) => (at === 0 ? json(response, {}, 429, { "retry-after": "0" }) : at === 1 ? json(response, {}, 429, { "retry-after": new Date(0).toUTCString() }) : at === 2 ? json(response, {}, 429, { "retry-after": "0" }) : json(response, { data: [observation(1)], meta: {} })));
  expect((await vendor("langfuse", busy.base)).json()).toMatchObject({ traces: { new: 1 } });
  expect(busy.seen).toHaveLength(4);
  const once = await serve((_, response, at) => json(response, { ok: true }, at === 0 ? 503 : 200));
  expect((await ask(client(once.base), { path: "/a" })).json).toEqual({ ok: true });
  for (const [name, variable] of [["langfuse", "LANGFUSE_SECRET_KEY"], ["langsmith", "LANGSMITH_API_KEY"]] as const)
    for (const status of [401, 403]) {
      const refusing = await serve((_, response) => json(response, {}, status));
      const refused = await vendor(name, refusing.base);
      expect([refused.code, refused.err.includes(variable), refusing.seen.length]).toEqual([3, true, 1]);
    }
  const older = await serve((one, response) =>
    one.path.includes("/v2/") ? json(response, {}, 404) : json(response, one.path.includes("/traces?") ? { data: [{ id: "t1" }], meta: { totalPages: 1 } } : { id: "t1", timestamp: "2026-11-20T10:00:00Z", sessionId: null, observations: [observation(1)] }),
  );
  expect((await vendor("langfuse", older.base)).json()).toMatchObject({ traces: { new: 1 } });
  const v1 = await serve((one, response) => json(response, one.path.includes("/v2/") ? {} : { runs: [run(1)], cursors: { next: null } }, one.path.includes("/v2/") ? 501 : 200));
  expect((await vendor("langsmith", v1.base)).json()).toMatchObject({ traces: { new: 1 } });
  const stale = await serve((one, response, at) => (one.path.includes("cursor=old") ? json(response, {}, 422) : json(response, { data: [phoenixSpan(at)], next_cursor: at === 0 ? "old" : null })));
  expect((await vendor("phoenix", stale.base)).json()).toMatchObject({ traces: { new: 2 } });
});

test("E36 an empty page is no end, a cursor that comes back is, and rows that move between pages are neither lost nor doubled", async () => {
  const empty = await serve((one, response) => json(response, one.path.includes("cursor=c1") ? { data: [observation(2)], meta: {} } : { data: [], meta: { cursor: "c1" } }));
  expect((await vendor("langfuse", empty.base)).json()).toMatchObject({ pages: 2, traces: { new: 1 } });
  const cwd = scratch();
  const round = await serve((one, response) => json(response, { items: [run(one.body.includes('"cursor"') ? 2 : 1)], next_cursor: "again" }));
  const stopped = await vendor("langsmith", round.base, cwd);
  expect([stopped.code, stopped.err]).toEqual([3, expect.stringContaining("same cursor twice")]);
  expect(round.seen.length).toBeLessThan(5);
  const more = await serve((one, response) => json(response, one.path.includes("input_items") ? { data: [], has_more: true, last_id: "x" } : { id: "resp_1", object: "response", model: "m", output: [] }));
  const hollow = await pulled(lines(spanRecord("trace_1", "span_1", { type: "response", response_id: "resp_1" })));
  expect((await casebook(hollow.cwd, ["hydrate", "--base-url", more.base, "--json"], { env })).json()).toMatchObject({ filled: 1 });
  expect(more.seen).toHaveLength(2);
  let late = false;
  const moving = await serve((one, response) => {
    const second = one.path.includes("cursor=c1");
    json(response, { data: second ? [observation(2), observation(3)] : [observation(1), observation(2), ...(late ? [observation(4)] : [])], meta: second ? {} : { cursor: "c1" } });
  });
  const folder = scratch();
  expect((await vendor("langfuse", moving.base, folder)).json()).toMatchObject({ records: 4, traces: { new: 3 } });
  late = true;
  const [first, again] = [moving.seen.length, (await vendor("langfuse", moving.base, folder)).json() as { window: { from: string } }];
  expect(again).toMatchObject({ traces: { new: 1, updated: 0 } });
  expect(moving.seen[first]?.path).toContain(encodeURIComponent(again.window.from));
});

test("E37 every request says its window, its size and its fields, so that no default of the server cuts anything off", async () => {
  const asked: Record<string, Seen | undefined> = {};
  for (const [name, page] of [["langfuse", { data: [], meta: {} }], ["langsmith", { items: [], next_cursor: "" }], ["phoenix", { data: [], next_cursor: null }]] as const) {
    const { base, seen } = await serve((_, response) => json(response, page));
    await vendor(name, base, scratch(), "--since", "2026-11-01", "--until", "2026-11-02");
    asked[name] = seen[0];
  }
  const query = (name: string): URLSearchParams => new URL(asked[name]?.path ?? "", "http://x").searchParams;
  expect(query("langfuse").get("fields")).toContain("io");
  expect(Number(query("langfuse").get("limit"))).toBeGreaterThan(10);
  expect([query("langfuse").get("fromStartTime"), query("langfuse").get("toStartTime")]).toEqual(["2026-11-01T00:00:00.000Z", "2026-11-02T00:00:00.000Z"]);
  expect(JSON.parse(asked["langsmith"]?.body ?? "")).toMatchObject({ min_start_time: "2026-11-01T00:00:00.000Z", max_start_time: "2026-11-02T00:00:00.000Z", selects: expect.arrayContaining(["INPUTS", "OUTPUTS", "START_TIME"]), page_size: expect.any(Number) });
  expect([query("phoenix").get("start_time"), query("phoenix").get("end_time"), Number(query("phoenix").get("limit")) > 10]).toEqual(["2026-11-01T00:00:00.000Z", "2026-11-02T00:00:00.000Z", true]);
});

test("E38 a web page with status 200, a body cut off, one that stalls and one without its end are errors; gzip is read; a slow one is waited for", async () => {
  const html = await serve((_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><p>Sign in"));
  const page = await vendor("langfuse", html.base);
  expect([page.code, page.err]).toEqual([3, expect.stringContaining("HTML page")]);
  const cut = await serve((_, response) => {
    response.writeHead(200, { "content-length": "500" }).write('{"data":[');
    setTimeout(() => response.destroy(), 5);
  });
  await expect(ask(client(cut.base), { path: "/a" })).rejects.toMatchObject({ code: "remote", message: expect.stringContaining("broke off") });
  const stalled = await serve((_, response) => void response.writeHead(200).write("{"));
  await expect(ask({ ...client(stalled.base), attempts: 1 }, { path: "/a" })).rejects.toMatchObject({ message: expect.stringContaining("nothing for too long") });
  const endless = await serve((_, response) => response.end('{"data":[]}\n{"data":['));
  await expect(ask(client(endless.base), { path: "/a" })).rejects.toMatchObject({ message: expect.stringContaining("not JSON") });
  const packed = await serve((_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(JSON.stringify({ data: [observation(1)], meta: {} }))));
  expect((await vendor("langfuse", packed.base)).json()).toMatchObject({ traces: { new: 1 } });
  const slow = await serve((_, response) => {
    const parts = '{"data":[1]}'.split("");
    const drip = setInterval(() => (parts.length > 0 ? response.write(parts.shift()) : (clearInterval(drip), response.end())), 30);
  });
  expect((await ask(client(slow.base), { path: "/a" })).json).toEqual({ data: [1] });
  expect((await pulled(`${JSON.stringify(spanRecord("trace_1", "span_1", ran()))}\n{"object":"trace.span","id":"spa`)).summary).toMatchObject({ spans: 1, problem_counts: { "cut-line": 1 } });
});

test("E39 a key goes to the host it is for and to no other, and never in the clear but on loopback", async () => {
  const other = await serve((_, response) => json(response, { data: [], meta: {} }));
  const sending = await serve((one, response) => response.writeHead(307, { location: `${other.base}${one.path}` }).end());
  const sent = await vendor("langfuse", sending.base);
  expect([sent.code, sent.err, other.seen.length]).toEqual([3, expect.stringContaining("another host"), 0]);
  for (const name of ["langfuse", "langsmith"]) {
    const clear = await vendor(name, "http://example.invalid");
    expect([clear.code, clear.err]).toEqual([2, expect.stringContaining("in the clear")]);
    expect(clear.err).not.toContain(env.LANGFUSE_SECRET_KEY);
  }
  const here = await serve((_, response) => json(response, { data: [], meta: {} }));
  expect((await vendor("langfuse", here.base)).code).toBe(0);
});

test("E40 the checkpoint moves only when the pages before it are on disk, so what could not be stored is asked for again", async () => {
  const cwd = scratch();
  const workspace = openWorkspace(cwd);
  const store = await openStore(workspace.paths.traces, { write: true });
  onTestFinished(() => store.close());
  const source = sources.find(({ name }) => name === "langfuse");
  const checkpoints = openCheckpoints(workspace.paths.home);
  const asked: (string | undefined)[] = [];
  const big = "word ".repeat(250_000);
  let puts = 0;
  let full = true;
  const pull = (): Promise<{ traces: object }> =>
    pullPages(
      { source: source as Source, name: "test", overlap: 30, firstDays: 7, until: "2026-11-22T00:00:00.000Z" },
      {
        async *pages(_, cursor) {
          for (let at = Number(cursor ?? 0); at < 3; at += 1) {
            asked.push(String(at));
            yield { value: { data: [{ ...observation(at), input: `${at} ${big}` }], meta: {} } as never, rows: 1, next: at === 2 ? null : String(at + 1) };
          }
        },
        checkpoints,
        clock: { now: () => Date.parse("2026-11-22T00:00:00Z") },
        record: recordOf,
        store: { ...store, put: (traces) => { if (full && (puts += 1) === 2) throw new Error("disk full"); store.put(traces); } },
        redactor: plainRedactor,
        key: new Uint8Array(32),
        progress: { tick() {}, end() {} },
      },
    );
  await expect(pull()).rejects.toThrow("disk full");
  expect(checkpoints.read("test")?.cursor).toBe("1");
  full = false;
  asked.length = 0;
  expect(await pull()).toMatchObject({ resumed: true, traces: { new: 2 } });
  expect(asked).toEqual(["1", "2"]);
  expect(checkpoints.read("test")).toEqual({ from: expect.any(String), to: "2026-11-22T00:00:00.000Z" });
});

test("E40 a pull that died goes on from its last stored page, repeats at most that, and adds nothing twice", async () => {
  const cwd = scratch();
  const big = "word ".repeat(250_000);
  let down = true;
  const { base, seen } = await serve((one, response) => {
    const at = Number(/cursor=c(\d)/.exec(one.path)?.[1] ?? 0);
    if (at === 2 && down) response.destroy();
    else json(response, { data: [{ ...observation(at), input: `${at} ${big}` }], meta: at === 3 ? {} : { cursor: `c${at + 1}` } });
  });
  vi.spyOn(Math, "random").mockReturnValue(0);
  const stop = new AbortController();
  const window = ["--since", "2026-11-01", "--until", "2026-11-22"];
  const dying = casebook(cwd, ["pull", "langfuse", "--base-url", base, "--json", ...window], { env, io: { signal: stop.signal } });
  await vi.waitFor(() => expect(seen.filter(({ path }) => path.includes("cursor=c2"))).not.toHaveLength(0), { timeout: 15_000, interval: 5 });
  stop.abort();
  expect((await dying).code).toBe(130);
  vi.restoreAllMocks();
  expect((await casebook(cwd, ["ls", "--json"])).json().rows).toHaveLength(2);
  down = false;
  seen.length = 0;
  const rest = await vendor("langfuse", base, cwd, ...window);
  expect(rest.json()).toMatchObject({ resumed: true, pages: 2, traces: { new: 2, updated: 0 } });
  expect(seen[0]?.path).toContain("cursor=c2");
  expect((await casebook(cwd, ["ls", "--json"])).json().rows).toHaveLength(4);
});
