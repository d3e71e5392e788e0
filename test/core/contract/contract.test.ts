import { expect, test } from "vitest";
import { checkTrace, type Sighting } from "../../../src/core/contract/check-trace.ts";
import { createContractCheck } from "../../../src/core/contract/check-contract.ts";
import { dataContract, readContract } from "../../../src/core/contract/contract.ts";
import { contractText } from "../../../src/core/report/contract-text.ts";
import { widthOf } from "../../../src/core/base/text.ts";
import type { Trace } from "../../../src/core/trace/schema.ts";
import { agent, calls, model, says, task, tool, traceOf, turn, user, type LooseSpan } from "../../support/trace.ts";

const metadata = { request_id: "r", promptVersion: "3", "model-alias": "m", tool_schema_version: "1", approval_state: "auto", environment: "prod", release: "9" };
const good: readonly LooseSpan[] = [task([agent("A", [turn([model([user("Where is my parcel now")], [says("Here.")])])])])];
const trace = (spans: readonly LooseSpan[] = good, more: Partial<Trace> = {}): Trace => traceOf(spans, { group_id: "chat-1", metadata, ...more });
const codes = (one: Trace, config: object = {}, sightings: readonly Sighting[] = []): string[] => {
  const contract = readContract(config, "casebook.yaml");
  return checkTrace(one, contract, { required: contract.metadata ?? dataContract, sightings }).map(({ code, key }) => (key === undefined ? code : `${code} ${key}`));
};

test("a trace that keeps the contract breaches nothing", () => {
  expect(codes(trace())).toEqual([]);
});

test.each([
  ["", ["workflow-name-missing"]],
  ["Agent workflow", ["workflow-name-default"]],
  ["Order 4711 refund for 12345678", ["workflow-name-id"]],
  ["run-3f2504e0-4f89-11d3-9a0c-0305e82c3301", ["workflow-name-id"]],
  ["support [EMAIL:7f3k2q]", ["workflow-name-id"]],
  ["Where is my parcel now", ["workflow-name-text"]],
  ["Please look up what happened to the order", []],
  ["Please look up what happened to the order I made last week", ["workflow-name-text"]],
  ["Support workflow", []],
  ["billing_v2", []],
])("workflow name %j", (workflow_name, expected) => {
  expect(codes(trace(good, { workflow_name }))).toEqual(expected);
});

test("only listed workflow names pass where names are listed", () => {
  expect(codes(trace(good, { workflow_name: "billing" }), { workflow_names: ["support"] })).toEqual(["workflow-name-unlisted"]);
  expect(codes(trace(good, { workflow_name: "support" }), { workflow_names: ["support"] })).toEqual([]);
});

test("metadata must have its keys, hold no text and nothing sensitive", () => {
  expect(codes(trace(good, { metadata: { ...metadata, release: "" } }))).toEqual(["metadata-missing release"]);
  expect(codes(trace(good, { metadata: {} }), { metadata: ["tenant"] })).toEqual(["metadata-missing tenant"]);
  expect(codes(trace(good, { metadata: { ...metadata, prompt: "x".repeat(300), "ann@example.com": ["y".repeat(300)] } }))).toEqual([
    "metadata-long prompt",
    "metadata-long a member",
  ]);
  const sightings = [
    { path: "/metadata/request_id", kind: "EMAIL" },
    { path: "/group_id", kind: "PHONE" },
    { path: "/messages/0/parts/0/text", kind: "CARD" },
  ];
  expect(codes(trace(), {}, sightings)).toEqual(["metadata-sensitive", "group-id-sensitive"]);
});

