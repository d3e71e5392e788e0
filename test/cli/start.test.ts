import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scratch } from "../support/io.ts";

const root = join(import.meta.dirname, "../..");
const bin = join(root, "bin/casebook.js");

/** Runs the built program with a resolve hook and answers every module it loaded. */
function loadedBy(argv: readonly string[]): readonly string[] {
  const dir = scratch();
  const log = join(dir, "resolved.log");
  const hook = `import { appendFileSync } from "node:fs";
export async function resolve(specifier, context, next) {
  const found = await next(specifier, context);
  appendFileSync(${JSON.stringify(log)}, found.url + "\\n");
  return found;
}`;
  const register = join(dir, "register.mjs");
  writeFileSync(register, `import { register } from "node:module"; register("data:text/javascript," + encodeURIComponent(${JSON.stringify(hook)}));`);
  const ran = spawnSync(process.execPath, ["--import", register, bin, ...argv], { encoding: "utf8" });
  expect(ran.status, ran.stderr).toBe(0);
  return existsSync(log) ? readFileSync(log, "utf8").split("\n").filter(Boolean) : [];
}

test.each([["--help"], ["--version"]])("casebook %s loads commander and nothing heavy", (flag) => {
  const loaded = loadedBy([flag]);
  expect(loaded.filter((url) => /node_modules\/commander\//.test(url)).length).toBeGreaterThan(0);
  expect(loaded.filter((url) => /node_modules/.test(url) && !/node_modules\/commander\//.test(url))).toEqual([]);
  expect(loaded.filter((url) => /dist\/(core|commands|adapters)/.test(url) && !/core\/base\/(error|problem)\.js/.test(url))).toEqual([]);
});

test("casebook --version says the version of package.json", () => {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  expect(spawnSync(process.execPath, [bin, "--version"], { encoding: "utf8" }).stdout).toBe(`${version}\n`);
});
