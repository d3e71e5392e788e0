import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeYaml } from "../../../src/core/base/yaml.ts";
import { detectGate } from "../../../src/core/dataset/leak-detect.ts";
import { loadNames } from "../../../src/core/redact/detect/names.ts";
import { readPolicy } from "../../../src/core/redact/policy.ts";

const gateOf = (policy: unknown = {}) => detectGate({ policy: readPolicy(policy, "test"), key: new Uint8Array(32), names: loadNames(), name: (value) => value });
const seen = async (path: string, text: string, policy: unknown = {}) => (await gateOf(policy).scan({ path, text })).map(({ rule, line, token }) => `${rule} ${line} ${token}`);
const caseFile = "shop/cases/hose-1a2b3c4d/case.yaml";
const label = "shop/cases/hose-1a2b3c4d/labels/svenja.brolund.yaml";

test.each([
  ["a phone without a prefix", "please call me on 030 23125 417", "03023125417"],
  ["a name that introduces itself", "my name is Svenja Brolund", "Svenja Brolund"],
  ["a postal address", "send it to 5539 Klitemdor Lane", "5539 Klitemdor Lane"],
  ["a number that its label gives away", "BSN 111222333", "111222333"],
  ["a home directory", "see /home/sven.brolund/app/main.py", "sven.brolund"],
])("%s is seen in a case, a label, a comment, a trace and a document", async (_, text, value) => {
  expect(await seen(caseFile, writeYaml({ id: "hose-1a2b3c4d", title: "A hose", input: { messages: [{ role: "user", text: `First.\n${text}` }] } }))).toEqual([expect.stringMatching(new RegExp(` 8 ${value}$`))]);
  expect(await seen(label, `note: A hose.\n# ${text}\n`)).toEqual([expect.stringMatching(new RegExp(` 2 ${value}$`))]);
  expect(await seen("datasets/shop/cases/hose-1a2b3c4d/trace.json", JSON.stringify({ messages: [{ parts: [{ type: "text", text }] }] }, null, 2))).toHaveLength(1);
  expect(await seen("shop/README.md", `# shop\n\n${text}\n`)).toHaveLength(value.startsWith("Svenja") ? 0 : 1);
});

test.each([
  ["tokens, of this key or another", caseFile, writeYaml({ text: "my name is [NAME:3fypmvxxziaklovm] [NAME:hq24n77dafreb3qf], password: [PASSWORD:hq24n77dafreb3qf]" })],
  ["a token that was cut off", "shop/baseline.jsonl", '{"course":["message Cookie: theme=dark; session=[SECRET:pjuq…"]}\n'],
  ["ids that look made", caseFile, writeYaml({ id: "https-api-example-v1-5d06a221", checks: [{ id: "handoff-secret-x5fevnfejl5lca72-af11f8" }], first_failing_span: "span_ab9c53ad42659956c9e59453" })],
  ["who judged", label, writeYaml({ annotator: "svenja.brolund", note: "Fine." })],
  ["the case's own name", caseFile, "shop/cases/https-api-example-v1-5d06a221/case.yaml"],
  ["other files of a repository", "src/people.ts", 'const name = "my name is Svenja Brolund";'],
])("%s: nothing is said", async (_, path, text) => {
  expect(await seen(path, text)).toEqual([]);
});

test("it goes by the policy: kinds that are harmless here, tiers that are not masked, values that are allowed", async () => {
  const text = writeYaml({ text: "my name is Svenja Brolund, call me on 030 23125 417" });
  expect(await seen(caseFile, text)).toHaveLength(2);
  expect(await seen(caseFile, text, { ignore: ["PHONE"] })).toHaveLength(1);
  expect(await seen(caseFile, writeYaml({ text: "booked as BK-12345678" }), { patterns: [{ name: "BOOKING", pattern: "BK-[0-9]{8}" }] })).toHaveLength(1);
  expect(await seen(caseFile, text, { style: "surrogate" })).toEqual([]);
});

test("a file that is no YAML is read as the text it is", async () => {
  expect(await seen(caseFile, '{ "a: [\nmy name is Svenja Brolund\n')).toHaveLength(1);
});

test("nothing is said of the dataset that comes with the project", async () => {
  const gate = gateOf();
  const files = readdirSync("datasets", { recursive: true, withFileTypes: true }).filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  expect(files.length).toBeGreaterThan(50);
  for (const path of files) expect([...(await gate.scan({ path, text: readFileSync(path, "utf8") })), ...(await gate.scan({ path, text: path }))]).toEqual([]);
});
