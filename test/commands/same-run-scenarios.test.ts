import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as agents from "@openai/agents";
import { describe, expect, test } from "vitest";
import { openStore } from "../../src/adapters/store/store.ts";
import { viewsOf } from "../../src/commands/join-runs.ts";
import type { StoredTrace } from "../../src/core/redact/stored.ts";
import { completenessOf } from "../../src/core/trace/completeness.ts";
import type { Trace } from "../../src/core/trace/schema.ts";
import { chatApi } from "../support/chat-api.ts";
import { casebook, scratch } from "../support/io.ts";
import { responsesApi } from "../support/responses-api.ts";
import { scenarios, type Scenario } from "../support/sdk-scenarios.ts";
import { seenByBoth, type SeenTwice } from "../support/seen-by-both.ts";

let runs = 0;

/** A scenario run on the real SDK. Ids of answers are of this run alone, as an API gives them. */
async function seen({ responses = [], chat, run, tracing }: Scenario, traceIncludeSensitiveData: boolean, limit?: number): Promise<SeenTwice> {
  const at = (runs += 1);
  // Runs told apart by their times alone must not meet in one millisecond.
  await sleep(3);
  const baseURL = chat === undefined ? await responsesApi(responses, (turn) => `resp_${at}_${turn}`) : await chatApi(chat, (turn) => `chatcmpl-${at}-${turn}`);
  const modelProvider = new agents.OpenAIProvider({ apiKey: "none", baseURL, useResponses: chat === undefined });
  const runner = new agents.Runner({ modelProvider, workflowName: "Support", traceIncludeSensitiveData, ...(tracing === undefined ? {} : { tracing }) });
  return seenByBoth(() => run(runner), limit);
}

/** What is stored after each of these recordings was pulled, one after the other. */
async function stored(...recordings: readonly string[]): Promise<StoredTrace[][]> {
  const cwd = scratch();
  const states: StoredTrace[][] = [];
  for (const [at, lines] of recordings.entries()) {
    writeFileSync(join(cwd, `${at}.jsonl`), lines);
    const ran = await casebook(cwd, ["pull", `${at}.jsonl`]);
    expect(ran.code, ran.err).toBe(0);
    const store = await openStore(join(cwd, ".casebook/traces"));
    states.push([...store.all()]);
    store.close();
  }
  return states;
}

const ordered = <T>(items: readonly T[], keyOf: (item: T) => string): T[] => items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
/** All that was recorded, by source, whether joined or not. */
const recorded = (all: readonly StoredTrace[]): object[] =>
  ordered(all.flatMap(viewsOf).map(({ trace: { id, spans, messages, tools } }) => ({ id, spans, messages, tools })), ({ id }) => id);
const kindsOf = (run: StoredTrace): string[] => viewsOf(run).map(({ trace }) => trace.source.kind).toSorted();
const levels = ["full", "partial", "none"];
const levelOf = (trace: Trace): number => levels.indexOf(completenessOf(trace).content);

const table = scenarios.flatMap((scenario) => (scenario.byHand ? ["on"] : ["on", "off"]).map((sensitive) => [scenario.name, sensitive, scenario] as const));

/** Each scenario run twice, and what is stored where all of them were pulled so: none may join another's. */
async function everything(): Promise<{ readonly seen: readonly (readonly [SeenTwice, SeenTwice])[]; readonly states: Readonly<Record<"nativeFirst" | "otlpFirst" | "ids" | "mixed" | "strangers", StoredTrace[][]>> }> {
  const both: [SeenTwice, SeenTwice][] = [];
  for (const [, sensitive, scenario] of table) both.push([await seen(scenario, sensitive === "on"), await seen(scenario, sensitive === "on")]);
  const all = (pick: (one: SeenTwice, two: SeenTwice) => readonly string[]): string => both.flatMap((pair) => pick(...pair)).join("\n");
  const [native, otlp] = [all((one) => [one.native]), all((one) => [one.otlp])];
  const states = {
    nativeFirst: await stored(native, otlp),
    otlpFirst: await stored(otlp, native),
    ids: await stored(all((one) => [one.plain]), otlp),
    mixed: await stored(native, all((one, two) => [two.otlp, two.native, one.otlp])),
    strangers: await stored(native, all((_, two) => [two.otlp])),
  };
  return { seen: both, states };
}
let made: ReturnType<typeof everything> | undefined;
const once = (): ReturnType<typeof everything> => (made ??= everything());

const idsIn = (...texts: readonly string[]): ReadonlySet<string> => new Set(texts.flatMap((text) => [...text.matchAll(/"(trace_[0-9a-f]{32})"|"traceId":"(\w+)"/g)].map(([, native, otel]) => native ?? otel ?? "")));
/** Runs that are of these recordings, in part or whole. */
const of = (runs: readonly StoredTrace[] | undefined, ...texts: readonly string[]): StoredTrace[] => {
  const ids = idsIn(...texts);
  return (runs ?? []).filter((run) => viewsOf(run).some(({ trace }) => ids.has(trace.id)));
};

