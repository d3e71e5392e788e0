import { InvalidArgumentError, Option } from "commander";
import type { OutputFlags } from "../compared.ts";
import { exit } from "../exit.ts";
import { count } from "../flags.ts";
import type { AddCommand } from "../program.ts";

const examples = `
Examples:
  $ casebook replay -p support@v2               recorded answers, no key needed
  $ casebook replay -p support@v1 support@v2 --depth tape --repeat 5
  $ casebook replay support@1.2.0 -p recorded   every agent's recorded words
  $ casebook replay -p support@v2 --target module:./agents/support.mjs#create
  $ casebook replay -p support@v2 --depth tape --model local --api chat \\
      --base-url http://127.0.0.1:8080/v1
  $ casebook replay --resume                    go on with an unfinished run

Depths: frozen answers for the model too, and catches changes of code, tools,
guardrails and handoffs; tape asks a model, and catches changes of prompts and
models. Tools are answered from the recording at both. Keys come from the
environment (OPENAI_API_KEY, or --api-key-env NAME).
Rules for what counts as the same arguments: replay.rules in casebook.yaml.

Exit: 0 the run is complete, whatever the grades; 1 the dataset is not what was
released; 2 nothing to run; 3 trials failed for reasons of the world; 130
stopped (casebook replay --resume goes on). Next: casebook gate`;

