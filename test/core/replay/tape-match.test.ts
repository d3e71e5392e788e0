import fc from "fast-check";
import { expect, test } from "vitest";
import { answerFromTape, fidelityOf, fidelityShare, startOfTape, type Asked, type Cursor } from "../../../src/core/replay/tape-match.ts";
import type { MatchRule } from "../../../src/core/replay/match-rule.ts";
import type { ToolTake } from "../../../src/core/trace/derived.ts";

const take = (seq: number, name: string, args: string, output = `${name}#${seq}`): ToolTake => ({
  seq, name, arguments: args, output, agent: "A", error: undefined, call_id: undefined, span_id: undefined,
});

/** Plays calls against a tape and says what answered each: `rung:output`. */
function play(takes: readonly ToolTake[], calls: readonly Asked[], rules: readonly MatchRule[] = []): { answers: string[]; cursor: Cursor } {
  let cursor = startOfTape;
  const answers = calls.map((asked) => {
    const answered = answerFromTape(takes, cursor, asked, rules);
    cursor = answered.cursor;
    return `${answered.match}:${answered.take?.output ?? "-"}`;
  });
  return { answers, cursor };
}
const call = (name: string, args: string): Asked => ({ name, arguments: args });

test.each<{ name: string; takes: ToolTake[]; calls: Asked[]; rules?: MatchRule[]; answers: string[] }>([
  { name: "equal arguments, whatever their order and white space", takes: [take(0, "get", '{"a":1,"b":2}')], calls: [call("get", '{ "b": 2, "a": 1.0 }')], answers: ["exact:get#0"] },
  { name: "no text is no arguments", takes: [take(0, "now", "")], calls: [call("now", "{}")], answers: ["exact:now#0"] },
  { name: "arguments that are no JSON, as text", takes: [take(0, "get", '{"a": 1,')], calls: [call("get", '{"a": 1,')], answers: ["exact:get#0"] },
  { name: "identical calls consume their recordings in order", takes: [take(0, "poll", "{}", "pending"), take(1, "poll", "{}", "done")], calls: [call("poll", "{}"), call("poll", "{}")], answers: ["exact:pending", "exact:done"] },
  { name: "exact goes before order", takes: [take(0, "get", '{"a":1}'), take(1, "get", '{"a":2}')], calls: [call("get", '{"a":2}'), call("get", '{"a":1}')], answers: ["exact:get#1", "exact:get#0"] },
  { name: "a rule goes before drift", takes: [take(0, "get", '{"a":9}'), take(1, "get", '{"a":"X "}')], calls: [call("get", '{"a":"x"}')], rules: [{ strings: "loose" }], answers: ["rule:get#1"] },
  { name: "drift takes the next unused recording of the same tool", takes: [take(0, "get", '{"a":1}'), take(1, "put", "{}"), take(2, "get", '{"a":2}')], calls: [call("get", '{"a":1}'), call("get", '{"a":7}')], answers: ["exact:get#0", "sequence:get#2"] },
  { name: "a call made once more is answered as before", takes: [take(0, "get", '{"a":1}')], calls: [call("get", '{"a":1}'), call("get", '{"a":1}')], answers: ["exact:get#0", "elsewhere:get#0"] },
  { name: "of several used recordings the last answers once more", takes: [take(0, "poll", "{}", "pending"), take(1, "poll", "{}", "done")], calls: [call("poll", "{}"), call("poll", "{}"), call("poll", "{}")], answers: ["exact:pending", "exact:done", "elsewhere:done"] },
  { name: "other arguments with nothing left are a miss", takes: [take(0, "get", '{"a":1}')], calls: [call("get", '{"a":1}'), call("get", '{"a":2}')], answers: ["exact:get#0", "miss:-"] },
  { name: "another tool never answers, not even with equal arguments", takes: [take(0, "get_order", '{"id":1}')], calls: [call("cancel_order", '{"id":1}')], answers: ["miss:-"] },
  { name: "an empty tape", takes: [], calls: [call("get", "{}")], answers: ["miss:-"] },
])("$name", ({ takes, calls, rules, answers }) => {
  expect(play(takes, calls, rules).answers).toEqual(answers);
});

test("fidelity counts what was served, drifted, missed and left over", () => {
  const takes = [take(0, "a", "{}"), take(1, "b", "{}"), take(2, "c", "{}")];
  const { cursor } = play(takes, [call("a", "{}"), call("b", '{"x":1}'), call("d", "{}"), call("a", "{}")]);
  expect(fidelityOf(takes, cursor)).toEqual({ served: 1, drifted: 2, missed: 1, unconsumed: 1 });
  expect(fidelityShare(fidelityOf(takes, cursor))).toBe(0.25);
  expect(fidelityShare({ served: 0, drifted: 0, missed: 0, unconsumed: 4 })).toBe(1);
});

const anyTape = fc
  .array(fc.tuple(fc.constantFrom("get", "put", "poll"), fc.constantFrom("{}", '{"a":1}', '{"a":2}', "junk")), { maxLength: 12 })
  .map((list) => list.map(([name, args], seq) => take(seq, name, args)));
const anyCalls = fc.array(fc.record({ name: fc.constantFrom("get", "put", "poll", "new"), arguments: fc.constantFrom("{}", '{"a":1}', '{"a":3}', "junk") }), { maxLength: 15 });

test("a run that does what was recorded, in any order, is served exactly and uses up the tape", () => {
  fc.assert(
    fc.property(anyTape.chain((tape) => fc.tuple(fc.constant(tape), fc.shuffledSubarray(tape, { minLength: tape.length }))), ([tape, order]) => {
      const { answers, cursor } = play(tape, order);
      expect(answers.every((answer) => answer.startsWith("exact:"))).toBe(true);
      expect(fidelityOf(tape, cursor)).toEqual({ served: tape.length, drifted: 0, missed: 0, unconsumed: 0 });
    }),
  );
});

test("every call is counted once, a recording is used up at most once, and an answer is always of the tool asked", () => {
  fc.assert(
    fc.property(anyTape, anyCalls, (tape, calls) => {
      let cursor = startOfTape;
      const consumed: number[] = [];
      for (const asked of calls) {
        const { match, take: found, cursor: next } = answerFromTape(tape, cursor, asked);
        expect(found?.name ?? asked.name).toBe(asked.name);
        expect(found === undefined).toBe(match === "miss");
        if (found !== undefined && match !== "elsewhere") consumed.push(found.seq);
        cursor = next;
      }
      expect(new Set(consumed).size).toBe(consumed.length);
      const { served, drifted, missed, unconsumed } = fidelityOf(tape, cursor);
      expect(served + drifted + missed).toBe(calls.length);
      expect(unconsumed).toBe(tape.length - consumed.length);
    }),
  );
});
