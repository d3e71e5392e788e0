import { CasebookError } from "../core/base/error.ts";
import { isObject, parseJson, type JsonObject } from "../core/base/json.ts";
import type { Problem } from "../core/base/problem.ts";
import { auditOf, type Audit, type Audited } from "../core/redact/audit.ts";
import type { Filter, Filtered } from "../core/redact/filter.ts";

/** A record of another tool: its id and its text, redacted, with the findings' places in the text that came in. */
export type RedactedRecord = { readonly id: unknown; readonly text: string; readonly findings: readonly { readonly start: number; readonly end: number; readonly kind: string; readonly tier: string }[] };

export type RecordsResult = { readonly records: number; readonly problems: readonly Problem[]; readonly audit: Audit };

type Row = { readonly id: unknown; readonly text: string; readonly group: string };

/** Characters in hand at once: of records that are traces by themselves, and of traces that are whole. */
const windowSize = { alone: 2_000_000, grouped: 16_000_000 } as const;

/**
 * `{id, text, …}` lines in, `{id, text, findings}` out, in the same order. Records with an equal `groupBy` member are one trace,
 * wherever in the file they stand; without `groupBy` each is its own. A line that is no such record is a problem, not a stop.
 */
export function redactRecords(lines: readonly string[], { filter, groupBy, file, put, hold = groupBy === undefined ? windowSize.alone : windowSize.grouped }: { readonly filter: Filter; readonly groupBy?: string; readonly file: string; readonly put: (record: RedactedRecord) => void; readonly hold?: number }): RecordsResult {
  const problems: Problem[] = [];
  const audited: Audited[] = [];
  const lastLine = groupBy === undefined ? undefined : lastLines(lines, groupBy);
  let records = 0;
  let rows: Row[] = [];
  let size = 0;
  /** Traces of which more is to come. */
  const open = new Set<string>();
  const flush = (): void => {
    const groups = new Map<string, number[]>();
    for (const [i, { group }] of rows.entries()) {
      const same = groups.get(group);
      if (same === undefined) groups.set(group, [i]);
      else same.push(i);
    }
    const results: (Filtered | undefined)[] = rows.map(() => undefined);
    const order = [...groups.values()];
    for (const [g, filtered] of filter(order.map((indexes) => indexes.map((i) => rows[i]?.text ?? ""))).entries())
      for (const [n, one] of filtered.entries()) results[order[g]?.[n] ?? -1] = one;
    for (const [i, row] of rows.entries()) {
      const one = results[i];
      if (one === undefined) continue;
      put({ id: row.id, text: one.text, findings: one.findings.map(({ start, end, kind, tier }) => ({ start, end, kind, tier })) });
      for (const finding of one.findings) audited.push({ ...finding, group: row.group });
    }
    rows = [];
    size = 0;
  };
  for (const [at, text] of lines.entries()) {
    if (text.trim() === "") continue;
    const line = at + 1;
    const value = parseJson(text);
    if (!isObject(value) || typeof value["text"] !== "string") {
      problems.push({ code: "not-a-record", where: { file, line }, message: "This line is no {id, text} record.", remedy: "Each line should be a JSON object with a string member text. JSON lines of any other shape: casebook redact FILE" });
      continue;
    }
    records += 1;
    const group = groupOf(value, groupBy) ?? `#${line}`;
    rows.push({ id: value["id"] ?? null, text: value["text"], group });
    size += value["text"].length;
    if ((lastLine?.get(group) ?? at) > at) open.add(group);
    else open.delete(group);
    if (size > hold && open.size === 0) flush();
  }
  flush();
  return { records, problems, audit: auditOf(audited) };
}

const groupOf = (value: JsonObject, groupBy: string | undefined): string | undefined => (groupBy === undefined || value[groupBy] === undefined ? undefined : `=${JSON.stringify(value[groupBy])}`);

/** The last line of each group. */
function lastLines(lines: readonly string[], groupBy: string): ReadonlyMap<string, number> {
  const last = new Map<string, number>();
  for (const [at, text] of lines.entries()) {
    const value = parseJson(text);
    const group = isObject(value) ? groupOf(value, groupBy) : undefined;
    if (group !== undefined) last.set(group, at);
  }
  return last;
}

export type TextResult = Filtered & { readonly audit: Audit };

/** One text, whatever it is: prose, JSON, JSON lines. `as: "json"` refuses what is not JSON; `as: "text"` never looks for JSON. */
export function redactWhole(text: string, { filter, as }: { readonly filter: Filter; readonly as?: "text" | "json" }): TextResult {
  if (as === "json" && parseJson(text) === undefined && text.split("\n").some((line) => line.trim() !== "" && parseJson(line) === undefined))
    throw new CasebookError("bad-file", "This is neither JSON nor JSON lines.", { hint: "Leave --json-input away to have it read as text." });
  const only = filter([[text]], { prose: as === "text" })[0]?.[0] ?? { text: "", findings: [] };
  return { ...only, audit: auditOf(only.findings.map((finding) => ({ ...finding, group: "" }))) };
}
