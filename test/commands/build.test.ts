import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openDedup } from "../../src/adapters/files/dedup.ts";
import { openWorkspace } from "../../src/adapters/files/workspace.ts";
import { agent, calls, gives, model, says, tool, traceOf, user } from "../support/trace.ts";
import { answer, builtDataset, caseFile, failed, filesOf, labelOf, refund, seed } from "../support/dataset.ts";
import { casebook, scratch } from "../support/io.ts";

const edit = (path: string, from: string | RegExp, to: string): void => {
  const text = readFileSync(path, "utf8");
  expect(text).toMatch(from);
  writeFileSync(path, text.replace(from, to));
};

test("labels become case folders, and building again changes no byte", async () => {
  const cwd = scratch();
  await seed(cwd, [refund("trace_1"), answer("trace_2", "Where is my parcel?", "It arrives on Monday.")], [failed("trace_1"), labelOf("trace_2")]);
  const ran = await casebook(cwd, ["build", "support", "--json"]);
  expect(ran.code).toBe(0);
  expect(ran.json()).toMatchObject({ schema: "casebook/build-result@1", written: true, counts: { added: 2, refused: 0 }, leaks: [] });
  expect(Object.keys(filesOf(cwd)).map((path) => path.replace(/[0-9a-f]{8}\//, "#/"))).toEqual([
    "datasets/support/cases/refund-invoice-charged-twice-#/case.yaml",
    "datasets/support/cases/refund-invoice-charged-twice-#/labels/ann.yaml",
    "datasets/support/cases/refund-invoice-charged-twice-#/trace.json",
    "datasets/support/cases/where-parcel-#/case.yaml",
    "datasets/support/cases/where-parcel-#/labels/ann.yaml",
    "datasets/support/cases/where-parcel-#/trace.json",
    "datasets/support/dataset.yaml",
  ]);
  const files = filesOf(cwd);
  const again = await casebook(cwd, ["build", "support"]);
  expect(again.err).toContain("0 added, 0 changed, 2 unchanged");
  expect(filesOf(cwd)).toEqual(files);
  expect(existsSync(join(cwd, "datasets/.support.staging"))).toBe(false);
});

test("a case.yaml is small, in a fixed order, with the judgement before the input", async () => {
  const cwd = scratch();
  await builtDataset(cwd, { release: false });
  const text = readFileSync(caseFile(cwd, "refund"), "utf8");
  expect(text.match(/^[a-z]+(?=:)/gm)).toEqual(["schema", "id", "title", "label", "expected", "checks", "input", "provenance"]);
  expect(text.length).toBeLessThan(1500);
});

test("--dry-run says what would change and writes nothing", async () => {
  const cwd = scratch();
  await seed(cwd, [refund("trace_1")], [failed("trace_1")]);
  const ran = await casebook(cwd, ["build", "support", "--dry-run"]);
  expect(ran.code).toBe(0);
  expect(ran.out).toMatch(/^added +fail +refund-invoice/);
  expect(existsSync(join(cwd, "datasets/support"))).toBe(false);
  expect(existsSync(join(cwd, "datasets/.support.staging"))).toBe(false);
});

test("without labels there is nothing to build, and the hint is label", async () => {
  const ran = await casebook(scratch(), ["build", "support"]);
  expect(ran.code).toBe(2);
  expect(ran.err).toContain("casebook label");
});

test("a case whose checks pass on its own failure is refused, the others are written", async () => {
  const cwd = scratch();
  await seed(cwd, [refund("trace_1"), answer("trace_2", "Where is my parcel?", "It arrives on Monday.")], [failed("trace_1", { expected: "must call issue_refund" }), labelOf("trace_2")]);
  const ran = await casebook(cwd, ["build", "support"]);
  expect(ran.code).toBe(1);
  expect(ran.err).toContain("[vacuous]");
  expect(ran.err).toContain("1 added, 0 changed, 0 unchanged, 1 refused");
  const allowed = await casebook(cwd, ["build", "support", "--allow-vacuous", "no check for tone yet"]);
  expect(allowed.code).toBe(0);
  expect(readFileSync(caseFile(cwd, "refund"), "utf8")).toContain("vacuous:\n  reason: no check for tone yet\n");
  expect((await casebook(cwd, ["build", "support"])).err).toContain("2 unchanged, 0 refused");
});

test("a good run whose checks fail on its recording is refused", async () => {
  const cwd = scratch();
  await seed(cwd, [refund("trace_1")], [labelOf("trace_1", { expected: "must not call issue_refund" })]);
  const ran = await casebook(cwd, ["build", "support"]);
  expect(ran.code).toBe(1);
  expect(ran.err).toContain("labelled pass, but the recorded run fails");
});

test("checks, expected text, tags, title and comments edited by hand stay", async () => {
  const cwd = scratch();
  await builtDataset(cwd, { release: false });
  const path = caseFile(cwd, "refund");
  edit(path, /^title: .*$/m, "title: Asks for a refund of a double charge");
  edit(path, /^checks:\n/m, "checks:\n  - id: asks-first\n    type: output\n    asks_question: true\n");
  edit(path, /^input:/m, "tags:\n  - money # the expensive kind\ninput:");
  const edited = readFileSync(path, "utf8");
  expect((await casebook(cwd, ["build", "support"])).err).toContain("2 unchanged");
  expect(readFileSync(path, "utf8")).toBe(edited);

  await seed(cwd, [], [failed("trace_1", { note: "Another note.", at: "2026-11-03T10:00:00.000Z" })]);
  const ran = await casebook(cwd, ["build", "support"]);
  expect(ran.err).toContain("1 changed");
  expect(ran.err).not.toContain("conflict");
  const text = readFileSync(path, "utf8");
  expect(text).toContain("note: Another note.");
  expect(text).toContain("title: Asks for a refund of a double charge");
  expect(text).toContain("asks-first");
  expect(text).toContain("- money");
});

test("an edit by hand and another label are a conflict: the edit stays and it is said", async () => {
  const cwd = scratch();
  await builtDataset(cwd, { release: false });
  const path = caseFile(cwd, "refund");
  edit(path, /^checks:\n/m, "checks:\n  - id: asks-first\n    type: output\n    asks_question: true\n");
  await seed(cwd, [], [failed("trace_1", { expected: "must not call issue_refund\nmust ask a question", at: "2026-11-03T10:00:00.000Z" })]);
  const ran = await casebook(cwd, ["build", "support"]);
  expect(ran.err).toMatch(/conflict refund-\S+: checks edited by hand/);
  expect(readFileSync(path, "utf8")).toContain("asks-first");
});

test("expected text edited by hand gives its own checks", async () => {
  const cwd = scratch();
  await builtDataset(cwd, { release: false });
  const path = caseFile(cwd, "refund");
  edit(path, /^expected: .*$/m, "expected: must ask a question");
  expect((await casebook(cwd, ["build", "support"])).code).toBe(0);
  expect(readFileSync(path, "utf8")).toContain("asks_question: true");
});

test("a label edited in case.yaml is put right, and it is said", async () => {
  const cwd = scratch();
  await builtDataset(cwd, { release: false });
  edit(caseFile(cwd, "refund"), "note: Refunded without asking which charge.", "note: Mine.");
  const ran = await casebook(cwd, ["build", "support"]);
  expect(ran.err).toMatch(/conflict refund-\S+: label edited by hand/);
  expect(readFileSync(caseFile(cwd, "refund"), "utf8")).toContain("note: Refunded without");
});

test("exact duplicates are one case, counted", async () => {
  const cwd = scratch();
  await seed(cwd, [refund("trace_1"), refund("trace_2"), refund("trace_3")], [failed("trace_2")]);
  const decide = (dropped: string) => ({ schema: "casebook/dedup@1" as const, level: "exact" as const, dropped, kept: "trace_1", score: 1, threshold: 1, view: "content", rule: "1" });
  openDedup(openWorkspace(cwd).paths.dedup).write([decide("trace_2"), decide("trace_3")]);
  expect((await casebook(cwd, ["build", "support"])).code).toBe(0);
  const text = readFileSync(caseFile(cwd, "refund"), "utf8");
  expect(text).toContain("trace_id: trace_1");
  expect(text).toContain("duplicates: 2");
});

test("several runs on the same input are one case: the failed run stands for them", async () => {
  const cwd = scratch();
  await seed(cwd, [answer("trace_0", "Please refund invoice 4711, it was charged twice.", "Which charge do you mean?"), { ...refund("trace_1") }], [labelOf("trace_0"), failed("trace_1")]);
  const ran = await casebook(cwd, ["build", "support", "--json"]);
  expect(ran.json()).toMatchObject({ counts: { added: 1, folded: 1 }, folded: [{ trace_id: "trace_0" }] });
});

test("annotators who disagree stop that case until somebody settles it", async () => {
  const cwd = scratch();
  await seed(cwd, [refund("trace_1")], [failed("trace_1"), labelOf("trace_1", { annotator: "bob" })]);
  const ran = await casebook(cwd, ["build", "support"]);
  expect(ran.code).toBe(1);
  expect(ran.err).toContain("ann says fail, bob says pass");
  expect(ran.err).toContain("casebook label --only trace_1 --annotator adjudicated");
  await seed(cwd, [], [failed("trace_1", { annotator: "adjudicated" })]);
  expect((await casebook(cwd, ["build", "support"])).code).toBe(0);
  expect(Object.keys(filesOf(cwd)).filter((path) => path.includes("/labels/")).map((path) => path.split("/").at(-1))).toEqual(["adjudicated.yaml", "ann.yaml", "bob.yaml"]);
});

test("a colleague's label joins the case on disk without that colleague's journal", async () => {
  const cwd = scratch();
  await builtDataset(cwd, { release: false });
  renameSync(join(cwd, ".casebook/labels/ann.jsonl"), join(cwd, "ann.jsonl"));
  await seed(cwd, [], [failed("trace_1", { annotator: "bob", note: "No confirmation." })]);
  expect((await casebook(cwd, ["build", "support"])).err).toContain("1 changed");
  const text = readFileSync(caseFile(cwd, "refund"), "utf8");
  expect(text).toContain("annotators:\n    - ann\n    - bob\n");
  expect(text).toContain("ann: Refunded without asking which charge.\n    bob: No confirmation.");
});

test("a trace redacted more strictly moves its case to a new folder and takes the edits along", async () => {
  const cwd = scratch();
  await builtDataset(cwd, { release: false });
  edit(caseFile(cwd, "where"), /^input:/m, "tags:\n  - delivery\ninput:");
  const before = caseFile(cwd, "where");
  await seed(cwd, [answer("trace_2", "Where is my [ITEM:aaaaaaaaaaaaaaaa]?", "It arrives on Monday.")], []);
  const ran = await casebook(cwd, ["build", "support"]);
  expect(ran.out).toMatch(/changed +pass +where-\S+ \(was where-parcel-/);
  expect(existsSync(before)).toBe(false);
  expect(readFileSync(caseFile(cwd, "where"), "utf8")).toContain("- delivery");
});

test("a trace without recorded input and a label with an unknown code are refused with a remedy", async () => {
  const cwd = scratch();
  const empty = traceOf([agent("Triage", [{ kind: "response", model: { api: "responses" } }])], { id: "trace_9" });
  await seed(cwd, [empty, refund("trace_1")], [labelOf("trace_9"), failed("trace_1", { codes: [{ id: "no.such-code", role: "root" }] }), labelOf("trace_8")]);
  const ran = await casebook(cwd, ["build", "support", "--json"]);
  expect(ran.code).toBe(1);
  expect(ran.json().refused.map((one: { code: string }) => one.code)).toEqual(["unknown-code", "no-trace", "no-input"]);
});

const secret = ["sk", "live", "4eC39HqLyjWDarjtT1zdp7dc"].join("_");
const planted: readonly (readonly [string, () => Promise<string>])[] = [
  ["a note", leaky({ note: `The key was ${secret}.` })],
  ["expected text", leaky({ expected: `must not call issue_refund\nwrite to mia.li@corp-mail.com` })],
  ["expected text, base64", leaky({ expected: `must not call issue_refund\n${Buffer.from("card 4111 1111 1111 1111").toString("base64")}` })],
  ["a tool argument, JSON in JSON", async () => {
    const cwd = scratch();
    const args = JSON.stringify({ body: JSON.stringify({ to: "mia.li@corp-mail.com" }).replaceAll("@", "\\u0040") });
    await seed(cwd, [traceOf([agent("T", [model([user("Write to her")], [calls("mail", args, "c")]), tool("mail", args, "ok"), model([user("Write to her"), calls("mail", args, "c"), gives("ok", "c")], [says("Done.")])])], { id: "trace_1" })], [labelOf("trace_1")]);
    return cwd;
  }],
  ["something that only looks like our placeholder", leaky({ note: "Sent to [EMAIL:mia.li@corp-mail.com]." })],
];

function leaky(more: Parameters<typeof failed>[1]): () => Promise<string> {
  return async () => {
    const cwd = scratch();
    await seed(cwd, [refund("trace_1")], [failed("trace_1", more)]);
    return cwd;
  };
}

test.each(planted)("a leak in %s stops the build, nothing is written and the value is not shown", async (_, make) => {
  const cwd = await make();
  const ran = await casebook(cwd, ["build", "support"]);
  expect(ran.err).toMatch(/Nothing was written: \d+ leaks?\./);
  expect(ran.code).toBe(1);
  for (const value of [secret, "mia.li", "4111 1111"]) expect(ran.out + ran.err).not.toContain(value);
  expect(existsSync(join(cwd, "datasets/support"))).toBe(false);
  expect(existsSync(join(cwd, "datasets/.support.staging"))).toBe(false);
});

test.each([[[]], [["--json"]], [["--dry-run"]]])("a case in which a gate saw a leak is called by its digest and its trace, never by the words of its name (%j)", async (flags) => {
  const cwd = scratch();
  const asked = "Hello, my name is Dana Whitfield.";
  await seed(cwd, [refund("trace_1", asked), answer("trace_2", "Where is my parcel?", "It arrives on Monday.")], [failed("trace_1"), labelOf("trace_2")]);
  const ran = await casebook(cwd, ["build", "support", ...flags]);
  expect(ran.code, ran.err).toBe(1);
  expect((ran.out + ran.err).toLowerCase()).not.toMatch(/dana|whitfield/);
  expect(ran.err).toMatch(/support\/cases\/\(withheld\)-[0-9a-f]{8}\/case\.yaml:\d+: detectors\//);
  expect(ran.err).toMatch(/^\(withheld\)-[0-9a-f]{8} is of trace trace_1: casebook show trace_1$/m);
  expect(ran.err).not.toContain("show trace_2");
});

test("a case that is refused was seen by no gate, so it is called by its trace", async () => {
  const cwd = scratch();
  await seed(cwd, [refund("trace_1", "Hello, my name is Dana Whitfield.")], [labelOf("trace_1", { verdict: "fail", codes: [{ id: "tool.unsafe-side-effect", role: "root" }] })]);
  for (const flags of [[], ["--json"]]) {
    const ran = await casebook(cwd, ["build", "support", ...flags]);
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining("refused trace_1: ")]);
    expect((ran.out + ran.err).toLowerCase()).not.toMatch(/dana|whitfield/);
  }
});

test("a leak that somebody allowed by its token passes", async () => {
  const cwd = await leaky({ note: "Write to shop@corp-mail.com." })();
  const token = /\bleak:[0-9a-f]{64}\b/.exec((await casebook(cwd, ["build", "support"])).err)?.[0] ?? "";
  writeFileSync(join(cwd, "casebook.yaml"), `schema: casebook/config@1\nredact:\n  allow:\n    - ${token}\n`);
  expect((await casebook(cwd, ["build", "support"])).code).toBe(0);
});

test("--raw looks for the raw file's own values, whatever their spelling", async () => {
  const cwd = scratch();
  await seed(cwd, [answer("trace_1", "Parcel of MIA  LI-SANDERSON came on 5 April.", "Hello.")], [labelOf("trace_1")]);
  writeFileSync(join(cwd, "raw.jsonl"), `${JSON.stringify({ user: JSON.stringify({ fullName: "Mia Li Sanderson" }) })}\n`);
  expect((await casebook(cwd, ["build", "support", "--dry-run"])).code).toBe(0);
  const ran = await casebook(cwd, ["build", "support", "--raw", "raw.jsonl"]);
  expect(ran.code).toBe(1);
  expect(ran.err).toContain("harvest/raw-value");
  expect(ran.err.toLowerCase()).not.toContain("sanderson");
  expect(existsSync(join(cwd, "datasets/support"))).toBe(false);
});

test("what a crash between staging and exchange left is put back", async () => {
  const cwd = scratch();
  await builtDataset(cwd);
  const files = filesOf(cwd);
  const staging = join(cwd, "datasets/.support.staging");
  // As a crash leaves it: the old cases moved away, the new ones not yet there.
  mkdirSync(join(staging, "next/cases"), { recursive: true });
  writeFileSync(join(staging, "pid"), "999999999");
  renameSync(join(cwd, "datasets/support/cases"), join(staging, "old-cases"));
  const ran = await casebook(cwd, ["verify", "support"]);
  expect(ran.out).toContain("support: ok");
  expect(filesOf(cwd)).toEqual(files);
  expect(existsSync(staging)).toBe(false);
});

test.each([
  ["before the exchange", (cwd: string) => mkdirSync(join(cwd, "datasets/.support.staging/next/cases"), { recursive: true })],
  ["before dataset.yaml was in place", (cwd: string) => rmSync(join(cwd, "datasets/support/dataset.yaml"))],
])("a build after a crash %s ends as if there had been none", async (_, crash) => {
  const cwd = scratch();
  await builtDataset(cwd, { release: false });
  const files = filesOf(cwd);
  crash(cwd);
  expect((await casebook(cwd, ["build", "support"])).code).toBe(0);
  expect(filesOf(cwd)).toEqual(files);
});

test("a build beside another one waits for nobody and says so", async () => {
  const cwd = scratch();
  await builtDataset(cwd);
  const staging = join(cwd, "datasets/.support.staging");
  mkdirSync(staging);
  writeFileSync(join(staging, "pid"), String(process.pid));
  await seed(cwd, [], [failed("trace_1", { note: "Changed.", at: "2026-11-04T10:00:00.000Z" })]);
  const ran = await casebook(cwd, ["build", "support"]);
  expect(ran.code).toBe(2);
  expect(ran.err).toContain("being written by another casebook");
  expect(existsSync(staging)).toBe(true);
});
