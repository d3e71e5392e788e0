import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { openDatasetTree } from "../../src/adapters/files/datasets.ts";
import type { FileTree } from "../../src/core/dataset/tree.ts";
import { verifyTree } from "../../src/core/dataset/verify.ts";
import { defaultTaxonomy } from "../../src/core/label/default-taxonomy.ts";
import { builtDataset, caseFile, failed, seed } from "../support/dataset.ts";
import { casebook, scratch } from "../support/io.ts";

const edit = (path: string, from: string | RegExp, to: string): void => writeFileSync(path, readFileSync(path, "utf8").replace(from, to));

test("a released dataset is well", async () => {
  const cwd = scratch();
  await builtDataset(cwd);
  const ran = await casebook(cwd, ["verify", "--json"]);
  expect(ran.code).toBe(0);
  expect(ran.json()).toMatchObject({ schema: "casebook/verify-result@1", ok: true, datasets: [{ dataset: "support", version: "1.0.0", cases: 2, findings: [], leaks: [] }] });
});

test("a dataset that was never released is checked as far as it goes, and it says so", async () => {
  const cwd = scratch();
  await builtDataset(cwd, { release: false });
  const ran = await casebook(cwd, ["verify"]);
  expect(ran.code).toBe(0);
  expect(ran.out).toBe("support: ok, 2 cases, not released yet\n");
});

/** The dataset after two releases, and with one file changed at a time. */
async function twoVersions(cwd: string): Promise<FileTree> {
  await builtDataset(cwd);
  edit(caseFile(cwd, "refund"), "note: Refunded", "note: It refunded");
  expect((await casebook(cwd, ["release", "support"])).code).toBe(0);
  return openDatasetTree(join(cwd, "datasets/support"));
}
const withBytes = (tree: FileTree, path: string, bytes: Uint8Array): FileTree => ({ ...tree, read: (asked) => (asked === path ? bytes : tree.read(asked)) });
const findings = (tree: FileTree): ReturnType<typeof verifyTree> => verifyTree(tree, { taxonomy: defaultTaxonomy, locks: "tree" });

