import { appendFileSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readRecords } from "../../src/adapters/files/records.ts";
import { openStore } from "../../src/adapters/store/store.ts";
import { pull, type PullOptions } from "../../src/commands/pull.ts";
import type { PullSummary } from "../../src/commands/pull-tally.ts";
import type { Trace } from "../../src/core/trace/schema.ts";
import { scratch } from "../support/io.ts";
import { plainRedactor } from "../support/plain-redactor.ts";
import { sharedFile, sharedTest } from "../support/shared.ts";

const quiet = { tick() {}, end() {} };

async function pulled(folder: string, args: readonly string[], options: Partial<PullOptions> = {}, stdin = Buffer.alloc(0)): Promise<PullSummary> {
  const store = await openStore(join(folder, "traces"), { write: true });
  try {
    const reader = readRecords(args, { cwd: folder, stdin: Readable.from([stdin]) });
    return await pull({ remember: args, ...options }, { reader, store, redactor: plainRedactor, key: Buffer.from("k"), progress: quiet });
  } finally {
    store.close();
  }
}

async function tracesIn(folder: string): Promise<Trace[]> {
  const store = await openStore(join(folder, "traces"));
  try {
    return [...store.all()].map(({ trace }) => trace);
  } finally {
    store.close();
  }
}

const traceRecord = (id: string): string => JSON.stringify({ object: "trace", id, workflow_name: "w", group_id: null, metadata: null });
const spanRecord = (trace: string, id: string, parent: string | null = null, at = 0): string =>
  JSON.stringify({
    object: "trace.span",
    id,
    trace_id: trace,
    parent_id: parent,
    started_at: `2026-01-01T00:00:0${at}.000Z`,
    ended_at: `2026-01-01T00:00:0${at}.500Z`,
    span_data: { type: "function", name: "f", input: "{}", output: "ok" },
    error: null,
  });

const posts = "agents-sdk-real/agents_sdk_real_ingest_posts.jsonl";
sharedTest("the real ingest posts come in with the counts they are known to have, and a second pull adds nothing", [posts], async () => {
  const folder = scratch();
  const first = await pulled(folder, [sharedFile(posts)]);
  expect(first).toMatchObject({
    objects: 195,
    duplicates: 13,
    unique: 182,
    trace_records: 35,
    traces: { total: 37, new: 37, updated: 0, unchanged: 0 },
    spans: 147,
    orphan_spans: 28,
    traces_without_spans: 4,
    span_groups_without_trace: 2,
    custom_task_turn: 2,
    problems: [],
  });
  const again = await pulled(folder, [sharedFile(posts)]);
  expect(again).toEqual({ ...first, traces: { total: 37, new: 0, updated: 0, unchanged: 37 } });
});

sharedTest("every sample of both SDKs comes in without a problem", ["sdk-samples"], async () => {
  for (const glob of ["*.export.jsonl", "*.rich.jsonl", "*.ingest-http.json"]) {
    const summary = await pulled(scratch(), [sharedFile(`sdk-samples/${glob}`)]);
    expect(summary.problems).toEqual([]);
    expect(summary.traces.total).toBeGreaterThan(36);
  }
});

sharedTest("two hundred runs of a real agent come in from gzip", ["tau-airline-traces.jsonl.gz"], async () => {
  const summary = await pulled(scratch(), [sharedFile("tau-airline-traces.jsonl.gz")]);
  expect(summary).toMatchObject({ traces: { total: 200, new: 200 }, spans: 3818, problems: [], content: { full: 200 } });
});

test("one bad line never stops the rest, and its problem names file, line and byte", async () => {
  const folder = scratch();
  writeFileSync(join(folder, "a.jsonl"), `${traceRecord("trace_1")}\n{"object": nonsense}\n${spanRecord("trace_1", "span_1")}\n`);
  const summary = await pulled(folder, ["a.jsonl"]);
  expect(summary).toMatchObject({ objects: 2, spans: 1 });
  expect(summary.problems).toMatchObject([{ code: "bad-json", where: { file: "a.jsonl", line: 2, byte: traceRecord("trace_1").length + 1 } }]);
});

test("spans of one trace scattered over files, forms and runs come together", async () => {
  const folder = scratch();
  writeFileSync(join(folder, "a.jsonl"), spanRecord("trace_1", "child", "root", 1));
  writeFileSync(join(folder, "b.json"), JSON.stringify([JSON.parse(traceRecord("trace_1"))], null, 2));
  writeFileSync(join(folder, "c.jsonl.gz"), gzipSync(`{"data":[${spanRecord("trace_1", "root")}]}\n`));
  expect((await pulled(folder, ["a.jsonl"])).orphan_spans).toBe(1);
  await pulled(folder, ["b.json"]);
  const last = await pulled(folder, ["."]);
  expect(last).toMatchObject({ traces: { total: 1, new: 0, updated: 1 }, spans: 2, orphan_spans: 0 });
  const [trace] = await tracesIn(folder);
  expect(trace?.spans.map(({ id, parent_id }) => [id, parent_id])).toEqual([["root", null], ["child", "root"]]);
  expect(trace).toMatchObject({ recorded: true, workflow_name: "w" });
});

