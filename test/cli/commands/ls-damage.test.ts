import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { casebook, scratch } from "../../support/io.ts";

const line = (id: string): string => `${JSON.stringify({ object: "trace", id, workflow_name: "w", group_id: null, metadata: null })}\n`;

test("a store whose lines were garbled says so and how to have them again, and keeps what can be read", async () => {
  const cwd = scratch();
  writeFileSync(join(cwd, "t.jsonl"), line("trace_9f9ba9d9473a1d73bb5180ddad09b3d6") + line("trace_c89d6c18800c4c02c03aa8d18723d85a"));
  await casebook(cwd, ["pull", "t.jsonl"]);
  const folder = join(cwd, ".casebook/traces");
  const segment = join(folder, readdirSync(folder).find((name) => name.endsWith(".jsonl")) ?? "");
  const [first = "", second = "", ...rest] = readFileSync(segment, "utf8").split("\n");
  expect(second).toContain("trace_");
  writeFileSync(segment, [first, `#${second.slice(1)}`, ...rest].join("\n"));
  writeFileSync(join(folder, "index.sqlite"), "garbled");
  const listed = await casebook(cwd, ["ls"]);
  expect(listed.code, listed.err).toBe(0);
  expect(listed.err).toContain("1 record of the store cannot be read (.casebook/traces/");
  expect(listed.err).toContain("casebook pull --again");
  expect((await casebook(cwd, ["pull", "--again"])).code).toBe(0);
  expect((await casebook(cwd, ["ls", "--json"])).json().rows).toHaveLength(2);
});

test("a mark of a newer casebook is refused by name, one that is garbled is passed over", async () => {
  for (const [mark, code, words] of [
    ['{"schema":"casebook/pull@2","state":"ended","sources":[]}', 2, "written by a newer casebook"],
    ['{"schema":"casebook/pull@1","state":"half"}', 0, "1 record of the store cannot be read"],
  ] as const) {
    const cwd = scratch();
    writeFileSync(join(cwd, "t.jsonl"), line("trace_9f9ba9d9473a1d73bb5180ddad09b3d6"));
    await casebook(cwd, ["pull", "t.jsonl"]);
    const folder = join(cwd, ".casebook/traces");
    appendFileSync(join(folder, readdirSync(folder).find((name) => name.endsWith(".jsonl")) ?? ""), `${mark}\n`);
    const listed = await casebook(cwd, ["ls"]);
    expect([listed.code, listed.err]).toEqual([code, expect.stringContaining(words)]);
  }
});