/** `casebook replay [DATASET]` */
export const addReplay: AddCommand = (program, io, answer) => {
  program
    .command("replay")
    .summary("run a dataset against prompt versions, tools answered from the recordings")
    .description("Run the cases of a dataset version against one or more prompt versions and grade them.")
    .argument("[dataset]", "NAME or NAME@VERSION (default: the newest version of the only dataset)")
    .option("-p, --prompt <ref...>", "prompt versions: NAME@VERSION, a path, or `recorded`")
    .addOption(new Option("--depth <depth>", "frozen (default) or tape").choices(["frozen", "tape"]))
    .option("--target <target>", "trace (default: agents rebuilt from the recording) or module:FILE#EXPORT")
    .option("--unreleased", "the dataset as it is now, not a released version")
    .option("--model <name>", "model for every agent (default: the prompt's, else the recorded one)")
    .option("--base-url <url>", "endpoint of the model (default: OPENAI_BASE_URL, else api.openai.com)")
    .addOption(new Option("--api <api>", "what the endpoint speaks").choices(["responses", "chat"]))
    .option("--api-key-env <name>", "variable that holds the key (default: OPENAI_API_KEY)")
    .addOption(new Option("--model-module <file#export>", "a model that runs in this process").conflicts(["baseUrl", "api", "apiKeyEnv"]))
    .option("--repeat <n>", "trials per case", count)
    .option("-j, --max-concurrency <n>", "trials at a time (default: 4)", count)
    .addOption(new Option("--on-miss <how>", "a call nobody recorded: fail (default), error, stub").choices(["fail", "error", "stub"]))
    .option("--min-fidelity <share>", "calls served as recorded, 0 to 1, under which a trial is invalid (default: 0)", share)
    .option("--max-turns <n>", "model turns per run (default: what the recording took, at least 10)", count)
    .option("--filter <text>", "cases whose id, code, title or tag holds this text")
    .addOption(new Option("--only <end>", "cases that ended so in the last run").choices(["failed", "errored", "invalid", "flaky"]))
    .option("--from <run>", "the run that --only looks at")
    .option("--sample <n>", "so many cases, drawn with --seed", count)
    .option("--seed <n>", "seed of the sample (default: 1)", count)
    .option("--limit <n>", "at most so many cases", count)
    .option("--resume [run]", "go on with a run: finished trials are kept, failed ones of the world repeated")
    .option("--list", "list the cases that are selected, run nothing")
    .option("--dry-run", "say what would be run, run nothing")
    .option("--json", "print the result as JSON")
    .addOption(new Option("--reporter <name>", "what to print").choices(["text", "json", "junit", "markdown", "csv"]).conflicts("json"))
    .option("-o, --output <file>", "write it to a file too, by its ending (repeatable)", (file: string, before: readonly string[]) => [...before, file], [])
    .addHelpText("after", examples)
    .action(async (dataset: string | undefined, flags: ReplayFlags) => {
      const { openReplay } = await import("../replaying.ts");
      const { planReplay, replay } = await import("../../commands/replay.ts");
      const { printJson, say } = await import("../render.ts");
      const { options, ports } = await openReplay(io, dataset, flags);
      if (flags.list === true || flags.dryRun === true) {
        const { runs } = planReplay(options, ports);
        const plan = {
          schema: "casebook/replay-plan@1",
          runs: runs.map(({ header: { id: _id, started_at: _at, ...rest }, left }) => ({ ...rest, trials_left: left })),
        };
        if (flags.json === true) printJson(io, plan);
        else if (flags.list === true) for (const one of runs[0]?.header.cases ?? []) io.stdout.write(`${one.label}  ${one.id}${one.codes.length === 0 ? "" : `  ${one.codes.join(" ")}`}\n`);
        else
          for (const { prompt, header, left } of runs)
            io.stdout.write(`${prompt.name}@${prompt.version}: ${header.cases.length} cases of ${header.dataset.name}@${header.dataset.version}, ${left} trials at depth ${header.depth}, target ${header.target.kind}\n`);
        say(io, "Nothing was run.");
        return;
      }
      const done = await replay(options, ports);
      const { summariseRun } = await import("../../core/report/run-summary.ts");
      const { renderRuns } = await import("../../core/report/render-report.ts");
      const { writeOutputs } = await import("../compared.ts");
      const summaries = done.map(({ run }) => summariseRun(run));
      await writeOutputs(io, flags, (reporter, width) => renderRuns(summaries, reporter, { width }));
      for (const { run, untouched } of done)
        if (untouched > 0 && run.header.prompt.name !== "recorded")
          say(io, `${run.header.prompt.name}@${run.header.prompt.version} says nothing to any agent of ${untouched} of ${run.header.cases.length} cases: is \`agent:\` in its front matter right?`);
      const errors = done.reduce((sum, { run }) => sum + run.trials.filter((trial) => trial.outcome === "error").length, 0);
      const [first, last] = [done[0]?.run.header.id ?? "", done.at(-1)?.run.header.id ?? ""];
      if (errors > 0 || done.some(({ run }) => !run.complete)) {
        say(io, `${errors} ${errors === 1 ? "trial" : "trials"} failed for reasons of the world, not the agent's. Repeat those: casebook replay --resume ${last}`);
        answer(exit.world);
      } else say(io, `Next: ${done.length > 1 ? `casebook gate ${last} --baseline ${first}` : `casebook gate ${last}`}`);
    });
};

export type ReplayFlags = OutputFlags & {
  readonly prompt?: readonly string[];
  readonly depth?: "frozen" | "tape";
  readonly target?: string;
  readonly unreleased?: boolean;
  readonly model?: string;
  readonly baseUrl?: string;
  readonly api?: "responses" | "chat";
  readonly apiKeyEnv?: string;
  readonly modelModule?: string;
  readonly repeat?: number;
  readonly maxConcurrency?: number;
  readonly onMiss?: "fail" | "error" | "stub";
  readonly minFidelity?: number;
  readonly maxTurns?: number;
  readonly filter?: string;
  readonly only?: "failed" | "errored" | "invalid" | "flaky";
  readonly from?: string;
  readonly sample?: number;
  readonly seed?: number;
  readonly limit?: number;
  readonly resume?: string | boolean;
  readonly list?: boolean;
};

function share(text: string): number {
  const value = Number(text);
  if (!/^(?:0|1|0?\.\d+|1\.0+)$/.test(text) || value > 1) throw new InvalidArgumentError("Use a share from 0 to 1, like 0.8.");
  return value;
}
