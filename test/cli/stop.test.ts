import { spawn } from "node:child_process";
import { once } from "node:events";
import { Readable } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { distFile } from "../support/dist.ts";
import { casebook, scratch } from "../support/io.ts";

test.each([["pull", "-"], ["check", "-"], ["redact", "-"], ["label", "--answers", "-"]])("a %s that waits for standard input ends at once when told to", async (...argv) => {
  const child = spawn(process.execPath, [distFile("cli/main.js"), ...argv], { cwd: scratch(), stdio: ["pipe", "ignore", "pipe"], env: { ...process.env, CASEBOOK_KEY: "00".repeat(32) } });
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += String(chunk)));
  child.stdin.on("error", () => {});
  child.stdin.write("not a record\n");
  await new Promise((later) => setTimeout(later, 700));
  child.kill("SIGTERM");
  const [code] = (await once(child, "exit")) as [number];
  expect([code, said.includes("bug")]).toEqual([130, false]);
});

test.each([["pull", "-"], ["check", "-"], ["redact", "-"], ["label", "--answers", "-"]])("a %s at a terminal says that nothing comes from there", async (...argv) => {
  const ran = await casebook(scratch(), argv, { io: { stdin: Object.assign(Readable.from([]), { isTTY: true }) } });
  expect([ran.code, ran.err]).toEqual([2, expect.stringContaining("standard input is a terminal")]);
});

test.each([[["--no-input", "label"]], [["label", "--no-input"]]])("%j asks nobody, even at a terminal", async (argv) => {
  const ran = await casebook(scratch(), argv, { io: { interactive: true } });
  expect([ran.code, ran.err]).toEqual([2, expect.stringContaining("there is no terminal here")]);
});
