import { resolve } from "node:path";
import { InvalidArgumentError, Option, type Command } from "commander";
import type { ComparePorts } from "../commands/gate.ts";
import type { Reporter } from "../core/report/render-report.ts";
import type { Io } from "./io.ts";

/** What `compare`, `gate`, `bless` and `report` read: run logs, baselines and the gate's rules of this workspace. */
export async function openRunsAndBaselines(io: Io): Promise<ComparePorts> {
  const { openWorkspace } = await import("../adapters/files/workspace.ts");
  const { openBaselines } = await import("../adapters/files/baseline.ts");
  const { openRuns } = await import("../adapters/files/runs.ts");
  const { root, config, paths } = openWorkspace(io.cwd);
  return { runs: openRuns(paths.runs), baselines: openBaselines({ root, datasets: paths.datasets, cwd: io.cwd }), config };
}

export type OutputFlags = { readonly output?: readonly string[]; readonly reporter?: Reporter; readonly json?: boolean; readonly dryRun?: boolean };

/** `-o FILE`, `--reporter` and `--json`, the same wherever a result can be written. */
export function addOutputFlags(command: Command): Command {
  return command
    .option("-o, --output <file>", "write it to a file too, by its ending: .md .xml .json .csv .txt (repeatable)", (file: string, before?: readonly string[]) => [...(before ?? []), file])
    .addOption(new Option("--reporter <name>", "what to print").choices(["text", "json", "junit", "markdown", "csv"]))
    .addOption(new Option("--json", "print it as JSON").conflicts("reporter"))
    .option("--dry-run", "write no file, say which would be written");
}

/** Prints a result on stdout and writes the files that were asked for. A file whose ending says nothing is a usage error, before anything is written. */
export async function writeOutputs(io: Io, flags: OutputFlags, render: (reporter: Reporter, width: number) => string): Promise<void> {
  const { reporterOf } = await import("../core/report/render-report.ts");
  const { CasebookError } = await import("../core/base/error.ts");
  const { writeFileAtomic } = await import("../adapters/files/atomic.ts");
  const { say } = await import("./render.ts");
  const { widthFor } = await import("./paint.ts");
  const files = (flags.output ?? []).map((file) => {
    const reporter = reporterOf(file);
    if (reporter === undefined) throw new CasebookError("usage", `The ending of ${file} does not say what to write.`, { hint: "Use .md, .xml (JUnit), .json, .csv or .txt." });
    return { file, reporter };
  });
  const width = Math.min(100, widthFor(io, undefined));
  io.stdout.write(render(flags.json === true ? "json" : (flags.reporter ?? "text"), width));
  for (const { file, reporter } of files) {
    if (flags.dryRun !== true) writeFileAtomic(resolve(io.cwd, file), render(reporter, 80));
    say(io, flags.dryRun === true ? `Would write ${file} (${reporter}).` : `Written: ${file} (${reporter}).`);
  }
}

/** A whole number from 0, for `--seed`. */
export function seed(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("Use a whole number.");
  return Number(text);
}
