import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as agents from "@openai/agents";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { casebook, scratch } from "../support/io.ts";
import { called, responsesApi, said } from "../support/responses-api.ts";
import { seenByBoth, type SeenTwice } from "../support/seen-by-both.ts";
import { sharedFile, sharedTest } from "../support/shared.ts";

type Sight = { readonly id: string; readonly source: object; readonly alt_ids?: Record<string, string>; readonly spans: unknown; readonly messages: unknown; readonly notes: readonly { readonly code: string; readonly detail?: string }[] };
type Row = { readonly id: string; readonly content: string };
const rowsOf = async (cwd: string): Promise<Row[]> => (await casebook(cwd, ["ls", "--json"])).json().rows as Row[];
const raw = async (cwd: string, id: string): Promise<Sight> => (await casebook(cwd, ["show", id, "--raw-json"])).json() as Sight;
const pull = async (cwd: string, ...files: string[]): Promise<{ traces: Record<string, number> }> => {
  const ran = await casebook(cwd, ["pull", ...files, "--json"]);
  expect(ran.code, ran.err).toBe(0);
  return ran.json() as { traces: Record<string, number> };
};
const ordered = (ids: readonly string[]): string[] => ids.toSorted((a, b) => (a < b ? -1 : 1));

/** One run of the real SDK, seen by our recorder and by OpenInference at once. */
const seenTwice = (asked: string): Promise<SeenTwice> =>
  seenByBoth(async () => {
    const refund = agents.tool({ name: "refund", description: "d", parameters: z.object({ order: z.string() }), execute: async ({ order }) => `refunded ${order} for Jane Doe` });
    const billing = new agents.Agent({ name: "Billing", instructions: "Bill.", tools: [refund] });
    const triage = new agents.Agent({ name: "Triage", instructions: "Route.", handoffs: [billing] });
    const base = await responsesApi([{ output: [called("transfer_to_Billing", "{}", "call_h")] }, { output: [called("refund", '{"order":"A1"}')] }, { output: [said("Done, A1 is refunded.")] }]);
    const runner = new agents.Runner({ modelProvider: new agents.OpenAIProvider({ apiKey: "none", baseURL: base, useResponses: true }), workflowName: "Support", groupId: "chat_1", traceMetadata: { customer: "Jane Doe", request_id: "r1" } });
    return runner.run(triage, asked);
  });

const write = (files: Record<string, string>): string => {
  const cwd = scratch();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  return cwd;
};
const traceId = (native: string): string => /"trace_id":"(trace_\w+)"/.exec(native)?.[1] ?? "";
const otelId = (otlp: string): string => /"traceId":"(\w+)"/.exec(otlp)?.[1] ?? "";

