import { readFileSync } from "node:fs";
import { Command } from "commander";
import type { Exit } from "./exit.ts";
import { fold } from "./fold.ts";
import type { Io } from "./io.ts";

/** Called by a command whose answer is not 0. */
export type Answer = (code: Exit) => void;

/** A verb: adds its flags, help and action to the program. One file per verb in `commands/`. */
export type AddCommand = (program: Command, io: Io, answer: Answer) => void;

/**
 * A verb as the program knows it before its file is loaded: only the verb that was typed is imported, so that `--help`
 * and `--version` cost what commander costs. `summary` is the one line in `casebook --help` and must be the verb's own
 * `.summary(…)` or `.description(…)` too (a test compares them).
 */
type Verb = { readonly name: string; readonly summary: string; readonly load: () => Promise<AddCommand> };

/** In the order of the street, which is the order of `--help`. */
const verbs: readonly Verb[] = [
  { name: "init", summary: "set up a repository: config, taxonomy, prompts, git files, CI", load: async () => (await import("./commands/init.ts")).addInit },
  { name: "pull", summary: "import traces, redact and store them", load: async () => (await import("./commands/pull.ts")).addPull },
  { name: "collect", summary: "listen for traces that SDKs and OTLP exporters send", load: async () => (await import("./commands/collect.ts")).addCollect },
  { name: "hydrate", summary: "fill spans that hold only a response id", load: async () => (await import("./commands/hydrate.ts")).addHydrate },
  { name: "check", summary: "the trace contract: names, metadata, content, sensitive data", load: async () => (await import("./commands/check.ts")).addCheck },
  { name: "ls", summary: "list and filter the traces of the store", load: async () => (await import("./commands/ls.ts")).addLs },
  { name: "show", summary: "one trace as a transcript or a tree", load: async () => (await import("./commands/show.ts")).addShow },
  { name: "dedup", summary: "find duplicates and explain them", load: async () => (await import("./commands/dedup.ts")).addDedup },
  { name: "redact", summary: "mask personal data and secrets in text, JSON or records; audit a policy", load: async () => (await import("./commands/redact.ts")).addRedact },
  { name: "label", summary: "judge traces: pass or fail, what went wrong first, what should have happened", load: async () => (await import("./commands/label.ts")).addLabel },
  { name: "build", summary: "turn labels into case files; refuses leaks and empty expectations", load: async () => (await import("./commands/build.ts")).addBuild },
  { name: "release", summary: "lock the cases under a version, with card and changelog", load: async () => (await import("./commands/release.ts")).addRelease },
  { name: "diff", summary: "what changed between two versions, commits or the files", load: async () => (await import("./commands/diff.ts")).addDiff },
  { name: "verify", summary: "check datasets: hashes, references, shapes, leaks", load: async () => (await import("./commands/verify.ts")).addVerify },
  { name: "export", summary: "write a dataset as a spreadsheet or plain rows", load: async () => (await import("./commands/export.ts")).addExport },
  { name: "replay", summary: "run a dataset against prompt versions, tools answered from the recordings", load: async () => (await import("./commands/replay.ts")).addReplay },
  { name: "compare", summary: "two runs side by side, case by case, with paired statistics", load: async () => (await import("./commands/compare.ts")).addCompare },
  { name: "gate", summary: "decide pass, regressed or inconclusive against the baseline", load: async () => (await import("./commands/gate.ts")).addGate },
  { name: "bless", summary: "accept a finished run as the baseline", load: async () => (await import("./commands/bless.ts")).addBless },
  { name: "report", summary: "runs as text, JSON, JUnit, Markdown or CSV", load: async () => (await import("./commands/report.ts")).addReport },
  { name: "demo", summary: "the whole way on sample traces, offline", load: async () => (await import("./commands/demo.ts")).addDemo },
];

/** The whole command line for `argv`, with no action taken yet. `all` loads every verb (for the reference). */
export async function buildProgram(
  io: Io,
  answer: Answer,
  { argv = [], all = false }: { argv?: readonly string[]; all?: boolean } = {},
): Promise<Command> {
  const program = new Command("casebook")
    .description("Turn agent traces into evals people trust: pull, label, release, replay, gate.")
    .version(version(), "-V, --version")
    // Taken off the line before it is parsed, so it may stand anywhere.
    .option("--no-input", "of any command: ask nobody; exit 2 where a person is needed")
    // A verb's own --version is the verb's.
    .enablePositionalOptions()
    .showHelpAfterError("(add --help for more)")
    .showSuggestionAfterError()
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(fold(io, text)) })
    .exitOverride();
  for (const verb of verbs) {
    if (all || argv.includes(verb.name)) (await verb.load())(program, io, answer);
    else program.command(verb.name).description(verb.summary);
  }
  return program;
}

/** Names and summaries, for the test that keeps them true. */
export const verbSummaries = (): readonly { name: string; summary: string }[] =>
  verbs.map(({ name, summary }) => ({ name, summary }));

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };
  return manifest.version;
}
