// Pulls a large file, kills pulls of it with -9 at random places, pulls again, and compares the stores.
// node bench/pull-crash.mjs [MEGABYTES=200] [KILLS=5]; CASEBOOK_DIST names another build.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { writeTraceFile } from "./trace-file.mjs";

const dist = resolve(process.env.CASEBOOK_DIST ?? fileURLToPath(new URL("../dist", import.meta.url)));
const load = (path) => import(pathToFileURL(join(dist, path)).href);
const child = fileURLToPath(new URL("pull.mjs", import.meta.url));
const { openStore } = await load("adapters/store/store.js");
const { storeDigest } = await load("adapters/store/digest.js");

const [megabytes = "200", kills = "5"] = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), "casebook-bench-"));
const sizeOf = (store) => (existsSync(join(store, "traces-000001.jsonl")) ? statSync(join(store, "traces-000001.jsonl")).size : 0);
const digestOf = async (store) => {
  const opened = await openStore(store);
  const digest = storeDigest(opened);
  opened.close();
  return digest;
};
async function pull(file, store, killAt = Number.POSITIVE_INFINITY) {
  const running = spawn(process.execPath, [child, "pull", file, store], { env: { ...process.env, CASEBOOK_DIST: dist }, stdio: ["ignore", "ignore", "inherit"] });
  const timer = setInterval(() => sizeOf(store) > killAt && running.kill("SIGKILL"), 3);
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
    const store = join(scratch, `killed-${kill}`);
    const at = Math.floor(sizeOf(calm) * Math.random());
    const signal = await pull(file, store, at);
    const held = sizeOf(store);
    await pull(file, store);
    const same = (await digestOf(store)) === wanted;
    wrong += same ? 0 : 1;
    console.log(`killed by ${signal} at ${(held / 1e6).toFixed(1)} of ${(sizeOf(calm) / 1e6).toFixed(1)} MB stored; pulled again: ${same ? "the same store" : "ANOTHER STORE"}`);
    rmSync(store, { recursive: true, force: true });
  }
  process.exitCode = wrong === 0 ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
