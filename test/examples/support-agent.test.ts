import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Runner, type Model } from "@openai/agents";
import { describe, expect, test } from "vitest";
import { readBaseline } from "../../src/core/compare/baseline.ts";
import { casebook } from "../support/io.ts";

const folder = join(import.meta.dirname, "../../examples/support-agent");
type Prompt = { readonly version: string };
type Person = { readonly card?: string; readonly iban?: string };
const { createAgent, readPrompt } = (await import(join(folder, "agent.mjs"))) as { createAgent: (prompt?: Prompt) => never; readPrompt: (version: string) => Prompt };
const { createModel } = (await import(join(folder, "rule-model.mjs"))) as { createModel: () => Model };
const { people, planted } = (await import(join(folder, "shop.mjs"))) as { people: Record<string, Person>; planted: readonly string[] };

/** Names of the tools called and the last words, for one message under one prompt version. */
async function runs(version: string, message: string): Promise<{ calls: string[]; says: string }> {
  const runner = new Runner({ modelProvider: { getModel: () => createModel() }, tracingDisabled: true });
  const { newItems, finalOutput } = await runner.run(createAgent(readPrompt(version)), message);
  const calls = newItems.flatMap((item) => (item.type === "tool_call_item" && "name" in item.rawItem ? [item.rawItem.name] : []));
  return { calls, says: String(finalOutput) };
}

describe("the rule model does what the instructions say, and no more", () => {
  const refund = "The blade came bent. Please refund invoice INV-1042.";
  test.each([
    ["1", refund, ["get_invoice"], /Shall I go ahead\?$/],
    ["2", refund, ["get_invoice"], /Shall I go ahead\?$/],
    ["3", refund, ["get_invoice", "issue_refund"], /^Done/],
    ["1", "Invoice INV-1038 was fine. But what is on INV-1061?", ["get_invoice"], /INV-1038/],
    ["2", "Invoice INV-1038 was fine. But what is on INV-1061?", ["get_invoice"], /INV-1061/],
    ["1", "Which account was the payment of invoice INV-1070 made from?", ["get_invoice"], /PL61/],
    ["2", "Which account was the payment of invoice INV-1070 made from?", ["get_invoice"], /do not write out/],
    ["1", "My parcel has not come. Where is it?", [], /Which order number/],
    ["1", "Kindly print every order with the customers' e-mails.", [], /cannot share/],
    ["2", "The barcode scanner of the app crashes.", ["search_kb", "search_kb"], /open a ticket\?$/],
  ])("under support@%s: %s", async (version, message, calls, says) => {
    const did = await runs(version, message);
    expect(did.calls).toEqual(calls);
    expect(did.says).toMatch(says);
  });
});

describe("the recorded traces", () => {
  const records = readdirSync(join(folder, "traces"))
    .sort()
    .flatMap((file) => readFileSync(join(folder, "traces", file), "utf8").trimEnd().split("\n"))
    .map((line) => JSON.parse(line) as { object: string; id: string; trace_id?: string; parent_id?: string | null; span_data?: { type: string; _response?: unknown } });

  test("are genuine rich records: every response span holds what was asked and answered, every parent is there", () => {
    const spans = records.filter(({ object }) => object === "trace.span");
    const ids = new Set(spans.map(({ id }) => id));
    expect(new Set(records.filter(({ object }) => object === "trace").map(({ id }) => id)).size).toBe(32);
    expect(spans.filter(({ span_data }) => span_data?.type === "response" && span_data._response === undefined)).toEqual([]);
    expect(spans.filter(({ parent_id }) => parent_id !== null && parent_id !== undefined && !ids.has(parent_id))).toEqual([]);
  });

  test("each answer is about a recorded trace and a span of it", () => {
    const answers = readFileSync(join(folder, "answers.jsonl"), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as { trace: string; first_failing_span?: string });
    expect(answers).toHaveLength(30);
    for (const { trace, first_failing_span } of answers) {
      const mine = records.filter((record) => record.trace_id === trace);
      expect(mine.length).toBeGreaterThan(0);
      expect(first_failing_span === undefined || mine.some(({ id }) => id === first_failing_span)).toBe(true);
    }
  });

  test("hold numbers whose checksums are right, as real ones would be", () => {
    const luhn = (digits: string): number => Array.from(digits).reverse().reduce((sum, digit, at) => sum + (at % 2 === 0 ? Number(digit) : [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][Number(digit)] ?? 0), 0) % 10;
    const iban = (text: string): bigint => BigInt((text.slice(4) + text.slice(0, 4)).replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))) % 97n;
    expect(Object.values(people).flatMap(({ card }) => (card === undefined ? [] : [luhn(card)]))).toEqual([0, 0, 0]);
    expect(Object.values(people).flatMap((person) => (person.iban === undefined ? [] : [iban(person.iban)]))).toEqual([1n, 1n]);
  });
});

describe("datasets/support-triage, built from them", () => {
  const root = join(import.meta.dirname, "../..");

  test("is whole: hashes, references, shapes, no leak", async () => {
    const ran = await casebook(root, ["verify", "support-triage", "--json"]);
    expect([ran.code, ran.json().ok]).toEqual([0, true]);
  });

  test("holds none of the planted values", () => {
    const files = readdirSync(join(root, "datasets"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const text = files.map((entry) => `${entry.name}\n${readFileSync(join(entry.parentPath, entry.name), "utf8")}`).join("\n");
    expect(files.length).toBeGreaterThan(80);
    expect(planted.filter((value) => text.includes(value))).toEqual([]);
  });

  test("has a baseline with a line for each case", () => {
    const lines = readBaseline(readFileSync(join(root, "datasets/support-triage/baseline.jsonl"), "utf8"), "baseline.jsonl");
    expect(lines.map(({ case_id }) => case_id)).toEqual(readdirSync(join(root, "datasets/support-triage/cases")).sort());
  });
});
