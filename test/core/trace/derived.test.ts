import { expect, test } from "vitest";
import { completenessOf } from "../../../src/core/trace/completeness.ts";
import { linkToolCalls } from "../../../src/core/trace/link.ts";
import type { Trace } from "../../../src/core/trace/schema.ts";
import { statusOf } from "../../../src/core/trace/status.ts";
import { tapeOf } from "../../../src/core/trace/tape.ts";
import { usageOf } from "../../../src/core/trace/usage.ts";
import { agent, calls, gives, model, says, task, tool, traceOf, turn, user, type LooseSpan } from "../../support/trace.ts";

const hello = user("Refund A");
const look = calls("lookup", '{"id":"A"}', "c1");
const shown = gives("found A", "c1");
const whole = traceOf([
  task([
    agent("Billing", [
      turn([model([hello], [look]), tool("lookup", '{"id":"A"}', "found A")]),
      turn([model([hello, look, shown], [says("Done.")])]),
    ]),
  ]),
]);
const guardrail: LooseSpan = { kind: "guardrail", guardrail: { name: "g", triggered: true } };
const error = { message: "boom" };
const running = { ended_at: undefined } as unknown as Partial<LooseSpan>;

test.each<[string, Trace, string]>([
  ["no spans", traceOf([]), "unknown"],
  ["a whole run", whole, "ok"],
  ["a guardrail that tripped, whatever error it left above", traceOf([task([guardrail], { error })]), "blocked"],
  ["a guardrail inside an agent used as a tool", traceOf([task([tool("t", "{}", "x", { inside: [agent("B", [guardrail])] })])]), "ok"],
  ["a tool guardrail", traceOf([task([tool("t", "{}", "x", { inside: [guardrail] })])]), "ok"],
  ["a failed task", traceOf([task([], { error })]), "error"],
  ["a failed turn whose task is not there", traceOf([turn([], { error, original_parent_id: "lost" })]), "error"],
  ["a failed last model call", traceOf([model([hello], [], { error })]), "error"],
  ["a tool that failed and was survived", traceOf([task([tool("t", "{}", "x", { error })])]), "ok"],
  ["a root that never ended", traceOf([task([turn([])], running)]), "incomplete"],
  ["spans whose parent never came", traceOf([turn([], { original_parent_id: "lost" })]), "incomplete"],
  ["a call nobody answered at the end", traceOf([task([turn([model([hello], [look])])])]), "interrupted"],
  [
    "a call answered after a resume",
    traceOf([task([turn([model([hello], [look])])]), task([turn([tool("lookup", '{"id":"A"}', "found A")])])]),
    "ok",
  ],
  ["a handoff at the end", traceOf([model([hello], [calls("transfer_to_B", "{}")]), { kind: "handoff", handoff: { to: "B" } }]), "ok"],
])("status of %s", (_, trace, expected) => {
  expect(statusOf(trace)).toBe(expected);
});

test.each<[string, readonly LooseSpan[], string]>([
  ["same arguments text", [tool("lookup", '{"id":"A"}', "found A")], "exact"],
  ["same JSON in other words", [tool("lookup", '{ "id": "A" }', "found A")], "exact"],
  ["arguments left out by the SDK", [tool("lookup", "", "found A")], "exact"],
  ["another output than the model was shown", [tool("lookup", '{"id":"A"}', "something else")], "inferred"],
  ["another tool", [tool("search", '{"id":"A"}', "found A")], "none"],
  ["no span", [], "none"],
])("a call is linked to its span: %s", (_, spans, expected) => {
  const trace = traceOf([turn([model([hello], [look]), ...spans]), turn([model([hello, look, shown], [says("Done.")])])]);
  const call = linkToolCalls(trace).calls.find(({ origin }) => origin === "output")!;
  expect([call.linked, call.output]).toEqual([expected, "found A"]);
});

test("parallel calls in any order find their own span, identical ones by what the model was shown", () => {
  const ask = [calls("t", '{"n":1}', "a"), calls("t", '{"n":1}', "b"), calls("t", '{"n":2}', "c")];
  const given = [gives("one", "a"), gives("uno", "b"), gives("two", "c")];
  const trace = traceOf([
    turn([model([hello], ask), tool("t", '{"n":2}', "two"), tool("t", '{"n":1}', "uno"), tool("t", '{"n":1}', "one")]),
    turn([model([hello, ...ask, ...given], [says("Done.")])]),
  ]);
  const { calls: links } = linkToolCalls(trace);
  expect(links.map(({ call_id, output, linked, function: ran }) => [call_id, output, linked, ran?.span.tool?.output])).toEqual([
    ["a", "one", "exact", "one"],
    ["b", "uno", "exact", "uno"],
    ["c", "two", "exact", "two"],
  ]);
});

test("an id that is used twice belongs to the call before each result", () => {
  const again = calls("calc", '{"x":1}', "c1");
  const trace = traceOf([
    model([hello], [look]),
    tool("lookup", '{"id":"A"}', "1"),
    model([hello, look, shown], [again]),
    tool("calc", '{"x":1}', "1"),
    model([hello, look, shown, again, gives("1", "c1")], [says("Done.")]),
  ]);
  expect(tapeOf(trace).tools.map(({ name, output }) => [name, output])).toEqual([
    ["lookup", "found A"],
    ["calc", "1"],
  ]);
});

