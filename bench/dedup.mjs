// Deduplication: how right it is on 200 real runs (50 tasks, four times each), and how fast against named peers.
// Run after a build: node bench/dedup.mjs [documents]
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jaccard, nearText, shinglesOf } from "../dist/core/dedup/near.js";
import { represent } from "../dist/core/dedup/represent.js";
import { sameTask, weigh } from "../dist/core/dedup/same-task.js";
import { seededRandom } from "../dist/core/base/random.js";

const shared = join(import.meta.dirname, "../../shared/data");
const runs = join(shared, "tau-airline-traces.jsonl.gz");
const key = join(shared, "tau-airline-tasks.json");
const documents = Number(process.argv[2] ?? 20_000);

if (existsSync(runs) && existsSync(key)) quality();
else console.log("quality: skipped, ../shared/data/tau-airline-* is absent");
speed();

/** Pulls and dedups as a user would, in an empty folder, and scores the decisions by the key. */
function quality() {
  const cwd = mkdtempSync(join(tmpdir(), "casebook-bench-"));
  const casebook = (...argv) => JSON.parse(execFileSync(process.execPath, [join(import.meta.dirname, "../bin/casebook.js"), ...argv, "--json"], { cwd, encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "inherit"] }));
  try {
    casebook("pull", runs);
    const tasks = JSON.parse(readFileSync(key, "utf8"));
    const [level] = casebook("dedup", "--level", "same-task").levels;
    const pairs = level.clusters.flatMap(({ kept, members }) => members.map(({ id }) => ({ kept, id })));
    const wrong = pairs.filter(({ kept, id }) => tasks[kept].task !== tasks[id].task).length;
    const dropped = new Set(pairs.map(({ id }) => id));
    const left = new Set(Object.keys(tasks).filter((id) => !dropped.has(id)).map((id) => tasks[id].task)).size;
    const all = new Set(Object.values(tasks).map(({ task }) => task)).size;
    console.log(`same-task on ${Object.keys(tasks).length} airline runs, threshold ${level.threshold}:`);
    console.log(`  ${pairs.length} dropped of 150 redundant (goal at least 90), ${wrong} wrong (goal at most 10), ${left} of ${all} tasks left (goal ${all})`);
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

function speed() {
  const texts = corpus(documents);
  const ours = time(() => represent(texts.map((_, at) => at), 0.9, nearText(texts.map(shinglesOf), { capped: 0 })));
  const words = texts.map((list) => [...new Set(list)]);
  const task = time(() => represent(words.map((_, at) => at), 0.2, sameTask(weigh(words), 0.2, { capped: 0 })));
  const few = texts.slice(0, 2_000);
  const naive = time(() => allPairs(few));
  const same = time(() => represent(few.map((_, at) => at), 0.9, nearText(few.map(shinglesOf), { capped: 0 })));
  const rate = (n, { ms }) => Math.round((n / ms) * 1000);
  console.log(`near text, ${documents} documents of 120 words, one in four a near-copy, one core:`);
  console.log(`  casebook (MinHash 20 × 6, every pair verified)  ${rate(documents, ours)} docs/s, ${ours.value.length} found`);
  console.log(`  casebook same-task level                        ${rate(documents, task)} docs/s`);
  console.log(`  all pairs of 5-word shingles, ${few.length} documents      ${rate(few.length, naive)} docs/s, ${naive.value} found (casebook there ${same.value.length}); casebook is ${(naive.ms / same.ms).toFixed(1)} × as fast`);
  const minhash = peer();
  if (minhash === undefined) return console.log("  npm minhash: not installable here, left out");
  const theirs = time(() => byMinhash(minhash, few));
  console.log(`  npm minhash 0.0.9 (120 permutations, unverified) ${rate(few.length, theirs)} docs/s, ${theirs.value} found; casebook is ${((rate(few.length, same)) / rate(few.length, theirs)).toFixed(1)} × as fast`);
}

/** Seeded texts: every fourth is an earlier one with a word changed. */
function corpus(count) {
  const random = seededRandom(1);
  const texts = [];
  for (let at = 0; at < count; at++)
    if (at % 4 === 3) texts.push(texts[at - 3 + Math.floor(random() * 3)].with(Math.floor(random() * 2) * 119, "changed"));
    else texts.push(Array.from({ length: 120 }, () => `w${Math.floor(random() ** 2 * 20_000)}`));
  return texts;
}

function allPairs(texts) {
  const docs = texts.map(shinglesOf);
  const kept = [];
  let found = 0;
  for (const doc of docs)
    if (kept.some((other) => jaccard(doc, other) >= 0.9)) found += 1;
    else kept.push(doc);
  return found;
}

function byMinhash({ Minhash, LshIndex }, texts) {
  const index = new LshIndex({ bandSize: 6 });
  let found = 0;
  for (const [at, words] of texts.entries()) {
    const sketch = new Minhash({ numPerm: 120 });
    for (let from = 0; from + 5 <= words.length; from++) sketch.update(words.slice(from, from + 5).join(" "));
    // It can be asked only for what it holds.
    index.insert(String(at), sketch);
    if (index.query(sketch).some((other) => other !== String(at))) found += 1;
  }
  return found;
}

/** The npm package `minhash`, installed to a folder that is gone afterwards. */
function peer() {
  const folder = mkdtempSync(join(tmpdir(), "casebook-peer-"));
  try {
    const { status } = spawnSync("npm", ["install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, "minhash@0.0.9"], { stdio: "ignore", timeout: 60_000 });
    return status === 0 ? createRequire(join(folder, "x.js"))("minhash") : undefined;
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function time(work) {
  const from = performance.now();
  const value = work();
  return { value, ms: performance.now() - from };
}
