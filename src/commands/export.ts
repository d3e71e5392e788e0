import { CasebookError } from "../core/base/error.ts";
import { caseIdsOf, readCaseFolder, type FileTree } from "../core/dataset/tree.ts";
import { toCsv } from "../core/report/csv.ts";
import { caseRow, caseTable, labelTable } from "../core/report/dataset-rows.ts";

export type ExportOptions = {
  readonly format: "csv" | "jsonl";
  /** One row for each label instead of each case (csv). */
  readonly labels: boolean;
  /** A byte order mark, by which Excel knows UTF-8 (csv). */
  readonly bom: boolean;
};

/** A dataset as one text for other tools: rows by case id, so the same dataset gives the same bytes. */
export function exportDataset(tree: FileTree, options: ExportOptions): { readonly text: string; readonly rows: number } {
  const ids = caseIdsOf(tree);
  if (ids.length === 0) throw new CasebookError("usage", `${tree.name} has no cases.`, { hint: "Make some: casebook label, then casebook build" });
  const rows = ids.map((id) => caseRow(readCaseFolder(tree, id)));
  if (options.format === "jsonl") return { text: rows.map((row) => `${JSON.stringify(row)}\n`).join(""), rows: rows.length };
  const table = options.labels ? labelTable(rows) : caseTable(rows);
  return { text: `${options.bom ? "\ufeff" : ""}${toCsv(table)}`, rows: table.length - 1 };
}
