import { CasebookError } from "../core/base/error.ts";
import { isObject, parseJson } from "../core/base/json.ts";
import type { Problem } from "../core/base/problem.ts";
import { auditOf, type Audit, type Audited } from "../core/redact/audit.ts";
import type { Filter, Filtered } from "../core/redact/filter.ts";

/** A record of another tool: its id and its text, redacted, with the findings' places in the text that came in. */
export type RedactedRecord = { readonly id: unknown; readonly text: string; readonly findings: readonly { readonly start: number; readonly end: number; readonly kind: string; readonly tier: string }[] };

export type RecordsResult = { readonly records: number; readonly problems: readonly Problem[]; readonly audit: Audit };

type Row = { readonly id: unknown; readonly text: string; readonly group: string };

/** Records in hand at once where each is a trace by itself. */
const windowSize = 2_000_000;

/**
 * `{id, text, …}` lines in, `{id, text, findings}` out, in the same order. Records with an equal `groupBy` member are one trace;
 * without `groupBy` each is its own. A line that is no such record is a problem, not a stop.
 */
export function redactRecords(lines: Iterable<string>, { filter, groupBy, file, put }: { readonly filter: Filter; readonly groupBy?: string; readonly file: string; readonly put: (record: RedactedRecord) => void }): RecordsResult {
  const problems: Problem[] = [];
  const audited: Audited[] = [];
  let records = 0;
  let rows: Row[] = [];
  let size = 0;
  const flush = (): void => {
    const groups = new Map<string, number[]>();
    for (const [i, row] of rows.entries()) groups.set(row.group, [...(groups.get(row.group) ?? []), i]);
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
  let line = 0;
  for (const text of lines) {
    line += 1;
    if (text.trim() === "") continue;
    const value = parseJson(text);
    if (!isObject(value) || typeof value["text"] !== "string") {
      problems.push({ code: "not-a-record", where: { file, line }, message: "This line is no {id, text} record.", remedy: "Each line should be a JSON object with a string member text." });
      continue;
    }
    records += 1;
    const named = groupBy === undefined ? undefined : value[groupBy];
    rows.push({ id: value["id"] ?? null, text: value["text"], group: named === undefined ? `#${line}` : `=${JSON.stringify(named)}` });
    size += value["text"].length;
    if (groupBy === undefined && size > windowSize) flush();
  }
  flush();
  return { records, problems, audit: auditOf(audited) };
}

export type TextResult = Filtered & { readonly audit: Audit };

/** One text, whatever it is: prose, JSON, JSON lines. `as: "json"` refuses what is not JSON; `as: "text"` never looks for JSON. */
export function redactWhole(text: string, { filter, as }: { readonly filter: Filter; readonly as?: "text" | "json" }): TextResult {
  if (as === "json" && parseJson(text) === undefined && text.split("\n").some((line) => line.trim() !== "" && parseJson(line) === undefined))
    throw new CasebookError("bad-file", "This is neither JSON nor JSON lines.", { hint: "Leave --json-input away to have it read as text." });
  const only = filter([[text]], { prose: as === "text" })[0]?.[0] ?? { text: "", findings: [] };
  return { ...only, audit: auditOf(only.findings.map((finding) => ({ ...finding, group: "" }))) };
}
