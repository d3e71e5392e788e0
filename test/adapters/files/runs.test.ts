import { appendFileSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openRuns } from "../../../src/adapters/files/runs.ts";
import type { RunHeader, Trial } from "../../../src/core/replay/run.ts";
import { scratch } from "../../support/io.ts";

const header = (id: string, more: Partial<RunHeader> = {}): RunHeader => ({
  schema: "casebook/run@1", id, dataset: { name: "d", version: "1.0.0", hash: "h" }, prompt: { name: "p", version: "1", hash: "h" },
  target: { kind: "trace" }, depth: "frozen", model: {}, settings: {}, on_miss: "fail", repeat: 2, seed: 1,
  cases: [{ id: "a", hash: "1", label: "pass", codes: [] }, { id: "b", hash: "2", label: "fail", codes: ["tool.x"] }],
  started_at: "2026-01-01T00:00:00.000Z", ...more,
});
const trial = (case_id: string, repeat: number, outcome: Trial["outcome"] = "pass"): Trial => ({
  schema: "casebook/trial@1", case_id, repeat, outcome, checks: [], fidelity: { served: 0, drifted: 0, missed: 0, unconsumed: 0 }, steps: [], output: "line\u2028two", ms: 1,
});

test("a run is read back as it was written, trials in the order of its cases, private", () => {
  const folder = join(scratch(), "runs");
  const runs = openRuns(folder);
  runs.create(header("r1"));
  for (const one of [trial("b", 0), trial("a", 1), trial("a", 0)]) runs.append("r1", one);
  expect(openRuns(folder).read("r1")).toEqual({ header: header("r1"), trials: [trial("a", 0), trial("a", 1), trial("b", 0)], complete: false });
  runs.append("r1", trial("b", 1));
  runs.close("r1");
  expect(runs.read("r1").complete).toBe(true);
  expect([statSync(join(folder, "r1")).mode & 0o777, ...["run.json", "trials.jsonl"].map((file) => statSync(join(folder, "r1", file)).mode & 0o777)]).toEqual([0o700, 0o600, 0o600]);
});

test("a line cut short by a crash is dropped, and cut away before the next is written", () => {
  const folder = join(scratch(), "runs");
  const runs = openRuns(folder);
  runs.create(header("r1"));
  runs.append("r1", trial("a", 0));
  runs.close("r1");
  appendFileSync(join(folder, "r1", "trials.jsonl"), '{"schema":"casebook/trial@1","case_id":"a","rep');
  expect(openRuns(folder).read("r1").trials).toHaveLength(1);
  const again = openRuns(folder);
  again.append("r1", trial("b", 0));
  again.close("r1");
  expect(again.read("r1").trials.map(({ case_id }) => case_id)).toEqual(["a", "b"]);
  expect(readFileSync(join(folder, "r1", "trials.jsonl"), "utf8").trimEnd().split("\n")).toHaveLength(2);
});

test("a later trial of the same case and repeat stands for an earlier one; trials of other cases are not counted", () => {
  const runs = openRuns(join(scratch(), "runs"));
  runs.create(header("r1"));
  for (const one of [trial("a", 0, "error"), trial("a", 0, "pass"), trial("zzz", 0), trial("a", 7)]) runs.append("r1", one);
  runs.close("r1");
  expect(runs.read("r1").trials).toEqual([trial("a", 0, "pass")]);
});

test("a log that was edited, and a run that is not there, are refused by name", () => {
  const folder = join(scratch(), "runs");
  const runs = openRuns(folder);
  runs.create(header("r1"));
  writeFileSync(join(folder, "r1", "trials.jsonl"), `${JSON.stringify(trial("a", 0))}\n{"schema":"casebook/trial@1","outcome":"maybe"}\n`);
  expect(() => runs.read("r1")).toThrow(/runs\/r1\/trials\.jsonl:2: /);
  expect(() => runs.read("r2")).toThrow(expect.objectContaining({ code: "usage", hint: expect.stringContaining("r1") as string }));
  expect(() => runs.read("../runs/r1")).toThrow(/no run/);
});

test("runs are listed from the oldest", () => {
  const runs = openRuns(join(scratch(), "runs"));
  expect(runs.list()).toEqual([]);
  runs.create(header("x", { started_at: "2026-01-02T00:00:00.000Z" }));
  runs.create(header("y", { started_at: "2026-01-01T00:00:00.000Z" }));
  expect(runs.list().map(({ id }) => id)).toEqual(["y", "x"]);
});