test("one byte changed, added or lost anywhere in cases or versions is found, and the file is named", async () => {
  const tree = await twoVersions(scratch());
  expect(findings(tree)).toEqual([]);
  const paths = tree.paths().filter((path) => /^(cases|versions)\//.test(path));
  expect(paths).toHaveLength(8);
  for (const path of paths) {
    const bytes = tree.read(path);
    // Every kind of place: a step that shares no factor with the layout, and both ends.
    const places = [0, 1, bytes.length - 1, ...Array.from({ length: 12 }, (_, k) => Math.floor((bytes.length * (k + 0.37)) / 12))];
    const tampered = places.flatMap((at) => {
      const flipped = Uint8Array.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      return [flipped, Uint8Array.from([...bytes.slice(0, at), 0x20, ...bytes.slice(at)]), Uint8Array.from([...bytes.slice(0, at), ...bytes.slice(at + 1)])];
    });
    for (const [index, changed] of [...tampered, new Uint8Array()].entries()) {
      const found = findings(withBytes(tree, path, changed));
      expect(found.map((one) => one.path), `${path} ${index}`).toContain(`datasets/support/${path}`);
      expect(found.every((one) => one.remedy !== "")).toBe(true);
    }
  }
}, 60_000);

const damage: readonly (readonly [string, string, (cwd: string) => void])[] = [
  ["missing", "a label file gone", (cwd) => rmSync(join(dirname(caseFile(cwd, "where")), "labels/ann.yaml"))],
  ["missing", "a case gone", (cwd) => rmSync(dirname(caseFile(cwd, "where")), { recursive: true })],
  ["broken-chain", "an old version gone", (cwd) => rmSync(join(cwd, "datasets/support/versions/1.0.0.json"))],
  ["not-locked", "a case nobody released", (cwd) => cpSync(dirname(caseFile(cwd, "where")), join(cwd, "datasets/support/cases/where-else-00000000"), { recursive: true })],
  ["wrong-id", "a case under another name", (cwd) => renameSync(dirname(caseFile(cwd, "where")), join(cwd, "datasets/support/cases/where-else-00000000"))],
  ["stray-file", "a file that does not belong", (cwd) => writeFileSync(join(dirname(caseFile(cwd, "where")), "notes.txt"), "hello\n")],
  ["odd-file", "a link", (cwd) => symlinkSync("/etc/hostname", join(cwd, "datasets/support/cases/link.yaml"))],
  ["unknown-code", "a code the taxonomy does not have", (cwd) => edit(caseFile(cwd, "refund"), "tool.unsafe-side-effect", "tool.no-such-thing")],
  ["no-such-span", "a first failing span that is not there", (cwd) => edit(caseFile(cwd, "refund"), "  note:", "  first_failing_span: s99\n  note:")],
  ["edited-input", "an input edited by hand", (cwd) => edit(caseFile(cwd, "refund"), "text: Please refund", "text: Please pay back")],
  ["vacuous", "checks that prove nothing", (cwd) => edit(caseFile(cwd, "refund"), "    not: true\n", "")],
  ["label-edited", "a verdict nobody gave", (cwd) => edit(caseFile(cwd, "where"), "verdict: pass", "verdict: fail")],
  ["newer-file", "a case of a later casebook", (cwd) => edit(caseFile(cwd, "where"), "casebook/case@1", "casebook/case@9")],
  ["bad-file", "YAML that cannot be read", (cwd) => edit(caseFile(cwd, "where"), "label:", "label: [")],
  ["wrong-name", "a dataset of another name", (cwd) => edit(join(cwd, "datasets/support/dataset.yaml"), "name: support", "name: other")],
];

test.each(damage)("%s: %s is exit 1, with the file and a remedy", async (code, _, harm) => {
  const cwd = scratch();
  await builtDataset(cwd);
  if (code === "broken-chain") {
    edit(caseFile(cwd, "refund"), "note: Refunded", "note: It refunded");
    await casebook(cwd, ["release", "support"]);
  }
  harm(cwd);
  const ran = await casebook(cwd, ["verify", "support", "--json"]);
  expect(ran.code).toBe(1);
  const found = ran.json().datasets[0].findings as { code: string; path: string; remedy: string }[];
  expect(found.map((one) => one.code)).toContain(code);
  for (const one of found) expect(one).toMatchObject({ path: expect.stringMatching(/^datasets\/support\//), remedy: expect.stringMatching(/\w/) });
  expect(ran.err).toContain(`[${code}]`);
});

test("the files are held against the version asked for", async () => {
  const cwd = scratch();
  await twoVersions(cwd);
  expect((await casebook(cwd, ["verify", "support", "--version", "1.0.1"])).code).toBe(0);
  const old = await casebook(cwd, ["verify", "support", "--version", "1.0.0"]);
  expect(old.code).toBe(1);
  expect(old.err).toContain("is not as version 1.0.0 locked it");
  expect((await casebook(cwd, ["verify", "support", "--version", "3.0.0"])).code).toBe(1);
});

test("a leak in contents or in a name is exit 1 and is never shown", async () => {
  const cwd = scratch();
  await builtDataset(cwd);
  edit(caseFile(cwd, "refund"), "note: Refunded", "note: From mia.li@corp-mail.com. Refunded");
  writeFileSync(join(dirname(caseFile(cwd, "where")), "labels/omar.ali@corp-mail.com.yaml"), "hello\n");
  const ran = await casebook(cwd, ["verify", "--json"]);
  expect(ran.code).toBe(1);
  const { leaks } = ran.json().datasets[0];
  expect(leaks).toContainEqual({ gate: "scan", rule: "email", path: expect.stringMatching(/cases\/\(withheld\)-[0-9a-f]{8}\/case\.yaml$/), line: expect.any(Number), token: expect.stringMatching(/^leak:[0-9a-f]{64}$/) });
  expect(leaks.map((leak: { path: string }) => leak.path)).toContainEqual(expect.stringMatching(/^name of .*labels\/\(withheld\)$/));
  expect(ran.err).not.toContain("mia.li");
  expect(JSON.stringify(leaks)).not.toMatch(/mia\.li|omar\.ali/);
});

const git = (cwd: string, ...args: string[]): void =>
  void execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.invalid", "-c", "core.hooksPath=", "-c", "init.defaultBranch=main", ...args], { cwd, stdio: "pipe" });

test("--history says which commits hold a leak that is gone from the tree", async () => {
  const cwd = scratch();
  await builtDataset(cwd);
  git(cwd, "init", "-q");
  git(cwd, "add", "datasets");
  git(cwd, "commit", "-q", "-m", "one");
  expect((await casebook(cwd, ["verify", "--history"])).code).toBe(0);
  const text = readFileSync(caseFile(cwd, "refund"), "utf8");
  writeFileSync(caseFile(cwd, "refund"), text.replace("note: Refunded", "note: From mia.li@corp-mail.com. Refunded"));
  git(cwd, "commit", "-qam", "two");
  writeFileSync(caseFile(cwd, "refund"), text);
  git(cwd, "commit", "-qam", "three");
  const ids = execFileSync("git", ["log", "--reverse", "--format=%h"], { cwd, encoding: "utf8" }).trim().split("\n");
  const ran = await casebook(cwd, ["verify", "--history", "--json"]);
  expect(ran.code).toBe(1);
  expect(ran.json()).toMatchObject({ ok: false, blobs: expect.any(Number) });
  expect(ran.json().leaks).toContainEqual(expect.objectContaining({ rule: "email", commits: ids.slice(1), present: false }));
  expect(ran.out + ran.err).not.toContain("mia.li");
});

test("--staged looks at what the next commit would hold, not at the files", async () => {
  const cwd = scratch();
  await builtDataset(cwd);
  git(cwd, "init", "-q");
  git(cwd, "add", "datasets");
  expect((await casebook(cwd, ["verify", "--staged"])).code).toBe(0);
  const text = readFileSync(caseFile(cwd, "refund"), "utf8");
  writeFileSync(caseFile(cwd, "refund"), text.replace("note: Refunded", "note: From mia.li@corp-mail.com. Refunded"));
  git(cwd, "add", "datasets");
  writeFileSync(caseFile(cwd, "refund"), text);
  const ran = await casebook(cwd, ["verify", "--staged"]);
  expect(ran.code).toBe(1);
  expect(ran.err).toContain("scan/email");
  expect(ran.out + ran.err).not.toContain("mia.li");
  git(cwd, "add", "-f", ".casebook/labels");
  expect((await casebook(cwd, ["verify", "--staged"])).err).toContain("[private-file]");
});

test("outside git, history and staged are the user's to fix", async () => {
  const cwd = scratch();
  mkdirSync(join(cwd, "datasets"));
  for (const flag of ["--history", "--staged"]) expect((await casebook(cwd, ["verify", flag], { env: { GIT_CEILING_DIRECTORIES: dirname(cwd) } })).code).toBe(2);
  expect((await casebook(cwd, ["verify"])).code).toBe(2);
});

test("a colleague's unreleased label is a change that verify names until it is released", async () => {
  const cwd = scratch();
  await builtDataset(cwd);
  await seed(cwd, [], [failed("trace_1", { annotator: "bob" })]);
  await casebook(cwd, ["build", "support"]);
  const ran = await casebook(cwd, ["verify"]);
  expect(ran.code).toBe(1);
  expect(ran.err).toContain("take the change: casebook release");
  await casebook(cwd, ["release", "support"]);
  expect((await casebook(cwd, ["verify"])).code).toBe(0);
});
