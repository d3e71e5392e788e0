import { InvalidArgumentError, Option } from "commander";
import type { DedupLevel } from "../../core/dedup/types.ts";
import { count, oneOf } from "../flags.ts";
import type { AddCommand } from "../program.ts";

type Flags = {
  readonly level?: string[];
  readonly threshold?: number;
  readonly explain?: string;
  readonly dryRun?: boolean;
  readonly limit: number;
  readonly width?: number;
  readonly json?: boolean;
};

/** `casebook dedup`: which traces are the same case, and why. */
export const addDedup: AddCommand = (program, io) => {
  program
    .command("dedup")
    .summary("find duplicates and explain them")
    .description(
      "Find traces that are the same case. Copies (exact) are not shown for labelling again; traces of the same task are " +
        "shown later. Every decision is kept with its score and rule; nothing is deleted.",
    )
    .option("-l, --level <level...>", "exact, near, same-task, prefix, or all (default: exact and same-task)", oneOf(levels))
    .option("-t, --threshold <score>", "how alike is enough, 0 to 1 (with one level: near 0.9, same-task 0.2)", score)
    .addOption(new Option("--explain <id>", "why this trace was dropped, or what was dropped for it").conflicts(["level", "threshold", "dryRun"]))
    .option("--dry-run", "decide, print, and keep nothing")
    .option("-n, --limit <count>", "show at most this many clusters of a level", count, 15)
    .option("--width <columns>", "columns to write in (default: the terminal, else 80)", count)
    .option("--json", "print one JSON document")
    .addHelpText("after", examples)
    .action(async (flags: Flags) => {
      const [{ dedup, explainDedup }, { openStore }, { openWorkspace }, { openDedup }, { printJson, say }, { widthFor }, text, { shortIds }, { renamedIn }] = await Promise.all([
        import("../../commands/dedup.ts"),
        import("../../adapters/store/store.ts"),
        import("../../adapters/files/workspace.ts"),
        import("../../adapters/files/dedup.ts"),
        import("../render.ts"),
        import("../paint.ts"),
        import("../../core/report/dedup-text.ts"),
        import("../../core/report/trace-list.ts"),
        import("../renamed.ts"),
      ]);
      const workspace = openWorkspace(io.cwd);
      const traces = await openStore(workspace.paths.traces);
      const ports = { traces, renamed: renamedIn(workspace, io), dedup: openDedup(workspace.paths.dedup) };
      const view = { short: shortIds(traces.ids()), width: widthFor(io, flags.width) };
      if (flags.explain !== undefined) {
        const explanation = explainDedup(flags.explain, ports);
        if (flags.json === true) return printJson(io, { schema: "casebook/dedup-explanation@1", ...explanation });
        io.stdout.write(`${text.explanationText(explanation, view)}\n`);
        return;
      }
      const options = { levels: levelsOf(flags.level), threshold: flags.threshold, config: workspace.config.dedup, dryRun: flags.dryRun };
      const result = dedup(options, ports);
      if (flags.json === true) return printJson(io, { schema: "casebook/dedup-result@1", ...result });
      if (result.traces === 0) return say(io, "The store is empty. Import traces: casebook pull FILE");
      io.stdout.write(`${result.levels.map((level) => text.levelText(level, { ...view, limit: flags.limit })).join("\n\n")}\n`);
      say(io, result.written ? "Kept in .casebook/dedup.jsonl. Why: casebook dedup --explain ID. Next: casebook label" : "Dry run: nothing was kept.");
    });
};

const levels = ["exact", "near", "same-task", "prefix", "all"];

function levelsOf(asked: readonly string[] = ["exact", "same-task"]): DedupLevel[] {
  const all: readonly DedupLevel[] = ["exact", "near", "same-task", "prefix"];
  return all.filter((level) => asked.includes(level) || asked.includes("all"));
}

function score(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 1)) throw new InvalidArgumentError("Use a number from 0 to 1.");
  return value;
}

const examples = `
Examples:
  $ casebook dedup                           copies, and runs of the same task
  $ casebook dedup --level all               near-copies and beginnings too
  $ casebook dedup --level same-task --threshold 0.3 --dry-run
  $ casebook dedup --explain 77c53fd0        why this trace was dropped
  $ casebook dedup --json | jq '.levels[] | {level, dropped}'

Next: casebook label`;
