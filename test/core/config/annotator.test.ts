import { expect, test } from "vitest";
import { annotatorFrom, withAnnotator } from "../../../src/core/config/annotator.ts";
import { readYaml } from "../../../src/core/base/yaml.ts";

test.each([
  ["Ann Example", "ann-example"],
  ["bo.bar@corp.example", "bo.bar"],
  ["Zoë Müller-Łuk", "zoe-muller-uk"],
  ["  ", ""],
  ["李雷", ""],
  [`${"x".repeat(39)} yz`, "x".repeat(39)],
])("%j is %j as an annotator", (name, annotator) => {
  expect(annotatorFrom(name)).toBe(annotator);
});

test.each([["schema: s\n# annotator: ann\r\ndataset: x\n"], ["schema: s\nannotator: old\ndataset: x"], ["schema: s\ndataset: x"], [""]])("an annotator is put into %j and read again", (text) => {
  for (const name of ["eve", "no", "1.20", "0o14"]) expect(readYaml(withAnnotator(text, name), "c.yaml")).toMatchObject({ annotator: name, ...(text === "" ? {} : { dataset: "x" }) });
});
