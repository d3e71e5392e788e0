import type { Blessed } from "../../commands/bless.ts";
import { openRunsAndBaselines } from "../compared.ts";
import type { AddCommand } from "../program.ts";
import { printJson, say } from "../render.ts";

const examples = `
Examples:
  $ casebook bless latest             accept the latest run as the baseline
  $ casebook bless support-2 --dry-run

Writes datasets/NAME/baseline.jsonl, one sorted line a case: counts and
fingerprints, no words. Commit it; the reviewer sees which case changed and why.`;

type Flags = { dryRun?: boolean; json?: boolean; allowUngraded?: boolean };

/** `casebook bless RUN` */
export const addBless: AddCommand = (program, io) => {
  program
    .command("bless")
    .description("accept a finished run as the baseline")
    .argument("<run>", "run id, a beginning of it, or latest")
    .option("--allow-ungraded", "accept a run in which some cases were never graded")
    .option("--dry-run", "say what would change, write nothing")
    .option("--json", "print the result as JSON")
    .addHelpText("after", examples)
    .action(async (run: string, flags: Flags) => {
      const { bless } = await import("../../commands/bless.ts");
      const blessed = bless({ run, allowUngraded: flags.allowUngraded === true, dryRun: flags.dryRun === true }, await openRunsAndBaselines(io));
      if (flags.json === true) return printJson(io, blessed);
      for (const line of blessed.first ? [] : linesOf(blessed)) io.stdout.write(`${line}\n`);
      say(io, nextOf(blessed));
    });
};

/** What changed: a line a case, worse ones first; many cases of which the same is to be said stand under it. */
function linesOf({ changes }: Blessed): string[] {
  const groups = new Map<string, Blessed["changes"][number][]>();
  for (const change of changes) {
    const said = `${change.kind.padEnd(7)} ${change.words}`;
    groups.set(said, [...(groups.get(said) ?? []), change]);
  }
  const worseFirst = [...groups].sort(([, [a]], [, [b]]) => Number(b?.kind === "worse") - Number(a?.kind === "worse"));
  return worseFirst.flatMap(([said, alike]) =>
    alike.length < 4 ? alike.map(({ kind, case_id, words }) => `${kind.padEnd(7)} ${case_id} ${words}`) : [`${said} (${alike.length} cases)`, ...alike.map(({ case_id }) => `        ${case_id}`)],
  );
}

function nextOf({ dataset, run, passing, cases, changes, written, first }: Blessed): string {
  const lines = changes.length === 1 ? "1 line changes" : `${changes.length === 0 ? "no" : changes.length} lines change`;
  const so = `${dataset}: ${passing} of ${cases} cases pass in ${run}; ${first ? "the first baseline" : lines}.`;
  return written === null ? `${so}\nNothing was written (--dry-run).` : `${so}\nWritten: ${written}. Commit it, then: casebook gate`;
}
