import { appendFileSync, chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { createRecorder } from "../../src/recorder/index.ts";
import { scratch } from "../support/io.ts";

const span = (id: string, data: object = { type: "custom", name: "c" }) => ({
  spanData: data,
  toJSON: () => ({ object: "trace.span", id, trace_id: "t", span_data: { ...data } }),
});
type Line = { readonly id: string; readonly span_data: Record<string, unknown> };
const linesOf = (path: string): Line[] => readFileSync(path, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as Line);
/** What was said on stderr while `work` ran. */
async function quietly(work: () => Promise<void>): Promise<string[]> {
  const said: string[] = [];
  const spy = vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  try {
    await work();
  } finally {
    spy.mockRestore();
  }
  return said;
}

test("a record is in the file when the callback returns, without waiting for it", () => {
  const path = join(scratch(), "a", "b", "traces.jsonl");
  const recorder = createRecorder({ path });
  void recorder.onSpanEnd(span("s1"));
  expect(linesOf(path)).toEqual([{ object: "trace.span", id: "s1", trace_id: "t", span_data: { type: "custom", name: "c" } }]);
});

test("nothing is made before there is something to record, and disabled tracing records nothing", async () => {
  const folder = scratch();
  const recorder = createRecorder({ path: join(folder, "traces.jsonl") });
  await recorder.onTraceStart({ toJSON: () => null });
  await recorder.onSpanEnd({ spanData: {}, toJSON: () => null });
  await recorder.forceFlush();
  await recorder.shutdown();
  expect(readdirSync(folder)).toEqual([]);
  expect(recorder.stats()).toEqual({ written: 0, dropped: 0, failed: 0 });
});

test("the tracing key stays out even where an SDK exports it", async () => {
  const path = join(scratch(), "traces.jsonl");
  await createRecorder({ path }).onTraceStart({ toJSON: () => ({ object: "trace", id: "t", tracing_api_key: "sk-secret" }) });
  expect(linesOf(path)).toEqual([{ object: "trace", id: "t" }]);
});

test("a hook that throws or is async loses the record rather than write it raw", async () => {
  const path = join(scratch(), "traces.jsonl");
  const hooks = [
    () => {
      throw new Error("raw secret");
    },
    (async () => Promise.reject(new Error("raw secret"))) as never,
  ];
  const said = await quietly(async () => {
    for (const redact of hooks) {
      const recorder = createRecorder({ path, redact });
      await recorder.onSpanEnd(span("s1"));
      await recorder.onSpanEnd(span("s2"));
      expect(recorder.stats()).toEqual({ written: 0, dropped: 0, failed: 2 });
    }
  });
  expect(() => statSync(path)).toThrow("ENOENT");
  expect(said).toEqual([
    "casebook recorder: a record was not written (Error); further failures are only counted.\n",
    "casebook recorder: a record was not written (TypeError); further failures are only counted.\n",
  ]);
});

test("a hook works on a copy: what the app holds is not changed", async () => {
  const path = join(scratch(), "traces.jsonl");
  const data = { type: "response", _input: [{ role: "user", content: "secret" }] };
  const recorder = createRecorder({
    path,
    redact: (record) => {
      (record["span_data"] as typeof data)._input[0]!.content = "[gone]";
      return record;
    },
  });
  await recorder.onSpanEnd({ spanData: data, toJSON: () => ({ object: "trace.span", span_data: { type: "response", response_id: "r" } }) });
  expect(data._input[0]?.content).toBe("secret");
  expect(linesOf(path)).toEqual([{ object: "trace.span", span_data: { type: "response", response_id: "r", _input: [{ role: "user", content: "[gone]" }] } }]);
});

test("what has no JSON form is replaced, not lost", async () => {
  const path = join(scratch(), "traces.jsonl");
  const loop: Record<string, unknown> = { big: 12n, twice: [{ a: 1 }] };
  loop["self"] = loop;
  loop["again"] = loop["twice"];
  await createRecorder({ path }).onSpanEnd(span("s1", { type: "custom", data: loop, text: "half \ud83d and \u2028" }));
  const [line] = linesOf(path);
  expect(line?.span_data["data"]).toEqual({ big: "12", twice: [{ a: 1 }], self: "[circular]", again: [{ a: 1 }] });
  expect(line?.span_data["text"]).toBe("half \ud83d and \u2028");
});

test("a line torn by a crash is closed off, and a file others could read is tightened", async () => {
  const path = join(scratch(), "traces.jsonl");
  writeFileSync(path, '{"torn":');
  chmodSync(path, 0o644);
  const recorder = createRecorder({ path });
  await recorder.onSpanEnd(span("s1"));
  expect(readFileSync(path, "utf8").split("\n")).toEqual(['{"torn":', expect.stringContaining('"s1"'), ""]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  appendFileSync(path, '{"other":1}\n');
  await recorder.onSpanEnd(span("s2"));
  expect(readFileSync(path, "utf8").split("\n").slice(2)).toEqual(['{"other":1}', expect.stringContaining('"s2"'), ""]);
});

test("two recorders on one file keep each other's lines whole", async () => {
  const path = join(scratch(), "traces.jsonl");
  const recorders = [createRecorder({ path }), createRecorder({ path })];
  const big = "x".repeat(100_000);
  for (let count = 0; count < 20; count += 1) await recorders[count % 2]!.onSpanEnd(span(`s${count}`, { type: "custom", big }));
  expect(linesOf(path).map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, count) => `s${count}`));
});

test("a full file is left for the next one, a day has its own", async () => {
  const folder = scratch();
  const recorder = createRecorder({ path: join(folder, "traces.jsonl"), maxBytes: 200 });
  for (let count = 0; count < 7; count += 1) await recorder.onSpanEnd(span(`s${count}`));
  expect(readdirSync(folder).sort()).toEqual(["traces.2.jsonl", "traces.3.jsonl", "traces.jsonl"]);
  const again = createRecorder({ path: join(folder, "traces.jsonl"), maxBytes: 200 });
  await again.onSpanEnd(span("s7"));
  expect(linesOf(join(folder, "traces.3.jsonl")).map(({ id }) => id)).toEqual(["s6", "s7"]);
  await createRecorder({ path: join(folder, "daily.jsonl"), daily: true }).onSpanEnd(span("s1"));
  expect(readdirSync(folder).filter((name) => /^daily-\d{4}-\d\d-\d\d\.jsonl$/.test(name))).toHaveLength(1);
});

test("a recorder that could not write goes on when it can", async () => {
  const folder = join(scratch(), "later");
  writeFileSync(folder, "in the way");
  const recorder = createRecorder({ path: join(folder, "traces.jsonl") });
  const said = await quietly(async () => {
    await recorder.onSpanEnd(span("s1"));
    await recorder.onSpanEnd(span("s2"));
  });
  expect(said).toHaveLength(1);
  rmSync(folder);
  mkdirSync(folder);
  await recorder.onSpanEnd(span("s3"));
  expect(recorder.stats()).toEqual({ written: 1, dropped: 0, failed: 2 });
});
