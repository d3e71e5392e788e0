import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { openScratch } from "../../../src/adapters/store/scratch.ts";
import { distFile } from "../../support/dist.ts";
import { scratch } from "../../support/io.ts";

let temporary = "";
beforeEach(() => {
  temporary = scratch();
  vi.stubEnv("TMPDIR", temporary);
  return () => void vi.unstubAllEnvs();
});

/** A process that has opened a scratch store and stands still. */
async function apart(): Promise<{ readonly kill: () => Promise<void> }> {
  const opens = `const { openScratch } = await import(${JSON.stringify(pathToFileURL(distFile("adapters/store/scratch.js")).href)}); await openScratch(); console.log("open"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", opens], { env: { ...process.env, TMPDIR: temporary }, stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return {
    async kill() {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}

test("what a dry run that was killed left is cleared by the next one, and what one at work has is left alone", async () => {
  const [killed] = [await apart(), await apart()];
  const both = readdirSync(temporary);
  expect(both).toHaveLength(2);
  await killed.kill();
  const mine = await openScratch();
  const now = readdirSync(temporary);
  expect([now.length, now.filter((name) => both.includes(name)).length]).toEqual([2, 1]);
  mine.close();
  expect(readdirSync(temporary)).toHaveLength(1);
});

test("nothing is cleared that only looks like a scratch store: a link, a file, a folder others may write to, one just being made", async () => {
  const elsewhere = scratch();
  const store = (folder: string): void => {
    mkdirSync(join(folder, "traces"), { recursive: true, mode: 0o700 });
    for (const name of ["writer.lock", "traces-000001.jsonl"]) writeFileSync(join(folder, "traces", name), "");
  };
  store(elsewhere);
  symlinkSync(elsewhere, join(temporary, "casebook-dry-link00"));
  writeFileSync(join(temporary, "casebook-dry-file00"), "");
  mkdirSync(join(temporary, "casebook-dry-new000/traces"), { recursive: true, mode: 0o700 });
  writeFileSync(join(temporary, "casebook-dry-new000/traces/writer.lock"), "");
  store(join(temporary, "casebook-dry-open00"));
  chmodSync(join(temporary, "casebook-dry-open00"), 0o777);
  store(join(temporary, "casebook-other0"));
  const before = readdirSync(temporary);
  (await openScratch()).close();
  expect([readdirSync(temporary), readdirSync(join(elsewhere, "traces"))]).toEqual([before, ["traces-000001.jsonl", "writer.lock"]]);
});
