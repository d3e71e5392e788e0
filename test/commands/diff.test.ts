import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { answer, builtDataset, caseFile, labelOf, seed } from "../support/dataset.ts";
import { casebook, scratch } from "../support/io.ts";

const edit = (path: string, from: string | RegExp, to: string): void => writeFileSync(path, readFileSync(path, "utf8").replace(from, to));
const git = (cwd: string, ...args: string[]): void =>
  void execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.invalid", "-c", "core.hooksPath=", "-c", "init.defaultBranch=main", ...args], { cwd, stdio: "pipe" });

async function changed(cwd: string): Promise<void> {
  await builtDataset(cwd);
  await seed(cwd, [answer("trace_3", "Do you ship | to <b>Norway</b>?", "Yes.")], [labelOf("trace_3")]);
  expect((await casebook(cwd, ["build", "support"])).code).toBe(0);
  edit(caseFile(cwd, "refund"), /^ {4}tool: issue_refund$/m, "    tool: issue_refund\n    arguments:\n      order: A1");
  rmSync(dirname(caseFile(cwd, "where")), { recursive: true });
}

test("the last version against the files says what changed, which bump that is, and fits 80 columns", async () => {
  const cwd = scratch();
  await changed(cwd);
  const ran = await casebook(cwd, ["diff"]);
  expect(ran.code).toBe(0);
  expect(ran.out).toContain("1.0.0 to the files as they are: major, the next version is 2.0.0");
  expect(ran.out).toMatch(/^added +minor +ship-b-norway/m);
  expect(ran.out).toMatch(/^edited +major +refund-invoice/m);
  expect(ran.out).toMatch(/checks · fail: tool\.unsafe-side-effect · Please refund/);
  expect(ran.out).toMatch(/^removed +major +where-parcel/m);
  for (const line of ran.out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});

test("nothing changed is said, and --exit-code tells a script", async () => {
  const cwd = scratch();
  await builtDataset(cwd);
  expect((await casebook(cwd, ["diff"])).out).toContain("No difference");
  expect((await casebook(cwd, ["diff", "--exit-code"])).code).toBe(0);
  rmSync(dirname(caseFile(cwd, "where")), { recursive: true });
  expect((await casebook(cwd, ["diff", "--exit-code"])).code).toBe(1);
});

test("two versions, and their JSON", async () => {
  const cwd = scratch();
  await changed(cwd);
  expect((await casebook(cwd, ["release"])).code).toBe(0);
  const ran = await casebook(cwd, ["diff", "1.0.0", "2.0.0", "--json"]);
  expect(ran.json()).toMatchObject({ schema: "casebook/diff-result@1", dataset: "support", bump: "major", next: "2.0.0" });
  expect(ran.json().changes.map((one: { kind: string }) => one.kind).sort()).toEqual(["added", "edited", "removed"]);
  expect((await casebook(cwd, ["diff", "7.0.0"])).code).toBe(2);
});

test("a commit against the files, as Markdown in which the trace's text is only text", async () => {
  const cwd = scratch();
  await builtDataset(cwd);
  git(cwd, "init", "-q");
  git(cwd, "add", "datasets");
  git(cwd, "commit", "-q", "-m", "one");
  await changed(cwd);
  const ran = await casebook(cwd, ["diff", "@HEAD", "--markdown"]);
  expect(ran.code).toBe(0);
  expect(ran.out).toMatch(/^### HEAD to the files as they are: major\n/);
  expect(ran.out).toContain("Do you ship \\| to &lt;b\\>Norway");
  expect((await casebook(cwd, ["diff", "@no-such-branch"])).code).toBe(2);
});

test("where the config names a dataset that is not there, the only one there is meant; its name is no version", async () => {
  const cwd = scratch();
  await builtDataset(cwd);
  writeFileSync(`${cwd}/casebook.yaml`, "schema: casebook/config@1\ndataset: main\n");
  expect(await casebook(cwd, ["diff"])).toMatchObject({ code: 0, out: expect.stringContaining("No difference") });
  expect(await casebook(cwd, ["diff", "support"])).toMatchObject({ code: 2, err: expect.stringContaining("casebook diff -d support") });
  expect(await casebook(cwd, ["diff", "-d", "main"])).toMatchObject({ code: 2, err: expect.stringContaining("There is: support") });
});
