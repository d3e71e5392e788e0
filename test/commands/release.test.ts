import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openDatasetTree } from "../../src/adapters/files/datasets.ts";
import { canonicalJson } from "../../src/core/base/json.ts";
import type { LockedCase } from "../../src/core/dataset/case.ts";
import { bumpOf, changesBetween, nextVersion } from "../../src/core/dataset/semver.ts";
import { readLock } from "../../src/core/dataset/tree.ts";
import { answer, builtDataset, caseFile, failed, filesOf, labelOf, seed } from "../support/dataset.ts";
import { casebook, scratch } from "../support/io.ts";

const edit = (path: string, from: string | RegExp, to: string): void => writeFileSync(path, readFileSync(path, "utf8").replace(from, to));

test("the first release is 1.0.0, and the same cases give the same bytes in another workspace", async () => {
  const [one, two] = [scratch(), scratch()];
  await builtDataset(one);
  await builtDataset(two, { release: false });
  expect((await casebook(two, ["release"])).code).toBe(0);
  expect(filesOf(one)).toEqual(filesOf(two));
  expect(Object.keys(filesOf(one))).toContain("datasets/support/versions/1.0.0.json");
});

test("nothing changed and nothing to release are both refused", async () => {
  const cwd = scratch();
  await builtDataset(cwd);
  const same = await casebook(cwd, ["release", "support"]);
  expect(same.code).toBe(1);
  expect(same.err).toContain("Nothing changed");
  mkdirSync(join(cwd, "datasets/empty"));
  writeFileSync(join(cwd, "datasets/empty/dataset.yaml"), "schema: casebook/dataset@1\nname: empty\ndescription: none\ntaxonomy: 1.0.0\n");
  expect((await casebook(cwd, ["release", "empty"])).code).toBe(1);
  expect((await casebook(cwd, ["release", "nowhere"])).code).toBe(2);
});

const changes: readonly (readonly [string, string, (cwd: string) => Promise<void> | void])[] = [
  ["1.0.1", "words of a note", (cwd) => edit(caseFile(cwd, "refund"), "note: Refunded without", "note: Refunded quickly without")],
  ["1.0.1", "a comment", (cwd) => edit(caseFile(cwd, "refund"), /^checks:/m, "# the double charge\nchecks:")],
  ["1.0.1", "why a check is there", (cwd) => edit(caseFile(cwd, "refund"), /^ {4}tool: issue_refund$/m, "    tool: issue_refund\n    why: it asks first")],
  ["1.0.1", "a tag", (cwd) => edit(caseFile(cwd, "refund"), /^input:/m, "tags:\n  - money\ninput:")],
  ["1.1.0", "one more case", async (cwd) => {
    await seed(cwd, [answer("trace_3", "Do you ship to Norway?", "Yes.")], [labelOf("trace_3")]);
    await casebook(cwd, ["build", "support"]);
  }],
  ["2.0.0", "a check", (cwd) => edit(caseFile(cwd, "refund"), /^ {4}tool: issue_refund$/m, "    tool: issue_refund\n    arguments:\n      order: A1")],
  ["2.0.0", "a verdict", async (cwd) => {
    await seed(cwd, [], [failed("trace_2", { expected: "must ask a question", at: "2026-11-05T10:00:00.000Z" })]);
    await casebook(cwd, ["build", "support"]);
  }],
  ["2.0.0", "a recording", async (cwd) => {
    await seed(cwd, [answer("trace_2", "Where is my parcel?", "It arrives on Tuesday.")], []);
    await casebook(cwd, ["build", "support"]);
  }],
  ["2.0.0", "a case taken out", (cwd) => rmSync(dirname(caseFile(cwd, "refund")), { recursive: true })],
];

test.each(changes)("the next version is %s after a change of %s", async (version, _, change) => {
  const cwd = scratch();
  await builtDataset(cwd);
  await change(cwd);
  const dry = await casebook(cwd, ["release", "support", "--dry-run", "--json"]);
  expect(dry.json()).toMatchObject({ version, written: false, findings: [], leaks: [] });
  const ran = await casebook(cwd, ["release", "support", "--date", "2026-11-22"]);
  expect(ran.err).toContain("casebook replay");
  expect(ran.code).toBe(0);
  expect(readFileSync(join(cwd, "datasets/support/CHANGELOG.md"), "utf8")).toMatch(new RegExp(`^# Changelog\n\n## ${version} \\(2026-11-22\\): \\w+\n\n- .*\n\n## 1\\.0\\.0: initial\n`));
  expect((await casebook(cwd, ["verify", "support"])).code).toBe(0);
  expect(readLock(openDatasetTree(join(cwd, "datasets/support")), version).lock.previous?.version).toBe("1.0.0");
});

