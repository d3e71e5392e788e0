import type { RunSummary } from "./run-summary.ts";

/** Runs as rows of a spreadsheet, one a case and run. */
export function runRows(runs: readonly RunSummary[]): string[][] {
  return [
    ["run", "dataset", "version", "prompt", "case", "label", "codes", "end", "passed", "failed", "invalid", "errors", "ms", "failing_checks", "error"],
    ...runs.flatMap((run) =>
      run.cases.map((one) => [
        run.id,
        run.dataset.name,
        run.dataset.version,
        `${run.prompt.name}@${run.prompt.version}`,
        one.case_id,
        one.label,
        one.codes.join(" "),
        one.end,
        String(one.counts.passed),
        String(one.counts.failed),
        String(one.counts.invalid),
        String(one.counts.errors),
        String(Math.round(one.ms)),
        one.failing.map(({ id }) => id).join(" "),
        one.error?.code ?? "",
      ]),
    ),
  ];
}
