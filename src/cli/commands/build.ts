import type { AddCommand } from "../program.ts";
import { exit } from "../exit.ts";
import { printJson, say } from "../render.ts";
import type { Built } from "../../commands/build.ts";
import type { Io } from "../io.ts";

const examples = `
Examples:
  $ casebook build support            turn the labels into datasets/support
  $ casebook build --dry-run          say what would change, write nothing
  $ casebook build --raw traces.jsonl look for the raw file's own values as well
  $ casebook build --allow-vacuous "no way to check tone yet"

A case whose checks would not have caught its own failure is refused, and so is
everything when a leak is seen. Checks, expected text and tags that you edit in
a case.yaml stay. Next: casebook release`;

type Flags = { dryRun?: boolean; json?: boolean; allowVacuous?: string; raw?: string[]; description?: string };

/** `casebook build [DATASET]` */
export const addBuild: AddCommand = (program, io, answer) => {
  program
    .command("build")
    .description("turn labels into case files; refuses leaks and empty expectations")
    .argument("[dataset]", "name of the dataset (else the config's, else the only one)")
    .option("--allow-vacuous <reason>", "take cases whose checks prove nothing, and record why")
    .option("--raw <file...>", "raw exports whose sensitive values must not be in the result")
    .option("--description <text>", "what the dataset is for, when it is new")
    .option("--dry-run", "write nothing")
    .option("--json", "print the result as JSON")
    .addHelpText("after", examples)
    .action(async (named: string | undefined, flags: Flags) => {
      const { openWorkspace } = await import("../../adapters/files/workspace.ts");
      const { readLabels, readSuspects } = await import("../../adapters/files/journal.ts");
      const { openDedup } = await import("../../adapters/files/dedup.ts");
      const { openStore } = await import("../../adapters/store/store.ts");
      const { openDataset, openGates } = await import("../datasets.ts");
      const { build } = await import("../../commands/build.ts");
      const workspace = openWorkspace(io.cwd);
      const dataset = openDataset(workspace, named, { fresh: true });
      const gated = await openGates(workspace, io, flags.raw ?? []);
      const traces = await openStore(workspace.paths.traces);
      try {
        const options = { name: dataset.name, description: flags.description, allowVacuous: flags.allowVacuous, dryRun: flags.dryRun === true };
        const built = await build(options, {
          labels: { labels: () => readLabels(workspace.paths.labels) },
          suspects: readSuspects(workspace.paths.labels),
          traces,
          dedup: openDedup(workspace.paths.dedup),
          taxonomy: dataset.taxonomy,
          tree: dataset.tree,
          stage: dataset.stage,
          gated,
        });
        await render(io, dataset.name, built, flags);
        if (built.leaks.length > 0 || built.plan.refused.length > 0) answer(exit.no);
      } finally {
        traces.close();
      }
    });
};

async function render(io: Io, name: string, { plan, leaks, written }: Built, flags: Flags): Promise<void> {
  const { sayLeaks } = await import("../leaks.ts");
  const { oneLine } = await import("../../core/base/text.ts");
  const { withholdIn } = await import("../../core/dataset/leak.ts");
  const withhold = withholdIn(leaks);
  const count = (status: string): number => plan.cases.filter((one) => one.status === status).length;
  const counts = { added: count("added"), changed: count("changed"), unchanged: count("unchanged"), kept: plan.kept.length, folded: plan.folded.length, refused: plan.refused.length };
  const moved = plan.cases.filter((one) => one.status !== "unchanged");
  if (flags.json === true)
    printJson(io, {
      schema: "casebook/build-result@1",
      dataset: name,
      written,
      counts,
      cases: plan.cases.map(({ files, ...rest }) => ({ ...rest, id: withhold(rest.id), files: [...files.keys()] })),
      refused: plan.refused,
      folded: plan.folded.map((one) => ({ ...one, case_id: withhold(one.case_id) })),
      kept: plan.kept,
      leaks,
    });
  else if (leaks.length === 0)
    for (const one of moved) io.stdout.write(`${one.status.padEnd(8)} ${one.verdict}  ${one.id}${one.was === undefined ? "" : ` (was ${one.was})`}\n`);
  for (const [why, names] of alike(plan.refused))
    say(io, `refused ${oneLine(names.slice(0, 5).join(", "))}${names.length > 5 ? ` and ${names.length - 5} more (all with --json)` : ""}: ${why}`);
  for (const one of plan.cases) for (const conflict of one.conflicts) say(io, `conflict ${withhold(one.id)}: ${conflict.field} ${conflict.message}`);
  sayLeaks(io, leaks);
  for (const { id, trace_id } of moved) if (withhold(id) !== id) say(io, oneLine(`${withhold(id)} is of trace ${trace_id}: casebook show ${trace_id}`));
  const suspects = plan.cases.filter((one) => one.suspects > 0).length;
  if (suspects > 0) say(io, `${suspects} ${suspects === 1 ? "case has" : "cases have"} suspects that redaction left to a person: look at them with casebook label.`);
  say(io, `${name}: ${counts.added} added, ${counts.changed} changed, ${counts.unchanged} unchanged, ${counts.refused} refused` +
    `${counts.folded > 0 ? `, ${counts.folded} more ${counts.folded === 1 ? "run of the same input" : "runs of the same inputs"}` : ""}${counts.kept > 0 ? `, ${counts.kept} left as ${counts.kept === 1 ? "it was" : "they were"}` : ""}.`);
  say(io, nextOf(name, { leaks: leaks.length, moved: moved.length, written, dryRun: flags.dryRun === true }));
}

/** Refusals for one reason with one remedy, together. */
function alike(refused: Built["plan"]["refused"]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const one of refused) {
    const why = `${one.message} [${one.code}]\n  ${one.remedy}`;
    groups.set(why, [...(groups.get(why) ?? []), one.trace_id]);
  }
  return groups;
}

function nextOf(name: string, at: { leaks: number; moved: number; written: boolean; dryRun: boolean }): string {
  if (at.leaks > 0) return `Nothing was written: ${at.leaks} ${at.leaks === 1 ? "leak" : "leaks"}.`;
  if (at.moved === 0) return "Nothing to write.";
  if (at.dryRun) return `Nothing was written (--dry-run). To write it: casebook build ${name}`;
  return `Written to datasets/${name}. Look at git diff, then: casebook release ${name}`;
}
