// Redaction: recall and over-redaction on 200 labelled agent runs beside other engines measured in the same run, throughput
// with propagation, growth on adversarial text, the cost of a data URL. Run after a build: node bench/redaction.mjs
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFilter } from "../dist/core/redact/filter.js";
import { loadNames } from "../dist/core/redact/detect/names.js";
import { defaultPolicy } from "../dist/core/redact/policy.js";

const file = join(import.meta.dirname, "../../shared/data/tau-airline.jsonl");
const filterOf = () => createFilter({ policy: defaultPolicy, key: new Uint8Array(32), keyId: "bench", names: loadNames() });
const peerTimeout = 300_000;

if (existsSync(file)) quality();
else console.log("quality: skipped, ../shared/data/tau-airline.jsonl is absent");
sourceCode();
growth();
dataUrl();

function quality() {
  const rows = readFileSync(file, "utf8").trim().split("\n").map((line) => JSON.parse(line));
  const labels = rows.map(({ text, spans }) => {
    const units = unitsOf(text);
    return spans.map(([start, end]) => [units[start], units[end]]);
  });
  const groups = Map.groupBy?.(rows.keys(), (i) => rows[i].traj) ?? rows.reduce((map, { traj }, i) => map.set(traj, [...(map.get(traj) ?? []), i]), new Map());
  const order = [...groups.values()].map((indexes) => [...indexes]);
  const texts = order.map((indexes) => indexes.map((i) => rows[i].text));
  const characters = rows.reduce((sum, { text }) => sum + text.length, 0);
  const masks = rows.map(() => []);
  const filter = filterOf();
  for (const [g, group] of filter(texts).entries()) for (const [n, { findings }] of group.entries()) masks[order[g][n]] = findings.filter(({ tier }) => tier !== "suspect").map(({ start, end }) => [start, end]);
  console.log(`${rows.length} messages of ${order.length} runs, ${labels.flat().length} labelled spans, ${(characters / 1e6).toFixed(2)} MB`);
  console.log("  engine                        spans masked   innocent characters masked      MB/s");
  report("casebook", masks, speedOf(texts));
  console.log("  (goals: 99.9 % and 1 %; 10 MB/s)");
  const folder = mkdtempSync(join(tmpdir(), "casebook-peers-"));
  try {
    for (const name of ["package.json", "engine.mjs"]) copyFileSync(join(import.meta.dirname, "peers", name), join(folder, name));
    const npm = spawnSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"], { cwd: folder, encoding: "utf8" });
    writeFileSync(join(folder, "texts.json"), JSON.stringify(rows.map(({ text }) => text)));
    for (const name of ["redact-pii", "llm-redact", "openredaction", "@openai/guardrails PII", "@openai/guardrails secrets", "secretlint"]) {
      const output = join(folder, "masks.json");
      rmSync(output, { force: true });
      const ran = npm.status === 0 ? spawnSync(process.execPath, ["engine.mjs", name, "texts.json", output], { cwd: folder, timeout: peerTimeout, stdio: "ignore" }) : undefined;
      if (!existsSync(output)) {
        console.log(`  ${name.padEnd(28)}  not available (${npm.status !== 0 ? "npm could not install it" : ran?.signal ? "no answer in five minutes" : "it would not start"})`);
        continue;
      }
      const { ms, masks: found } = JSON.parse(readFileSync(output, "utf8"));
      report(name, found, characters / 1000 / ms);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }

  function report(name, found, speed) {
    let hit = 0;
    let innocent = 0;
    let over = 0;
    for (const [i, { text }] of rows.entries()) {
      const covered = new Uint8Array(text.length);
      for (const [start, end] of found[i]) covered.fill(1, start, end);
      const labelled = new Uint8Array(text.length);
      for (const [start, end] of labels[i]) {
        labelled.fill(1, start, end);
        if (covered.subarray(start, end).every((one) => one === 1)) hit += 1;
      }
      for (let at = 0; at < text.length; at += 1) {
        if (labelled[at] === 1) continue;
        innocent += 1;
        over += covered[at];
      }
    }
    console.log(`  ${name.padEnd(28)} ${((100 * hit) / labels.flat().length).toFixed(2).padStart(7)} %      ${((100 * over) / innocent).toFixed(2).padStart(7)} %                 ${speed.toFixed(2).padStart(9)}`);
  }
}

/** MB/s of a process that has read 50 MB, with propagation: the best of ten runs, each with a filter that remembers nothing. */
function speedOf(texts) {
  const characters = texts.flat().reduce((sum, text) => sum + text.length, 0);
  for (let read = 0; read < 50e6; read += characters) filterOf()(texts);
  let best = 0;
  for (let run = 0; run < 10; run += 1) {
    const fresh = filterOf();
    const began = performance.now();
    fresh(texts);
    best = Math.max(best, characters / 1000 / (performance.now() - began));
  }
  return best;
}

/** The files of the packages we use, as a coding agent's tools would show them: six files to a run, as text, as JSON, line by line. */
function sourceCode() {
  const files = [];
  let size = 0;
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (/\.(?:[cm]?js|ts|md|json|css)$/.test(entry.name) && size < 4_000_000) {
        const text = readFileSync(path, "utf8");
        if (text.length < 500 || text.length > 120_000) continue;
        files.push(text);
        size += text.length;
      }
    }
  };
  for (const name of ["commander", "yaml", "zod/v4", "vitest", "@openai/agents-core"]) if (size < 4_000_000 && existsSync(join(import.meta.dirname, "../node_modules", name))) walk(join(import.meta.dirname, "../node_modules", name));
  const shown = files.map((text, i) => [text, JSON.stringify({ output: text, exit_code: 0 }), JSON.stringify(text.split("\n").slice(0, 80).map((line, n) => ({ line: n, text: line })))][i % 3]);
  const runs = Array.from({ length: Math.ceil(shown.length / 6) }, (_, i) => shown.slice(i * 6, i * 6 + 6));
  console.log(`source code, ${files.length} files: ${speedOf(runs).toFixed(2)} MB/s`);
}

