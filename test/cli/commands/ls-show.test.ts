import { expect, test } from "vitest";
import { traceFormat } from "../../../src/core/trace/schema.ts";
import { casebook, scratch } from "../../support/io.ts";
import { fillStore } from "../../support/stored.ts";
import { agent, calls, model, says, task, tool, traceOf, turn, user } from "../../support/trace.ts";

const error = { message: "Error in agent run", data: { error: "Error: 400" } };
const look = calls("lookup", "{}", "c1");
const traces = [
  traceOf([agent("A", [model([user("hello")], [says("hi")], { model: { usage: { input: 5, output: 5 } } })])], { id: "trace_aa01", workflow_name: "Greeting" }),
  traceOf([task([agent("A", [turn([model([user("refund")], [look], { model: { usage: { input: 50, output: 5 } } }), tool("lookup", "{}", "x")], { error })], { error })], { error })], {
    id: "trace_aa02",
    group_id: "g1",
  }),
  traceOf([{ kind: "generation", started_at: "2026-02-01T00:00:00.000000000Z", model: { response_id: "r" } }], { id: "trace_bb03" }),
];
async function filled(): Promise<string> {
  const cwd = scratch();
  await fillStore(cwd, traces);
  return cwd;
}

test("ls filters and sorts what the store holds", async () => {
  const cwd = await filled();
  const ids = async (...flags: string[]): Promise<string[]> => {
    const ran = await casebook(cwd, ["ls", "--json", ...flags]);
    return ran.json().rows.map(({ id }: { id: string }) => id.slice(-2));
  };
  expect(await ids()).toEqual(["03", "01", "02"]);
  expect(await ids("--error")).toEqual(["02"]);
  expect(await ids("--status", "ok,error", "--reverse")).toEqual(["02", "01", "03"]);
  expect(await ids("--workflow", "greet")).toEqual(["01"]);
  expect(await ids("--group", "g1")).toEqual(["02"]);
  expect(await ids("--tool", "LOOKUP")).toEqual(["02"]);
  expect(await ids("--kind", "agent")).toEqual(["01", "02"]);
  expect(await ids("--content", "none")).toEqual(["03"]);
  expect(await ids("--suspicious")).toEqual(["03", "02"]);
  expect(await ids("--suspicious", "no-content")).toEqual(["03"]);
  expect(await ids("--since", "2026-01-15")).toEqual(["03"]);
  expect(await ids("--until", "2026-01-15T00:00")).toEqual(["01", "02"]);
  expect(await ids("--sort", "tokens", "--limit", "1")).toEqual(["02"]);
  expect(await ids("--labelled")).toEqual([]);
  expect(await ids("--unlabelled")).toHaveLength(3);
});

test("ls prints a table on stdout and words on stderr", async () => {
  const { code, out, err } = await casebook(await filled(), ["ls", "--error"]);
  expect([code, out.split("\n").length]).toEqual([0, 3]);
  expect(out).toMatch(/^aa02 .* error .* refund$/m);
  expect(err).toBe("1 of 3 traces. Read one: casebook show ID\n");
});

test("ls says what to do where nothing is, and refuses flags it cannot mean", async () => {
  const empty = await casebook(scratch(), ["ls"]);
  expect([empty.code, empty.out]).toEqual([0, ""]);
  expect(empty.err).toContain("casebook pull");
  expect((await casebook(await filled(), ["ls", "--tool", "nope"])).err).toContain("None of 3 traces");
  for (const flags of [["--since", "yesterday"], ["--status", "odd"], ["--limit", "0"], ["--labelled", "--unlabelled"], ["--sort", "x"]])
    expect((await casebook(await filled(), ["ls", ...flags])).code).toBe(2);
});

test("show takes the beginning of an id, and lists those it could mean", async () => {
  const cwd = await filled();
  const shown = await casebook(cwd, ["show", "bb"]);
  expect(shown.code).toBe(0);
  expect(shown.out).toContain("trace_bb03 · native · revision 1");
  expect(shown.out).toContain("! content: none");
  const many = await casebook(cwd, ["show", "trace_aa"]);
  expect(many.code).toBe(2);
  expect(many.err).toContain('2 traces begin with "trace_aa"');
  expect(many.err).toContain("  trace_aa02");
  const none = await casebook(cwd, ["show", "zz"]);
  expect([none.code, none.err]).toEqual([2, 'error: No trace begins with "zz".\nhint: List the traces there are: casebook ls\n']);
});

test("show gives a transcript, a tree, spans, facts or the trace itself", async () => {
  const cwd = await filled();
  const out = async (...flags: string[]): Promise<string> => (await casebook(cwd, ["show", "aa02", ...flags])).out;
  expect(await out()).toContain("→ lookup {}\n  = x");
  expect(await out("--tree")).toContain("      function lookup");
  expect(await out("--spans")).toMatch(/^s5 +function +lookup/m);
  const facts = JSON.parse(await out("--json"));
  expect(facts).toMatchObject({ schema: "casebook/shown-trace@1", id: "trace_aa02", status: "error", completeness: { content: "full" }, spans: 5 });
  expect(facts.steps.at(-1)).toMatchObject({ kind: "error", message: "Error: 400" });
  expect(traceFormat.read(JSON.parse(await out("--raw-json")), "stdout")).toEqual(traces[1]);
  expect((await casebook(cwd, ["show", "aa02", "--tree", "--json"])).code).toBe(2);
});

test("colour is for terminals that want it", async () => {
  const cwd = await filled();
  expect((await casebook(cwd, ["show", "aa02"])).out).not.toContain("\u001b");
  expect((await casebook(cwd, ["show", "aa02"], { env: { FORCE_COLOR: "1" } })).out).toContain("\u001b[31m");
  expect((await casebook(cwd, ["ls"], { env: { FORCE_COLOR: "1", NO_COLOR: "1" } })).out).not.toContain("\u001b");
});
