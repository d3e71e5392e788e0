import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { openPrompts } from "../../src/adapters/files/prompts.ts";
import { builtDataset, caseFile } from "../support/dataset.ts";
import { casebook, scratch } from "../support/io.ts";

const noKey = { env: { CASEBOOK_KEY: "" } };

test("init sets up what the other verbs read, and its files are sound", async () => {
  const cwd = scratch();
  const ran = await casebook(cwd, ["init", "--dataset", "support", "--json"], noKey);
  expect(ran.code).toBe(0);
  expect(ran.json().files.map((one: { path: string; action: string }) => `${one.action} ${one.path}`)).toEqual([
    "create casebook.yaml",
    "create taxonomy.yaml",
    "create prompts/support/v1.md",
    "create .gitignore",
    "create .gitattributes",
    "create .github/workflows/casebook.yml",
    "create .casebook/key",
  ]);
  expect(readFileSync(join(cwd, "casebook.yaml"), "utf8")).toMatch(/^# yaml-language-server: \$schema=\S+config\.json\nschema: casebook\/config@1\n/);
  expect(statSync(join(cwd, ".casebook/key")).mode & 0o777).toBe(0o600);
  expect(openPrompts(join(cwd, "prompts"), cwd).prompt("support@v1").parts[0]?.instructions).toContain("customers");
  const steps = parse(readFileSync(join(cwd, ".github/workflows/casebook.yml"), "utf8")).jobs.casebook.steps as { run?: string }[];
  const verbs = steps.flatMap((step) => /casebook (\w+)/.exec(step.run ?? "")?.[1] ?? []);
  expect(verbs).toEqual(["verify", "diff", "replay", "gate"]);
  await builtDataset(cwd);
  expect((await casebook(cwd, ["verify"])).code).toBe(0);
});

test("init never changes what is there, except for lines that the git files lack", async () => {
  const cwd = scratch();
  writeFileSync(join(cwd, "casebook.yaml"), "schema: casebook/config@1\n");
  writeFileSync(join(cwd, ".gitignore"), "node_modules\n.casebook/");
  mkdirSync(join(cwd, "prompts/mine"), { recursive: true });
  writeFileSync(join(cwd, "prompts/mine/1.md"), "Hello.\n");
  expect((await casebook(cwd, ["init"], noKey)).code).toBe(0);
  expect(readFileSync(join(cwd, "casebook.yaml"), "utf8")).toBe("schema: casebook/config@1\n");
  expect(readFileSync(join(cwd, ".gitignore"), "utf8")).toBe("node_modules\n.casebook/\ndatasets/.*.staging/\n");
  expect(existsSync(join(cwd, "prompts/support"))).toBe(false);
  const key = readFileSync(join(cwd, ".casebook/key"), "utf8");
  const again = await casebook(cwd, ["init", "--json"], noKey);
  expect(again.json().files.every((one: { action: string }) => one.action === "keep")).toBe(true);
  expect(readFileSync(join(cwd, ".casebook/key"), "utf8")).toBe(key);
});

test("--dry-run writes nothing", async () => {
  const cwd = scratch();
  expect((await casebook(cwd, ["init", "--dry-run"], noKey)).out).toContain("create casebook.yaml");
  for (const path of ["casebook.yaml", ".casebook", ".gitignore"]) expect(existsSync(join(cwd, path))).toBe(false);
});

test("--hooks installs a hook that stops a leaking commit, and leaves another hook alone", async () => {
  const cwd = scratch();
  execFileSync("git", ["-c", "init.defaultBranch=main", "init", "-q"], { cwd });
  expect((await casebook(cwd, ["init", "--hooks"], noKey)).code).toBe(0);
  const hook = join(cwd, ".git/hooks/pre-commit");
  expect(statSync(hook).mode & 0o111).not.toBe(0);
  await builtDataset(cwd);
  writeFileSync(caseFile(cwd, "refund"), readFileSync(caseFile(cwd, "refund"), "utf8").replace("note: Refunded", "note: mia.li@corp-mail.com. Refunded"));
  execFileSync("git", ["add", "datasets"], { cwd });
  expect((await casebook(cwd, ["verify", "--staged"])).code).toBe(1);
  const commit = (path: string): { status: number | null; stderr: string } => spawnSync("/bin/sh", [hook], { cwd, env: { ...process.env, PATH: path }, encoding: "utf8" });
  expect(commit("")).toMatchObject({ status: 1, stderr: expect.stringContaining("casebook is not installed here") });
  // Where it is installed, in the folder or on the path, the hook ends as casebook does.
  for (const bin of [join(cwd, "node_modules/.bin"), scratch()]) {
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, "casebook"), '#!/bin/sh\necho "asked $*" >&2\nexit 7\n', { mode: 0o755 });
    expect(commit(bin)).toMatchObject({ status: 7, stderr: "asked verify --staged\n" });
    rmSync(join(cwd, "node_modules"), { recursive: true, force: true });
  }
  writeFileSync(hook, "#!/bin/sh\nexit 0\n");
  chmodSync(hook, 0o755);
  const again = await casebook(cwd, ["init", "--hooks"], noKey);
  expect(again.err).toContain("Add this line to it: ./node_modules/.bin/casebook verify --staged");
  expect(readFileSync(hook, "utf8")).toBe("#!/bin/sh\nexit 0\n");
});

test("--hooks outside git and a bad dataset name are the user's to fix", async () => {
  const cwd = scratch();
  expect((await casebook(cwd, ["init", "--hooks"], { env: { CASEBOOK_KEY: "", GIT_CEILING_DIRECTORIES: "/" } })).code).toBe(2);
  expect((await casebook(cwd, ["init", "--dataset", "../x"])).code).toBe(2);
  expect(existsSync(join(cwd, "casebook.yaml"))).toBe(false);
});
