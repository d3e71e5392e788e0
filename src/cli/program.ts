import { readFileSync } from "node:fs";
import { Command } from "commander";
import type { Exit } from "./exit.ts";
import type { Io } from "./io.ts";

/** Called by a command whose answer is not 0. */
export type Answer = (code: Exit) => void;

/** A verb: adds its flags, help and action to the program. One file per verb in `commands/`. */
export type AddCommand = (program: Command, io: Io, answer: Answer) => void;

/** In the order of the street, which is the order of `--help`. */
const verbs: readonly AddCommand[] = [];

/** The whole command line, with no action taken yet. */
export function buildProgram(io: Io, answer: Answer): Command {
  const program = new Command("casebook")
    .description("Turn agent traces into evals people trust: pull, label, release, replay, gate.")
    .version(version(), "-V, --version")
    .showHelpAfterError("(add --help for more)")
    .showSuggestionAfterError()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .exitOverride();
  for (const add of verbs) add(program, io, answer);
  return program;
}

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };
  return manifest.version;
}
