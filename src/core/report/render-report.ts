import { toCsv } from "./csv.ts";
import { gateRows } from "./gate-csv.ts";
import { gateJunit } from "./gate-junit.ts";
import { gateMarkdown } from "./gate-markdown.ts";
import { gateText } from "./gate-text.ts";
import type { GateReport } from "./gate-words.ts";
import { runRows } from "./run-csv.ts";
import { runJunit } from "./run-junit.ts";
import { runMarkdown } from "./run-markdown.ts";
import type { RunSummary } from "./run-summary.ts";
import { runText } from "./run-text.ts";

export const reporters = ["text", "json", "junit", "markdown", "csv"] as const;
export type Reporter = (typeof reporters)[number];

/** What an output file is by its ending; undefined where the ending says nothing. */
export function reporterOf(file: string): Reporter | undefined {
  const ending = /\.([a-z]+)$/i.exec(file)?.[1]?.toLowerCase() ?? "";
  return ({ txt: "text", json: "json", xml: "junit", md: "markdown", markdown: "markdown", csv: "csv" } as const)[ending];
}

/** A gate or comparison in one of the formats. */
export function renderGate(report: GateReport, reporter: Reporter, options: { readonly width?: number } = {}): string {
  switch (reporter) {
    case "text":
      return gateText(report, options).toWellFormed();
    case "json":
      return json(report);
    case "junit":
      return gateJunit(report);
    case "markdown":
      return gateMarkdown(report).toWellFormed();
    case "csv":
      return toCsv(gateRows(report)).toWellFormed();
  }
}

/** One or more runs in one of the formats. JSON is one document, a list where there are several runs. */
export function renderRuns(runs: readonly RunSummary[], reporter: Reporter, options: { readonly width?: number } = {}): string {
  switch (reporter) {
    case "text":
      return runs.map((run) => runText(run, options)).join("\n").toWellFormed();
    case "json":
      return json(runs.length === 1 ? runs[0] : runs);
    case "junit":
      return runJunit(runs);
    case "markdown":
      return runs.map(runMarkdown).join("\n").toWellFormed();
    case "csv":
      return toCsv(runRows(runs));
  }
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
