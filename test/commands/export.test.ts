import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { answer, builtDataset, failed, labelOf, refund, seed } from "../support/dataset.ts";
import { casebook, scratch } from "../support/io.ts";

test("--csv gives one row for each case, --labels one for each label", async () => {
  const cwd = scratch();
  await seed(cwd, [refund("trace_1"), answer("trace_2", "Where?", "Here.")], [failed("trace_1"), failed("trace_1", { annotator: "bob", note: "Twice." }), labelOf("trace_2")]);
  await casebook(cwd, ["build", "support"]);
  const cases = await casebook(cwd, ["export", "--csv"]);
  expect(cases.out.split("\n")[0]).toBe("id,title,verdict,root_cause,other_codes,first_failing_span,note,expected,checks,tags,annotators,agent,input,later,trace_id,duplicates,vacuous");
  expect(cases.out).toMatch(/^refund-invoice-\S+,"Please refund invoice 4711, it was charged twice\.",fail,tool\.unsafe-side-effect,/m);
  const labels = await casebook(cwd, ["export", "--csv", "--labels"]);
  expect(labels.out.trimEnd().split("\n").map((line) => line.split(",").at(-9)?.length !== 0)).toHaveLength(4);
});

test("a cell that a spreadsheet would run stays text", async () => {
  const cwd = scratch();
  await seed(cwd, [answer("trace_1", '=HYPERLINK("http://x","y")', "No."), answer("trace_2", "@SUM(1)", "No.")], [labelOf("trace_1", { note: "-1+2" }), labelOf("trace_2", { note: "+1" })]);
  await casebook(cwd, ["build", "support"]);
  for (const flags of [[], ["--labels"]]) expect((await casebook(cwd, ["export", "--csv", ...flags])).out).not.toMatch(/(?:^|,)"?[=+@-]/m);
});

test("--bom begins a file for Excel, -o names its form, and --dry-run writes nothing", async () => {
  const cwd = scratch();
  await builtDataset(cwd);
  expect((await casebook(cwd, ["export", "-o", "x.csv", "--bom", "--dry-run"])).err).toContain("Would write 2 rows");
  expect(existsSync(join(cwd, "x.csv"))).toBe(false);
  const ran = await casebook(cwd, ["export", "-o", "x.csv", "--bom", "--json"]);
  expect(ran.json()).toMatchObject({ dataset: "support", format: "csv", rows: 2, written: true });
  expect([...readFileSync(join(cwd, "x.csv")).subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
});

test("--jsonl gives plain rows with everything a case says", async () => {
  const cwd = scratch();
  await builtDataset(cwd);
  const ran = await casebook(cwd, ["export", "support", "--jsonl"]);
  const rows = ran.out.trimEnd().split("\n").map((line) => JSON.parse(line));
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatchObject({ verdict: "fail", codes: ["tool.unsafe-side-effect"], expected: "must not call issue_refund", checks: [{ type: "called", not: true }], labels: [{ annotator: "ann" }] });
});

test("no form, two forms and no cases are the user's to fix", async () => {
  const cwd = scratch();
  expect((await casebook(cwd, ["export", "--csv"])).code).toBe(2);
  await builtDataset(cwd);
  expect((await casebook(cwd, ["export"])).code).toBe(2);
  expect((await casebook(cwd, ["export", "--csv", "--jsonl"])).code).toBe(2);
});
