// Pulls a large file, kills pulls of it with -9 at random places, pulls again, and compares the stores.
// node bench/pull-crash.mjs [MEGABYTES=200] [KILLS=5]; CASEBOOK_DIST names another build.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { writeTraceFile } from "./trace-file.mjs";

const dist = resolve(process.env.CASEBOOK_DIST ?? fileURLToPath(new URL("../dist", import.meta.url)));
const load = (path) => import(pathToFileURL(join(dist, path)).href);
const casebook = process.env.CASEBOOK_DIST === undefined ? fileURLToPath(new URL("../bin/casebook.js", import.meta.url)) : join(dist, "cli/main.js");
const { openStore } = await load("adapters/store/store.js");
const { storeDigest } = await load("adapters/store/digest.js");

const [megabytes = "200", kills = "5"] = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), "casebook-bench-"));
const storeOf = (home) => join(home, ".casebook/traces");
const sizeOf = (home) => (existsSync(join(storeOf(home), "traces-000001.jsonl")) ? statSync(join(storeOf(home), "traces-000001.jsonl")).size : 0);
const digestOf = async (home) => {
  const opened = await openStore(storeOf(home));
  const digest = storeDigest(opened);
  opened.close();
  return digest;
};
async function pull(file, home, killAt = Number.POSITIVE_INFINITY) {
  mkdirSync(home, { recursive: true });
  const running = spawn(process.execPath, [casebook, "pull", file, "--json"], { cwd: home, env: { ...process.env, CASEBOOK_KEY: "00".repeat(32) }, stdio: "ignore" });
  const timer = setInterval(() => sizeOf(home) > killAt && running.kill("SIGKILL"), 3);
  await once(running, "close");
  clearInterval(timer);
  return running.signalCode;
}

try {
  const file = join(scratch, "traces.jsonl");
  const { bytes, traces } = await writeTraceFile(file, Number(megabytes));
  const calm = join(scratch, "calm");
  await pull(file, calm);
  const wanted = await digestOf(calm);
  console.log(`${(bytes / 1e6).toFixed(0)} MB, ${traces} traces, undisturbed store ${wanted.slice(0, 12)}`);
  let wrong = 0;
  for (let kill = 0; kill < Number(kills); kill += 1) {
    const home = join(scratch, `killed-${kill}`);
    const at = Math.floor(sizeOf(calm) * Math.random());
    const signal = await pull(file, home, at);
    const held = sizeOf(home);
    await pull(file, home);
    const same = (await digestOf(home)) === wanted;
    wrong += same ? 0 : 1;
    console.log(`killed by ${signal} at ${(held / 1e6).toFixed(1)} of ${(sizeOf(calm) / 1e6).toFixed(1)} MB stored; pulled again: ${same ? "the same store" : "ANOTHER STORE"}`);
    rmSync(home, { recursive: true, force: true });
  }
  process.exitCode = wrong === 0 ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
