import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { casebook, scratch } from "../support/io.ts";
import { stored } from "../support/gotcha.ts";

const hex = (text: string, digits: number): string => createHash("sha256").update(text).digest("hex").slice(0, digits);
const trace = `trace_${hex("trace", 32)}`;
const id = (n: number): string => `span_${hex(`span ${n}`, 24)}`;
const span = (n: number, parent: number | null, more: object = {}): string =>
  JSON.stringify({ object: "trace.span", id: id(n), trace_id: trace, parent_id: parent === null ? null : id(parent), started_at: `2026-11-20T10:00:0${n}.000Z`, ended_at: `2026-11-20T10:00:0${n}.500Z`, span_data: { type: "function", name: "lookup", input: "{}", output: "ok" }, error: null, ...more });

test.each([["trace.id: token"], ['"*.id": token'], ["function.id: token"], ['"*.id": token\n    trace.id: scan']])("under %s a trace that comes in parts is one trace, and what comes twice is one span", async (fields) => {
  const cwd = scratch();
  writeFileSync(join(cwd, "casebook.yaml"), `schema: casebook/config@1\nredact:\n  fields:\n    ${fields}\n`);
  const files: Record<string, string> = {
    "a.jsonl": `${span(1, null)}\n${span(2, 1)}\n`,
    "b.jsonl": `${span(3, 2)}\n${span(2, 1, { metadata: {} })}\n`,
    "c.jsonl": JSON.stringify({ object: "trace", id: trace, workflow_name: "Support", group_id: null, metadata: null }),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  const pull = async (...argv: string[]): Promise<object> => (await casebook(cwd, ["pull", ...argv, "--json"])).json().traces as object;
  expect(await pull("a.jsonl")).toMatchObject({ total: 1, new: 1 });
  expect(await pull("b.jsonl")).toMatchObject({ total: 1, new: 0, updated: 1 });
  expect(await pull("c.jsonl")).toMatchObject({ total: 1, new: 0, updated: 1 });
  expect(await pull("a.jsonl", "b.jsonl")).toEqual({ total: 1, new: 0, updated: 0, unchanged: 1 });
  expect(await pull("--again")).toMatchObject({ total: 1, new: 0 });
  const rows = (await casebook(cwd, ["ls", "--json"])).json().rows as { id: string; workflow_name: string }[];
  expect(rows).toMatchObject([{ workflow_name: "Support" }]);
  const shown = (await casebook(cwd, ["show", trace, "--raw-json"])).json() as { id: string; spans: { id: string; parent_id: string | null }[] };
  expect(shown.spans.map(({ parent_id }) => parent_id)).toEqual([null, shown.spans[0]?.id, shown.spans[1]?.id]);
  const masks = (what: string): boolean => !stored(cwd).includes(what);
  expect([masks(trace), masks(id(1))]).toEqual([fields.startsWith("trace") || fields.endsWith("token") && fields.startsWith('"'), !fields.startsWith("trace")]);
});
