// Frozen replay of many trivial cases against vitest making the same assertions. Run after a build: node bench/replay.mjs [cases]
// Each case is one agent, one model answer, one check of it. vitest gets the same as one test file: a test per case that
// runs the agent's recorded answer through the same assertion, without an SDK, a dataset or a log.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { writeCaseFiles } from "../dist/core/dataset/files.js";
import { contentsOf, planRelease } from "../dist/core/dataset/lock.js";
import { defaultTaxonomy } from "../dist/core/label/default-taxonomy.js";

const count = Number(process.argv[2] ?? 10_000);
const root = join(import.meta.dirname, "..");
const cwd = mkdtempSync(join(tmpdir(), "casebook-bench-"));
const put = (path, text) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};

try {
  symlinkSync(join(root, "node_modules"), join(cwd, "node_modules"));
  writeDataset();
  writeSuite();
  const ours = await measure([join(root, "bin/casebook.js"), "replay", "-p", "recorded", "--json"]);
  const { trials, ends } = JSON.parse(ours.out);
  if (ours.code !== 0 || trials.done !== count || ends.pass !== count) throw new Error(`casebook did not pass all: ${JSON.stringify(ends)} exit ${ours.code}`);
  const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
  const theirs = await measure([vitest, "run", "--pool=threads", "--reporter=json", "--root", cwd]);
  if (theirs.code !== 0 || JSON.parse(theirs.out).numPassedTests !== count) throw new Error(`vitest did not pass all: exit ${theirs.code}`);
  console.log(`${count} trivial frozen cases, CPU seconds (user + system, all threads) and peak memory of the whole process tree's root:`);
  for (const [name, { cpu, rss, wall }] of [["casebook replay", ours], ["vitest", theirs]])
    console.log(`  ${name.padEnd(16)} ${cpu.toFixed(2).padStart(6)} s CPU  ${wall.toFixed(2).padStart(6)} s wall  ${Math.round(rss).toString().padStart(5)} MB`);
  console.log(`  ratio            ${(ours.cpu / theirs.cpu).toFixed(2)} × the CPU, ${(ours.rss / theirs.rss).toFixed(2)} × the memory`);
} finally {
  rmSync(cwd, { recursive: true, force: true });
}

function writeDataset() {
  const folders = Array.from({ length: count }, (_, i) => {
    const [trace, entry] = caseAt(i);
    const files = writeCaseFiles(entry, trace, []);
    for (const [path, text] of files) put(join(cwd, "datasets/trivial/cases", entry.id, path), text);
    return { case: entry, trace, labels: [], files: new Map([...files].map(([path, text]) => [path, Buffer.from(text)])) };
  });
  const plan = planRelease("trivial", contentsOf(folders, defaultTaxonomy), undefined);
  put(join(cwd, "datasets/trivial/versions", `${plan.version}.json`), plan.text);
  put(join(cwd, "casebook.yaml"), "schema: casebook/config@1\n");
}

function caseAt(i) {
  const at = (n) => `2026-01-01T00:00:0${n}.000000000Z`;
  const question = `How much is ${i} plus one?`;
  const trace = {
    schema: "casebook/trace@1",
    id: `trace_${String(i).padStart(8, "0")}`,
    source: { kind: "native" },
    recorded: true,
    messages: [
      { role: "system", parts: [{ type: "text", text: "Add one." }] },
      { role: "user", parts: [{ type: "text", text: question }] },
      { role: "assistant", parts: [{ type: "text", text: `It is ${i + 1}.` }] },
    ],
    tools: [],
    spans: [
      { id: "a", parent_id: null, kind: "agent", started_at: at(0), ended_at: at(3), agent: { name: "Adder" } },
      { id: "m", parent_id: "a", kind: "response", started_at: at(1), ended_at: at(2), model: { api: "responses", instructions: 0, input: [1], output: [2], tools: [] } },
    ],
  };
  const entry = {
    schema: "casebook/case@1",
    id: `add-${String(i).padStart(8, "0")}`,
    title: question,
    input: { messages: [{ role: "user", text: question }], agent: "Adder" },
    label: { verdict: "pass", codes: [] },
    checks: [{ id: "right", type: "output", contains: String(i + 1) }],
    provenance: { trace_id: trace.id, trace_revision: 1, source: "native", annotators: ["ann"], taxonomy: "1.0.0", redaction: { policy: "p", key: "k", style: "token" }, generated: { checks: "0", expected: "0" } },
  };
  return [trace, entry];
}

function writeSuite() {
  const tests = Array.from({ length: count }, (_, i) => `test("add-${String(i).padStart(8, "0")}", async () => { expect(await answer(${i})).toContain("${i + 1}"); });`);
  put(
    join(cwd, "trivial.test.mjs"),
    `import { expect, test } from "vitest";\nconst answer = async (i) => \`It is \${i + 1}.\`;\n${tests.join("\n")}\n`,
  );
}

/** Runs node with these arguments; CPU and peak memory as the process itself counts them at its end, its threads included. */
function measure(argv) {
  const report = join(cwd, "usage.json");
  const hook = join(cwd, "usage.mjs");
  put(hook, `import { isMainThread } from "node:worker_threads"; import { writeFileSync } from "node:fs"; if (isMainThread && !process.send) process.on("exit", () => { const u = process.resourceUsage(); writeFileSync(${JSON.stringify(report)}, JSON.stringify({ cpu: (u.userCPUTime + u.systemCPUTime) / 1e6, rss: u.maxRSS / 1024 })); });`);
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", hook, ...argv], { cwd, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NO_COLOR: "1", CI: "1" } });
    const out = [];
    const err = [];
    child.stdout.on("data", (chunk) => out.push(chunk));
    child.stderr.on("data", (chunk) => err.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      try {
        resolve({ code, out: Buffer.concat(out).toString("utf8"), wall: (performance.now() - began) / 1000, ...JSON.parse(readFileSync(report, "utf8")) });
      } catch {
        reject(new Error(`${argv.at(0)} exit ${code}: ${Buffer.concat(err).toString("utf8").slice(0, 2000)}`));
      }
    });
  });
}
