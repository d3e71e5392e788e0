import { InvalidArgumentError } from "commander";
import type { AddCommand } from "../program.ts";
import { exit } from "../exit.ts";
import { plural, printJson, say } from "../render.ts";

const examples = `
Examples:
  $ casebook release support            lock the cases under the next version
  $ casebook release support --dry-run  say which version that would be, and why
  $ casebook release --date 2026-11-22  with a date in the changelog

The bump follows from what changed: patch for other words of the same meaning,
minor for more cases, major when something a replay is judged by was edited,
removed or renamed. Next: commit, then casebook replay`;

type Flags = { dryRun?: boolean; json?: boolean; date?: string; raw?: string[] };

/** `casebook release [DATASET]` */
export const addRelease: AddCommand = (program, io, answer) => {
  program
    .command("release")
    .description("lock the cases under a version, with card and changelog")
    .argument("[dataset]", "name of the dataset (else the config's, else the only one)")
    .option("--date <date>", "date for the changelog, YYYY-MM-DD (none by default: same cases, same bytes)", dateOf)
    .option("--raw <file...>", "raw exports whose sensitive values must not be in the result")
    .option("--dry-run", "write nothing")
    .option("--json", "print the result as JSON")
    .addHelpText("after", examples)
    .action(async (named: string | undefined, flags: Flags) => {
      const { openWorkspace } = await import("../../adapters/files/workspace.ts");
      const { openDataset, openGates } = await import("../datasets.ts");
      const { sayFindings, sayLeaks } = await import("../leaks.ts");
      const { withholdIn } = await import("../../core/dataset/leak.ts");
      const { release } = await import("../../commands/release.ts");
      const workspace = openWorkspace(io.cwd);
      const { name, tree, stage, taxonomy } = openDataset(workspace, named);
      const gated = await openGates(workspace, io, flags.raw ?? []);
      const { plan, findings, leaks, written } = await release({ dryRun: flags.dryRun === true, date: flags.date }, { tree, stage, taxonomy, gated });
      const cases = Object.keys(plan.lock.cases).length;
      const why = plan.lock.why.map(withholdIn(leaks));
      if (flags.json === true)
        printJson(io, {
          schema: "casebook/release-result@1",
          dataset: name,
          version: plan.version,
          bump: plan.bump,
          written,
          cases,
          hash: plan.lock.hash,
          why,
          findings,
          leaks,
        });
      else io.stdout.write(`${name} ${plan.version} (${plan.bump}), ${plural(cases, "case")}\n${why.map((words) => `  ${words}\n`).join("")}`);
      sayFindings(io, findings);
      sayLeaks(io, leaks);
      if (findings.length > 0 || leaks.length > 0) {
        say(io, `Nothing was released: ${plural(findings.length, "finding")}, ${plural(leaks.length, "leak")}.`);
        answer(exit.no);
      } else if (written) say(io, `Written to datasets/${name}. Commit it, then: casebook replay ${name} --prompt NAME@VERSION`);
      else say(io, `Nothing was written (--dry-run). To write it: casebook release ${name}`);
    });
};

function dateOf(text: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(Date.parse(text))) throw new InvalidArgumentError("It should be YYYY-MM-DD.");
  return text;
}