describe("a run of the real SDK that our recorder and OpenInference saw at once", () => {
  let made: ReturnType<typeof seenTwice> | undefined;
  const sight = (): ReturnType<typeof seenTwice> => (made ??= seenTwice("Please refund order A1."));

  test.each([["native, then OTLP", ["native.jsonl"], ["otlp.jsonl"]], ["OTLP, then native", ["otlp.jsonl"], ["native.jsonl"]], ["both at once", ["native.jsonl", "otlp.jsonl"], ["otlp.jsonl"]]] as const)("is one trace: %s", async (_, first, second) => {
    const seen = await sight();
    const cwd = write({ "native.jsonl": seen.native, "otlp.jsonl": seen.otlp });
    await pull(cwd, ...first);
    const [before] = await rowsOf(cwd);
    await pull(cwd, ...second);
    const rows = await rowsOf(cwd);
    expect(rows.map(({ id }) => id)).toEqual([before?.id]);
    expect(rows[0]?.content).toBe("full");
    const trace = await raw(cwd, traceId(seen.native));
    expect(trace).toEqual(await raw(cwd, otelId(seen.otlp).slice(0, 12)));
    expect(trace).toMatchObject({ id: before?.id, source: { kind: "native" }, recorded: true, workflow_name: "Support", group_id: expect.any(String) });
    expect(ordered(Object.values({ ...trace.alt_ids, id: trace.id }))).toEqual(ordered([otelId(seen.otlp), traceId(seen.native)]));
    expect(trace.notes).toContainEqual({ code: "same-run", detail: "otlp" });
    const shown = (await casebook(cwd, ["show", trace.id, "--json"])).json() as { origins: { file: string }[] };
    expect(ordered(shown.origins.map(({ file }) => file))).toEqual(["native.jsonl", "otlp.jsonl"]);
    for (const again of [["native.jsonl"], ["otlp.jsonl"], ["otlp.jsonl", "native.jsonl"]]) expect((await pull(cwd, ...again)).traces).toEqual({ total: 1, new: 0, updated: 0, unchanged: 1 });
    // Read at once, the views may tell more of each other; read so again, no more.
    expect((await casebook(cwd, ["pull", "--again", "--json"])).json().traces).toMatchObject({ total: 1, new: 0 });
    expect((await casebook(cwd, ["pull", "--again", "--json"])).json().traces).toEqual({ total: 1, new: 0, updated: 0, unchanged: 1 });
  });

  test("has the same content whatever came first, and stands natively", async () => {
    const seen = await sight();
    const orders = [["native.jsonl", "otlp.jsonl"], ["otlp.jsonl", "native.jsonl"]];
    const [one, other] = await Promise.all(
      orders.map(async (files) => {
        const cwd = write({ "native.jsonl": seen.native, "otlp.jsonl": seen.otlp });
        for (const file of files) await pull(cwd, file);
        return { ...(await raw(cwd, traceId(seen.native))), id: "", alt_ids: "" };
      }),
    );
    expect(one).toEqual(other);
  });

  test("stands by OTLP where the native export holds only response ids, with the names that OTLP lost", async () => {
    const seen = await sight();
    const cwd = write({ "plain.jsonl": seen.plain, "otlp.jsonl": seen.otlp });
    await pull(cwd, "plain.jsonl");
    expect((await rowsOf(cwd))[0]?.content).not.toBe("full");
    await pull(cwd, "otlp.jsonl");
    expect(await rowsOf(cwd)).toMatchObject([{ id: traceId(seen.native), content: "full" }]);
    const trace = await raw(cwd, traceId(seen.native));
    expect(trace).toMatchObject({ source: { kind: "otlp" }, alt_ids: { otel_trace_id: otelId(seen.otlp) }, metadata: { request_id: "r1" } });
    expect(JSON.stringify(trace)).not.toContain("Jane Doe");
    expect((await pull(cwd, "plain.jsonl", "otlp.jsonl")).traces).toMatchObject({ total: 1, unchanged: 1 });
  });

  test("stays one trace when its spans come one by one, from both sides in turn", async () => {
    const seen = await sight();
    const native = seen.native.trim().split("\n");
    const otlp = seen.otlp.trim().split("\n");
    const cwd = write({});
    for (let at = 0; at < Math.max(native.length, otlp.length); at += 1)
      for (const [name, line] of [["n", native[at]], ["o", otlp[at]]] as const)
        if (line !== undefined) {
          writeFileSync(join(cwd, `${name}${at}.jsonl`), line);
          await pull(cwd, `${name}${at}.jsonl`);
        }
    const rows = await rowsOf(cwd);
    expect(rows).toHaveLength(1);
    const whole = write({ "native.jsonl": seen.native, "otlp.jsonl": seen.otlp });
    await pull(whole, "native.jsonl", "otlp.jsonl");
    const strip = ({ spans, messages, source }: Sight): unknown => ({ spans, messages, source });
    expect(strip(await raw(cwd, rows[0]!.id))).toEqual(strip(await raw(whole, traceId(seen.native))));
  });

  test("a LangSmith run that names it by the SDK's id joins it, and a trace of another run does not", async () => {
    const seen = await sight();
    const id = traceId(seen.native);
    const run = (trace: string, openai: string): string =>
      JSON.stringify({ id: trace, trace_id: trace, name: "Support", run_type: "chain", start_time: "2026-11-22T06:43:40.063002Z", inputs: {}, outputs: {}, extra: { metadata: { openai_trace_id: openai } }, dotted_order: `20261122T064340063002Z${trace}` });
    const [mine, other] = ["01a201ff-0599-7000-8000-036d56303ba2", "01a201ff-0599-7000-8000-036d56303ba3"];
    const cwd = write({ "ls.jsonl": [run(mine, id), run(other, "trace_0403b7b95e444f3bb2d1963fd27a1442")].join("\n"), "native.jsonl": seen.native, "otlp.jsonl": seen.otlp });
    await pull(cwd, "ls.jsonl", "native.jsonl", "otlp.jsonl");
    expect(ordered((await rowsOf(cwd)).map((row) => row.id))).toEqual([mine, other]);
    const trace = await raw(cwd, id);
    expect(trace).toMatchObject({ id: mine, source: { kind: "native" }, alt_ids: { openai_trace_id: id, otel_trace_id: otelId(seen.otlp) } });
    expect(trace.notes.filter(({ code }) => code === "same-run").map(({ detail }) => detail)).toEqual(["langsmith", "otlp"]);
  });

  test("the index made again from the segments knows it by all its ids", async () => {
    const seen = await sight();
    const cwd = write({ "native.jsonl": seen.native, "otlp.jsonl": seen.otlp });
    await pull(cwd, "otlp.jsonl");
    await pull(cwd, "native.jsonl");
    const before = await raw(cwd, traceId(seen.native));
    writeFileSync(join(cwd, ".casebook/traces/index.sqlite"), "broken");
    expect(await raw(cwd, traceId(seen.native))).toEqual(before);
    expect(await rowsOf(cwd)).toHaveLength(1);
    expect((await pull(cwd, "otlp.jsonl", "native.jsonl")).traces).toMatchObject({ total: 1, unchanged: 1 });
  });

  test("labels of two recordings that turn out to be one run are labels of one case; where they differ, somebody settles it", async () => {
    const seen = await sight();
    const id = traceId(seen.native);
    const mine = "01a201ff-0599-7000-8000-036d56303ba2";
    const run = JSON.stringify({ id: mine, trace_id: mine, name: "Support", run_type: "chain", start_time: "2026-11-22T06:43:40.063002Z", inputs: {}, outputs: {}, extra: { metadata: { openai_trace_id: id } }, dotted_order: `20261122T064340063002Z${mine}` });
    for (const second of ["pass", "fail"]) {
      const cwd = write({ "ls.jsonl": run, "otlp.jsonl": seen.otlp, "native.jsonl": seen.native });
      await pull(cwd, "ls.jsonl", "otlp.jsonl");
      const apart = await rowsOf(cwd);
      expect(apart).toHaveLength(2);
      const verdicts = { [mine]: second, [otelId(seen.otlp)]: "fail" };
      writeFileSync(join(cwd, "answers.jsonl"), apart.map((row) => JSON.stringify({ trace: row.id, verdict: verdicts[row.id], ...(verdicts[row.id] === "fail" ? { codes: ["tool.unsafe-side-effect"], expected: "must not call refund" } : {}) })).join("\n"));
      expect(await casebook(cwd, ["label", "--answers", "answers.jsonl"])).toMatchObject({ code: 0 });
      // The recording without a message gives no case yet.
      if (second === "fail") expect((await casebook(cwd, ["build", "one"])).err).toContain("1 added");
      await pull(cwd, "native.jsonl");
      expect((await casebook(cwd, ["ls", "--json"])).json().rows).toMatchObject([{ id: mine, labelled: true }]);
      expect((await casebook(cwd, ["label", "--answers", "/dev/null"])).err).toContain("0 to go");
      const built = await casebook(cwd, ["build", "one"]);
      if (second === "fail") expect([built.code, built.err]).toEqual([0, expect.stringContaining("0 added, 1 changed, 0 unchanged, 0 refused")]);
      else {
        expect([built.code, built.err]).toEqual([1, expect.stringContaining(`casebook label --only ${mine} --annotator adjudicated`)]);
        expect(built.err).toContain(otelId(seen.otlp));
        writeFileSync(join(cwd, "answers.jsonl"), JSON.stringify({ trace: mine, verdict: "fail", codes: ["tool.unsafe-side-effect"], expected: "must not call refund" }));
        expect(await casebook(cwd, ["label", "--answers", "answers.jsonl", "--annotator", "adjudicated"])).toMatchObject({ code: 0 });
        expect((await casebook(cwd, ["build", "one"])).err).toContain("1 added");
      }
      expect((await casebook(cwd, ["verify", "one"])).code).toBe(0);
      expect((await casebook(cwd, ["build", "one"])).err).toContain("1 unchanged");
      expect(readdirSync(join(cwd, "datasets/one/cases"))).toHaveLength(1);
    }
  });

  test("a dry run counts one trace and stores none", async () => {
    const seen = await sight();
    const cwd = write({ "native.jsonl": seen.native, "otlp.jsonl": seen.otlp });
    expect((await casebook(cwd, ["pull", "native.jsonl", "otlp.jsonl", "--dry-run", "--json"])).json().traces).toEqual({ total: 1, new: 1, updated: 0, unchanged: 0 });
    expect(await rowsOf(cwd)).toEqual([]);
  });

  test.each([["native.jsonl", "otlp.jsonl"], ["otlp.jsonl", "native.jsonl"]])("a dry run over a store with %s counts %s as the run after it does", async (first, second) => {
    const [seen, other] = [await sight(), await seenTwice("Another question, please.")];
    const cwd = write({ "native.jsonl": `${seen.native}\n${other.native}`, "otlp.jsonl": seen.otlp });
    expect((await casebook(cwd, ["pull", first])).code).toBe(0);
    const dry = await casebook(cwd, ["pull", first, second, "--dry-run", "--json"]);
    expect(dry.code, dry.err).toBe(0);
    expect(dry.json().traces.updated).toBe(1);
    expect((await casebook(cwd, ["pull", first, second, "--json"])).json().traces).toEqual(dry.json().traces);
  });
});

