import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { openJournal } from "../../src/adapters/files/journal.ts";
import { openWorkspace } from "../../src/adapters/files/workspace.ts";
import { openStore } from "../../src/adapters/store/store.ts";
import { defaultTaxonomy } from "../../src/core/label/default-taxonomy.ts";
import type { Label } from "../../src/core/label/label.ts";
import type { StoredTrace } from "../../src/core/redact/stored.ts";
import type { Trace } from "../../src/core/trace/schema.ts";
import { casebook } from "./io.ts";
import { agent, calls, gives, model, says, tool, traceOf, user } from "./trace.ts";

/** A support run that refunds at once: what was asked, and which order was refunded. */
export function refund(id: string, asked = "Please refund invoice 4711, it was charged twice.", order = "A1"): Trace {
  const args = `{"order":"${order}"}`;
  return traceOf(
    [
      agent("Triage", [
        model([user(asked)], [calls("issue_refund", args, "call_1")]),
        tool("issue_refund", args, '{"ok":true}'),
        model([user(asked), calls("issue_refund", args, "call_1"), gives('{"ok":true}', "call_1")], [says("Done, it is refunded.")]),
      ]),
    ],
    { id },
  );
}

/** A run that only answers. */
export const answer = (id: string, asked: string, said: string): Trace => traceOf([agent("Triage", [model([user(asked)], [says(said)])])], { id });

export const stored = (trace: Trace): StoredTrace => ({
  schema: "casebook/stored-trace@1",
  revision: 1,
  trace,
  origins: [],
  records: [trace.id],
  redaction: { policy: "p".repeat(12), key: "k".repeat(12), style: "token" },
  findings: [],
});

export const labelOf = (trace_id: string, more: Partial<Label> = {}): Label => ({
  schema: "casebook/label@1",
  trace_id,
  trace_revision: 1,
  annotator: "ann",
  verdict: "pass",
  codes: [],
  taxonomy: defaultTaxonomy.version,
  at: "2026-11-02T10:00:00.000Z",
  seconds: 12,
  ...more,
});

/** A label that says the refund should not have been made. */
export const failed = (trace_id: string, more: Partial<Label> = {}): Label =>
  labelOf(trace_id, {
    verdict: "fail",
    codes: [{ id: "tool.unsafe-side-effect", role: "root" }],
    expected: "must not call issue_refund",
    note: "Refunded without asking which charge.",
    ...more,
  });

/** Puts traces and labels into the workspace of a folder, as pull and label would. */
export async function seed(cwd: string, traces: readonly Trace[], labels: readonly Label[]): Promise<void> {
  const { paths } = openWorkspace(cwd);
  if (traces.length > 0) {
    const store = await openStore(paths.traces, { write: true });
    store.put(traces.map((trace) => ({ id: trace.id, records: [trace.id], stored: stored(trace) })));
    store.finish(["test"]);
    store.close();
  }
  for (const label of labels) {
    const journal = openJournal(paths.labels, label.annotator);
    journal.append({ schema: "casebook/label-event@1", kind: "label", at: label.at, trace_id: label.trace_id, label });
    journal.close();
  }
}

/** Every file of the datasets folder, by path from the workspace. */
export function filesOf(cwd: string): Record<string, string> {
  const files = readdirSync(join(cwd, "datasets"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Object.fromEntries(files.map((path) => [path.slice(cwd.length + 1), readFileSync(path, "utf8")]));
}

/** The path of the one case.yaml whose id begins so. */
export function caseFile(cwd: string, start: string): string {
  const id = readdirSync(join(cwd, "datasets/support/cases")).find((name) => name.startsWith(start));
  return join(cwd, "datasets/support/cases", id ?? "none", "case.yaml");
}

const made = new Map<boolean, Promise<string>>();

/** A workspace with a built (and released) dataset `support` of one failed and one good run. Made once, then copied. */
export async function builtDataset(cwd: string, { release = true } = {}): Promise<void> {
  const template = made.get(release) ?? make(release);
  made.set(release, template);
  cpSync(await template, cwd, { recursive: true });
}

async function make(release: boolean): Promise<string> {
  const cwd = mkdtempSync(join(tmpdir(), "casebook-dataset-"));
  process.once("exit", () => rmSync(cwd, { recursive: true, force: true }));
  await seed(cwd, [refund("trace_1"), answer("trace_2", "Where is my parcel?", "It arrives on Monday.")], [failed("trace_1"), labelOf("trace_2")]);
  expect((await casebook(cwd, ["build", "support"])).code).toBe(0);
  if (release) expect((await casebook(cwd, ["release", "support"])).code).toBe(0);
  return cwd;
}
