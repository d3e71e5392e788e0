import { expect, test } from "vitest";
import type { Step } from "../../../src/core/trace/derived.ts";
import type { Trace } from "../../../src/core/trace/schema.ts";
import { transcriptOf } from "../../../src/core/trace/transcript.ts";
import { agent, calls, gives, message, model, says, task, tool, traceOf, turn, user } from "../../support/trace.ts";

/** One line per step. */
const course = (trace: Trace): string[] => transcriptOf(trace).steps.map(line);
function line(step: Step): string {
  switch (step.kind) {
    case "message":
      return `${step.role}: ${step.text}`;
    case "tool":
      return `${step.name}(${step.arguments ?? "?"}) = ${step.output ?? "?"} [${step.linked}]${step.error === undefined ? "" : ` ! ${step.error}`}`;
    case "handoff":
      return `${step.from} -> ${step.to}`;
    case "guardrail":
      return `guardrail ${step.name} ${step.stage ?? "?"}${step.triggered ? " tripped" : ""}`;
    case "error":
      return `error: ${step.message}`;
    default:
      return `note: ${step.text}`;
  }
}
const found = (trace: Trace): string[] => transcriptOf(trace).suspicions.map(({ code, step, span_id }) => `${code}@${step ?? span_id}`);

const hello = user("Refund A");
const look = calls("lookup", '{"id":"A"}', "c1");
const shown = gives("found A", "c1");

test("each message is told once although every model call resends them all", () => {
  const trace = traceOf([
    task([
      agent("Billing", [
        turn([model([hello], [look], { model: { instructions: "Be kind." } }), tool("lookup", '{"id":"A"}', "found A")]),
        turn([model([hello, look, shown], [says("Done.")], { model: { instructions: "Be kind." } })]),
      ]),
    ]),
  ]);
  expect(course(trace)).toEqual(["user: Refund A", 'lookup({"id":"A"}) = found A [exact]', "assistant: Done."]);
  expect(transcriptOf(trace).system).toEqual([{ agent: "Billing", text: "Be kind." }]);
  expect(transcriptOf(trace).output).toBe("Done.");
  expect(found(trace)).toEqual([]);
});

test("the second yes of a user is new, in whole histories and in deltas", () => {
  const first = [user("yes")];
  const second = [...first, says("Sure?"), user("yes")];
  expect(course(traceOf([model(first, [says("Sure?")]), model(second, [says("Ok.")])]))).toEqual([
    "user: yes",
    "assistant: Sure?",
    "user: yes",
    "assistant: Ok.",
  ]);
  const delta = { model: { input_is_delta: true } };
  expect(course(traceOf([model(first, [says("Sure?")]), model([user("yes")], [says("Ok.")], delta)]))).toHaveLength(4);
});

test("a history packed in another way than it was said is not told again", () => {
  const said = message("assistant", { type: "text", text: "Looking." }, { type: "tool_call", name: "lookup", arguments: '{"id": "A"}', call_id: "c1" });
  const trace = traceOf([
    turn([model([hello], [said]), tool("lookup", '{"id":"A"}', "found A")]),
    turn([model([hello, says("Looking."), look, shown], [says("Done.")])]),
  ]);
  expect(course(trace)).toEqual(["user: Refund A", "assistant: Looking.", 'lookup({"id": "A"}) = found A [exact]', "assistant: Done."]);
});

test("the history a run was given is told at its start", () => {
  const trace = traceOf([model([hello, look, shown, says("Done."), user("Thanks")], [says("Bye.")])]);
  expect(course(trace)).toEqual([
    "user: Refund A",
    'lookup({"id":"A"}) = found A [none]',
    "assistant: Done.",
    "user: Thanks",
    "assistant: Bye.",
  ]);
});

test("a call whose model span lost its messages is told once, where it ran", () => {
  const trace = traceOf([
    turn([{ kind: "response", model: { response_id: "r1" } }, tool("lookup", '{"id":"A"}', "found A")]),
    turn([model([hello, look, shown], [says("Done.")])]),
  ]);
  expect(course(trace)).toEqual(['lookup({"id":"A"}) = found A [exact]', "user: Refund A", "assistant: Done."]);
});

