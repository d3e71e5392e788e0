import { chmodSync, chownSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { casebook, scratch } from "../../support/io.ts";

const line = (id: string): string => `${JSON.stringify({ object: "trace", id, workflow_name: "w", group_id: null, metadata: null })}\n`;
const below = (folder: string): string[] => [folder, ...readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => join(entry.parentPath, entry.name))];

/** Runs `work` as somebody who may not write below `folder`; root may everything, so root becomes nobody for the while. */
async function readOnly<T>(cwd: string, work: () => Promise<T>): Promise<T> {
  const root = process.getuid?.() === 0;
  const nobody = 65_534;
  if (root) chownSync(cwd, nobody, nobody);
  for (const path of below(join(cwd, ".casebook"))) {
    if (root) chownSync(path, nobody, nobody);
    chmodSync(path, /\.\w+$/.test(path) && !path.endsWith(".casebook") ? 0o400 : 0o500);
  }
  if (root) process.seteuid?.(nobody);
  try {
    return await work();
  } finally {
    if (root) process.seteuid?.(0);
    for (const path of below(join(cwd, ".casebook"))) chmodSync(path, 0o700);
  }
}

test("a store that may not be written is read all the same, and only what writes is refused, naming the file", async () => {
  const cwd = scratch();
  writeFileSync(join(cwd, "t.jsonl"), line("trace_9f9ba9d9473a1d73bb5180ddad09b3d6") + line("trace_c89d6c18800c4c02c03aa8d18723d85a"));
  await casebook(cwd, ["pull", "t.jsonl"]);
  // Everything is imported before somebody else runs it.
  for (const argv of [["ls"], ["show", "trace_9f"]]) await casebook(cwd, argv);
  await readOnly(cwd, async () => {
    expect((await casebook(cwd, ["ls", "--json"])).json().rows).toHaveLength(2);
    expect(await casebook(cwd, ["show", "trace_9f"])).toMatchObject({ code: 0, out: expect.stringContaining("trace_9f9ba9d9") });
    expect(await casebook(cwd, ["pull", "t.jsonl"])).toMatchObject({ code: 2, err: expect.stringMatching(/\.casebook\/traces\/\S+: permission denied/) });
  });
  expect(await casebook(cwd, ["pull", "t.jsonl"])).toMatchObject({ code: 0 });
});
