import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDocument } from "yaml";
import { readPlainYaml } from "../../../src/core/base/plain-yaml.ts";
import { writeYaml } from "../../../src/core/base/yaml.ts";

const typical = {
  schema: "casebook/case@1",
  title: "How do I pay [ORDER:7f3k]? (it's late): \"soon\"",
  label: { verdict: "fail", codes: ["tool.argument", "x"], note: "First.\n\n  Second, indented.\n# not a comment" },
  checks: [{ id: "a", equals: { limit: 10, share: -0.25, "order id": null, deep: [[1, [2]], { a: [] }, {}] } }, { id: "b", not: true, schema: { type: "object" } }],
  input: { messages: [{ role: "user", text: "one\ntwo\n" }] },
  words: ["true", "12", "0o14", "1.0.0", "12e5", "2026-01-01", "a #b", "- a", "a: b", "", " x", "'q'", "été", "日本", "😀"],
  provenance: { trace_revision: 1, key: "3ef98987c716", digest: "0123456789" },
};

/** What the whole reader says; undefined where it has a complaint. */
function whole(text: string): { readonly value: unknown } | undefined {
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: true });
  return document.errors.length > 0 ? undefined : { value: document.toJS({ maxAliasCount: 100 }) as unknown };
}

/** What it answers, and what is right: the same where it answers at all. */
function both(text: string): readonly [unknown, unknown] {
  const plain = readPlainYaml(text);
  return [plain, plain === undefined ? undefined : whole(text)];
}

/** Holds for any of these texts. */
function agree(texts: fc.Arbitrary<string>, numRuns: number): void {
  fc.assert(
    fc.property(texts, (text) => {
      const [plain, right] = both(text);
      expect(plain, JSON.stringify(text)).toStrictEqual(right);
    }),
    { numRuns },
  );
}

test("what casebook writes for a case is read without the whole reader", () => {
  expect(readPlainYaml(writeYaml(typical))).toStrictEqual({ value: typical });
});

test("any value written is read as the whole reader reads it, or left to it", () => {
  expect.hasAssertions();
  agree(fc.jsonValue({ stringUnit: "binary" }).map((value) => writeYaml({ value })), 300);
  const text = fc.string({ unit: fc.constantFrom("a", "b", "0", "1", " ", "\n", "\t", ":", "#", "-", "'", '"', "\\", "|", ">", "[", "]", "{", "}", ".", "~", "e", "_", "é", "\r\n", ": ", " #", "- ", "null", "true", "\u2028") });
  agree(fc.dictionary(text, fc.oneof(text, fc.array(text), fc.dictionary(text, text))).map(writeYaml), 500);
});

test("an edited file is read as the whole reader reads it, or left to it", () => {
  expect.hasAssertions();
  const pieces = fc.constantFrom("", "", "  ", " ", "\n", "\n\n", "- ", ": ", ":", "#", " #", "'", '"', "|", ">", "|-", "|2-", "&a ", "*a", "!!str ", "? ", "[", "]", "{a: 1}", ",", "~", "0x1f", "1e3", ".5", "+1", "-0", "<<", "---\n", "...\n", "%", "@", "`", "\t", "\\", "\r\n", "null", "True", "\ufeff", "\u2028", "__proto__: x\n", "a: b\n", "- - x\n", "\u0000");
  const base = writeYaml(typical);
  const edits = fc.array(fc.tuple(fc.nat(base.length), fc.nat(3), pieces), { minLength: 1, maxLength: 3 });
  agree(edits.map((made) => made.reduce((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), base)), 1000);
});

test("lines put together at random are read as the whole reader reads them, or left to it", () => {
  expect.hasAssertions();
  const line = fc.tuple(fc.constantFrom("", "  ", "    ", " "), fc.constantFrom("a:", "b: 1", "- c", "- d: e", "- - f", "c: |", "d: |-", "- |", "text", "- g:", "'k': v", '"k\\n": v', "e: []", "- {}", "", "1: x", "x y: z", "a: b: c", "- ", "-", "a:  b", "a: b ", "http://x: y", "null: a", "f: 'it''s'", 'g: "\\x41"', "h: 'a'b", "12: 1", "é: è"));
  agree(fc.array(line, { minLength: 1, maxLength: 8 }).map((lines) => lines.map((parts) => `${parts.join("")}\n`).join("")), 3000);
});

test.each(["a: 1", "a: 1\na: 2\n", "# c\na: 1\n", "a: &x 1\n", "a: *x\n", "a: >\n  b\n", "a: [1]\n", "a: b\n  c\n", "__proto__: 1\n", "a: True\n", "a: 0x1f\n", "a: 12345678901234567890\n", "- ".repeat(5000) + "a\n", ""])("%j is left to the whole reader", (text) => {
  expect(readPlainYaml(text)).toBeUndefined();
});
