import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, type Json, type JsonObject } from "../../../src/core/base/json.ts";
import { traceFormat, type Part, type Trace } from "../../../src/core/trace/schema.ts";
import { clean, filtered, redactor, said, secret, spanOf, traceOf } from "./support.ts";

/** Text as traces hold it: words, people, secrets, half-written tokens, code, escapes. */
const word = fc.constantFrom(
  "hello", "Mia", "Okafor", "mia.okafor@corp-mail.com", "my name is", "Amara", "password:", "hunter2Xq!", "4111 1111 1111 1111", "+1 415 555 0123", "DE89370400440532013000",
  secret("sk-", "proj-", "a1B2c3D4e5F6g7H8i9J0"), "Authorization: Bearer", "abcDEF123456ghiJKL", "born April 5, 1990", "1990-04-05", "user_id=mia_li_3668", "[EMAIL:abcdefghijklmnop]", "[NAME]",
  "{", "}", "\"", "'", "\\", "\n", "@", ":", "=", "&#64;", "%40", "bWlhQGNvcnAuaW8=", "\u200b", "http://u:p4ssw0rd@h/", "/Users/okafor/x", "zip 19122", "975 Sunset Drive", "the", "and", "May",
);
const text = fc.array(fc.oneof({ weight: 4, arbitrary: word }, { weight: 1, arbitrary: fc.string({ maxLength: 12 }) }), { maxLength: 14 }).map((words) => words.join(" "));
const key = fc.constantFrom("email", "name", "first_name", "password", "id", "user_id", "dob", "phone", "note", "value", "zip", "items", "mia.okafor@corp-mail.com", "api_key", "text");
const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    text,
    text.map((inner) => JSON.stringify({ note: inner, email: "mia.okafor@corp-mail.com" })),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4 }),
  ),
})).value;
const object = fc.dictionary(key, json, { maxKeys: 4 }) as fc.Arbitrary<JsonObject>;
const part: fc.Arbitrary<Part> = fc.oneof(
  text.map((value): Part => ({ type: "text", text: value })),
  fc.tuple(object, fc.constantFrom("call_1", "call_mia@corp.io")).map(([value, call_id]): Part => ({ type: "tool_call", call_id, name: "find", arguments: JSON.stringify(value) })),
  fc.tuple(json, fc.constantFrom("call_1", "call_mia@corp.io")).map(([value, call_id]): Part => ({ type: "tool_result", call_id, output: JSON.stringify(value) })),
);
const traces: fc.Arbitrary<Trace> = fc
  .tuple(fc.array(fc.array(part, { maxLength: 4 }), { maxLength: 4 }), object, text, json)
  .map(([messages, metadata, error, output]) =>
    traceOf(messages.map((parts) => ({ role: "user", parts })), {
      metadata,
      spans: [spanOf({ kind: "function", error: { message: error, data: metadata }, tool: { name: "find", arguments: JSON.stringify(metadata), output: typeof output === "string" ? output : JSON.stringify(output) } })],
    }),
  );
// The same cases every time; rarer ones are looked for by raising the number and leaving the seed out.
const runs = { numRuns: 200, seed: 20_261_122 };

test("redacting twice changes nothing", () => {
  fc.assert(
    fc.property(traces, (trace) => {
      const once = redactor().redactTrace(trace).trace;
      expect(canonicalJson(redactor().redactTrace(once).trace)).toBe(canonicalJson(once));
    }),
    runs,
  );
});

test.each(["token", "type", "surrogate"])("redacting a text twice changes nothing (%s)", (style) => {
  fc.assert(
    fc.property(text, (value) => {
      const once = clean(value, { style });
      expect(clean(once, { style })).toBe(once);
    }),
    runs,
  );
});

test("the same key gives the same bytes", () => {
  fc.assert(fc.property(traces, (trace) => {
      expect(redactor().redactTrace(trace)).toEqual(redactor().redactTrace(trace));
    }), { ...runs, numRuns: 40 });
});

test("JSON stays JSON, at every level, and what is read is a trace", () => {
  fc.assert(
    fc.property(traces, json, (trace, value) => {
      expect(() => JSON.parse(clean(JSON.stringify(value))) as unknown).not.toThrow();
      const out = redactor().redactTrace(trace).trace;
      expect(traceFormat.read(out, "test")).toEqual(out);
      for (const message of out.messages) for (const one of message.parts) if (one.type === "tool_call") expect(() => JSON.parse(one.arguments) as unknown).not.toThrow();
    }),
    runs,
  );
});

test("calls stay with their results, equal arguments stay equal and different ones different", () => {
  fc.assert(
    fc.property(object, object, (a, b) => {
      const call = (value: JsonObject, id: string): Part => ({ type: "tool_call", call_id: id, name: "find", arguments: JSON.stringify(value) });
      const out = redactor().redactTrace(traceOf([{ role: "assistant", parts: [call(a, "call_x y"), call(a, "call_2"), call(b, "call_3")] }, { role: "tool", parts: [{ type: "tool_result", call_id: "call_x y", output: "ok" }] }])).trace;
      const [one, two, three] = (out.messages[0]?.parts ?? []).map((made) => (made.type === "tool_call" ? made : undefined));
      const [result] = out.messages[1]?.parts ?? [];
      expect(one?.arguments).toBe(two?.arguments);
      expect(result?.type === "tool_result" && result.call_id).toBe(one?.call_id);
      expect(one?.call_id).not.toBe(two?.call_id);
      if (JSON.stringify(Object.keys(a)) !== JSON.stringify(Object.keys(b))) expect(one?.arguments).not.toBe(three?.arguments);
    }),
    runs,
  );
});

test("no text makes it throw, and nothing but what was found is changed", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary", maxLength: 200 }), text), (value) => {
      const [out] = filtered([value]);
      const kept = (out?.findings ?? []).filter(({ tier }) => tier !== "suspect");
      let rest = "";
      let from = 0;
      for (const { start, end } of kept) {
        expect(start).toBeGreaterThanOrEqual(from);
        rest += value.slice(from, start) + "\u0000";
        from = end;
      }
      const tokens = kept.map(({ token }) => token);
      let made = "";
      for (const [i, piece] of (rest + value.slice(from)).split("\u0000").entries()) made += piece + (value.includes("\u0000") ? "" : (tokens[i] ?? ""));
      if (!value.includes("\u0000") && out?.text !== '"[DROPPED]"') expect(out?.text).toBe(made);
    }),
    { ...runs, numRuns: 300 },
  );
});

test("values that one trace reveals are masked in the next", () => {
  const one = redactor();
  one.learn(traceOf([said("tool", '{"user_id":"zyx_9912_abc"}')]));
  expect(JSON.stringify(one.redactTrace(traceOf([said("user", "it was zyx_9912_abc")])).trace)).not.toContain("zyx");
});
