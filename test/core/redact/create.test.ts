import { describe, expect, test } from "vitest";
import { createRedactor } from "../../../src/core/redact/create.ts";
import { defaultPolicy } from "../../../src/core/redact/policy.ts";
import { traceFormat, type Trace } from "../../../src/core/trace/schema.ts";
import { filteredTogether } from "./support.ts";

const redactor = createRedactor({ policy: defaultPolicy, key: new Uint8Array(32), keyId: "test" });

const trace: Trace = {
  schema: "casebook/trace@1",
  id: "trace_0123456789abcdef0123456789abcdef",
  source: { kind: "native" },
  recorded: true,
  group_id: "mia@corp.example",
  metadata: { customer: { name: "Mia Okafor", email: "mia@corp.example", phone: 4155550123 } },
  messages: [
    { role: "user", parts: [{ type: "text", text: "Hi, my name is Mia Okafor, born April 5, 1990. password: hunter2Xq!" }] },
    { role: "assistant", parts: [{ type: "tool_call", call_id: "call_1", name: "find", arguments: '{"dob":"1990-04-05","q":"{\\"email\\":\\"mia@corp.example\\"}"}' }] },
  ],
  tools: [],
  spans: [{ id: "span_1", parent_id: null, kind: "function", tool: { name: "find", call_id: "call_1", arguments: '{"dob":"1990-04-05"}', output: "no rows for Mia (mia@corp.example)" } }],
};

test("what a trace reveals in one place is masked in every other", () => {
  const { trace: out, findings } = redactor.redactTrace(trace);
  const text = JSON.stringify(out);
  for (const raw of ["Mia", "Okafor", "mia@corp", "4155550123", "hunter2", "1990", "April"]) expect(text).not.toContain(raw);
  expect(traceFormat.read(out, "test")).toEqual(out);
  expect(findings.length).toBeGreaterThan(5);
});

test("redacting twice changes nothing", () => {
  const once = redactor.redactTrace(trace).trace;
  expect(redactor.redactTrace(once).trace).toEqual(once);
});

test("a date stays a date, a number a number, JSON in JSON stays JSON", () => {
  const out = redactor.redactTrace(trace).trace;
  const call = out.messages[1]?.parts[0];
  const inner = JSON.parse(call?.type === "tool_call" ? call.arguments : "") as { dob: string; q: string };
  expect(inner.dob).toMatch(/^1[78]\d\d-\d\d-\d\d$/);
  expect(JSON.parse(inner.q)).toEqual({ email: expect.stringMatching(/^\[EMAIL:[a-z2-7]{16}\]$/) });
  expect(out.spans[0]?.tool?.arguments).toBe(JSON.stringify({ dob: inner.dob }));
  expect(out.metadata?.["customer"]).toMatchObject({ phone: expect.any(Number) });
});

describe("traces that are looked at together", () => {
  const kinds = (groups: readonly (readonly string[])[]): string[][] => filteredTogether(groups).map((texts, g) => texts.flatMap(({ findings }, i) => findings.filter(({ tier }) => tier !== "suspect").map(({ kind, start, end }) => `${kind} ${groups[g]?.[i]?.slice(start, end)}`)));

  test("the surest word on a value counts, whichever trace it comes from", () => {
    const guess = ['{"email":"wimbel.orgosh@firm.example"}', "It was Wimbel Orgosh who called."];
    expect(kinds([guess])[0]).toContain("USER_ID Wimbel Orgosh");
    expect(kinds([['{"passenger_name":"Wimbel Orgosh"}'], guess])[1]).toContain("NAME Wimbel Orgosh");
    expect(kinds([guess, ['{"passenger_name":"Wimbel Orgosh"}']])[0]).toContain("NAME Wimbel Orgosh");
  });

  test("what one trace reveals is masked in the others only where it is strong", () => {
    const [, second, third] = kinds([['{"first_name":"Wimbel"}', '{"card_number":"4000 0566 5566 5556"}'], ["Wimbel, the card 4000056655665556 is fine."], ["Wimbel said so."]]);
    expect(second).toEqual(["CARD 4000056655665556"]);
    expect(third).toEqual([]);
  });

  test("each trace is masked as it is alone, but for what others are sure of", () => {
    const traces = Array.from({ length: 30 }, (_, i) => [`{"first_name":"Wim${"abcdefghij"[i % 10]}","dob":"19${60 + i}-04-1${i % 9}"}`, `Wim${"abcdefghij"[(i + 1) % 10]} and Wim${"abcdefghij"[i % 10]} came on April 1${i % 9}, 19${60 + i}.`]);
    expect(kinds(traces)).toEqual(traces.map((texts) => kinds([texts])[0]));
  });
});
