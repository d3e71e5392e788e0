import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Case } from "../../src/core/dataset/case.ts";
import { writeCaseFiles } from "../../src/core/dataset/files.ts";
import { inputOf } from "../../src/core/dataset/input.ts";
import { contentsOf, planRelease } from "../../src/core/dataset/lock.ts";
import type { CaseFolder } from "../../src/core/dataset/tree.ts";
import type { Check } from "../../src/core/grade/check.ts";
import { defaultTaxonomy } from "../../src/core/label/default-taxonomy.ts";
import { native } from "../../src/core/sources/native.ts";
import { assembleTrace } from "../../src/core/trace/assemble.ts";
import type { Piece } from "../../src/core/trace/piece.ts";
import type { Trace } from "../../src/core/trace/schema.ts";

/** The traces of one native JSONL file, in order of first record; `every` n-th only. */
export function tracesOf(path: string, every = 1): Trace[] {
  const bytes = readFileSync(path);
  const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  return assembled(text.split("\n").filter((line) => line.trim() !== "").map((line) => JSON.parse(line) as unknown), every);
}

/** The traces that these native records tell of; `every` n-th only. */
export function assembled(records: readonly unknown[], every = 1): Trace[] {
  const idOf = (record: unknown): string => { const { trace_id, id } = record as { trace_id?: string; id?: string }; return trace_id ?? id ?? ""; };
  const ids = new Set(every === 1 ? [] : [...new Set(records.map(idOf))].filter((_, i) => i % every === 0));
  const byTrace = new Map<string, Piece[]>();
  for (const record of records.filter((one) => every === 1 || ids.has(idOf(one))))
    for (const piece of native.read(record, { file: "test" }).pieces) byTrace.set(piece.trace_id, [...(byTrace.get(piece.trace_id) ?? []), piece]);
  return [...byTrace.values()].map((pieces) => assembleTrace(pieces));
}

/** A case around a trace, with the checks given. */
export function caseOf(trace: Trace, checks: readonly Check[] = [], more: Partial<Case> = {}): Case {
  return {
    schema: "casebook/case@1",
    id: `case-${trace.id.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`,
    title: "A case",
    input: inputOf(trace) ?? { messages: [{ role: "user", text: "hello" }] },
    label: { verdict: "pass", codes: [] },
    checks: [...checks],
    provenance: {
      trace_id: trace.id,
      trace_revision: 1,
      source: "native",
      annotators: ["ann"],
      taxonomy: "1.0.0",
      redaction: { policy: "p", key: "k", style: "token" },
      generated: { checks: "none", expected: "none" },
    },
    ...more,
  };
}

/** Writes and releases a dataset of these cases under `cwd/datasets/NAME`, as `build` and `release` would. */
export function releaseDataset(cwd: string, name: string, cases: readonly { readonly case: Case; readonly trace: Trace }[]): void {
  const folders = cases.map((one): CaseFolder => {
    const files = writeCaseFiles(one.case, one.trace, []);
    for (const [path, text] of files) put(join(cwd, "datasets", name, "cases", one.case.id, path), text);
    return { case: one.case, trace: one.trace, labels: [], files: new Map([...files].map(([path, text]) => [path, Buffer.from(text)])) };
  });
  const plan = planRelease(name, contentsOf(folders, defaultTaxonomy), undefined);
  put(join(cwd, "datasets", name, "versions", `${plan?.version}.json`), plan?.text ?? "");
}

export function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
