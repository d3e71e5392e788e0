import { readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { casebook, scratch } from "../support/io.ts";

const noKey = { env: { CASEBOOK_KEY: "" } };

test.each([
  [["pull"], 2],
  [["pull", "--again"], 2],
  [["pull", "no-such.jsonl"], 2],
  [["pull", "langfuse"], 2],
  [["dedup"], 0],
  [["ls"], 0],
  [["show", "abc"], 2],
  [["check"], 2],
  [["label", "--answers", "no-such.jsonl"], 2],
  [["hydrate", "--dry-run"], 0],
  [["redact", "--store"], 0],
  [["redact", "--store", "--dry-run"], 0],
  [["collect", "--host", "0.0.0.0"], 2],
])("%j in an empty folder leaves it empty", async (argv, code) => {
  const cwd = scratch();
  const ran = await casebook(cwd, argv, noKey);
  expect([ran.code, readdirSync(cwd)], ran.err).toEqual([code, []]);
});

test.each([["pull", "a.jsonl", "--dry-run"], ["check", "a.jsonl"]])("%s %s reads a file and leaves nothing, here or where temporary files are", async (...argv) => {
  const cwd = scratch();
  const temporary = scratch();
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = temporary;
  try {
    expect(tmpdir()).toBe(temporary);
    writeFileSync(join(cwd, "a.jsonl"), `${JSON.stringify({ object: "trace", id: "trace_0123456789abcdef0123456789abcdef", workflow_name: "support", group_id: null, metadata: null })}\n`);
    const ran = await casebook(cwd, argv, noKey);
    expect(ran.code, ran.err).toBeLessThan(2);
    expect([readdirSync(cwd), readdirSync(temporary)]).toEqual([["a.jsonl"], []]);
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
});