test("without any model content tools, handoffs and a note are told", () => {
  const trace = traceOf([
    task([
      agent("A", [
        turn([{ kind: "response", model: { response_id: "r1" } }, tool("lookup", "{}", "x")]),
        { kind: "handoff", handoff: { from: "A", to: "B" } },
      ]),
    ]),
  ]);
  expect(course(trace)).toEqual([
    "note: The model's messages were not recorded: only tools and structure are known.",
    "lookup({}) = x [none]",
    "A -> B",
  ]);
});

test("without model spans at all tools are told, and there is nothing to say about messages", () => {
  expect(course(traceOf([task([agent("A", [turn([tool("lookup", "{}", "x")])])])]))).toEqual(["lookup({}) = x [none]"]);
  expect(course(traceOf([]))).toEqual([]);
});

test("a handoff call is a handoff, not a tool", () => {
  const transfer = calls("transfer_to_Billing_agent", "{}", "h1");
  const done = gives('{"assistant":"Billing agent"}', "h1");
  const trace = traceOf([
    task([
      agent("Triage", [
        turn([model([hello], [transfer]), { kind: "handoff", handoff: { from: "Triage", to: "Billing agent" } }]),
      ]),
      agent("Billing agent", [turn([model([hello, transfer, done], [says("Done.")])])]),
    ]),
  ]);
  expect(course(trace)).toEqual(["user: Refund A", "Triage -> Billing agent", "assistant: Done."]);
  const spanless = traceOf([agent("Triage", [model([hello], [transfer]), model([hello, transfer, done], [says("Done.")])])]);
  expect(course(spanless)).toEqual(["user: Refund A", "Triage -> Billing agent", "assistant: Done."]);
});

test("an agent used as a tool has a conversation of its own", () => {
  const ask = calls("translate", '{"input":"hello"}', "t1");
  const inner = task([agent("Translator", [turn([model([user("hello")], [says("bonjour")])])])]);
  const trace = traceOf([
    agent("Host", [
      turn([model([user("hello")], [ask]), tool("translate", '{"input":"hello"}', "bonjour", { inside: [inner] })]),
      turn([model([user("hello"), ask, gives("bonjour", "t1")], [says("It is bonjour")])]),
    ]),
  ]);
  expect(course(trace)).toEqual([
    "user: hello",
    'translate({"input":"hello"}) = bonjour [exact]',
    "user: hello",
    "assistant: bonjour",
    "assistant: It is bonjour",
  ]);
  expect(transcriptOf(trace).steps.map(({ agent: name }) => name)).toEqual(["Host", "Host", "Translator", "Translator", "Host"]);
  expect(transcriptOf(trace).output).toBe("It is bonjour");
});

test("one failure is told once, not on every span above it", () => {
  const wrapped = { message: "Error in agent run", data: { error: "ToolCallError: Failed to run function tools: Error: hard failure" } };
  const trace = traceOf([
    task(
      [
        agent("Hard", [
          turn(
            [
              model([hello], [look]),
              tool("lookup", '{"id":"A"}', "", { error: { message: "Error running tool", data: { error: "Error: hard failure" } } }),
            ],
            { error: wrapped },
          ),
        ], { error: wrapped }),
      ],
      { error: wrapped },
    ),
  ]);
  expect(course(trace)).toEqual(["user: Refund A", 'lookup({"id":"A"}) = ? [inferred] ! Error running tool: Error: hard failure']);
  expect(found(trace)).toEqual(["tool-error@1"]);
});

test("an API error is told at the model call, with its words", () => {
  const up = { message: "Error in agent run", data: { error: "Error: 400 Invalid value" } };
  const trace = traceOf([
    task([agent("A", [turn([{ kind: "response", model: {}, error: { message: "400 Invalid value" } }], { error: up })], { error: up })], { error: up }),
  ]);
  expect(course(trace)).toEqual(["error: 400 Invalid value"]);
});

test("a survived tool error does not hide what ended the run later", () => {
  const soft = { message: "Error running tool (non-fatal)", data: { error: "Tool execution failed. Error details are redacted." } };
  const trace = traceOf([
    task([tool("lookup", "{}", "An error occurred", { error: soft })], { error: { message: "Error in agent run", data: { error: "Error" } } }),
  ]);
  expect(course(trace).at(-1)).toBe("error: Error in agent run");
});