const off = { kind: "response", model: {} } as const;
test.each<[string, Trace, object, string[]]>([
  ["a trace record alone", trace([]), {}, ["trace-without-spans"]],
  ["spans without a record", trace(good, { recorded: false, workflow_name: "" }), {}, ["trace-record-missing"]],
  ["spans that tell the name of their trace, as Langfuse's do", trace(good, { recorded: false, metadata: {} }), { metadata: ["tenant"] }, ["metadata-missing tenant"]],
  ["response ids only", trace([turn([{ kind: "response", model: { response_id: "r" } }, tool("t", "{}", "x")])]), {}, ["response-ids-only"]],
  ["no content", trace([{ kind: "response", model: { response_id: "r", input: [] } }]), {}, ["content-missing"]],
  ["some content", trace([turn([model([user("q")], [says("a")]), tool("t", undefined, undefined)])]), {}, ["content-partial"]],
  ["sensitive data off", trace([turn([off, tool("t", "", "")])]), {}, ["sensitive-data-off"]],
  ["sensitive data off as agreed", trace([turn([off, tool("t", "", "")])]), { sensitive_data: "off" }, []],
  ["sensitive data on against the contract", trace(), { sensitive_data: "off" }, ["sensitive-data-on"]],
  ["content nobody asked about", trace([turn([off, tool("t", "", "")])]), { sensitive_data: "any" }, []],
  ["cut text", trace([model([user("q")], [says("a... [truncated]")])]), {}, ["content-truncated"]],
  ["a lost root", trace([turn([model([user("q")], [says("a")])], { original_parent_id: "lost" })]), {}, ["run-without-end"]],
  ["a failed run", trace([task([turn([{ ...off, error: { message: "400" } }], { error: { message: "400" } })], { error: { message: "400" } })]), {}, []],
  ["a call waiting for approval", trace([turn([model([user("q")], [calls("t", "{}")])])]), {}, []],
  ["a model that opens no span", trace([turn([tool("t", "{}", "x")])]), {}, ["model-spans-missing"]],
])("content of %s", (_, one, config, expected) => {
  expect(codes(one, config)).toEqual(expected);
});

const report = (traces: readonly Trace[], config: object = {}) => {
  const check = createContractCheck(readContract(config, "casebook.yaml"));
  for (const one of traces) check.add(one, []);
  return check.report();
};

test("findings count traces, name a few, and mend themselves in both SDKs", () => {
  const traces = Array.from({ length: 8 }, (_, n) => trace(good, { id: `trace_${n}`, workflow_name: "Agent workflow", metadata: { ...metadata, release: null } }));
  const { findings } = report(traces, { metadata: ["release"] });
  expect(findings.map(({ code, level, traces: count, examples }) => [code, level, count, examples.length])).toEqual([
    ["workflow-name-default", "problem", 8, 5],
    ["metadata-missing", "problem", 8, 5],
  ]);
  expect(findings[1]).toMatchObject({
    key: "release",
    message: "8 of 8 traces have no release in the metadata, so nothing can be compared by it.",
    fix: { typescript: "new Runner({ traceMetadata: { release: release } })", python: 'RunConfig(trace_metadata={ "release": release })' },
  });
});

test("keys of the default contract are advice, told together", () => {
  const { findings } = report([trace(good, { metadata: {} })]);
  expect(findings.map(({ level, key }) => [level, key])).toEqual([["advice", dataContract.join(", ")]]);
  expect(findings[0]?.message).toMatch(/^1 of 1 trace has no /);
});

test("group ids are required, or advised where some traces have them", () => {
  const without = trace(good, { group_id: "" });
  const levels = (traces: readonly Trace[], config = {}) => report(traces, config).findings.map(({ code, level }) => `${code} ${level}`);
  expect(levels([without])).toEqual([]);
  expect(levels([without, trace()])).toEqual(["group-id-missing advice"]);
  expect(levels([without], { group_id: "required" })).toEqual(["group-id-missing problem"]);
});

test("as many names as traces is one finding of its own", () => {
  const traces = Array.from({ length: 12 }, (_, n) => trace(good, { workflow_name: `flow ${"abcdefghijkl"[n]}` }));
  expect(report(traces).findings.map(({ code }) => code)).toEqual(["workflow-names-many"]);
});

test("the words fit the screen and hold no text of the trace", () => {
  const text = contractText(report([trace(good, { workflow_name: "Tell Ann everything about order 4711 today please", metadata: { "\u001b[2J": "z".repeat(900) } })]), { width: 80 });
  expect(Math.max(...text.split("\n").filter((line) => !/^ {2}(ts|python)| {8}/.test(line)).map(widthOf))).toBeLessThanOrEqual(80);
  expect(text.replaceAll("\n", "")).not.toMatch(/Ann|4711|zzz|\p{Cc}/u);
});

test("a contract that says something unknown is refused", () => {
  expect(() => readContract({ metadata_keys: [] }, "casebook.yaml: contract")).toThrow(/casebook\.yaml: contract: .*unknown member/);
  expect(() => readContract({ group_id: "maybe" }, "casebook.yaml: contract")).toThrow(/group_id: should be one of required, optional/);
});
