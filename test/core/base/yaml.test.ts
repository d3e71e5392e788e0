import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { readYaml, writeYaml } from "../../../src/core/base/yaml.ts";

const traps = [
  ..."yes no on off y n Y N True true null Null NULL ~ 1 08 09 007 0o14 0x1f 0b11 1e3 .5 5. 1.20 1_000 1:30 12:30:45 = << --- ...".split(" "),
  ..."2026-11-22 2001-1-1 2026-11-22T10:00:00Z +1 -0 .inf .NaN - ? : # @ ` % ! & * | > [ { ' \"".split(" "),
  "", " ", "--- a", "- a", "a: b", "a #b", "k:", "a\tb", "\ttab\nx", " lead\nx", "x \ny", "a\n\n", "\r\n", "\u2028", "\ufeffx", "\u0085", "\0",
];

test.each(traps)("%j is the same text to a YAML 1.1 and a YAML 1.2 reader, as a value and as a key", (text) => {
  const written = writeYaml({ value: text, [text]: "key", list: [text] });
  for (const version of ["1.1", "1.2"] as const)
    expect(parse(written, { version, merge: false })).toEqual({ value: text, [text]: "key", list: [text] });
  expect(written).not.toMatch(/[\u2028\u2029\ufeff]/);
});

test("any JSON-like value comes back, and the same value has the same bytes", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
      const written = writeYaml({ value });
      expect(writeYaml({ value: structuredClone(value) })).toBe(written);
      // As JSON, to which -0 is 0.
      expect(JSON.stringify(readYaml(written, "it"))).toBe(JSON.stringify({ value }));
    }),
    { numRuns: 60 },
  );
});

test("text of several lines is a block, never folded", () => {
  expect(writeYaml({ note: "one\ntwo", long: "word ".repeat(60).trim() })).toBe(`note: |-\n  one\n  two\nlong: ${"word ".repeat(60).trim()}\n`);
});
