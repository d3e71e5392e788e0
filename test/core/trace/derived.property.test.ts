import fc from "fast-check";
import { expect, test } from "vitest";
import { completenessOf } from "../../../src/core/trace/completeness.ts";
import { linkToolCalls } from "../../../src/core/trace/link.ts";
import type { Message, SpanKind } from "../../../src/core/trace/schema.ts";
import { spanKinds } from "../../../src/core/trace/schema.ts";
import { statusOf } from "../../../src/core/trace/status.ts";
import { tapeOf } from "../../../src/core/trace/tape.ts";
import { transcriptOf } from "../../../src/core/trace/transcript.ts";
import { usageOf } from "../../../src/core/trace/usage.ts";
import { calls, gives, model, says, tool, traceOf, turn, user, type LooseSpan } from "../../support/trace.ts";

/** Few names, ids and texts, so that everything meets everything. */
const word = fc.constantFrom("a", "b", "{}", "", '{"x":1}', '{"x": 1}');
const id = fc.constantFrom("c1", "c2", undefined);
const name = fc.constantFrom("lookup", "refund", "transfer_to_B");
const message: fc.Arbitrary<Message> = fc.oneof(
  word.map(user),
  word.map(says),
  fc.tuple(name, word, id).map(([tool_, args, call]) => calls(tool_, args, call)),
  fc.tuple(word, id).map(([output, call]) => gives(output, call)),
);
const messages = fc.array(message, { maxLength: 6 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const error = maybe(fc.constantFrom({ message: "boom" }, { message: "Error in agent run", data: { error: "Error: boom" } }));
const kind = fc.constantFrom<SpanKind>(...spanKinds);

const { span } = fc.letrec<{ span: LooseSpan }>((tie) => ({
  span: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.tuple(maybe(messages), maybe(messages), fc.boolean()).map(
      ([input, output, input_is_delta]): LooseSpan => ({
        kind: "response",
        model: { api: "responses", input_is_delta, ...(input === undefined ? {} : { input }), ...(output === undefined ? {} : { output }) },
      }),
    ),
    fc.tuple(name, maybe(word), maybe(word), fc.array(tie("span"), { maxLength: 2 })).map(([tool_, args, output, inside]) => tool(tool_, args, output, { inside })),
    fc.tuple(kind, fc.array(tie("span"), { maxLength: 4 }), error).map(
      ([one, inside, failed]): LooseSpan => ({ kind: one, inside, ...(failed === undefined ? {} : { error: failed }), ...(one === "guardrail" ? { guardrail: { name: "g", triggered: true } } : {}) }),
    ),
  ),
}));
const trace = fc.array(span, { maxLength: 4 }).map((roots) => traceOf(roots));

test("every trace can be read, and every function span is told exactly once", () => {
  fc.assert(
    fc.property(trace, (one) => {
      const { steps, suspicions } = transcriptOf(one);
      const { calls: links } = linkToolCalls(one);
      expect(["ok", "error", "blocked", "interrupted", "incomplete", "unknown"]).toContain(statusOf(one));
      expect(usageOf(one)).toEqual({});
      const ran = links.flatMap((link) => (link.function === undefined ? [] : [link.function.span.id]));
      expect(ran.toSorted()).toEqual(one.spans.filter(({ kind: what }) => what === "function").map((each) => each.id).toSorted());
      expect(tapeOf(one).tools.map(({ seq }) => seq)).toEqual(tapeOf(one).tools.map((_, index) => index));
      expect(suspicions.every(({ step }) => step === undefined || steps[step] !== undefined)).toBe(true);
      expect(steps.every((step) => step.span_id === undefined || one.spans.some((each) => each.id === step.span_id))).toBe(true);
      expect(completenessOf(one).content).toMatch(/full|partial|none/);
    }),
    { numRuns: 200 },
  );
});

test("resending the history changes nothing that is read", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), fc.stringMatching(/^[a-z]{1,8}$/)), { minLength: 1, maxLength: 8 }), (turns) => {
      const history: Message[] = [];
      const resent = turns.map(([ask, answer]) => {
        const input = [...history, user(ask)];
        history.push(user(ask), says(answer));
        return turn([model(input, [says(answer)])]);
      });
      const told = transcriptOf(traceOf(resent)).steps.map((step) => (step.kind === "message" ? step.text : step.kind));
      expect(told).toEqual(turns.flat());
    }),
  );
});