test("two runs of the same conversation at other times stay two, each with its own OTLP", async () => {
  const [first, second] = [await seenTwice("Please refund order A1."), await seenTwice("Please refund order A1.")];
  const cwd = write({ "n1.jsonl": first.native, "n2.jsonl": second.native, "o1.jsonl": first.otlp, "o2.jsonl": second.otlp });
  await pull(cwd, "n1.jsonl", "n2.jsonl", "o1.jsonl", "o2.jsonl");
  const rows = await rowsOf(cwd);
  expect(ordered(rows.map(({ id }) => id))).toEqual(ordered([traceId(first.native), traceId(second.native)]));
  expect((await raw(cwd, otelId(first.otlp))).id).toBe(traceId(first.native));
  expect((await raw(cwd, otelId(second.otlp))).id).toBe(traceId(second.native));
});

const samples = ["sdk-samples/otlp-openinference-responses.jsonl", "sdk-samples/langsmith-runs-from-agents-sdk.json", "sdk-samples/ts-responses-handoff-tools.sensitive-on.rich.jsonl"];
sharedTest("runs that only share response ids that somebody invented stay apart", samples, async () => {
  const apart = scratch();
  for (const file of samples) await pull(apart, sharedFile(file));
  expect(await rowsOf(apart)).toHaveLength(3);
  const all = scratch();
  const native = await pull(all, sharedFile("sdk-samples/*.rich.jsonl"));
  const other = await pull(all, sharedFile("sdk-samples/otlp-*.jsonl"), sharedFile("sdk-samples/langsmith-*.json"));
  expect(other.traces).toMatchObject({ new: 4, updated: 0 });
  expect(await rowsOf(all)).toHaveLength((native.traces["total"] ?? 0) + 4);
});
