import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { casebook, scratch } from "../support/io.ts";
import { madeRun, putRuns } from "../support/runs.ts";

const many = (n: number, letters: string): Record<string, string> => Object.fromEntries(Array.from({ length: n }, (_, at) => [`case-${String(at).padStart(2, "0")}`, letters]));
const good = madeRun({ id: "r-1", cases: many(12, "ppppp") });
const bad = madeRun({ id: "r-22", cases: { ...many(12, "ppppp"), "case-03": "fffff" }, codes: { "case-03": ["tool.unsafe-side-effect"] } });

describe("gate", () => {
  test("blessed once, the same run passes and a broken case is a regression with exit 1", async () => {
    const cwd = scratch();
    putRuns(cwd, good, bad);
    expect((await casebook(cwd, ["bless", "r-1"])).code).toBe(0);
    const pass = await casebook(cwd, ["gate", "r-1"]);
    expect([pass.code, pass.out.split("\n")[0]]).toEqual([0, "PASS  support: support@r-1 -> support@r-1"]);
    const no = await casebook(cwd, ["gate", "latest", "--json"]);
    expect(no.code).toBe(1);
    expect(no.json()).toMatchObject({ schema: "casebook/gate@1", verdict: "regressed", counts: { "newly-failing": 1, "both-pass": 11 } });
    expect(no.json().cases[0]).toMatchObject({ case_id: "case-03", break: "confirmed", parts: { step: 2, baseline: "message", candidate: "tool issue_refund" } });
  });

  test("writes Markdown, JUnit and CSV beside what it prints", async () => {
    const cwd = scratch();
    putRuns(cwd, good, bad);
    const { code, out, err } = await casebook(cwd, ["gate", "r-22", "--baseline", "r-1", "-o", "gate.md", "-o", "gate.xml", "-o", "gate.csv"]);
    expect(code).toBe(1);
    expect(out).toContain("newly failing:\n  case-03  5/5 -> 0/5  confirmed, p 0.004\n");
    expect(err).toContain("Written: gate.xml (junit).");
    expect(readFileSync(join(cwd, "gate.md"), "utf8")).toMatch(/^<!-- casebook gate support -->\n## Gate: regressed\n/);
    expect(readFileSync(join(cwd, "gate.xml"), "utf8")).toContain('<failure message="regressed">');
    expect(readFileSync(join(cwd, "gate.csv"), "utf8").split("\n")[1]).toBe("case-03,newly-failing,,tool.unsafe-side-effect,5/5,0/5,confirmed,0.00397,2,message,tool issue_refund");
    expect(Math.max(...(out.split("Again:")[0] ?? "").split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  test.each([
    ["no runs", [], ["gate"], 2, "There are no runs yet."],
    ["no baseline", [good], ["gate"], 2, "Dataset support has no baseline yet."],
    ["an unknown run", [good], ["gate", "nope"], 2, "There is no run nope."],
    ["two runs of one beginning", [good, bad], ["gate", "r-"], 2, "More than one run begins with r-."],
    ["an unfinished run", [good, { ...bad, trials: bad.trials.slice(0, 7) }], ["gate", "r-22", "--baseline", "r-1"], 3, "Run r-22 is not finished"],
    ["an unfinished baseline", [good, { ...bad, trials: bad.trials.slice(0, 7) }], ["gate", "r-1", "--baseline", "r-22"], 3, "Run r-22 is not finished"],
    ["another dataset", [good, madeRun({ id: "x", cases: { a: "p" }, header: { dataset: { name: "other", version: "1.0.0", hash: "d" } } })], ["gate", "r-1", "--baseline", "x"], 2, "The baseline is of dataset other"],
    ["a file that is not there", [good], ["gate", "--baseline", "nope.jsonl"], 2, "There is no file nope.jsonl."],
    ["an ending that says nothing", [good], ["gate", "--baseline", "r-1", "-o", "gate.doc"], 2, "The ending of gate.doc"],
    ["the run named twice", [good], ["gate", "r-1", "--candidate", "r-1"], 2, "The run is named twice."],
  ])("%s", async (_, runs, argv, code, words) => {
    const cwd = scratch();
    putRuns(cwd, ...runs);
    const ran = await casebook(cwd, argv);
    expect([ran.code, ran.out]).toEqual([code, ""]);
    expect(ran.err).toContain(words);
    expect(ran.err).toContain("hint: ");
  });

  test("inconclusive is an error only when asked; nothing to compare always is", async () => {
    const cwd = scratch();
    const once = madeRun({ id: "o", cases: many(12, "p") });
    putRuns(cwd, once, madeRun({ id: "oo", cases: { ...many(12, "p"), "case-01": "f" } }), madeRun({ id: "ooo", cases: many(12, "e") }));
    expect((await casebook(cwd, ["gate", "oo", "--baseline", "o"])).code).toBe(0);
    expect((await casebook(cwd, ["gate", "oo", "--baseline", "o", "--fail-on", "inconclusive"])).code).toBe(4);
    const world = await casebook(cwd, ["gate", "ooo", "--baseline", "o"]);
    expect([world.code, world.out.split("\n")[2]]).toEqual([3, "  - Nothing could be compared: no case was graded on both sides with the same"]);
  });

  test("a code limit of casebook.yaml is kept, and a wrong one is named", async () => {
    const cwd = scratch();
    const leak = { cases: many(6, "f"), codes: { "case-00": ["privacy.leak"] } };
    putRuns(cwd, madeRun({ id: "l", ...leak }), madeRun({ id: "ll", ...leak }));
    const gateWith = async (yaml: string) => {
      writeFileSync(join(cwd, "casebook.yaml"), `schema: casebook/config@1\n${yaml}`);
      return casebook(cwd, ["gate", "ll", "--baseline", "l"]);
    };
    expect((await gateWith("")).code).toBe(0);
    expect((await gateWith("gate: { codes: { privacy.leak: 0 } }\n")).out).toContain("  - privacy.leak: 1 case fails, none may.");
    const wrong = await gateWith("gate: { limit: 3 }\n");
    expect([wrong.code, wrong.err.split("\n")[0]]).toEqual([2, "error: casebook.yaml: gate: the record: has an unknown member: limit"]);
  });
});

describe("compare", () => {
  test("shows both ways and decides nothing", async () => {
    const cwd = scratch();
    putRuns(cwd, good, bad);
    const there = await casebook(cwd, ["compare", "r-1", "r-22", "--json"]);
    const back = await casebook(cwd, ["compare", "r-22", "r-1", "--json"]);
    expect([there.code, back.code]).toEqual([0, 0]);
    expect(there.json().verdict).toBeUndefined();
    expect([there.json().mcnemar.worse, back.json().mcnemar.better]).toEqual([1, 1]);
    expect(there.json().reproduce[0]).toBe("casebook replay support@1.0.0 --prompt support@r-22 --depth tape --model m --repeat 5");
  });

  test("an unfinished run is compared as far as it is, and said to be unfinished", async () => {
    const cwd = scratch();
    putRuns(cwd, good, { ...bad, trials: bad.trials.slice(0, 30) });
    const { code, err } = await casebook(cwd, ["compare", "r-1", "r-22"]);
    expect([code, err]).toEqual([0, "Run r-22 is not finished: what it did not reach counts as an error here.\n"]);
  });
});

describe("bless", () => {
  const path = (cwd: string): string => join(cwd, "datasets", "support", "baseline.jsonl");

  test("writes one sorted line a case, the same bytes each time, and says what each changed line means", async () => {
    const cwd = scratch();
    const failing = madeRun({ id: "r-333", cases: { ...many(11, "ppppp"), "case-03": "fffff", "case-99": "ppppp" } });
    putRuns(cwd, good, failing);
    const first = await casebook(cwd, ["bless", "r-1"]);
    const bytes = readFileSync(path(cwd), "utf8");
    expect([first.out, first.err.split("\n")[0]]).toEqual(["", "support: 12 of 12 cases pass in r-1; the first baseline."]);
    expect(bytes.split("\n").slice(0, -1).map((line) => JSON.parse(line).case_id)).toEqual(Object.keys(many(12, "")));
    const again = await casebook(cwd, ["bless", "r-1", "--json"]);
    expect([again.json().changes, readFileSync(path(cwd), "utf8")]).toEqual([[], bytes]);
    const other = await casebook(cwd, ["bless", "r-333", "--dry-run"]);
    expect(readFileSync(path(cwd), "utf8")).toBe(bytes);
    expect(other.out).toContain("worse   case-03 is accepted as failing from now on (5/5 to 0/5)\n");
    expect(other.out).toContain("removed case-11 is no longer in the dataset\n");
    expect(other.out).toContain("added   case-99 is new; it passes (5/5)\n");
    expect(other.out.split("\n")[0]).toMatch(/^worse /);
    expect(other.out).toContain("other   still passes; prompt support@r-1 to support@r-333 (10 cases)\n        case-00\n");
  });

  test("refuses an unfinished run, and one with cases that nobody graded unless told", async () => {
    const cwd = scratch();
    putRuns(cwd, { ...good, trials: good.trials.slice(1) }, madeRun({ id: "holes", cases: { ...many(3, "p"), "case-01": "e" } }));
    expect((await casebook(cwd, ["bless", "r-1"])).code).toBe(3);
    const holes = await casebook(cwd, ["bless", "holes"]);
    expect([holes.code, holes.err.split("\n")[0]]).toEqual([1, "error: 1 of 3 cases of run holes were never graded (off the tape, or in error)."]);
    expect((await casebook(cwd, ["bless", "holes", "--allow-ungraded"])).code).toBe(0);
  });

  test("refuses a run of some of the cases only", async () => {
    const cwd = scratch();
    putRuns(cwd, good);
    mkdirSync(join(cwd, "datasets/support/versions"), { recursive: true });
    writeFileSync(join(cwd, "datasets/support/versions/1.0.0.json"), JSON.stringify({ cases: { ...many(13, "") } }));
    const { code, err } = await casebook(cwd, ["bless", "r-1"]);
    expect([code, err.split("\n")[0]]).toEqual([1, "error: Run r-1 holds 12 of the 13 cases of support@1.0.0; a baseline needs all."]);
  });

  test("a baseline file that was tampered with is refused by line", async () => {
    const cwd = scratch();
    putRuns(cwd, good);
    await casebook(cwd, ["bless", "r-1"]);
    const text = readFileSync(path(cwd), "utf8");
    writeFileSync(path(cwd), `${text}${text.split("\n")[0]}\n`);
    expect((await casebook(cwd, ["gate"])).err).toContain("case case-00 is in it twice");
    writeFileSync(path(cwd), text.replace('"passed":5', '"passed":"5"'));
    expect((await casebook(cwd, ["gate"])).err).toContain("datasets/support/baseline.jsonl:1: passed: should be number");
  });
});

describe("report", () => {
  test("reads one run or several, unfinished ones too", async () => {
    const cwd = scratch();
    putRuns(cwd, good, { ...bad, trials: bad.trials.slice(0, 20) });
    const one = await casebook(cwd, ["report", "r-1", "--json"]);
    expect(one.json()).toMatchObject({ schema: "casebook/run-report@1", complete: true, rate: { passed: 12, of: 12 }, trials: { done: 60, of: 60 } });
    const two = await casebook(cwd, ["report", "r-1", "r-22", "--reporter", "csv", "-o", "runs.xml", "--dry-run"]);
    expect(two.out.split("\n").length).toBe(26);
    expect(two.err).toBe("Would write runs.xml (junit).\n");
    const text = (await casebook(cwd, ["report", "r-22"])).out;
    expect(text).toContain("INCOMPLETE");
    expect(text).toContain("1 failing, 8 not run");
  });
});
