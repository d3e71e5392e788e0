// How long casebook takes to say its version and its help, against a bare `node -e 0` in the same run.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const bin = join(import.meta.dirname, "../bin/casebook.js");
const rounds = 31;
const programs = { "node -e 0": ["-e", "0"], "casebook --version": [bin, "--version"], "casebook --help": [bin, "--help"] };

const times = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
for (let round = 0; round < rounds; round += 1)
  for (const [name, argv] of Object.entries(programs)) {
    const began = performance.now();
    const { status } = spawnSync(process.execPath, argv);
    if (status !== 0) throw new Error(`${name}: exit ${status}`);
    times[name].push(performance.now() - began);
  }

// The quickest quarter: what else the machine does only ever adds.
const quartile = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 4)];
const base = quartile(times["node -e 0"]);
console.log(`start, lower quartile of ${rounds} runs taken in turn (goal: at most 1.5 x)`);
for (const [name, values] of Object.entries(times)) console.log(`  ${name.padEnd(20)} ${quartile(values).toFixed(0).padStart(5)} ms   ${(quartile(values) / base).toFixed(2)} x`);
