import inquirer from "inquirer";
import type { Terminal } from "./labeler.ts";
import { quiet } from "./quiet.ts";

export type AskName = {
  /** Offered; Enter takes it. */
  readonly suggestion: string;
  /** Why a name will not do, or `true`. */
  readonly check: (typed: string) => true | string;
  /** Whether to ask if it should be kept, and where that would be. */
  readonly keepIn?: string | undefined;
};

/** Asks who is labelling, and whether to remember it. Ctrl-C throws inquirer's `ExitPromptError`. */
export async function askName({ suggestion, check, keepIn }: AskName, { input, output, signal }: Pick<Terminal, "input" | "output" | "signal">): Promise<{ readonly name: string; readonly keep: boolean }> {
  // A prompt ends the output it was given, so each has its own.
  const prompt = () =>
    inquirer.createPromptModule({ input: input as NodeJS.ReadStream, output: quiet(output) as NodeJS.WriteStream, skipTTYChecks: true, ...(signal !== undefined && { signal }) });
  const { name } = await prompt()<{ name: string }>([{ type: "input", name: "name", message: "Who is labelling? A short name, committed with the labels:", default: suggestion, validate: check }]);
  if (keepIn === undefined) return { name, keep: false };
  const { keep } = await prompt()<{ keep: boolean }>([{ type: "confirm", name: "keep", message: `Keep it in ${keepIn}?`, default: false }]);
  return { name, keep };
}
