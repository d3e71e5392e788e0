import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { distFile } from "../support/dist.ts";
import { casebook, scratch, type Ran } from "../support/io.ts";
import { json, serve } from "../support/server.ts";

const env = { LANGFUSE_PUBLIC_KEY: "pk-lf-1", LANGFUSE_SECRET_KEY: "sk-lf-0123456789abcdef" };
const day = (number: number): string => `2026-09-${String(number).padStart(2, "0")}T00:00:00.000Z`;

/** A Langfuse with one observation a day of September 2026, one a page. At the page of `stall` it says nothing, till told to. */
async function september(words: string) {
  const state: { stall: number | undefined; at: () => void } = { stall: undefined, at: () => {} };
  const asked: string[] = [];
  const { base } = await serve((one, response) => {
    const query = new URL(one.path, "http://x").searchParams;
    const days = Array.from({ length: 30 }, (_, at) => at + 1).filter((at) => day(at) >= (query.get("fromStartTime") ?? "") && day(at) < (query.get("toStartTime") ?? ""));
    const at = Number(query.get("cursor") ?? days[0] ?? 31);
    asked.push(`${query.get("fromStartTime")?.slice(5, 10)} ${at}`);
    if (at === state.stall) return state.at();
    const row = { id: `o${at}`, traceId: `t${at}`, type: "GENERATION", parentObservationId: null, name: "a", startTime: day(at), traceName: "Support", input: `${at} ${words}`, output: "hello" };
    json(response, { data: days.includes(at) ? [row] : [], meta: days.includes(at + 1) ? { cursor: String(at + 1) } : {} });
  });
  return { base, asked, state };
}
type Server = Awaited<ReturnType<typeof september>>;

const pull = (cwd: string, { base }: Server, ...more: string[]): Promise<Ran> => casebook(cwd, ["pull", "langfuse", "--base-url", base, ...more], { env });
const stored = async (cwd: string): Promise<number> => ((await casebook(cwd, ["ls", "--json"])).json().rows as unknown[]).length;

/** The built program pulling, ended by kill -9 when it asks for the page of that day. */
async function killed(cwd: string, server: Server, at: number, ...more: string[]): Promise<void> {
  server.state.stall = at;
  const stalled = new Promise<void>((resolve) => (server.state.at = resolve));
  const child = spawn(process.execPath, [distFile("cli/main.js"), "pull", "langfuse", "--base-url", server.base, ...more], { cwd, stdio: "ignore", env: { ...process.env, ...env, CASEBOOK_KEY: "00".repeat(32) } });
  onTestFinished(() => void child.kill("SIGKILL"));
  await stalled;
  child.kill("SIGKILL");
  await once(child, "exit");
  server.state.stall = undefined;
  server.asked.length = 0;
}

test("a pull killed with -9 is finished first by the next one, whatever that asks for, and nothing between is passed over", async () => {
  const cwd = scratch();
  const server = await september("word ".repeat(120_000));
  await killed(cwd, server, 8, "--since", "2026-09-01", "--until", "2026-09-11");
  const next = await pull(cwd, server, "--since", "2026-09-20", "--until", "2026-09-23");
  expect(next.code, next.err).toBe(0);
  expect(next.err).toContain("First, what broke off: 2026-09-01T00:00Z to 2026-09-11T00:00Z. To leave it: --restart");
  // Six pages were on disk: they are not asked for again.
  expect(server.asked).toEqual(["09-01 7", "09-01 8", "09-01 9", "09-01 10", "09-20 20", "09-20 21", "09-20 22"]);
  expect(await stored(cwd)).toBe(13);
  expect(next.err).toContain("Not asked for: 2026-09-11T00:00Z to 2026-09-20T00:00Z. To have it too: casebook pull langfuse without --since");
  expect((await pull(cwd, server)).code).toBe(0);
  expect(await stored(cwd)).toBe(30);
}, 60_000);

test("a pull killed before anything was stored is one that had begun; --restart leaves it", async () => {
  const server = await september("few words");
  const [finishing, leaving] = [scratch(), scratch()];
  for (const cwd of [finishing, leaving]) await killed(cwd, server, 4, "--since", "2026-09-01", "--until", "2026-09-11");
  expect((await pull(finishing, server, "--since", "2026-09-10", "--until", "2026-09-12")).code).toBe(0);
  expect(await stored(finishing)).toBe(11);
  const left = await pull(leaving, server, "--restart", "--since", "2026-09-10", "--until", "2026-09-12", "--json");
  expect(left.json()).toMatchObject({ resumed: false, records: 2 });
  expect(await stored(leaving)).toBe(2);
}, 60_000);

test("a pull that is refused at once has not begun, and one told to stop keeps what it read", async () => {
  const [refused, stopped] = [scratch(), scratch()];
  const refusing = await serve((_, response) => json(response, {}, 401));
  expect((await casebook(refused, ["pull", "langfuse", "--base-url", refusing.base, "--since", "2026-09-01"], { env })).code).toBe(3);
  expect(existsSync(join(refused, ".casebook/checkpoints"))).toBe(false);
  const server = await september("few words");
  const stop = new AbortController();
  server.state.stall = 4;
  server.state.at = () => stop.abort();
  const ran = await casebook(stopped, ["pull", "langfuse", "--base-url", server.base, "--since", "2026-09-01", "--until", "2026-09-11"], { env, io: { signal: stop.signal } });
  expect(ran.code).toBe(130);
  expect(await stored(stopped)).toBe(3);
  server.state.stall = undefined;
  server.asked.length = 0;
  expect((await pull(stopped, server, "--since", "2026-09-01", "--until", "2026-09-11")).code).toBe(0);
  expect(server.asked[0]).toBe("09-01 4");
});

test("rows that cannot be read are told with their page, their place in it and what to do, and the others are stored", async () => {
  const cwd = scratch();
  const row = (n: number): object => ({ id: `o${n}`, traceId: `t${n}`, type: "SPAN", name: "a", startTime: day(1) });
  const { base } = await serve((one, response) => {
    const second = one.path.includes("cursor=");
    json(response, { data: second ? [{ secret: "jane.doe@example.com" }] : [row(1), { id: 7 }, row(2), null], meta: second ? {} : { cursor: "c" } });
  });
  const ran = await casebook(cwd, ["pull", "langfuse", "--base-url", base, "--strict"], { env });
  expect(ran.code).toBe(1);
  expect(ran.err).toContain("langfuse, page 1: 2 rows are neither traces nor observations (row 2, 4). [not-an-observation]\n  Export observations");
  expect(ran.err).toContain("langfuse, page 2: a row is neither a trace nor an observation. [not-an-observation]");
  expect(ran.err).toContain("2 traces new, 0 updated, 2 problems.");
  expect(ran.err).not.toContain("jane");
  expect(await stored(cwd)).toBe(2);
  const none = await casebook(scratch(), ["pull", "langfuse", "--base-url", base, "--json", "--page-size", "1"], { env });
  expect(none.json().problems).toMatchObject([{ where: { file: "langfuse", record: 1 } }, { where: { record: 2 } }]);
});

test("a file of which nothing can be read is named with the line", async () => {
  const cwd = scratch();
  writeFileSync(join(cwd, "a.jsonl"), "\n\nsome words\n");
  expect((await casebook(cwd, ["pull", "a.jsonl"])).err).toMatch(/^error: a\.jsonl:3 \(byte 2\): /);
});
