import { addOutputFlags, openRunsAndBaselines, writeOutputs, type OutputFlags } from "../compared.ts";
import type { AddCommand } from "../program.ts";

const examples = `
Examples:
  $ casebook report                      the latest run
  $ casebook report latest -o run.xml    JUnit for CI
  $ casebook report support-1 support-2 --reporter csv > runs.csv

Reads the log and calls no model. For two runs case by case: casebook compare`;

/** `casebook report [RUN…]` */
export const addReport: AddCommand = (program, io) => {
  addOutputFlags(
    program
      .command("report")
      .description("runs as text, JSON, JUnit, Markdown or CSV")
      .argument("[runs...]", "run ids, beginnings of them, or latest (the default)"),
  )
    .addHelpText("after", examples)
    .action(async (refs: readonly string[], flags: OutputFlags) => {
      const { findRun } = await import("../../commands/find-run.ts");
      const { summariseRun } = await import("../../core/report/run-summary.ts");
      const { renderRuns } = await import("../../core/report/render-report.ts");
      const { runs } = await openRunsAndBaselines(io);
      const summaries = (refs.length === 0 ? ["latest"] : refs).map((ref) => summariseRun(findRun(runs, ref)));
      await writeOutputs(io, flags, (reporter, width) => renderRuns(summaries, reporter, { width }));
    });
};