test("a release after a crash before its lock was there ends as if there had been none", async () => {
  const cwd = scratch();
  await builtDataset(cwd);
  edit(caseFile(cwd, "refund"), "note: Refunded", "note: It refunded");
  expect((await casebook(cwd, ["release"])).code).toBe(0);
  const files = filesOf(cwd);
  rmSync(join(cwd, "datasets/support/versions/1.0.1.json"));
  expect((await casebook(cwd, ["release"])).code).toBe(0);
  expect(filesOf(cwd)).toEqual(files);
});

test("what people wrote around the card stays", async () => {
  const cwd = scratch();
  await builtDataset(cwd);
  const readme = join(cwd, "datasets/support/README.md");
  writeFileSync(readme, `Read this first.\n\n${readFileSync(readme, "utf8")}\nAsk Ann.\n`);
  edit(caseFile(cwd, "refund"), "note: Refunded", "note: It refunded");
  expect((await casebook(cwd, ["release", "support"])).code).toBe(0);
  const text = readFileSync(readme, "utf8");
  expect(text).toMatch(/^Read this first\.[\s\S]*Version 1\.0\.1[\s\S]*Ask Ann\.\n$/);
  expect(text.match(/casebook: begin/g)).toHaveLength(1);
});

test("a leak or a broken case stops the release and nothing is written", async () => {
  for (const [from, to, code] of [
    ["note: Refunded", "note: Write to mia.li@corp-mail.com. Refunded", "scan/email"],
    ["verdict: fail", "verdict: pass", "[vacuous]"],
  ] as const) {
    const cwd = scratch();
    await builtDataset(cwd, { release: false });
    edit(caseFile(cwd, "refund"), from, to);
    const before = filesOf(cwd);
    const ran = await casebook(cwd, ["release", "support"]);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain(code);
    expect(ran.err + ran.out).not.toContain("mia.li");
    expect(filesOf(cwd)).toEqual(before);
  }
});

const digit = fc.constantFrom("a", "b");
const locked: fc.Arbitrary<LockedCase> = fc.record({ meaning: digit, file: digit, verdict: fc.constantFrom("pass" as const, "fail" as const) }).map(({ meaning, file, verdict }) => ({
  case: file, trace: file, meaning: `${meaning}${verdict}`, verdict, codes: [], files: { "case.yaml": `${file}${meaning}` },
  parts: { input: meaning, verdict, checks: meaning, recording: meaning, words: file },
}));
const state = fc.record({ cases: fc.dictionary(fc.constantFrom("p", "q", "r", "s"), locked), taxonomy: fc.record({ version: fc.constantFrom("1.0.0", "1.1.0"), hash: digit }) });

test("the bump is major exactly when a case is gone or means something else, and none exactly when nothing changed", () => {
  fc.assert(
    fc.property(state, state, (before, after) => {
      const changes = changesBetween(before, after);
      const bump = bumpOf(changes);
      const lost = Object.entries(before.cases).some(([id, old]) => after.cases[id]?.meaning !== old.meaning);
      expect(bump === "major").toBe(lost);
      const same = canonicalJson(before) === canonicalJson(after);
      const grown = !lost && Object.keys(after.cases).length > Object.keys(before.cases).length;
      expect(same ? bump : undefined).toBeUndefined();
      expect(grown ? bump : "minor").toBe("minor");
      expect(changesBetween(before, before)).toEqual([]);
    }),
  );
});

test("versions are raised by number", () => {
  expect([nextVersion(undefined, "initial"), nextVersion("1.9.9", "minor"), nextVersion("9.1.1", "major"), nextVersion("1.0.9", "patch")]).toEqual(["1.0.0", "1.10.0", "10.0.0", "1.0.10"]);
});
