// Plants canaries (40 kinds x 17 encodings and 3 of one in another x every place of a trace, an answer and a file name), walks the whole street, and looks for them
// in every file, output and git object. npm run build && node bench/canaries.mjs [--count 10000] [--seed 1] [--keep FOLDER]
// CASEBOOK_DIST names another build. Exit 1 when a canary got through.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { maskedOf } from "./canaries/control.mjs";
import { encodings } from "./canaries/encodings.mjs";
import { gateNames, tryGates, tryVerbs } from "./canaries/gates.mjs";
import { kinds } from "./canaries/kinds.mjs";
import { places, plantCanaries, writeExports } from "./canaries/plant.mjs";
import { canaryFinder } from "./canaries/scan.mjs";
import { leftBehind, walk } from "./canaries/street.mjs";

const { values: flags } = parseArgs({ options: { count: { type: "string", default: "10000" }, seed: { type: "string", default: "1" }, keep: { type: "string" } } });
const [count, seed] = [Number(flags.count), Number(flags.seed)];
const dist = resolve(process.env.CASEBOOK_DIST ?? fileURLToPath(new URL("../dist", import.meta.url)));
const home = flags.keep === undefined ? mkdtempSync(join(tmpdir(), "casebook-canaries-")) : resolve(flags.keep);
const pad = (value, width) => String(value).padStart(width);

