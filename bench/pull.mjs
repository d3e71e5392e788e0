// `casebook pull` as a user runs it (default policy, names on) against node:readline + JSON.parse over the same file, each in a
// process of its own. node bench/pull.mjs [MEGABYTES …=60 200 1000]; --mixed interleaves the runs; CASEBOOK_DIST names another build.
// Prints wall time, MB/s, peak memory and the ratio. Needs free disk of about twice the file.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { writeTraceFile } from "./trace-file.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const casebook = process.env.CASEBOOK_DIST === undefined ? here("../bin/casebook.js") : join(resolve(process.env.CASEBOOK_DIST), "cli/main.js");
const peer = `import { createReadStream } from "node:fs"; import { createInterface } from "node:readline"; let records = 0;
for await (const line of createInterface({ input: createReadStream(process.argv[1]) })) if (JSON.parse(line)) records += 1; console.log(records);`;

const args = process.argv.slice(2);
const order = args.includes("--mixed") ? "mixed" : "runs";
const sizes = args.filter((arg) => arg !== "--mixed").map(Number);
let over = false;
console.log(`node ${process.version}, ${order === "mixed" ? "a hundred runs interleaved" : "runs one after another"}`);
for (const megabytes of sizes.length === 0 ? [60, 200, 1000] : sizes) {
  const scratch = mkdtempSync(join(tmpdir(), "casebook-bench-"));
  const run = (...argv) => {
    const env = { ...process.env, CASEBOOK_KEY: "00".repeat(32), CASEBOOK_PEAK: join(scratch, "peak.json") };
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", here("peak.mjs"), ...argv], { cwd: join(scratch, "home"), env, encoding: "utf8", maxBuffer: 1 << 28 });
    if (status !== 0) throw new Error(stderr);
    return { ...JSON.parse(readFileSync(env.CASEBOOK_PEAK, "utf8")), stdout };
  };
  try {
    mkdirSync(join(scratch, "home"));
    const file = join(scratch, "traces.jsonl");
    await writeTraceFile(file, megabytes, { order });
    const size = statSync(file).size / 1e6;
    const rows = [
      ["readline + JSON.parse", run("--input-type=module", "-e", peer, "--", file)],
      ["casebook pull", run(casebook, "pull", file, "--json")],
      ["casebook pull again", run(casebook, "pull", file, "--json")],
    ];
    const [base, pulled] = rows.map(([, row]) => row);
    const summary = JSON.parse(pulled.stdout);
    const store = join(scratch, "home/.casebook/traces");
    const stored = readdirSync(store).reduce((sum, name) => sum + statSync(join(store, name)).size, 0) / 1e6;
    const { certain = 0, likely = 0 } = summary.findings.by_tier;
    console.log(`\n${size.toFixed(0)} MB, ${summary.objects} records, ${summary.traces.total} traces; ${certain + likely} values masked, ${stored.toFixed(0)} MB stored`);
    for (const [name, { ms, cpu, peak }] of rows)
      console.log(`${name.padEnd(22)} ${(ms / 1000).toFixed(1).padStart(6)} s ${(size / (ms / 1000)).toFixed(1).padStart(7)} MB/s  ratio ${(base.ms / ms).toFixed(3)}  cpu ratio ${(base.cpu / cpu).toFixed(3)}  peak ${peak.toFixed(0).padStart(4)} MB`);
    over ||= pulled.peak > 200;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
if (over) console.log("\nA pull took more than 200 MB.");
process.exitCode = over ? 1 : 0;
