import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { troubleOf } from "../../src/cli/trouble.ts";
import { casebook, scratch } from "../support/io.ts";

test("what stands in the way of a file is named, with its remedy, and is no bug", async () => {
  const cwd = scratch();
  writeFileSync(join(cwd, ".casebook"), "");
  const ran = await casebook(cwd, ["pull", "-"], { stdin: "{}\n" });
  expect(ran.err).toMatch(/^error: .*\.casebook.*: .*in the way|stands where/);
  expect(ran.err).toContain("hint: ");
  expect(ran.err).not.toContain("bug");
  expect(ran.code).toBe(2);
});

test("a folder where the config should be is named", async () => {
  const cwd = scratch();
  mkdirSync(join(cwd, "casebook.yaml"));
  const ran = await casebook(cwd, ["ls"]);
  expect(ran.err).toContain("a folder stands where a file should be");
  expect(ran.code).toBe(2);
});

test.each([
  ["EACCES", "usage", "sub/x.jsonl: permission denied."],
  ["EROFS", "usage", "sub/x.jsonl: this file system is read-only."],
  ["ENOSPC", "remote", "sub/x.jsonl: the disk is full."],
] as const)("%s is told in words, by a path from here", (code, kind, message) => {
  const error = Object.assign(new Error("raw"), { code, path: "/home/ann/shop/sub/x.jsonl" });
  expect(troubleOf(error, "/home/ann/shop")).toMatchObject({ code: kind, message });
});

test("a file that could not be written is called by its own name", () => {
  const error = Object.assign(new Error("raw"), { code: "EACCES", path: "/shop/.cases.csv.ea3e9d00.tmp" });
  expect(troubleOf(error, "/shop")?.message).toBe("cases.csv: permission denied.");
});

test("a path outside keeps its whole name", () => {
  const error = Object.assign(new Error("raw"), { code: "EACCES", path: "/etc/x" });
  expect(troubleOf(error, "/home/ann/shop")?.message).toBe("/etc/x: permission denied.");
});

test("an index that SQLite may not write is the user's to mend, a full disk the world's", () => {
  expect(troubleOf(Object.assign(new Error("raw"), { code: "ERR_SQLITE_ERROR", errcode: 8 }), "/")).toMatchObject({ code: "usage" });
  expect(troubleOf(Object.assign(new Error("raw"), { code: "ERR_SQLITE_ERROR", errcode: 13 }), "/")).toMatchObject({ code: "remote" });
});

test("anything else stays a bug", () => {
  expect(troubleOf(new TypeError("x is undefined"), "/")).toBeUndefined();
  expect(troubleOf(Object.assign(new Error("raw"), { code: "ERR_SQLITE_ERROR", errcode: 1 }), "/")).toBeUndefined();
  expect(troubleOf("thrown", "/")).toBeUndefined();
});

test("an error at a terminal begins on a line of its own, not behind what was being counted there", async () => {
  const stderr = Object.assign(new PassThrough({ encoding: "utf8" }), { isTTY: true, columns: 80 });
  await casebook(scratch(), ["pull", "no-such.jsonl"], { io: { stderr } });
  expect(stderr.read()).toMatch(/^\r\u001B\[Kerror: no-such/);
});