test("the tape holds calls and model answers in order, without handoffs and without history", () => {
  const transfer = calls("transfer_to_B", "{}", "h1");
  const past = [calls("old", "{}", "p1"), gives("was", "p1")];
  const trace = traceOf([
    agent("A", [turn([model([...past, hello], [transfer]), { kind: "handoff", handoff: { from: "A", to: "B" } }])]),
    agent("B", [turn([model([...past, hello, transfer, gives('{"assistant":"B"}', "h1")], [look]), tool("lookup", '{"id":"A"}', "found A")])]),
  ]);
  const tape = tapeOf(trace);
  expect(tape.tools).toEqual([
    { seq: 0, agent: "B", name: "lookup", arguments: '{"id":"A"}', output: "found A", error: undefined, call_id: "c1", span_id: "s8" },
  ]);
  expect(tape.models.map(({ seq, agent: name, output }) => [seq, name, output])).toEqual([
    [0, "A", [transfer]],
    [1, "B", [look]],
  ]);
});

test("a tape of function spans alone still has the calls", () => {
  const trace = traceOf([turn([tool("a", '{"n":1}', "1"), tool("b", "", "", { error })])]);
  expect(tapeOf(trace).tools.map(({ name, arguments: args, output, error: words }) => [name, args, output, words])).toEqual([
    ["a", '{"n":1}', "1", undefined],
    ["b", "", undefined, "boom"],
  ]);
});

test("tokens of an agent used as a tool are counted once", () => {
  const usage = (input: number) => ({ model: { usage: { input, output: 1 } } });
  const nested = task([turn([model([], [says("x")], usage(10))], { usage: { input: 10 } })], { usage: { input: 10, output: 1 } });
  const trace = traceOf([
    task([turn([model([], [look], usage(5)), tool("lookup", '{"id":"A"}', "x", { inside: [nested] })], { usage: { input: 15 } })], {
      usage: { input: 15, output: 2, total: 17 },
    }),
  ]);
  expect(usageOf(trace)).toEqual({ input: 15, output: 2, total: 17 });
});

test("without usage on the model calls the outermost tasks tell it, and what nobody tells is absent", () => {
  const silent: LooseSpan = { kind: "response", model: { response_id: "r" } };
  const run = (input: number) => task([turn([silent], { usage: { input } })], { usage: { input, requests: 1 } });
  expect(usageOf(traceOf([run(3), run(4)]))).toEqual({ input: 7, requests: 2 });
  expect(usageOf(traceOf([turn([silent], { usage: { input: 3 } }), turn([silent], { usage: { input: 4 } })]))).toEqual({ input: 7 });
  expect(usageOf(traceOf([silent]))).toEqual({});
});

test("a model call wrapped in a model span is counted once", () => {
  const inner = model([], [says("x")], { model: { usage: { input: 5, output: 1, total: 6 } } });
  const outer: LooseSpan = { kind: "generation", model: { usage: { input: 5, output: 1, total: 6 } }, inside: [inner] };
  expect(usageOf(traceOf([outer]))).toEqual({ input: 5, output: 1, total: 6 });
});

test.each<[string, Trace, Partial<ReturnType<typeof completenessOf>>]>([
  ["a whole run", whole, { content: "full", orphans: 0, sensitiveOff: false, traceRecord: true, replayable: { ok: true } }],
  [
    "the plain export of response spans",
    traceOf([turn([{ kind: "response", model: { response_id: "r" } }, tool("t", "{}", "x")])], { recorded: false }),
    {
      content: "partial",
      sensitiveOff: false,
      traceRecord: false,
      replayable: { ok: false, why: "the messages of 1 of 1 model calls were not recorded" },
    },
  ],
  ["response ids and nothing else", traceOf([{ kind: "response", model: { response_id: "r" } }]), { content: "none", sensitiveOff: false }],
  ["empty function spans", traceOf([turn([{ kind: "response", model: { response_id: "r" } }, tool("t", "", "")])]), { content: "none", sensitiveOff: true }],
  ["generation spans without messages", traceOf([{ kind: "generation", model: {} }]), { content: "none", sensitiveOff: true }],
  ["tools only", traceOf([turn([tool("t", "{}", "x")])]), { content: "partial", replayable: { ok: false, why: "no model call was recorded" } }],
  [
    "a model call that failed",
    traceOf([turn([{ kind: "response", model: {}, error }])]),
    { content: "none", sensitiveOff: false, replayable: { ok: false, why: "every model call failed before it answered" } },
  ],
  ["a lost parent", traceOf([turn([], { original_parent_id: "lost" })]), { orphans: 1 }],
  ["a cut cycle", traceOf([turn([], { id: "a", original_parent_id: "b" }), turn([], { id: "b" })]), { orphans: 0 }],
  [
    "a cut field",
    traceOf([model([user("long... [truncated]")], [says("x")], { id: "m" })]),
    { truncated: ["m"], replayable: { ok: false, why: "an exporter cut text in 1 of 1 spans" } },
  ],
  [
    "a conversation that began elsewhere",
    traceOf([model([hello], [says("x")], { model: { input_is_delta: true, previous_response_id: "r0" } })]),
    { replayable: { ok: false, why: "the conversation begins in an earlier response that is not in this trace" } },
  ],
  [
    "a call without a result in the middle",
    traceOf([turn([model([hello], [look])]), turn([model([hello], [says("x")])])]),
    { replayable: { ok: false, why: "1 of 1 tool calls have no recorded result" } },
  ],
])("completeness of %s", (_, trace, expected) => {
  expect(completenessOf(trace)).toMatchObject(expected);
});
