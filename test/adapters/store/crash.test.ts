import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeTraceFile } from "../../../bench/trace-file.mjs";
import { storeDigest } from "../../../src/adapters/store/digest.ts";
import { openStore } from "../../../src/adapters/store/store.ts";
import { distFile } from "../../support/dist.ts";
import { scratch } from "../../support/io.ts";

/** Runs one pull in its own process; `until` is asked all the time and kills it with -9 once it answers true. */
async function pullApart(file: string, store: string, until: () => boolean = () => false): Promise<{ killed: boolean; out: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "../../support/pull-child.mjs"), distFile(""), file, store, "30000"]);
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const ended = once(child, "close");
  let running = true;
  void ended.then(() => (running = false));
  while (running) {
    if (until()) child.kill("SIGKILL");
    await new Promise((go) => setTimeout(go, 2));
  }
  if (child.signalCode === null && child.exitCode !== 0) throw new Error(err);
  return { killed: child.signalCode === "SIGKILL", out };
}

const segmentOf = (store: string): string => join(store, "traces-000001.jsonl");
const sizeOf = (store: string): number => (existsSync(segmentOf(store)) ? statSync(segmentOf(store)).size : 0);

async function digestOf(store: string): Promise<string> {
  const opened = await openStore(store);
  try {
    return storeDigest(opened);
  } finally {
    opened.close();
  }
}

test("kill -9 anywhere in a pull, then pull again: the same store as an undisturbed pull", { timeout: 60_000 }, async () => {
  const folder = scratch();
  const file = join(folder, "traces.jsonl");
  await writeTraceFile(file, 0.3);
  const calm = join(folder, "calm");
  await pullApart(file, calm);
  const [digest, size] = [await digestOf(calm), sizeOf(calm)];

  const kills = await Promise.all(
    [0.1, 0.7].map(async (share) => {
      const store = join(folder, `killed-${share}`);
      const { killed } = await pullApart(file, store, () => sizeOf(store) > size * share);
      await pullApart(file, store);
      expect(await digestOf(store)).toBe(digest);
      return killed;
    }),
  );
  expect(kills).toContain(true);
});

test("a reader works beside a writer and sees whole batches; a second writer is told to wait", { timeout: 60_000 }, async () => {
  const folder = scratch();
  const file = join(folder, "traces.jsonl");
  await writeTraceFile(file, 0.3);
  const store = join(folder, "store");
  const counts: number[] = [];
  let refused = 0;
  let looking = false;
  await pullApart(file, store, () => {
    if (looking || sizeOf(store) === 0) return false;
    looking = true;
    void (async () => {
      const reader = await openStore(store);
      counts.push([...reader.all()].length);
      reader.close();
      await openStore(store, { write: true }).then(
        (writer) => writer.close(),
        (error: Error) => (refused += Number(/Another casebook/.test(error.message))),
      );
      looking = false;
    })();
    return false;
  });
  while (looking) await new Promise((go) => setTimeout(go, 2));
  expect(counts.length).toBeGreaterThan(2);
  expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  expect(refused).toBeGreaterThan(0);
  expect(readFileSync(segmentOf(store), "utf8").endsWith("\n")).toBe(true);
});