/** Offsets of code points in UTF-16 units. */
function unitsOf(text) {
  const units = [0];
  for (const char of text) units.push(units.at(-1) + char.length);
  return units;
}

/** How time grows with size on texts made to be slow: 1 is linear. The smallest of several runs at each size. */
function growth() {
  const bad = {
    "a@a@a@…": (n) => "a@".repeat(n / 2),
    "spaces": (n) => " ".repeat(n),
    "digits and dashes": (n) => "12-".repeat(n / 3),
    "colons": (n) => "a:".repeat(n / 2),
    "quotes and backslashes": (n) => '\\"'.repeat(n / 2),
    "open brackets": (n) => "[{".repeat(n / 2),
    "one long word": (n) => "aB3".repeat(n / 3),
    "percent escapes": (n) => "%41".repeat(n / 3),
    "capitals": (n) => "Mia Li ".repeat(n / 7),
    "name is name is": (n) => "name is ".repeat(n / 8),
    "dots": (n) => "a.b.".repeat(n / 4),
    "equals": (n) => "token=".repeat(n / 6),
    "IPv6": (n) => "a:b::".repeat(n / 5),
    "keys": (n) => "sk-proj-".repeat(n / 8),
    "begin begin": (n) => "-----BEGIN RSA PRIVATE KEY-----".repeat(n / 31),
    "JSON in JSON": (n) => JSON.stringify(JSON.stringify({ a: "x".repeat(n) })),
    "calls in calls": (n) => 'walks("'.repeat(n / 7),
    "fences": (n) => "```".repeat(n / 3),
    "rows": (n) => "name,email\n".repeat(n / 11),
    "elements": (n) => "<password>".repeat(n / 10),
    "shell": (n) => "mysql -p ".repeat(n / 9),
    "base64": (n) => Buffer.from("lorem ipsum ".repeat(n / 16)).toString("base64"),
  };
  const sizes = [32_000, 128_000, 512_000];
  console.log(`growth from ${sizes[0] / 1000} to ${sizes.at(-1) / 1000} kB (1.00 is linear; goal at most 1.1)`);
  let worst = 0;
  for (const [name, make] of Object.entries(bad)) {
    const times = sizes.map((size) => {
      const text = make(size);
      let best = Infinity;
      for (let run = 0; run < 4; run += 1) {
        const filter = filterOf();
        const began = performance.now();
        filter([[text]]);
        best = Math.min(best, performance.now() - began);
      }
      return best;
    });
    const exponent = Math.log(times.at(-1) / times[0]) / Math.log(sizes.at(-1) / sizes[0]);
    worst = Math.max(worst, exponent);
    console.log(`  ${name.padEnd(24)} ${times.map((ms) => `${ms.toFixed(1)} ms`.padStart(10)).join("")}   ${exponent.toFixed(2)}`);
  }
  console.log(`  worst ${worst.toFixed(2)}`);
}

function dataUrl() {
  const text = `see data:image/png;base64,${Buffer.alloc(786_432, 7).toString("base64")} there`;
  let best = Infinity;
  for (let run = 0; run < 9; run += 1) {
    const filter = filterOf();
    const began = performance.now();
    filter([[text]]);
    best = Math.min(best, performance.now() - began);
  }
  console.log(`data URL of ${(text.length / 1e6).toFixed(1)} MB: ${best.toFixed(1)} ms (goal at most 10)`);
}