describe.each(table)("%s, sensitive data %s", (name, sensitive, scenario) => {
  const { traces = 1, otlp = traces } = scenario;
  const together = ["native", ...Array.from({ length: otlp / traces }, () => "otlp")];
  const at = table.findIndex(([one, on]) => one === name && on === sensitive);

  test("natively and through OTLP it is one run, whichever came first, and nothing recorded is lost", { timeout: 60_000 }, async () => {
    const { seen, states } = await once();
    const [one] = seen[at] as (typeof seen)[number];
    const [[alone, there], [apart, back]] = [states.nativeFirst, states.otlpFirst].map((pulls) => pulls.map((runs) => of(runs, one.native, one.otlp))) as [StoredTrace[][], StoredTrace[][]];
    expect([alone?.length, apart?.length]).toEqual([traces, otlp]);
    const sights = recorded([...(alone ?? []), ...(apart ?? [])]);
    for (const joined of [there ?? [], back ?? []]) {
      expect(joined.map(kindsOf)).toEqual(Array.from({ length: traces }, () => together));
      expect(recorded(joined)).toEqual(ordered(sights as { id: string }[], ({ id }) => id));
      // What stands is what says most.
      for (const run of joined) expect(Math.min(...viewsOf(run).map(({ trace }) => levelOf(trace)))).toBe(levelOf(run.trace));
      expect(joined.map(({ trace }) => trace.source.kind)).toEqual(Array.from({ length: traces }, () => "native"));
    }
  });

  test("run twice, it is two", async () => {
    const { seen, states } = await once();
    const [one, two] = seen[at] as (typeof seen)[number];
    for (const { native, otlp: other } of [one, two]) {
      const runs = of(states.mixed.at(-1), native, other);
      expect(runs.map(kindsOf)).toEqual(Array.from({ length: traces }, () => together));
      expect(idsIn(native, other)).toEqual(new Set(runs.flatMap(viewsOf).map(({ trace }) => trace.id)));
    }
    expect(of(states.strangers.at(-1), one.native, two.otlp)).toHaveLength(traces + otlp);
  });

  test("exported by the SDK with no more than ids, it stands with the content that OTLP has", async () => {
    const { seen, states } = await once();
    const [one] = seen[at] as (typeof seen)[number];
    const runs = of(states.ids.at(-1), one.plain, one.otlp);
    const most = Math.min(...of(states.nativeFirst.at(-1), one.native).map(({ trace }) => levelOf(trace)));
    expect(runs.map(({ trace }) => levelOf(trace))).toEqual(runs.map(() => most));
    // The two traces that OpenInference makes of an approval hold half of the content each: neither stands for the run.
    const halves = otlp > traces && sensitive === "on";
    expect(runs).toHaveLength(halves ? otlp : traces);
  });
});

describe("what does not name a run", () => {
  const scenario = (name: string): Scenario => scenarios.find((one) => one.name === name) as Scenario;
  const linesOf = (text: string, id: string): string => text.split("\n").filter((line) => line.includes(id)).join("\n");
  /** Another run of which all is as it is of this, but ids. */
  const twinOf = (text: string): string => text.replaceAll(/"(trace_|span_)?([0-9a-f]{16,32})"/g, (_, kind: string | undefined, id: string) => `"${kind ?? ""}${id.split("").reverse().join("")}"`);

  test.each(["on", "off"])("a request beside it that asks and is answered the same, sensitive data %s", async (sensitive) => {
    for (const name of ["responses side by side", "chats side by side"]) {
      const { native, otlp } = await seen(scenario(name), sensitive === "on");
      const [mine, others] = [[...idsIn(native)], [...idsIn(otlp)]];
      const joined = (await stored(native, otlp)).at(-1) ?? [];
      const ofFirst = viewsOf(joined.find((run) => viewsOf(run).some(({ trace }) => trace.id === mine[0])) as StoredTrace).map(({ trace }) => trace.id);
      const stranger = others.find((id) => !ofFirst.includes(id)) as string;
      expect((await stored(linesOf(native, mine[0] as string), linesOf(otlp, stranger))).at(-1)).toHaveLength(2);
    }
  });

  test("times that two runs have alike to the millisecond, whichever was pulled first", async () => {
    const { native, otlp } = await seen(scenario("chat, handoff and tools"), false);
    for (const pulls of [[native, otlp], [otlp, native]])
      expect((await stored(...pulls.map((lines) => `${lines}\n${twinOf(lines)}`))).at(-1)).toHaveLength(4);
  });

  test("spans by hand without an agent or a conversation: no two recordings of them share anything but their minute", async () => {
    const work: Scenario = { name: "", run: () => agents.withTrace("Nightly", () => agents.withCustomSpan(async () => undefined, { data: { name: "db", data: { rows: 3 } } })) };
    const { native, otlp } = await seen(work, true);
    expect((await stored(native, otlp)).at(-1)).toHaveLength(2);
  });
});

test.each(["responses, handoff and tools", "chat, handoff and tools", "huge fields"])("%s: of what OTLP had to cut, response ids too, the times are left", async (name) => {
  const { native, otlp } = await seen(scenarios.find((one) => one.name === name) as Scenario, true, 24);
  for (const pulls of [[native, otlp], [otlp, native]]) expect((await stored(...pulls)).at(-1)?.map(({ trace, views }) => [trace.source.kind, views?.length])).toEqual([["native", 1]]);
});

test("an approval of which only ids were exported is whole as soon as a recording with its content is pulled", async () => {
  const { native, plain, otlp } = await seen(scenarios.find(({ otlp: parts }) => parts === 2) as Scenario, true);
  const states = await stored(plain, otlp, native, otlp);
  expect(states.map((runs) => runs.map(kindsOf))).toEqual([[["native"]], [["native", "otlp"], ["otlp"]], [["native", "otlp", "otlp"]], [["native", "otlp", "otlp"]]]);
  const [run] = states.at(-1) ?? [];
  expect(Object.keys(run?.trace.alt_ids ?? {})).toEqual(["otel_trace_id", "otel_trace_id_2"]);
  expect(run?.revision).toBe(states[2]?.[0]?.revision);
});
