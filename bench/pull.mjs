// Pull (read, assemble, redact, store) against node:readline + JSON.parse over the same file, each in a process of its own.
// node bench/pull.mjs [MEGABYTES=200]; CASEBOOK_DIST names another build. Prints MB/s, the ratio and the peak memory of each.
import { execFileSync } from "node:child_process";
import { createReadStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { writeTraceFile } from "./trace-file.mjs";

const dist = resolve(process.env.CASEBOOK_DIST ?? fileURLToPath(new URL("../dist", import.meta.url)));
const load = (path) => import(pathToFileURL(join(dist, path)).href);

const tasks = {
  async peer(file) {
    let records = 0;
    for await (const line of createInterface({ input: createReadStream(file) })) if (JSON.parse(line)) records += 1;
    return { records };
  },
  async read(file) {
    const { readRecords } = await load("adapters/files/records.js");
    const { readNative } = await load("core/sources/native.js");
    let records = 0;
    for await (const batch of readRecords([file], { cwd: "/", stdin: process.stdin }).batches())
      for (const record of batch.records) for (const value of record.parse().values) records += readNative(value, record.where).pieces.length > 0;
    return { records };
  },
  async pull(file, folder) {
    const { readRecords } = await load("adapters/files/records.js");
    const { openStore } = await load("adapters/store/store.js");
    const { pull } = await load("commands/pull.js");
    const { createRedactor } = await load("core/redact/create.js");
    const { loadNames } = await load("core/redact/detect/names.js");
    const { defaultPolicy } = await load("core/redact/policy.js");
    const key = new Uint8Array(32);
    const plain = { stamp: { policy: "plain", key: "0", style: "token" }, learn() {}, redactTrace: (trace) => ({ trace, findings: [] }), redactText: (text) => ({ text, findings: [] }), safeId: (id) => id };
    const redactor = process.env.PLAIN ? plain : createRedactor({ policy: defaultPolicy, key, keyId: "bench", names: loadNames() });
    const store = await openStore(folder, { write: true });
    const summary = await pull(
      { remember: [] },
      { reader: readRecords([file], { cwd: "/", stdin: process.stdin }), store, redactor, key, progress: { tick() {}, end() {} } },
    );
    store.close();
    return { records: summary.objects, traces: summary.traces };
  },
};

const [first = "200", file, folder] = process.argv.slice(2);
if (tasks[first] !== undefined) {
  const began = performance.now();
  const found = await tasks[first](file, folder);
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  console.log(JSON.stringify({ ...found, ms: performance.now() - began, cpu: (userCPUTime + systemCPUTime) / 1000, rss: maxRSS / 1024 }));
} else {
  const scratch = mkdtempSync(join(tmpdir(), "casebook-bench-"));
  try {
    const traces = join(scratch, "traces.jsonl");
    await writeTraceFile(traces, Number(first));
    const megabytes = statSync(traces).size / 1e6;
    const run = (name, env = {}) => JSON.parse(execFileSync(process.execPath, [fileURLToPath(import.meta.url), name, traces, join(scratch, `store${Object.keys(env).length}`)], { env: { ...process.env, ...env }, encoding: "utf8" }));
    const rows = [
      ["readline + JSON.parse", run("peer")],
      ["read records into pieces", run("read")],
      ["pull, redaction left out", run("pull", { PLAIN: "1" })],
      ["pull", run("pull")],
      ["pull again, nothing new", run("pull")],
    ];
    const base = rows[0][1];
    console.log(`${megabytes.toFixed(0)} MB, ${base.records} records, node ${process.version}`);
    for (const [name, { ms, cpu, rss }] of rows)
      console.log(`${name.padEnd(26)} ${(megabytes / (ms / 1000)).toFixed(1).padStart(7)} MB/s  ratio ${(base.ms / ms).toFixed(3)}  cpu ratio ${(base.cpu / cpu).toFixed(3)}  peak ${rss.toFixed(0)} MB`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
