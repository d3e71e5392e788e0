import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import type { Trace } from "../../src/core/trace/schema.ts";
import { casebook, scratch, type Ran } from "./io.ts";

/** Records as the Agents SDK exports them. */
export const traceRecord = (id: string, more: object = {}): object => ({ object: "trace", id, workflow_name: "Support", group_id: null, metadata: null, ...more });
export const spanRecord = (trace: string, id: string, span_data: unknown, more: object = {}): object => ({
  object: "trace.span", id, trace_id: trace, parent_id: null, started_at: "2026-01-01T00:00:00.000Z", ended_at: "2026-01-01T00:00:01.000Z", span_data, error: null, ...more,
});
export const ran = (name = "lookup", input: unknown = "{}", output: unknown = "ok"): object => ({ type: "function", name, input, output });
/** A response span with its content, as our recorder keeps it. */
export const answered = (input: unknown, output: unknown, more: object = {}): object => ({ type: "response", response_id: "resp_1", _input: input, _response: { id: "resp_1", object: "response", model: "m", output, ...more } });
export const message = (text: string): object => ({ type: "message", role: "assistant", content: [{ type: "output_text", text }] });
export const called = (name: string, args: unknown, call_id?: string): object => ({ type: "function_call", name, arguments: args, ...(call_id === undefined ? {} : { call_id }) });
export const lines = (...records: readonly unknown[]): string => records.map((record) => JSON.stringify(record)).join("\n");

/** One OTLP/JSON document of these spans. */
export const otlp = (...spans: readonly object[]): object => ({ resourceSpans: [{ resource: {}, scopeSpans: [{ scope: { name: "test" }, spans }] }] });
export const otlpSpan = (attributes: Readonly<Record<string, unknown>>, more: object = {}): object => ({
  traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", name: "span", startTimeUnixNano: "1795329773642000001", endTimeUnixNano: "1795329774642000001",
  attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: typeof value === "string" ? { stringValue: value } : typeof value === "number" ? { intValue: String(value) } : value })),
  ...more,
});

export type Summary = {
  readonly objects: number;
  readonly duplicates: number;
  readonly spans: number;
  readonly orphan_spans: number;
  readonly sensitive_off: number;
  readonly only_response_ids: number;
  readonly truncated_spans: number;
  readonly trace_records: number;
  readonly content: Readonly<Record<string, number>>;
  readonly traces: Readonly<Record<string, number>>;
  readonly problem_counts: Readonly<Record<string, number>>;
  readonly problems: readonly { readonly code: string; readonly message: string; readonly remedy: string; readonly where: { readonly line?: number } }[];
};
export type Pulled = {
  readonly cwd: string;
  readonly ran: Ran;
  readonly summary: Summary;
  /** The stored trace, by any beginning of its id. */
  trace(id?: string): Promise<Trace>;
  shown(id?: string): Promise<Shown>;
  rows(): Promise<readonly { readonly id: string; readonly status: string; readonly content: string; readonly errors: number; readonly tokens: number | null; readonly suspicions: readonly string[] }[]>;
};
export type Shown = {
  readonly status: string;
  readonly usage: Readonly<Record<string, number>>;
  readonly output: string | null;
  readonly steps: readonly { readonly kind: string; readonly role?: string; readonly name?: string; readonly text?: string; readonly to?: string; readonly arguments?: string; readonly output?: string; readonly linked?: string; readonly message?: string }[];
  readonly suspicions: readonly { readonly code: string }[];
  readonly completeness: { readonly content: string; readonly truncated: readonly string[]; readonly sensitive_off: boolean };
};

/** Pulls files given by name (a text alone is one JSONL file), and answers what became of them. */
export async function pulled(files: string | Buffer | Readonly<Record<string, string | Buffer>>, options: { cwd?: string; code?: number } = {}): Promise<Pulled> {
  const cwd = options.cwd ?? scratch();
  const named = typeof files === "string" || Buffer.isBuffer(files) ? { "a.jsonl": files } : files;
  for (const [name, data] of Object.entries(named)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), data);
  }
  const result = await casebook(cwd, ["pull", ...Object.keys(named), "--json"]);
  expect([result.code, result.err]).toEqual([options.code ?? 0, result.err]);
  const only = async (): Promise<string> => ((await casebook(cwd, ["ls", "--json"])).json().rows as { id: string }[])[0]?.id ?? "";
  return {
    cwd,
    ran: result,
    summary: result.code === 0 ? (result.json() as Summary) : ({} as Summary),
    trace: async (id) => (await casebook(cwd, ["show", id ?? (await only()), "--raw-json"])).json() as Trace,
    shown: async (id) => (await casebook(cwd, ["show", id ?? (await only()), "--json"])).json() as Shown,
    rows: async () => (await casebook(cwd, ["ls", "--json"])).json().rows as never,
  };
}

/** Every byte that casebook keeps under a folder, as Latin-1 text. */
export const stored = (cwd: string): string =>
  readdirSync(join(cwd, ".casebook"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
    .join("\n");
