import { Option } from "commander";
import { addOutputFlags, openRunsAndBaselines, seed, writeOutputs, type OutputFlags } from "../compared.ts";
import { exit } from "../exit.ts";
import type { AddCommand } from "../program.ts";

const examples = `
Examples:
  $ casebook gate                            the latest run against the baseline
  $ casebook gate run-2 --baseline run-1     one run against another
  $ casebook gate -o gate.md -o gate.xml     a comment and JUnit for CI
  $ casebook gate --fail-on inconclusive

Verdicts: pass; regressed (a case that passed is broken and not by chance, more
cases got worse than chance makes, or a failure code is over its limit);
inconclusive (too little evidence for either). What is broken "not by chance":
failing at depth frozen, or 0 of 5 repeats against 5 of 5.
Limits and levels, in casebook.yaml:  gate: { codes: { privacy.leak: 0 } }

Exit: 0 pass or inconclusive, 1 regressed, 4 inconclusive with --fail-on, 3 when
a run is incomplete or too little of it could be compared, 2 no baseline.`;

type Flags = OutputFlags & { baseline?: string; candidate?: string; failOn?: string; seed?: number };

/** `casebook gate [RUN]` */
export const addGate: AddCommand = (program, io, answer) => {
  addOutputFlags(
    program
      .command("gate")
      .description("decide pass, regressed or inconclusive against the baseline")
      .argument("[run]", "run id, a beginning of it, or latest (the default)")
      .option("--baseline <run|file>", "what to measure against (default: the dataset's baseline.jsonl)")
      .addOption(new Option("--candidate <run>", "the same as [run]"))
      .addOption(new Option("--fail-on <verdict>", "make this verdict an error too").choices(["inconclusive"]))
      .option("--seed <n>", "seed of the bootstrap interval", seed),
  )
    .addHelpText("after", examples)
    .action(async (named: string | undefined, flags: Flags) => {
      const { gate } = await import("../../commands/gate.ts");
      const { renderGate } = await import("../../core/report/render-report.ts");
      const { CasebookError } = await import("../../core/base/error.ts");
      if (named !== undefined && flags.candidate !== undefined)
        throw new CasebookError("usage", "The run is named twice.", { hint: `casebook gate ${named}` });
      const result = gate({ baseline: flags.baseline, candidate: named ?? flags.candidate, seed: flags.seed }, await openRunsAndBaselines(io));
      await writeOutputs(io, flags, (reporter, width) => renderGate(result, reporter, { width }));
      if (result.verdict === "regressed") answer(exit.no);
      else if (!result.judged) answer(exit.world);
      else if (result.verdict === "inconclusive" && flags.failOn === "inconclusive") answer(exit.inconclusive);
    });
};
