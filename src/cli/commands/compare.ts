import { addOutputFlags, openRunsAndBaselines, seed, writeOutputs, type OutputFlags } from "../compared.ts";
import type { AddCommand } from "../program.ts";

const examples = `
Examples:
  $ casebook compare run-1 run-2         two runs, by id or a beginning of it
  $ casebook compare run-1 latest -o diff.md
  $ casebook compare datasets/support/baseline.jsonl latest --json

Says what changed and how sure that is; decides nothing. To decide:
casebook gate`;

/** `casebook compare BASELINE CANDIDATE` */
export const addCompare: AddCommand = (program, io) => {
  addOutputFlags(
    program
      .command("compare")
      .description("two runs side by side, case by case, with paired statistics")
      .argument("<baseline>", "run id, latest, or a baseline file")
      .argument("<candidate>", "run id or latest")
      .option("--seed <n>", "seed of the bootstrap interval", seed),
  )
    .addHelpText("after", examples)
    .action(async (baseline: string, candidate: string, flags: OutputFlags & { seed?: number }) => {
      const { compare } = await import("../../commands/gate.ts");
      const { renderGate } = await import("../../core/report/render-report.ts");
      const { say } = await import("../render.ts");
      const compared = compare({ baseline, candidate, seed: flags.seed }, await openRunsAndBaselines(io));
      await writeOutputs(io, flags, (reporter, width) => renderGate(compared, reporter, { width }));
      for (const name of compared.incomplete) say(io, `Run ${name} is not finished: what it did not reach counts as an error here.`);
    });
};
