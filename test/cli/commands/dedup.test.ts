import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readLabels } from "../../../src/adapters/files/journal.ts";
import { dedupFormat } from "../../../src/core/dedup/types.ts";
import { casebook, scratch } from "../../support/io.ts";
import { fillStore } from "../../support/stored.ts";
import { traceWith } from "../../support/trace-with.ts";

const answer = [{ say: "Done." }] as const;
const users = [
  "My parcel 4417 to Lisbon never arrived, please refund it",
  "Hello! I want a refund. The Lisbon parcel 4417 never came",
  "My parcel 4417 to Lisbon never arrived, please refund it",
  "Change the address of my subscription to Oslo please",
  "What are your opening hours on Sunday",
  "I want a new password \u001b[31mnow",
  "Hello, my invoice is wrong",
];
const store = async (): Promise<string> => {
  const cwd = scratch();
  await fillStore(cwd, users.map((user, at) => traceWith(user, answer, { id: `trace_${String(at).repeat(32)}` })));
  return cwd;
};
const id = (n: number): string => `trace_${String(n).repeat(32)}`;

test("copies and runs of one task are found, shown with scores, and kept as records nobody else can read", async () => {
  const cwd = await store();
  const ran = await casebook(cwd, ["dedup"]);
  expect(ran.code).toBe(0);
  expect(ran.out).toContain("exact: 1 of 7 traces are like one of 6 kept\n");
  expect(ran.out).toMatch(/same-task: 2 of 7 traces are like one of 5 kept, threshold 0.2\n/);
  expect(ran.out).toMatch(/ {2}00000000 +1 {2}1\.00 +My parcel 4417 to Lisbon/);
  expect(Math.max(...ran.out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  const path = join(cwd, ".casebook", "dedup.jsonl");
  const records = readFileSync(path, "utf8").trim().split("\n").map((line) => dedupFormat.read(JSON.parse(line), "test"));
  expect(records.map(({ level, dropped, kept }) => [level, dropped, kept])).toContainEqual(["exact", id(2), id(0)]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a level decided again replaces its own decisions only", async () => {
  const cwd = await store();
  await casebook(cwd, ["dedup"]);
  const ran = await casebook(cwd, ["dedup", "--level", "same-task", "--threshold", "1", "--json"]);
  expect(ran.json()).toMatchObject({ schema: "casebook/dedup-result@1", traces: 7, written: true, levels: [{ level: "same-task", dropped: 1, threshold: 1 }] });
  const levels = readFileSync(join(cwd, ".casebook", "dedup.jsonl"), "utf8").trim().split("\n").map((line) => (JSON.parse(line) as { level: string }).level);
  expect(levels).toEqual(["exact", "same-task"]);
});

test("a dry run keeps nothing; the config's threshold counts unless a flag says otherwise", async () => {
  const cwd = await store();
  writeFileSync(join(cwd, "casebook.yaml"), "schema: casebook/config@1\ndedup:\n  same_task: 0.99\n");
  const byConfig = await casebook(cwd, ["dedup", "--level", "same-task", "--dry-run", "--json"]);
  const byFlag = await casebook(cwd, ["dedup", "--level", "same-task", "--dry-run", "--json", "-t", "0.2"]);
  expect([byConfig.json().levels[0].dropped, byFlag.json().levels[0].dropped]).toEqual([1, 2]);
  expect((await casebook(cwd, ["dedup", "--explain", "2222"])).code).toBe(2);
});

test("a decision is explained: whom it was like, how much, by which rule, in which words", async () => {
  const cwd = await store();
  await casebook(cwd, ["dedup", "--level", "all"]);
  const { dropped, kept } = (await casebook(cwd, ["dedup", "--level", "same-task", "--json"])).json().levels[0].clusters.map((one: { kept: string; members: { id: string; score: number }[] }) => ({ kept: one.kept, dropped: one.members.find((member) => member.score < 1)?.id }))[0];
  const told = await casebook(cwd, ["dedup", "--explain", dropped]);
  expect(told.code).toBe(0);
  expect(told.out).toMatch(/same-task: \d{8} is like \d{8}, which is kept\n {2}score 0\.\d\d, threshold 0\.2, by what the user said \(rule idf2-jaccard@1\)/);
  expect(told.out).toMatch(/both said: +.*lisbon/);
  expect(told.out).toMatch(/only this one: +\w+/);
  expect((await casebook(cwd, ["dedup", "--explain", kept])).out).toMatch(/is kept; like it: /);
  expect((await casebook(cwd, ["dedup", "--explain", dropped, "--json"])).json()).toMatchObject({ schema: "casebook/dedup-explanation@1", id: dropped, dropped: [{ action: "suggest", decision: { kept } }] });
  const alone = await casebook(cwd, ["dedup", "--explain", "5555"]);
  expect(alone.out).toBe("55555555 is like no other trace.\n");
});

test("what a trace says cannot command the terminal", async () => {
  const cwd = scratch();
  await fillStore(cwd, ["a", "b"].map((letter) => traceWith("wipe \u001b[2J\u202e me", answer, { id: `trace_${letter.repeat(32)}` })));
  const ran = await casebook(cwd, ["dedup"]);
  expect(ran.out).toContain("wipe me");
  expect(`${ran.out}${ran.err}`).not.toContain("\u001b");
  expect(`${ran.out}${ran.err}`).not.toContain("\u202e");
});

test.each([
  [["--threshold", "2"], /0 to 1/],
  [["--threshold", "0.5"], /one level/],
  [["--level", "exact", "--threshold", "0.5"], /one level/],
  [["--level", "alike"], /exact, near/],
  [["--explain", "nowhere"], /No trace begins/],
])("%j is a usage error that says what to type", async (flags, says) => {
  const ran = await casebook(await store(), ["dedup", ...flags]);
  expect(ran.code).toBe(2);
  expect(ran.err).toMatch(says);
});

test("an empty store says how to fill it", async () => {
  const ran = await casebook(scratch(), ["dedup"]);
  expect([ran.code, ran.out]).toEqual([0, ""]);
  expect(ran.err).toContain("casebook pull");
});

test("a broken decisions file is named with its line, and deciding all levels anew mends it", async () => {
  const cwd = await store();
  await casebook(cwd, ["dedup"]);
  writeFileSync(join(cwd, ".casebook", "dedup.jsonl"), '{"schema":"casebook/dedup@1"\n');
  const ran = await casebook(cwd, ["dedup", "--explain", "2222"]);
  expect(ran.code).toBe(2);
  expect(ran.err).toContain("dedup.jsonl:1");
  expect(ran.err).toContain("casebook dedup --level all");
  expect((await casebook(cwd, ["dedup", "--level", "all"])).code).toBe(0);
  expect((await casebook(cwd, ["dedup", "--explain", "2222"])).code).toBe(0);
});

test("labelling asks about what went wrong first, about each task before again, and never about a copy", async () => {
  const cwd = scratch();
  const calm = traceWith("Where is parcel 4417", answer, { id: "trace_calm" });
  await fillStore(cwd, [calm, { ...calm, id: "trace_copy" }, traceWith("Where is parcel 4417 now", answer, { id: "trace_again" }), traceWith("Refund me", answer, { id: "trace_broken", error: "Max turns exceeded" })]);
  await casebook(cwd, ["dedup"]);
  const asked = await casebook(cwd, ["label", "--plain"], { stdin: "p\np\np\np\n" });
  expect(asked.err).toContain("ended in an error");
  const order = readLabels(join(cwd, ".casebook", "labels")).map((label) => label.trace_id);
  expect(order).toHaveLength(3);
  expect(order.indexOf("trace_broken")).toBeLessThan(2);
  expect(order.at(-1)).toBe("trace_again");
  expect(order).not.toContain("trace_copy");
});
