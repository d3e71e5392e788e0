import { spawn } from "node:child_process";
import { once } from "node:events";
import { Readable } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { distFile } from "../support/dist.ts";
import { casebook, scratch } from "../support/io.ts";

test.each([[["pull", "-"], 700], [["pull", "-"], 250], [["check", "-"], 700], [["redact", "-"], 700], [["label", "--answers", "-"], 700]])("%j, waiting for standard input, ends when told to after %i ms", async (argv, wait) => {
  const child = spawn(process.execPath, [distFile("cli/main.js"), ...argv], { cwd: scratch(), stdio: ["pipe", "ignore", "pipe"], env: { ...process.env, CASEBOOK_KEY: "00".repeat(32) } });
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += String(chunk)));
  child.stdin.on("error", () => {});
  child.stdin.write("not a record\n");
  await new Promise((later) => setTimeout(later, wait));
  child.kill("SIGTERM");
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  // On a slow machine it may not have begun to listen for signals yet.
  expect([signal ?? code, said.includes("bug")]).toEqual([signal === null ? 130 : "SIGTERM", false]);
});

test.each([["pull", "-"], ["check", "-"], ["redact", "-"], ["label", "--answers", "-"]])("a %s at a terminal says that nothing comes from there", async (...argv) => {
  const ran = await casebook(scratch(), argv, { io: { stdin: Object.assign(Readable.from([]), { isTTY: true }) } });
  expect([ran.code, ran.err]).toEqual([2, expect.stringContaining("standard input is a terminal")]);
});

test.each([[["--no-input", "label"]], [["label", "--no-input"]]])("%j asks nobody, even at a terminal", async (argv) => {
  const ran = await casebook(scratch(), argv, { io: { interactive: true } });
  expect([ran.code, ran.err]).toEqual([2, expect.stringContaining("there is no terminal here")]);
});