test("an input guardrail is read before the answer it ran beside, an output guardrail after it", () => {
  const guard = (name: string, triggered: boolean, started_at: string) => ({ kind: "guardrail" as const, guardrail: { name, triggered }, started_at });
  const trace = traceOf([
    agent("A", [
      turn([model([hello], [says("Done.")], { started_at: "2026-01-01T00:00:02.000000000Z", ended_at: "2026-01-01T00:00:05.000000000Z" })]),
      guard("topic", false, "2026-01-01T00:00:02.100000000Z"),
      guard("pii", true, "2026-01-01T00:00:06.000000000Z"),
    ]),
  ]);
  expect(course(trace)).toEqual(["user: Refund A", "guardrail topic input", "assistant: Done.", "guardrail pii output tripped"]);
  expect(found(trace)).toEqual(["guardrail-tripped@3"]);
});

test("a guardrail that tripped before any model call guarded the input; its bare error is not told twice", () => {
  const error = { message: "Guardrail tripwire triggered", data: { guardrail: "topic" } };
  const trace = traceOf([agent("A", [{ kind: "guardrail", guardrail: { name: "topic", triggered: true } }], { error })]);
  expect(course(trace)).toEqual(["guardrail topic input tripped"]);
});

test.each([
  [
    "the same call again, however it is written",
    [model([hello], [look, calls("lookup", '{ "id" : "A" }', "c2")]), tool("lookup", '{"id":"A"}', "x"), tool("lookup", '{ "id" : "A" }', "x")],
    ["repeated-call@2"],
  ],
  ["arguments that are not JSON", [model([hello], [calls("lookup", '{"id": 1, ', "c1")]), tool("lookup", "", "try again")], ["invalid-arguments@1"]],
  ["a tool nobody offered", [model([hello], [calls("erase", "{}")], { model: { tools: ["lookup"] } }), tool("erase", "{}", "x")], ["tool-not-found@1"]],
  ["a call nobody answered", [model([hello], [look])], ["unanswered-call@1"]],
  ["an empty answer", [model([hello], [])], ["empty-output@0"]],
  ["an answer in the wrong format", [model([hello], [says("sure!")], { model: { output_schema: {} } })], ["invalid-format@0"]],
  ["an error in words", [model([hello], [look]), tool("lookup", '{"id":"A"}', "Error: no such id")], ["tool-error@1"]],
  ["max turns", [agent("A", [], { error: { message: "Error in agent run", data: { error: "MaxTurnsExceededError: Max turns (2) exceeded" } } })], ["max-turns@0"]],
  ["nothing recorded", [turn([{ kind: "generation", model: {} }])], ["no-content@0"]],
  [
    "to and fro",
    [
      { kind: "handoff" as const, handoff: { from: "A", to: "B" } },
      { kind: "handoff" as const, handoff: { from: "B", to: "A" } },
    ],
    ["handoff-ping-pong@1"],
  ],
])("suspicion: %s", (_, spans, expected) => {
  expect(found(traceOf(spans))).toEqual(expected);
});

test("a deep and a wide trace are read without recursion and in good time", () => {
  let deep = tool("t", "{}", "x");
  for (let depth = 0; depth < 3000; depth += 1) deep = { kind: "custom", name: "c", error: { message: `failure ${depth}` }, inside: [deep] };
  expect(transcriptOf(traceOf([deep])).steps.length).toBeGreaterThan(3000);
  const wide = Array.from({ length: 2000 }, (_, index) => [calls("t", `{"n":${index}}`, `c${index}`), tool("t", `{"n":${index}}`, "x")] as const);
  const trace = traceOf([turn([model([hello], wide.map(([call]) => call)), ...wide.map(([, ran]) => ran)])]);
  expect(transcriptOf(trace).steps.filter((step) => step.kind === "tool" && step.linked === "inferred")).toHaveLength(2000);
});

test("what a guardrail raised is told once, with the guardrail", () => {
  const error = { message: "Error in agent run", data: { error: 'OutputGuardrailTripwireTriggered: Output guardrail triggered: {"found":["email"]}' } };
  const trace = traceOf([
    task([agent("A", [turn([model([hello], [says("Done.")])], { error }), { kind: "guardrail", guardrail: { name: "pii", triggered: true } }], { error })], { error }),
  ]);
  expect(course(trace).slice(2)).toEqual([
    "guardrail pii output tripped",
    'error: OutputGuardrailTripwireTriggered: Output guardrail triggered: {"found":["email"]}',
  ]);
  expect(found(trace)).toEqual(["guardrail-tripped@2"]);
});
