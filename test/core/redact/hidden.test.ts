import { describe, expect, test } from "vitest";
import { createRedactor } from "../../../src/core/redact/create.ts";
import { defaultPolicy } from "../../../src/core/redact/policy.ts";
import type { Json } from "../../../src/core/base/json.ts";
import type { Message } from "../../../src/core/trace/schema.ts";
import { model, says, traceOf } from "../../support/trace.ts";

const redactor = () => createRedactor({ policy: defaultPolicy, key: new Uint8Array(32), keyId: "test" });
const custom = (data: { [name: string]: Json }) => ({ kind: "custom" as const, name: "stream", data });
// Put together here, so that no scanner takes this file for a leak.
const token = ["gh", "p_ZYElofCTFn94exeBQ5DV01YuymLDLmefcUmw"].join("");
const halves = [["AI", "za3fSH7L1BBiKa"].join(""), "UzwLv5mPPAOPDbq129U9Vjp"];
const hex = Buffer.from(token).toString("hex");
const escaped = Array.from(token, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");

describe("a value is found", () => {
  test.each([
    ["as hex behind a path", `https://shop.example/${hex}`, hex.slice(20, 60)],
    ["as hex behind a word", `file-${hex}`, hex.slice(20, 60)],
    ["as base64 behind a path", `https://shop.example/ab/${Buffer.from(token).toString("base64")}`, Buffer.from(token).toString("base64").slice(12, 40)],
    ["in escapes that were escaped again", escaped.replaceAll("\\", "\\\\"), "0046"],
    ["full-width, behind percent signs", encodeURIComponent("api_key=\uff14\uff43\uff11\uff4f\uff27\uff52\uff17\uff18\uff12\uff33\uff44\uff46"), "%94%EF%BD%83"],
    ["in base64, with a dash and a mark that are no Latin", Buffer.from(`\ufeffkey \u2013 ${token}`).toString("base64"), Buffer.from(`\ufeffkey \u2013 ${token}`).toString("base64").slice(20, 50)],
    ["behind a slash", "exports/(417) 555-0117.jsonl", "555-0117"],
    ["deep in JSON that stands in prose", `failed with ${JSON.stringify(`seen: ${JSON.stringify({ payload: JSON.stringify({ payload: JSON.stringify({ passenger_name: "Vimyor Goljunfen" }) }) })} twice`)}`, "Goljunfen"],
    ["as hex under a name in prose", `call it with {"date_of_birth":"${Buffer.from("1961-03-14").toString("hex")}"} now`, Buffer.from("1961-03-14").toString("hex")],
    ["as a home directory deep in JSON that stands in prose", `seen: ${JSON.stringify({ payload: JSON.stringify({ payload: JSON.stringify({ detail: "C:\\Users\\wimfli.karurr/app/main.py" }) }) })} twice`, "wimfli"],
    ["under a name, with an escape, in an object that stands in prose", 'call it with {"n":1,"who":{"date_of_birth":"  July 21, 1966 \\t"}} now', "July"],
    ["with one letter of another script after digits", "64805171\u0410", "64805171"],
    ["with the street in capitals", "404 SKUPELQUIL AVENUE", "SKUPELQUIL"],
    ["as a phone with a dot in it", "call me on 07700.900334", "900334"],
    ["behind the slash of an address", `https://shop.example/${encodeURIComponent("5539 Klitemdor Lane")}`, "Klitemdor"],
    ["as the value of a system that a URN names", '{"identifier":[{"use":"usual","system":"urn:mrn","value":"QX-229817"}]}', "229817"],
    ["as the value of a system that an address names", '{"system":"http://hl7.org/fhir/sid/us-ssn","value":"444229876"}', "229876"],
    ["as base64 of words with a name", Buffer.from("my name is Svenja Brolund, hello").toString("base64"), Buffer.from("my name is Svenja Brolund, hello").toString("base64")],
    ["as base64 after a word for a secret", `password: ${Buffer.from("correct horse battery staple").toString("base64")}`, Buffer.from("correct horse battery staple").toString("base64")],
    ["as the value of an attribute in OTLP", '{"attributes":[{"key":"full_name","value":{"stringValue":"Vimyor Goljunfen"}}]}', "Goljunfen"],
    ["as the value of a type", '{"type":"phone","value":"5551234567"}', "1234567"],
    ["in a line that mail cut", `${"see the note that came with it, and keep it: ".padEnd(60, "x")} gh=\n${token.slice(2)}`, "mefcUmw"],
    ["as a long key without a digit", ["sk-pro", "j-eFoqozwkZLvpJnpNiCEJNofehyQePoPdvzjzTrkvgWNApefZ"].join(""), "JnpNiCEJ"],
  ])("%s", (_, text, gone) => {
    expect(text).toContain(gone);
    expect(redactor().redactText(text).text).not.toContain(gone);
  });

  test.each([
    ["a digest whose first digits are those of a letter", "KEY=57b2ab83cd9912ef0aa1 is the build", "KEY="],
    ["the line after base64", `cert: ${Buffer.from("\u0001".repeat(40)).toString("base64")}\nCan you read it?`, "\nCan you read it?"],
    ["words in base64", `it says ${Buffer.from("version 2.14.3 of the app").toString("base64")} here`, Buffer.from("version 2.14.3 of the app").toString("base64")],
    ["what a parser calls a token", '[{"type":"token","value":"identifier42"},{"type":"signature","value":"foo(a1, b)"}]', "identifier42"],
    ["a text of a text part", '{"type":"text","value":"call 12 of 30"}', "call 12 of 30"],
    ["a parser's value", '{"type":"Identifier","name":"count","value":"abc123"}', "abc123"],
  ])("and left alone: %s", (_, text, kept) => {
    expect(redactor().redactText(text).text).toContain(kept);
  });

  test.each([
    ["strings of a list", { deltas: halves }],
    ["objects of a list", { events: halves.map((delta) => ({ type: "text", delta })) }],
  ])("where it runs over %s", (_, data) => {
    const out = JSON.stringify(redactor().redactTrace(traceOf([custom(data)])).trace);
    expect(out).not.toContain("3fSH7L");
    expect(out).not.toContain("UzwLv5");
  });

  test("where it runs over two parts of a message, the first of which looks like a tuple", () => {
    const message: Message = { role: "user", parts: [{ type: "text", text: "(464) " }, { type: "text", text: "555-0160" }] };
    expect(JSON.stringify(redactor().redactTrace(traceOf([model([message], [says("ok")])])).trace)).not.toContain("555-0160");
  });

  test.each([
    ["user", "(464) ", "555-0160 please", "555-0160"],
    ["assistant", `the key is ${halves[0]}`, halves[1] ?? "", "UzwLv5"],
  ] as const)("where it runs over two messages of the %s", (role, first, second, gone) => {
    const messages: Message[] = [first, second].map((text) => ({ role, parts: [{ type: "text", text }] }));
    expect(JSON.stringify(redactor().redactTrace(traceOf([model(messages, [says("ok")])])).trace)).not.toContain(gone);
  });

  test("where it runs over two parts of a message that another one follows", () => {
    const messages: Message[] = [{ role: "user", parts: [{ type: "text", text: "(464) " }, { type: "text", text: "555-0160" }] }, { role: "user", parts: [{ type: "text", text: "Thank you" }] }];
    expect(JSON.stringify(redactor().redactTrace(traceOf([model(messages, [says("ok")])])).trace)).not.toContain("555-0160");
  });

  test("where a stream is longer than what is joined at a time", () => {
    const deltas = [...Array.from({ length: 3000 }, (_, at) => `the parcel number ${at % 7} has come and the box was open.`), ...halves];
    expect(JSON.stringify(redactor().redactTrace(traceOf([custom({ deltas })])).trace)).not.toContain("UzwLv5");
  });
});

test("a name over two lines of a JSON string leaves JSON behind", () => {
  const out = redactor().redactText('{"a":{"full_name":"Vimyor Goljunfen"},"text":"for Vimyor\\nGoljunfen and Vimyor\\tGoljunfen"}').text;
  expect(out).not.toContain("Vimyor");
  expect(() => JSON.parse(out) as unknown).not.toThrow();
});

test("an id that is an account number is renamed", () => {
  expect(redactor().safeId("DE52999999991344910492", "trace_")).toMatch(/^trace_[0-9a-f]{32}$/);
});
