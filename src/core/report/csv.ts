import { stringify } from "csv-stringify/sync";

/**
 * Rows as CSV (RFC 4180, LF). A cell that a spreadsheet would run as a formula (`=`, `+`, `-`, `@`, tab first) is written so
 * that it stays text: what is in a cell may have come from a trace.
 */
export function toCsv(rows: readonly (readonly string[])[]): string {
  return stringify(
    rows.map((row) => [...row]),
    { escape_formulas: true },
  );
}
