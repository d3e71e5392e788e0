import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { casebook, scratch } from "../../support/io.ts";
import { sharedFile, sharedTest } from "../../support/shared.ts";
import { fillStore } from "../../support/stored.ts";
import { model, says, task, traceOf, turn, user } from "../../support/trace.ts";

const spans = [task([turn([model([user("q")], [says("a")])])])];
const good = traceOf(spans, { id: "trace_good", metadata: { tenant: "t" } });
const bad = traceOf(spans, { id: "trace_bad", workflow_name: "Agent workflow", metadata: {} });

test("check says no when the store breaks the contract, and how to mend it", async () => {
  const cwd = scratch();
  writeFileSync(join(cwd, "casebook.yaml"), "schema: casebook/config@1\ncontract:\n  metadata: [tenant]\n");
  await fillStore(cwd, [good, bad]);
  const { code, out } = await casebook(cwd, ["check"]);
  expect(code).toBe(1);
  expect(out).toContain('✗ 1 of 2 traces carries the SDK\'s default name "Agent workflow"');
  expect(out).toContain('  ts     new Runner({ workflowName: "support-triage" })');
  expect(out).toContain('  python RunConfig(trace_metadata={ "tenant": tenant })');
  expect(out).toMatch(/2 traces checked, 2 problems\.\n$/);
  const asJson = await casebook(cwd, ["check", "--json"]);
  expect([asJson.code, asJson.json().ok, asJson.json().findings.map(({ code: one }: { code: string }) => one)]).toEqual([
    1,
    false,
    ["workflow-name-default", "metadata-missing"],
  ]);
});

test("advice alone is no reason to say no", async () => {
  const cwd = scratch();
  await fillStore(cwd, [good]);
  const { code, out } = await casebook(cwd, ["check"]);
  expect([code, out.match(/[^\n]+\n$/)?.[0]]).toEqual([0, "1 trace checked, 0 problems, 1 piece of advice.\n"]);
});

test("an empty store and a contract of another shape are yours to fix", async () => {
  const cwd = scratch();
  expect(await casebook(cwd, ["check"])).toMatchObject({ code: 2, err: expect.stringContaining("casebook check FILE") });
  writeFileSync(join(cwd, "casebook.yaml"), "schema: casebook/config@1\ncontract:\n  keys: [tenant]\n");
  expect(await casebook(cwd, ["check"])).toMatchObject({ code: 2, err: expect.stringContaining("casebook.yaml: contract") });
});

test("a file is checked without leaving anything behind, and secrets in metadata are named, not shown", async () => {
  const cwd = scratch();
  const record = { object: "trace", id: `trace_${"a".repeat(32)}`, workflow_name: "Support", group_id: null, metadata: { contact: "jane.doe@example.com", token: "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789" } };
  writeFileSync(join(cwd, "traces.jsonl"), `${JSON.stringify(record)}\n`);
  const { code, out, err } = await casebook(cwd, ["check", "traces.jsonl"]);
  expect(code).toBe(1);
  expect(out).toContain("[metadata-sensitive]");
  expect(out).toContain("[trace-without-spans]");
  expect(out + err).not.toMatch(/jane|abcdefgh/);
  expect(existsSync(join(cwd, ".casebook"))).toBe(false);
});

test("the policy matrix is Markdown for review, and marks what the config changed", async () => {
  const cwd = scratch();
  writeFileSync(join(cwd, "casebook.yaml"), "schema: casebook/config@1\nredact:\n  fields:\n    function.tool.output: drop\n");
  const { code, out } = await casebook(cwd, ["check", "--policy"]);
  expect(code).toBe(0);
  expect(out).toContain("| span | field | action |\n|---|---|---|\n");
  expect(out).toContain("| function | tool.output | drop \\* |");
  expect(out).toContain("| function | tool.arguments | scan |");
  const rows = (await casebook(cwd, ["check", "--policy", "--json"])).json().rows;
  expect(rows.filter(({ changed }: { changed: boolean }) => changed)).toEqual([{ span: "function", field: "tool.output", action: "drop", changed: true }]);
});

sharedTest("what is wrong with real exports is found", ["agents-sdk-real/agents_sdk_real_ingest_posts.jsonl"], async () => {
  const ran = await casebook(scratch(), ["check", "--json", sharedFile("agents-sdk-real/agents_sdk_real_ingest_posts.jsonl")]);
  expect(ran.code).toBe(1);
  const counts = Object.fromEntries(ran.json().findings.map(({ code: one, traces }: { code: string; traces: number }) => [one, traces]));
  expect(counts).toMatchObject({ "trace-without-spans": 4, "trace-record-missing": 2, "run-without-end": 9 });
});
