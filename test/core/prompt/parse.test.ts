import fc from "fast-check";
import { expect, test } from "vitest";
import { CasebookError } from "../../../src/core/base/error.ts";
import { parsePrompt } from "../../../src/core/prompt/parse.ts";

const one = (text: string, stem = "v1") => parsePrompt([{ where: "prompts/support/v1.md", stem, text }], { name: "support", version: "v1", folder: false });
const folder = (files: Record<string, string>) =>
  parsePrompt(Object.entries(files).map(([stem, text]) => ({ where: `v1/${stem}.md`, stem, text })), { name: "support", version: "v1", folder: true });

test("a file without front matter is instructions for the first agent", () => {
  expect(one("\n\nBe kind.\n\n- really\n")).toMatchObject({ name: "support", version: "v1", parts: [{ instructions: "Be kind.\n\n- really" }] });
  expect(one("Be kind.").parts[0]?.agent).toBeUndefined();
});

test("front matter names the agent, the model and its settings", () => {
  const { parts } = one("---\nagent: Billing agent\nmodel: gpt-5.2-mini\nsettings:\n  temperature: 0.2\ndescription: the short one\n---\nBe brief.\n");
  expect(parts).toEqual([{ agent: "Billing agent", model: "gpt-5.2-mini", settings: { temperature: 0.2 }, instructions: "Be brief." }]);
});

test("a rule of dashes in the body is no front matter", () => {
  expect(one("First.\n---\nagent: X\n---\n").parts[0]?.instructions).toBe("First.\n---\nagent: X\n---");
});

test("in a folder each file is for the agent of its name, unless it says another", () => {
  const { parts } = folder({ triage: "T", "billing-agent": "---\nagent: Billing agent\n---\nB" });
  expect(parts).toEqual([
    { agent: "Billing agent", instructions: "B" },
    { agent: "triage", instructions: "T" },
  ]);
});

test("the hash is of what the models read: not of line ends, key order, descriptions or the order of files", () => {
  const base = one("---\nagent: A\nmodel: m\n---\nHello\nthere\n").hash;
  expect(one("\uFEFF---\r\nmodel: m\r\nagent: A\r\ndescription: words\r\n---\r\nHello\r\nthere").hash).toBe(base);
  expect(one("---\nagent: A\nmodel: m\n---\nHello\nthere!\n").hash).not.toBe(base);
  expect(one("---\nagent: A\nmodel: n\n---\nHello\nthere\n").hash).not.toBe(base);
  expect(folder({ a: "A", b: "B" }).hash).toBe(folder({ b: "B", a: "A" }).hash);
  expect(folder({ a: "A", b: "B" }).hash).not.toBe(folder({ a: "B", b: "A" }).hash);
});

test.each([
  ["an unknown member", "---\nagnet: X\n---\nB", /front matter/],
  ["front matter that is no YAML", "---\nagent: [\n---\nB", /YAML/],
  ["nothing below the front matter", "---\nagent: X\n---\n \n", /no instructions/],
  ["an empty file", "", /no instructions/],
])("%s is a bad file that says where", (_, text, message) => {
  expect(() => one(text)).toThrow(message);
  expect(() => one(text)).toThrow(/^prompts\/support\/v1\.md/);
  expect(() => one(text)).toThrow(CasebookError);
});

test("two files for one agent are refused", () => {
  expect(() => folder({ a: "A", b: "---\nagent: a\n---\nB" })).toThrow(/same agent/);
});

test("instructions come through as they are, whatever they are", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }).filter((text) => text.trim() !== "" && !/^\s*---/.test(text) && !text.includes("\r") && !text.startsWith("\uFEFF")), (text) => {
      expect(one(text).parts[0]?.instructions).toBe(text.trim());
    }),
  );
});
