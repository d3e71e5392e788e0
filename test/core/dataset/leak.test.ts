import fc from "fast-check";
import { expect, test } from "vitest";
import { scanText } from "../../../src/core/dataset/leak-scan.ts";
import { startHarvest } from "../../../src/core/dataset/leak-harvest.ts";
import { writeYaml } from "../../../src/core/base/yaml.ts";

const rules = (text: string): string[] => [...new Set(scanText({ path: "it", text }, { name: (value) => value }).map((leak) => leak.rule))].sort();
/** Put together here, so that this file holds no token itself. */
const made = (...parts: string[]): string => parts.join("");

const leaks: readonly (readonly [string, string])[] = [
  ["email", "write to mia.li@corp-mail.com today"],
  ["email", "жанна@почта.рф"],
  ["card", "4111 1111 1111 1111"],
  ["card", "378282246310005"],
  ["iban", "DE89 3704 0044 0532 0130 00"],
  ["private-key", made("-----BEGIN RSA ", "PRIVATE KEY-----")],
  ["url-credentials", made("postgres://app:", "s3cretpw@db.internal/x")],
  ["bearer", made("Authorization: Bearer ", "abcDEF123456ghiJKL")],
  ["prefixed-token", made("gh", "p_", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8")],
  ["prefixed-token", made("sk", "-proj-", "a1B2c3D4e5F6g7H8i9J0")],
  ["prefixed-token", made("AKI", "AIOSFODNN7EXAMPLE")],
  ["assigned-secret", 'password = "hunter2hunter2"'],
  ["phone", "call +33 6 39 98 12 34"],
  ["phone", "call (415) 555-0142"],
  ["us-ssn", "744-12-5573"],
  ["ip", "from 244.46.184.148"],
  ["ip", "2001:db8:2409:d3fb:64af:ebed:e10d:4e81"],
  ["mac", "02:eb:2a:f2:f2:61"],
  ["br-cpf", "287.720.145-71"],
  ["es-dni", "01093780S"],
  ["fr-nir", "1 83 11 83 662 332 10"],
  ["in-aadhaar", "6463 2577 0262"],
  ["it-codice-fiscale", "GYZEIB07E07D838I"],
  ["uk-nino", "ZY527299D"],
  ["high-entropy", "the value q7Zp2Lx9Vb4Nt6Kw8Rm3Yc5 was shown"],
];

test.each(leaks)("%s is seen in %j", (rule, text) => {
  expect(rules(text)).toContain(rule);
});

const chars = (text: string): string[] => text.split("");
const encodings: readonly (readonly [string, (text: string) => string])[] = [
  ["plain", (text) => text],
  ["JSON", (text) => JSON.stringify({ a: text })],
  ["JSON in JSON", (text) => JSON.stringify(JSON.stringify(JSON.stringify({ a: text })))],
  ["\\u escapes", (text) => `"${chars(text).map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")}"`],
  ["YAML", (text) => writeYaml({ note: `first line\n${text}` })],
  ["base64", (text) => Buffer.from(`my secret: ${text}`).toString("base64")],
  ["hex", (text) => Buffer.from(`my secret: ${text}`).toString("hex")],
  ["percent", (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("")],
  ["HTML entities", (text) => chars(text).map((char) => `&#${char.codePointAt(0)};`).join("")],
  ["quoted-printable", (text) => [...Buffer.from(text)].map((byte) => `=${byte.toString(16).padStart(2, "0").toUpperCase()}`).join("")],
  ["look-alikes", (text) => text.replaceAll("a", "\u0430").replaceAll("1", "\u0661")],
  ["zero width", (text) => chars(text).join("\u200b")],
  ["full width", (text) => text.replace(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0))],
];

test.each(encodings)("a leak is seen through %s", (_, encode) => {
  expect(rules(encode("mia.li@corp-mail.com"))).toContain("email");
  expect(rules(encode("4111 1111 1111 1111"))).toContain("card");
});

test.each([
  ["our placeholders", "[EMAIL:abcdefghijklmnop] and [CREDIT_CARD:qrstuvwxyz234567]"],
  ["typed placeholders", "[EMAIL] [NAME]"],
  ["ids by form", '"call_abcDEF123ghiJKL456mnoPQR", resp_0a1B2c3D4e5F6g7H8i9J0k, trace_0123456789abcdef0123456789abcdef'],
  ["ids by place", '  "response_id": "q7Zp2Lx9Vb4Nt6Kw8Rm3Yc5",\n'],
  ["UUIDs and hashes", "123e4567-e89b-12d3-a456-426614174000 da39a3ee5e6b4b0d3255bfef95601890afd80709"],
  ["times and numbers", "2026-11-22T06:28:16.877000000Z 1732256896877 max_tokens: 4096, order 1234 5678 9012 3456"],
  ["code words", "getUserAccountByReferenceNumber2 SomeLongCamelCaseIdentifier_with_words_v2"],
  ["versions, machines of one's own, other numbers", "version 10.15.7.2, 127.0.0.1, 192.168.1.20, 1.2.3.4; 999-12-3456; 12345678A; 6463 2577 0263; +0000; a 12:30:45 to 12:31:00"],
  ["a header that was masked and cut", "shop/Authorization%3A%20Bearer%2\u2026"],
  ["prices and prose", "The token: please do not share your password with anybody. It costs 1,299.00."],
])("%s are let through", (_, text) => {
  expect(rules(text)).toEqual([]);
});

test("what stands for a real value is let through: its address always, test cards and numbers of films where redaction writes them", () => {
  expect(rules("abcdefghijklmnop@example.com")).toEqual([]);
  expect(rules("mia.li@example.com")).toEqual(["email"]);
  const cards = (surrogates: boolean): number => scanText({ path: "it", text: "4242 4242 4242 4242" }, { name: (value) => value, surrogates }).length;
  expect([cards(true), cards(false)]).toEqual([0, 1]);
  const others = (surrogates: boolean): number => scanText({ path: "it", text: "+1-415-555-0142 from 203.0.113.77" }, { name: (value) => value, surrogates }).length;
  expect([others(true), others(false)]).toEqual([0, 2]);
});

test.each(["[EMAIL:mia.li@corp-mail.com]", "[SECRET:q7Zp2Lx9Vb4Nt6Kw8Rm3Yc5]", "[EMAIL:abcdefghijklmno]mia@corp-mail.com"])("%s is no placeholder of ours", (text) => {
  expect(rules(text)).not.toEqual([]);
});

test("a leak is reported with its line", () => {
  const text = JSON.stringify({ a: 1, b: "x", c: JSON.stringify({ to: "mia.li@corp-mail.com" }) }, null, 2);
  expect(scanText({ path: "it", text }, { name: () => "t" }).map((leak) => leak.line)).toContain(4);
});

test("the scan never throws and its time grows with the text, not its square", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 500 }), (text) => Array.isArray(rules(text))), { numRuns: 200 });
  // A pattern that backtracks would take minutes for one of these.
  for (const bad of ["a@", "%41", "&#65;", "A1b", "4111 ", '\\"', "x.", "ey", "DE89 "]) expect(rules(bad.repeat(20_000))).not.toContain("private-key");
}, 20_000);

test("the harvest finds a raw value in other case, spacing and encodings, and nothing that was not sensitive", async () => {
  const harvest = startHarvest((value) => value);
  harvest.add({ data: { customer: JSON.stringify({ first_name: "Mia", last_name: "Li", fullName: "Mia Li", phone: "+1 (415) 555-0100", userName: "mia_li_3668" }), text: "please ship to mia@corp-mail.com", city: "Denver" }, contact: { name: "Omar Haddad", email: "o.h@corp-mail.com" }, tool: { name: "find order" } });
  const seen = async (text: string): Promise<boolean> => (await harvest.gate.scan({ path: "it", text })).length > 0;
  for (const text of ["Dear Mia Li, hello", "omar_haddad", "call 1-415-555.0100", "4155550100", "MIA_LI_3668", JSON.stringify(JSON.stringify({ a: "mia@CORP-mail.com" })), Buffer.from("it is mia_li_3668").toString("base64")]) expect(await seen(text)).toBe(true);
  for (const text of ["Mia", "Denver", "415", "please ship", "find order"]) expect(await seen(text)).toBe(false);
});