test("a pull that must flush early stores and counts the same as one that need not", async () => {
  const lines: string[] = [];
  for (let span = 0; span < 6; span += 1)
    for (let trace = 0; trace < 40; trace += 1) lines.push(spanRecord(`trace_${trace}`, `span_${span}`, span === 0 ? null : "span_0", span));
  const [roomy, tight] = [scratch(), scratch()];
  for (const folder of [roomy, tight]) writeFileSync(join(folder, "a.jsonl"), lines.join("\n"));
  const whole = await pulled(roomy, ["a.jsonl"]);
  const summary = await pulled(tight, ["a.jsonl"], { held: 4000 });
  expect(summary).toEqual(whole);
  expect(summary).toMatchObject({ traces: { total: 40, new: 40 }, spans: 240, orphan_spans: 0 });
  expect((await tracesIn(tight)).toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual((await tracesIn(roomy)).toSorted((a, b) => (a.id < b.id ? -1 : 1)));
});

test("a trace larger than what is held is stored a few times, and whole", async () => {
  const folder = scratch();
  const spans = Array.from({ length: 120 }, (_, at) => spanRecord("trace_1", `span_${at}`).replace('"ok"', JSON.stringify(`${at} `.padEnd(50_000, "x"))));
  writeFileSync(join(folder, "a.jsonl"), spans.join("\n"));
  expect(await pulled(folder, ["a.jsonl"], { held: 500_000 })).toMatchObject({ objects: 120, traces: { total: 1, new: 1 }, spans: 120 });
  const store = await openStore(join(folder, "traces"));
  const revision = [...store.list()][0]?.revision;
  store.close();
  // Six million bytes: stored whenever half a million has come, it would be two dozen times.
  expect(revision).toBeGreaterThan(2);
  expect(revision).toBeLessThan(10);
});

test("a thousand small traces are not taken in hand at once", async () => {
  const folder = scratch();
  writeFileSync(join(folder, "a.jsonl"), Array.from({ length: 1000 }, (_, at) => spanRecord(`trace_${at}`, `span_${at}`)).join("\n"));
  const store = await openStore(join(folder, "traces"), { write: true });
  const batches: number[] = [];
  const reader = readRecords(["a.jsonl"], { cwd: folder, stdin: Readable.from([]) });
  const counting = { ...store, put: (traces: Parameters<typeof store.put>[0]) => (batches.push(traces.length), store.put(traces)) };
  const summary = await pull({ remember: [], held: 1_000_000 }, { reader, store: counting, redactor: plainRedactor, key: Buffer.from("k"), progress: quiet });
  store.close();
  expect(summary.traces).toMatchObject({ total: 1000, new: 1000 });
  expect(Math.max(...batches)).toBeLessThan(130);
});

test("stdin is read like a file", async () => {
  const summary = await pulled(scratch(), ["-"], {}, Buffer.from(spanRecord("trace_1", "span_1")));
  expect(summary.spans).toBe(1);
});

test("a file of another kind stops the run and says what it looks like", async () => {
  const folder = scratch();
  writeFileSync(join(folder, "rows.jsonl"), '{"messages":[{"role":"user","content":"hi"}]}\n'.repeat(3));
  writeFileSync(join(folder, "x.parquet"), "PAR1....");
  writeFileSync(join(folder, "x.zip"), "PK\u0003\u0004....");
  await expect(pulled(folder, ["rows.jsonl"])).rejects.toThrow(/fine-tuning/);
  await expect(pulled(folder, ["x.parquet"])).rejects.toThrow(/Parquet/);
  await expect(pulled(folder, ["x.zip"])).rejects.toThrow(/zip/);
  await expect(pulled(folder, ["absent.jsonl"])).rejects.toThrow(/no such file/);
});

test("a stranger among good files is one problem, not the end", async () => {
  const folder = scratch();
  writeFileSync(join(folder, "a.jsonl"), spanRecord("trace_1", "span_1"));
  writeFileSync(join(folder, "b.jsonl"), '{"messages":[]}\n'.repeat(5));
  const summary = await pulled(folder, ["*.jsonl"]);
  expect(summary.spans).toBe(1);
  expect(summary.problem_counts).toEqual({ "unknown-format": 1 });
});

test("only the owner may read what is stored", async () => {
  const folder = scratch();
  writeFileSync(join(folder, "a.jsonl"), spanRecord("trace_1", "span_1"));
  await pulled(folder, ["a.jsonl"]);
  const at = join(folder, "traces");
  expect(statSync(at).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(at)) expect([name, statSync(join(at, name)).mode & 0o777]).toEqual([name, 0o600]);
});

test("the index is made again when it is missing, broken or too old, and a torn last line is cut", async () => {
  const folder = scratch();
  writeFileSync(join(folder, "a.jsonl"), [spanRecord("trace_1", "span_1"), spanRecord("trace_2", "span_1")].join("\n"));
  await pulled(folder, ["a.jsonl"]);
  const [segment, index] = [join(folder, "traces/traces-000001.jsonl"), join(folder, "traces/index.sqlite")];
  const before = readFileSync(segment);
  const traces = await tracesIn(folder);
  writeFileSync(index, "not a database at all, but longer than a header of one would have to be".repeat(50));
  expect(await tracesIn(folder)).toEqual(traces);
  appendFileSync(segment, '{"schema":"casebook/stored-trace@1","revision":2,"tra');
  expect(await tracesIn(folder)).toEqual(traces);
  expect(await pulled(folder, ["a.jsonl"])).toMatchObject({ traces: { new: 0, updated: 0, unchanged: 2 } });
  expect(readFileSync(segment).subarray(0, before.length)).toEqual(before);
  expect(readFileSync(segment, "utf8").split("\n").filter((line) => line.includes('"tra')).every((line) => line.endsWith("}"))).toBe(true);
});