const env = { PATH: process.env.PATH, HOME: join(home, "home"), TMPDIR: join(home, "tmp"), CASEBOOK_KEY: "5e".repeat(32), CASEBOOK_ANNOTATOR: "bench", CI: "1", NO_COLOR: "1" };
const start = (cwd, argv) => spawn(process.execPath, [join(home, "casebook.mjs"), ...argv], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
function casebook(cwd, argv, more = {}) {
  const ran = spawnSync(process.execPath, [join(home, "casebook.mjs"), ...argv], {
    cwd,
    env: { ...env, ...more.env },
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

try {
  for (const name of ["home", "tmp"]) mkdirSync(join(home, name), { recursive: true });
  writeFileSync(join(home, "casebook.mjs"), `await import(${JSON.stringify(pathToFileURL(join(dist, "cli/main.js")).href)});\n`);
  const exported = writeExports(plantCanaries({ count, seed }));
  const { planted } = exported;
  console.log(`${planted.length} canaries planted: ${kinds.length} kinds x ${encodings.length} encodings x ${places.length} places`);
  const { codes } = await walk(home, exported, casebook, { start, log: console.log, kills: 4 });
  // 3 of gate: the recordings are no runs of one agent, so few of them can be replayed and compared.
  const failed = codes.filter(({ name, code }) => code > 1 && !(code === 3 && name.includes("gate")));
  if (failed.length > 0) console.log(`commands that did not do their work: ${failed.map(({ name, code }) => `${name} (exit ${code})`).join(", ")}`);

  const find = canaryFinder(planted);
  const where = new Map();
  let bytes = 0;
  for (const [place, , content] of leftBehind(home)) {
    bytes += content.length;
    for (const canary of find(content)) where.set(canary, (where.get(canary) ?? new Set()).add(place));
  }
  printTable(planted, where);
  const by = (title, of, all) => {
    if (where.size === 0) return;
    console.log(`\n${title}`);
    const counts = new Map();
    for (const [canary, found] of where) for (const name of of(canary, found)) counts.set(name, (counts.get(name) ?? 0) + 1);
    for (const [name, number] of [...counts].sort((a, b) => b[1] - a[1])) console.log(`  ${name.padEnd(36)} ${pad(number, 5)}${all === undefined ? "" : ` of ${all(name)}`}`);
  };
  by("leaked, by the place it was planted in", (canary) => [canary.place.name], (name) => planted.filter((one) => one.place.name === name).length);
  by("leaked, by where it was found", (_, found) => found);
  if (flags.keep !== undefined) writeFileSync(join(home, "leaks.json"), JSON.stringify([...where].map(([canary, found]) => ({ kind: canary.kind.name, encoding: canary.encoding.name, place: canary.place.name, text: canary.text ?? canary.parts, value: canary.made.value, found: [...found] })), null, 1));
  console.log(`\n${where.size} of ${planted.length} canaries found in ${(bytes / 1e6).toFixed(0)} MB of files, outputs and git objects`);
  await printControl();
  const open = await printGates();
  process.exitCode = where.size > 0 || failed.length > 0 || open ? 1 : 0;
} finally {
  if (flags.keep === undefined) rmSync(home, { recursive: true, force: true });
}

/** Kinds down, encodings across: canaries found. */
function printTable(planted, where) {
  console.log(`\nleaked, of ${Math.floor(planted.length / (kinds.length * encodings.length))} or so in each cell`);
  console.log(`${" ".repeat(24)}${encodings.map((_, at) => pad(String.fromCharCode(97 + at), 3)).join("")}`);
  const at = (test) => [...where.keys()].filter(test).length;
  for (const kind of kinds) console.log(`${kind.name.padEnd(24)}${encodings.map((encoding) => pad(at((one) => one.kind === kind && one.encoding === encoding) || ".", 3)).join("")}`);
  console.log(`${"all".padEnd(24)}${encodings.map((encoding) => pad(at((one) => one.encoding === encoding) || ".", 3)).join("")}`);
  console.log(encodings.map(({ name }, index) => `${String.fromCharCode(97 + index)} ${name}`).join(" · "));
}

/** What redaction masks where there is nothing to mask: masking everything would hide every canary. */
async function printControl() {
  const share = async (title, ways) => {
    const { characters, masked } = await maskedOf({ ...writeExports(plantCanaries({ count: Math.min(count, 2000), seed, control: true, ways })), dist });
    console.log(`  ${title.padEnd(44)} ${((100 * masked) / characters).toFixed(2)} % of ${characters} characters`);
  };
  console.log("\nmasked in the control: the same traces, harmless phrases for canaries");
  await share("plain", encodings.slice(0, 1));
  await share("in every encoding", encodings);
  await share("in every encoding but base64", encodings.filter(({ name }) => !name.includes("base64")));
}

/** The gates on canaries that redaction let through. Answers whether a verb let the dataset pass. */
async function printGates() {
  const tried = await tryGates({ dist, seed, each: 2 });
  console.log(`\nseen by the gates in files about to be committed, as if redaction had missed them, in % of ${tried.length}`);
  const row = (title, list) => console.log(`${title.padEnd(24)}${[...gateNames, "any"].map((gate) => pad(Math.round((100 * list.filter(({ seen }) => (gate === "any" ? seen.length > 0 : seen.includes(gate))).length) / list.length), 12)).join("")}`);
  console.log(`${" ".repeat(24)}${[...gateNames, "any"].map((name) => pad(name, 12)).join("")}`);
  for (const of of ["kind", "encoding", "file"]) {
    for (const name of new Set(tried.map((one) => one[of]))) row(name.name ?? name, tried.filter((one) => one[of] === name));
    console.log();
  }
  row("all", tried);
  const verbs = await tryVerbs(home, casebook, seed);
  console.log("\nthe verbs on such a dataset, one case for each kind");
  for (const { verb, code, written, seen } of verbs) {
    const unseen = seen === undefined ? [] : kinds.map(({ name }) => name).filter((name) => !seen.includes(name));
    console.log(`  ${verb.padEnd(14)} exit ${code}, ${written ? "WROTE IT" : "wrote nothing"}${seen === undefined ? "" : `, ${seen.length} of ${kinds.length} kinds seen${unseen.length === 0 ? "" : `; not: ${unseen.join(", ")}`}`}`);
  }
  return verbs.some(({ code, written }) => code !== 1 || written);
}
