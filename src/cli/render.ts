import { CasebookError } from "../core/base/error.ts";
import { placeOf, tracesOf, type Problem, type Where } from "../core/base/problem.ts";
import { oneLine } from "../core/base/text.ts";
import { fold } from "./fold.ts";
import type { Io } from "./io.ts";

/** One JSON document on stdout, two spaces, last newline: what `--json` prints. */
export function printJson(io: Io, value: unknown): void {
  io.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** `1 case`, `2 cases`, `1,204 cases`. */
export const plural = (count: number, one: string, more = `${one}s`): string => `${count.toLocaleString("en")} ${count === 1 ? one : more}`;

/** Words on stderr, in lines that fit. */
export function say(io: Io, text: string): void {
  io.stderr.write(`${fold(io, text)}\n`);
}

/** Colour only where a person looks and has not said no: a terminal, `NO_COLOR` unset, `TERM` not dumb. */
export function colourOn(io: Io, stream: { readonly isTTY?: boolean }): boolean {
  if (io.env["NO_COLOR"]) return false;
  if (io.env["FORCE_COLOR"] && io.env["FORCE_COLOR"] !== "0") return true;
  return stream.isTTY === true && io.env["TERM"] !== "dumb";
}

/** The problems found, at most `limit` of them, each with its place and remedy. */
export function sayProblems(io: Io, problems: readonly Problem[], limit = 10): void {
  for (const problem of problems.slice(0, limit))
    say(io, `${oneLine(placeOf(problem.where) + tracesOf(problem))}: ${problem.message} [${problem.code}]\n  ${problem.remedy}`);
  if (problems.length > limit) say(io, `… and ${problems.length - limit} more (all with --json)`);
}

/** Says what of the store cannot be read. What was there comes back with another pull of the same sources. */
export function sayDamage(io: Io, damaged: readonly Where[]): void {
  const [first] = damaged;
  if (first !== undefined)
    say(io, `${damaged.length === 1 ? "1 record" : `${damaged.length} records`} of the store cannot be read (${placeOf(first)}). To have them again: casebook pull --again`);
}

/** Refuses to ask a person where there is none. `flag` is what to use instead. */
export function needTerminal(io: Io, verb: string, flag: string): void {
  if (!io.interactive)
    throw new CasebookError("usage", `${verb} asks a person, and there is no terminal here.`, { hint: flag });
}
