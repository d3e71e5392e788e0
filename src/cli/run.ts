import { CommanderError } from "commander";
import { CasebookError } from "../core/base/error.ts";
import { exit, exitOf, type Exit } from "./exit.ts";
import type { Io } from "./io.ts";
import { buildProgram } from "./program.ts";

/**
 * Runs one command line and answers its exit. The only place where an error becomes words and a number: a
 * `CasebookError` by the table in `exit.ts`, what the operating system refused likewise, a usage error of commander 2,
 * an unknown error 70 (a bug; its stack is shown, which names our files, never trace text).
 */
export async function run(words: readonly string[], given: Io): Promise<Exit> {
  let answer: Exit = exit.done;
  // A flag of every command, taken off here so that no command has to know it.
  const argv = words.filter((word) => word !== "--no-input");
  const io: Io = argv.length === words.length ? given : (Object.create(given, { interactive: { value: false } }) as Io);
  try {
    const program = await buildProgram(io, (code) => (answer = code), { argv });
    // Of `help` and a word that is no command, the word is what to complain of.
    const stray = argv[0] === "help" && argv.length > 1 && !program.commands.some((command) => command.name() === argv[1]);
    await program.parseAsync(argv.slice(stray ? 1 : 0), { from: "user" });
    return answer;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.done : exit.yours;
    if (error instanceof Error && error.name === "ExitPromptError") return exit.interrupted;
    if (io.signal?.aborted === true && error instanceof Error && (error.name === "AbortError" || (error as NodeJS.ErrnoException).code === "ERR_STREAM_PREMATURE_CLOSE")) return exit.interrupted;
    // Whatever was being counted on this line.
    if (io.stderr.isTTY === true) io.stderr.write("\r\u001B[K");
    const trouble = error instanceof CasebookError ? error : (await import("./trouble.ts")).troubleOf(error, io.cwd);
    if (trouble !== undefined) {
      // Names a person typed are in it.
      const [{ harmless }, { fold }] = await Promise.all([import("../core/base/text.ts"), import("./fold.ts")]);
      io.stderr.write(fold(io, harmless(`error: ${trouble.message}\n${trouble.hint === undefined ? "" : `hint: ${trouble.hint}\n`}`)));
      return exitOf[trouble.code];
    }
    const stack = error instanceof Error ? (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line)) : [];
    const kind = error instanceof Error ? error.name : typeof error;
    io.stderr.write(`This is a bug in casebook (${kind}); please report it with these lines.\n${stack.join("\n")}\n`);
    return exit.bug;
  }
}
