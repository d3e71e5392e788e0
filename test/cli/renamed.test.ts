import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { casebook, scratch } from "../support/io.ts";

const lines = (id: string, group: string): string =>
  [
    { object: "trace", id, workflow_name: "Shop", group_id: group },
    { object: "trace.span", id: "span_1", trace_id: id, parent_id: null, started_at: "2026-01-01T00:00:00Z", ended_at: "2026-01-01T00:00:01Z", span_data: { type: "generation", input: [{ role: "user", content: `hello from ${group}` }], output: [{ role: "assistant", content: "hi" }] } },
  ].map((record) => `${JSON.stringify(record)}\n`).join("");

async function pulled(config = ""): Promise<string> {
  const cwd = scratch();
  writeFileSync(join(cwd, "casebook.yaml"), `schema: casebook/config@1\n${config}`);
  expect((await casebook(cwd, ["pull", "-"], { stdin: lines("chat with Ann", "ann@example.com") + lines("chat with Bo", "bo@example.com") })).code).toBe(0);
  return cwd;
}

test.each([
  ["scanned", ""],
  ["masked", "redact:\n  fields:\n    trace.id: token\n    trace.group_id: token\n"],
])("a trace whose ids were %s is found by the ids its owner knows", async (_, config) => {
  const cwd = await pulled(config);
  const [row] = (await casebook(cwd, ["ls", "--group", "ann@example.com", "--json"])).json().rows;
  expect(row.first_user).toMatch(/^hello from \[EMAIL/);
  expect((await casebook(cwd, ["show", "chat with Ann", "--json"])).json().id).toBe(row.id);
  await casebook(cwd, ["dedup"]);
  expect((await casebook(cwd, ["dedup", "--explain", "chat with Ann", "--json"])).json().id).toBe(row.id);
  const answer = `${JSON.stringify({ trace: "chat with Ann", verdict: "pass" })}\n`;
  expect((await casebook(cwd, ["label", "--answers", "-", "--only", "chat with Ann", "--json"], { stdin: answer })).json()).toMatchObject({ passed: 1 });
  expect((await casebook(cwd, ["ls", "--labelled", "--json"])).json().rows.map(({ id }: { id: string }) => id)).toEqual([row.id]);
});

test("a look-up without a key makes none, and finds nothing that it could not", async () => {
  const cwd = await pulled();
  const env = { CASEBOOK_KEY: "" };
  expect((await casebook(cwd, ["show", "chat with Ann"], { env })).code).toBe(2);
  expect((await casebook(cwd, ["ls", "--group", "ann@example.com"], { env })).err).toContain("None of 2");
  expect(existsSync(join(cwd, ".casebook/key"))).toBe(false);
});
