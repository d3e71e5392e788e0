// Runs every benchmark, one after another, each in a process of its own. `npm run bench -- pull dedup` runs those named.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const asked = process.argv.slice(2);
const names = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".mjs") && !["run.mjs", "trace-file.mjs", "peak.mjs"].includes(name))
  .map((name) => name.replace(/\.mjs$/, ""))
  .filter((name) => asked.length === 0 || asked.includes(name));
if (names.length === 0) {
  console.error(`No such benchmark. There are: ${readdirSync(import.meta.dirname).join(", ")}`);
  process.exit(2);
}
for (const name of names) {
  console.log(`\n== ${name}`);
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.mjs`)], { stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
