/**
 * Records the example traces again: `npm run build`, then `node examples/support-agent/make-traces.mjs`. Runs the agent on
 * the real SDK, one run per scenario, with the model's answers played from a loopback server, and writes what casebook's recorder wrote. Ids
 * and times are then put in order (see `steady`), so that the same scenarios give the same bytes.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OpenAIProvider, Runner, setTraceProcessors } from "@openai/agents";
import { createRecorder } from "casebook/recorder";
import { createAgent } from "./agent.mjs";
import { answerItems, serveResponses } from "./fake-responses.mjs";
import { scenarios } from "./scenarios.mjs";

const digest = (text, length) => createHash("sha256").update(text).digest("hex").slice(0, length);
const byName = new Map(scenarios.map((one) => [one.name, one]));
const scratch = mkdtempSync(join(tmpdir(), "make-traces-"));
const file = join(scratch, "recorded.jsonl");

// The order in which spans began and ended, which wall-clock milliseconds do not tell.
const events = [];
const order = {
  onTraceStart: async () => {},
  onTraceEnd: async () => {},
  onSpanStart: async (span) => void events.push({ id: span.spanId, edge: "started_at" }),
  onSpanEnd: async (span) => void events.push({ id: span.spanId, edge: "ended_at", model: span.spanData.type === "response" }),
  forceFlush: async () => {},
  shutdown: async () => {},
};
const recorder = createRecorder({ path: file });
setTraceProcessors([order, recorder]);

let script = [];
let asked = 0;
const server = await serveResponses(() => {
  const turn = script.shift();
  if (turn === undefined) throw new Error("a scenario has fewer turns than the agent took");
  const id = digest(`answer ${(asked += 1)}`, 16);
  return { id: `resp_${digest(id, 48)}`, output: answerItems(turn, id) };
});
const modelProvider = new OpenAIProvider({ apiKey: "none", baseURL: server.baseUrl, useResponses: true });

/** What came before in the conversation of a scenario: the customer's words and the answer they got. */
const history = ({ continues }) => {
  if (continues === undefined) return [];
  const before = byName.get(continues);
  return [
    ...history(before),
    { role: "user", content: before.says },
    { role: "assistant", status: "completed", content: [{ type: "output_text", text: before.does.at(-1) }] },
  ];
};

const lines = new Map();
for (const entry of scenarios) {
  const scenario = { ...byName.get(entry.sameAs ?? entry.name), name: entry.name, day: entry.day };
  const { who } = scenario;
  script = [...scenario.does];
  const runner = new Runner({
    modelProvider,
    workflowName: "Fernway support",
    groupId: `chat:${who.email}`,
    traceMetadata: {
      environment: "production",
      prompt_version: "support@1",
      client_ip: who.ip,
      // As the web shop sends it: JSON in a string.
      customer: JSON.stringify({ email: who.email, phone: who.phone }),
    },
  });
  const from = existsSync(file) ? readFileSync(file, "utf8").length : 0;
  events.length = 0;
  await runner.run(createAgent(), [...history(scenario), { role: "user", content: scenario.says }], { maxTurns: scenario.maxTurns ?? 10 }).catch(() => {});
  await recorder.forceFlush();
  lines.set(entry.name, steady(readFileSync(file, "utf8").slice(from).trimEnd().split("\n").map((line) => JSON.parse(line)), scenario));
}
await server.close();
await recorder.shutdown();
rmSync(scratch, { recursive: true });
write();

/**
 * The records of one run with ids made from the scenario's name and times made from the order of events: 35 ms from one to
 * the next, a model call longer. Nothing else of a record is touched.
 */
function steady(records, { name, day }) {
  const traceId = `trace_${digest(name, 32)}`;
  const ids = new Map();
  const times = new Map();
  const hour = String(8 + (Number.parseInt(digest(name, 4), 16) % 9)).padStart(2, "0");
  let now = Date.parse(`2026-11-0${day}T${hour}:00:00.000Z`) + (Number.parseInt(digest(`at ${name}`, 6), 16) % 3_500_000);
  for (const { id, edge, model } of events) {
    if (!ids.has(id)) ids.set(id, `span_${digest(`${name} ${ids.size}`, 24)}`);
    now += 35 + (model && edge === "ended_at" ? 400 : 0);
    times.set(`${id} ${edge}`, new Date(now).toISOString());
  }
  return records.map((record) =>
    record.object === "trace"
      ? { ...record, id: traceId }
      : {
          ...record,
          id: ids.get(record.id),
          trace_id: traceId,
          parent_id: record.parent_id === null ? null : (ids.get(record.parent_id) ?? null),
          started_at: times.get(`${record.id} started_at`) ?? record.started_at,
          ended_at: times.get(`${record.id} ended_at`) ?? record.ended_at,
        },
  );
}

/**
 * One file a day. Like in a real log, the last run of a day ends in the next day's file, and one line was sent twice.
 */
function write() {
  const folder = join(import.meta.dirname, "traces");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const days = [...new Set(scenarios.map(({ day }) => day))].sort((a, b) => a - b);
  let left = [];
  for (const day of days) {
    const runs = scenarios.filter((one) => one.day === day).map(({ name }) => lines.get(name));
    const last = runs.pop();
    const cut = day === days.at(-1) ? last.length : 4;
    const records = [...left, ...runs.flat(), ...last.slice(0, cut)];
    left = last.slice(cut);
    if (day === days[0]) records.splice(3, 0, records[2]);
    writeFileSync(join(folder, `2026-11-0${day}.jsonl`), records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  }
  const labels = scenarios.map(({ name, sameAs }) => ({ name, label: byName.get(sameAs ?? name).label }));
  const answers = labels.flatMap(({ name, label }) => (label === undefined ? [] : [answerOf(name, label)]));
  writeFileSync(join(import.meta.dirname, "answers.jsonl"), answers.map((answer) => `${JSON.stringify(answer)}\n`).join(""));
}

/** What a person would answer for a scenario: `at` counts the steps of the run's model turns, 1 being the first. */
function answerOf(name, { at, ...label }) {
  const records = lines.get(name);
  const turn = records.filter(({ span_data }) => span_data?.type === "response")[at - 1];
  return { trace: records[0].trace_id ?? records[0].id, ...label, ...(at === undefined ? {} : { first_failing_span: turn?.id }) };
}
