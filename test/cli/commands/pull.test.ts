import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { casebook, scratch } from "../../support/io.ts";

const mail = "greta.oberholzer@example.org";
const trace = { object: "trace", id: "trace_0123456789abcdef0123456789abcdef", workflow_name: "support", group_id: null, metadata: null };
const span = {
  object: "trace.span",
  id: "span_0123456789abcdef01234567",
  trace_id: trace.id,
  parent_id: null,
  started_at: "2026-11-22T06:28:16.877Z",
  ended_at: "2026-11-22T06:28:17.877Z",
  span_data: { type: "response", response_id: "resp_1", _input: `I am ${mail}`, _response: { id: "resp_1", instructions: "Help.", output: [{ type: "message", role: "assistant", content: [{ type: "output_text", text: `Hello ${mail}` }] }] } },
  error: null,
};
const lines = (...records: readonly unknown[]): string => records.map((record) => `${JSON.stringify(record)}\n`).join("");

/** Every byte casebook wrote below a folder, as one text. */
const written = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
    .join("\n");

test.each([["*.nope", "no file is like that"], ["empty", "nothing to read there"]])("%s, which stands for no file, is told by what it is", async (named, words) => {
  const cwd = scratch();
  mkdirSync(join(cwd, "empty"));
  const ran = await casebook(cwd, ["pull", named]);
  expect([ran.code, ran.err]).toEqual([2, expect.stringContaining(`${named}: ${words}.`)]);
});

test("one word that is no file may be the name of an API with a slip in it", async () => {
  const ran = await casebook(scratch(), ["pull", "langfus"]);
  expect([ran.code, ran.err]).toEqual([2, expect.stringContaining("langfuse, langsmith, phoenix")]);
});

test("pull says on stderr what came in, prints nothing on stdout, and keeps nothing raw", async () => {
  const cwd = scratch();
  writeFileSync(join(cwd, `${mail}.jsonl`), lines(trace, span));
  const ran = await casebook(cwd, ["pull", `${mail}.jsonl`]);
  expect([ran.code, ran.out]).toEqual([0, ""]);
  expect(ran.err).toContain("1 trace with 1 span: 1 new, 0 updated, 0 unchanged.");
  expect(ran.err).toContain("Next: casebook ls");
  expect(written(join(cwd, ".casebook"))).toContain("Hello [EMAIL:");
  expect(written(join(cwd, ".casebook"))).not.toContain("oberholzer");
});

test("--json prints one document of counts; a second pull adds nothing", async () => {
  const cwd = scratch();
  const stdin = lines(trace, span, span);
  const first = await casebook(cwd, ["pull", "-", "--json"], { stdin });
  expect(first.json()).toMatchObject({ schema: "casebook/pull-summary@1", objects: 3, duplicates: 1, unique: 2, traces: { new: 1 }, content: { full: 1 }, problems: [] });
  expect((await casebook(cwd, ["pull", "-", "--json"], { stdin })).json()).toMatchObject({ objects: 3, duplicates: 1, unique: 2, traces: { total: 1, new: 0, updated: 0, unchanged: 1 } });
});

test("problems are listed with place and remedy, and --strict makes them exit 1", async () => {
  const cwd = scratch();
  writeFileSync(join(cwd, "a.jsonl"), `${lines(trace)}{'object': 'trace'}\n${lines(span)}`);
  const calm = await casebook(cwd, ["pull", "a.jsonl"]);
  expect(calm.code).toBe(0);
  expect(calm.err).toContain("a.jsonl:2 (byte ");
  expect(calm.err).toContain("json.dumps");
  expect((await casebook(cwd, ["pull", "a.jsonl", "--strict"])).code).toBe(1);
});

test("--dry-run counts the same and writes nothing", async () => {
  const cwd = scratch();
  writeFileSync(join(cwd, "a.jsonl"), lines(trace, span));
  const dry = await casebook(cwd, ["pull", "a.jsonl", "--dry-run", "--json"]);
  expect(existsSync(join(cwd, ".casebook", "traces"))).toBe(false);
  expect((await casebook(cwd, ["pull", "a.jsonl", "--json"])).json()).toEqual(dry.json());
});

test("--again reads the remembered sources, and a new policy replaces what was stored", async () => {
  const cwd = scratch();
  writeFileSync(join(cwd, "a.jsonl"), lines(trace, span));
  await casebook(cwd, ["pull", "a.jsonl"]);
  expect((await casebook(cwd, ["pull", "--again", "--json"])).json()).toMatchObject({ traces: { total: 1, updated: 0, unchanged: 1 } });
  writeFileSync(join(cwd, "casebook.yaml"), "schema: casebook/config@1\nredact:\n  style: type\n");
  expect((await casebook(cwd, ["pull", "--again", "--json"])).json()).toMatchObject({ traces: { total: 1, updated: 1 } });
  const shown = await casebook(cwd, ["show", trace.id]);
  expect(shown.out).toContain("Hello [EMAIL]");
});

test("a name that gives somebody away is not remembered as a source", async () => {
  const cwd = scratch();
  writeFileSync(join(cwd, `${mail}.jsonl`), lines(trace, span));
  await casebook(cwd, ["pull", `${mail}.jsonl`]);
  expect(await casebook(cwd, ["pull", "--again"])).toMatchObject({ code: 2 });
});

test.each([
  [["pull"], "Name something to pull"],
  [["pull", "absent.jsonl"], "no such file"],
  [["pull", "--again"], "No source is remembered"],
  [["pull", "--format", "tarot", "rows.jsonl"], "no such format"],
  [["pull", "rows.jsonl"], "fine-tuning"],
])("%j is for the user to fix, with a hint", async (argv, words) => {
  const cwd = scratch();
  writeFileSync(join(cwd, "rows.jsonl"), '{"messages":[]}\n');
  const ran = await casebook(cwd, argv);
  expect(ran.code).toBe(2);
  expect(ran.err).toContain(words);
  expect(ran.err).toContain("hint: ");
});

test("traces that hold only response ids say how to have more", async () => {
  const cwd = scratch();
  writeFileSync(join(cwd, "a.jsonl"), lines(trace, { ...span, span_data: { type: "response", response_id: "resp_1" } }));
  const ran = await casebook(cwd, ["pull", "a.jsonl"]);
  expect(ran.err).toContain("These traces hold only response ids");
  expect(ran.err).toContain("casebook/recorder");
});

test("an interrupted pull keeps what it read and exits 130", async () => {
  const cwd = scratch();
  writeFileSync(join(cwd, "a.jsonl"), lines(trace, span));
  const stop = new AbortController();
  stop.abort();
  expect((await casebook(cwd, ["pull", "a.jsonl"], { io: { signal: stop.signal } })).code).toBe(130);
  expect((await casebook(cwd, ["pull", "a.jsonl", "--json"])).json()).toMatchObject({ traces: { total: 1, new: 0, unchanged: 1 } });
});

test("an interrupted dry run does not say that anything was stored", async () => {
  const cwd = scratch();
  writeFileSync(join(cwd, "a.jsonl"), lines(trace, span));
  const stop = new AbortController();
  stop.abort();
  for (const argv of [["pull", "a.jsonl", "--dry-run"], ["check", "a.jsonl"]]) {
    const ran = await casebook(cwd, argv, { io: { signal: stop.signal } });
    expect([ran.code, ran.err]).toEqual([130, expect.stringContaining("Stopped. Nothing was stored.")]);
    expect(ran.err).not.toContain("hint");
  }
});
