import { cpSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { casebook, scratch, type Ran } from "./support/io.ts";
import { sharedFile, sharedTest } from "./support/shared.ts";

const samples = "sdk-samples";

sharedTest("the whole street, from pull to gate, on every rich sample of the SDK", [`${samples}/ts-responses-stream.sensitive-on.rich.jsonl`], async () => {
  const cwd = scratch();
  const steps: string[] = [];
  const step = async (...argv: string[]): Promise<Ran> => {
    const ran = await casebook(cwd, argv);
    steps.push(`${argv[0]} ${ran.code}`);
    expect(ran.err, argv.join(" ")).not.toMatch(/bug in casebook/);
    return ran;
  };
  for (const name of readdirSync(sharedFile(samples)).filter((file) => file.endsWith(".rich.jsonl"))) cpSync(sharedFile(`${samples}/${name}`), join(cwd, "rich", name), { recursive: true });

  await step("init");
  const pulled = (await step("pull", "rich", "--json")).json() as { traces: { total: number }; problems: unknown[] };
  expect(pulled.traces.total).toBe(37);
  expect(pulled.problems).toEqual([]);
  const { rows } = (await step("ls", "--json")).json() as { rows: { id: string; status: string; replayable: boolean; tools: string[] }[] };
  expect(rows).toHaveLength(37);
  for (const row of rows) expect((await casebook(cwd, ["show", row.id])).out, row.id).not.toBe("");
  await step("dedup", "--json");

  const good = rows.filter((row) => row.status === "ok" && row.replayable && row.tools.length > 0);
  expect(good.length).toBeGreaterThan(3);
  writeFileSync(join(cwd, "answers.jsonl"), good.map((row) => `${JSON.stringify({ trace: row.id, verdict: "pass", note: "as it should be" })}\n`).join(""));
  const labelled = (await step("label", "--answers", "answers.jsonl", "--json")).json() as { labelled: number };
  expect(labelled.labelled).toBe(good.length);

  await step("build", "samples");
  expect((await step("release", "samples")).code).toBe(0);
  expect((await step("verify", "samples")).code).toBe(0);
  const replayed = (await step("replay", "samples", "--prompt", "recorded", "--depth", "frozen", "--json")).json() as { cases: { end: string }[] };
  expect(replayed.cases.length).toBeGreaterThan(3);
  expect(replayed.cases.filter((one) => one.end !== "pass")).toEqual([]);
  expect((await step("bless", "latest")).code).toBe(0);
  expect((await step("gate")).code).toBe(0);
  expect(steps.filter((one) => !one.endsWith(" 0"))).toEqual([]);
});
