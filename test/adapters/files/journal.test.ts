import { appendFileSync, statSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkAnnotator, openJournal, readJournal, readLabels } from "../../../src/adapters/files/journal.ts";
import type { LabelEvent } from "../../../src/core/label/event.ts";
import { distUrl } from "../../support/dist.ts";
import { scratch } from "../../support/io.ts";

const at = "2026-11-22T00:00:00.000Z";
const labelled = (trace_id: string, annotator = "ann"): LabelEvent => ({
  schema: "casebook/label-event@1",
  kind: "label",
  at,
  trace_id,
  label: { schema: "casebook/label@1", trace_id, trace_revision: 1, annotator, verdict: "pass", codes: [], taxonomy: "1.0.0", at, seconds: 2 },
});
const undone = (trace_id: string): LabelEvent => ({ schema: "casebook/label-event@1", kind: "undo", at, trace_id });

test("what was appended is read back, in a file nobody else may read", () => {
  const folder = join(scratch(), "labels");
  const journal = openJournal(folder, "Ann");
  journal.append(labelled("a"));
  journal.append(undone("a"));
  journal.close();
  expect(openJournal(folder, "ann").read()).toEqual([labelled("a"), undone("a")]);
  expect(statSync(join(folder, "ann.jsonl")).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test("a file cut at any byte loses at most its last line, and what is appended later is kept", () => {
  const folder = scratch();
  const path = join(folder, "ann.jsonl");
  const whole = [labelled("a"), labelled("é"), undone("a")].map((event) => `${JSON.stringify(event)}\n`).join("");
  const bytes = Buffer.from(whole);
  for (let cut = 0; cut <= bytes.length; cut += 7) {
    writeFileSync(path, bytes.subarray(0, cut));
    const before = readJournal(path).events.length;
    const complete = bytes.subarray(0, cut).toString("utf8").split("\n").length - 1;
    expect(before).toBeGreaterThanOrEqual(complete);
    const journal = openJournal(folder, "ann");
    journal.append(labelled("later"));
    journal.close();
    const after = readJournal(path).events;
    expect(after).toHaveLength(before + 1);
    expect(after.at(-1)).toEqual(labelled("later"));
  }
});

test("a torn line is told, with its place; a whole line of another shape is refused", () => {
  const folder = scratch();
  const path = join(folder, "ann.jsonl");
  writeFileSync(path, `${JSON.stringify(labelled("a"))}\n{"schema":"casebook/lab`);
  expect(readJournal(path).problems).toMatchObject([{ code: "torn-line", where: { line: 2 } }]);
  appendFileSync(path, `\n{"schema":"casebook/label-event@1","kind":"label"}\n`);
  expect(() => readJournal(path)).toThrow(/ann\.jsonl:3/);
  writeFileSync(path, `{"schema":"casebook/label-event@9","kind":"label"}\n`);
  expect(() => readJournal(path)).toThrow(/newer casebook/);
});

test("labels of all annotators are what their journals leave in effect", () => {
  const folder = scratch();
  for (const who of ["bob", "ann"]) {
    const journal = openJournal(folder, who);
    journal.append(labelled("a", who));
    journal.append(labelled("b", who));
    if (who === "bob") journal.append(undone("a"));
    journal.close();
  }
  expect(readLabels(folder).map(({ annotator, trace_id }) => `${annotator} ${trace_id}`)).toEqual(["ann a", "ann b", "bob b"]);
  expect(readLabels(join(folder, "absent"))).toEqual([]);
});

test("an annotator is a short name and never an address", () => {
  expect(checkAnnotator("Ann.B-2")).toBe("ann.b-2");
  for (const name of ["ann@example.com", "../ann", "", "a b", ".ann", "x".repeat(60)]) expect(() => checkAnnotator(name)).toThrow(/short name/);
});

test("every decision that was acknowledged survives a kill -9", async () => {
  const folder = scratch();
  const script = `
    import { openJournal } from ${JSON.stringify(distUrl("adapters/files/journal.js"))};
    const journal = openJournal(${JSON.stringify(folder)}, "ann");
    for (let n = 0; ; n += 1) { journal.append({ schema: "casebook/label-event@1", kind: "skip", at: "${at}", trace_id: "t" + n }); process.stdout.write(n + "\\n"); }`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  let told = "";
  child.stdout.on("data", (chunk: Buffer) => {
    told += chunk.toString();
    if (told.split("\n").length > 30) child.kill("SIGKILL");
  });
  await once(child, "close");
  const acknowledged = Number(told.slice(0, told.lastIndexOf("\n")).split("\n").at(-1));
  const { events } = readJournal(join(folder, "ann.jsonl"));
  expect(acknowledged).toBeGreaterThan(20);
  expect(events.length).toBeGreaterThan(acknowledged);
  expect(events.map(({ trace_id }) => trace_id)).toEqual(events.map((_, index) => `t${index}`));
});
