import { PassThrough } from "node:stream";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { buildProgram, verbSummaries } from "../../src/cli/program.ts";
import { renderReference } from "../../src/cli/reference.ts";
import { casebook, scratch } from "../support/io.ts";

const stream = new PassThrough();
const whole = (): Promise<Command> =>
  buildProgram({ stdin: stream, stdout: stream, stderr: stream, cwd: "", env: {}, interactive: false }, () => {}, { all: true });

test("docs/cli.md says what --help says (vitest -u writes it anew)", async () => {
  await expect(renderReference(await whole())).toMatchFileSnapshot("../../docs/cli.md");
});

test("every command says in its own help what the list of commands says of it", async () => {
  const program = await whole();
  for (const { name, summary } of verbSummaries()) {
    const command = program.commands.find((candidate) => candidate.name() === name);
    expect(command, name).toBeDefined();
    expect(command?.summary() || command?.description(), name).toBe(summary);
  }
});

test("every command shows examples of itself and takes --json or says why not", async () => {
  const program = await whole();
  for (const command of program.commands) {
    let help = "";
    command.configureOutput({ writeOut: (text) => (help += text) });
    command.outputHelp();
    expect(help, command.name()).toMatch(/Examples:/);
    expect(help, command.name()).toMatch(/--json\b/);
  }
});

test("every help fits 80 columns, begins its examples alike, and ends on words", async () => {
  const program = await whole();
  for (const command of [program, ...program.commands]) {
    let help = "";
    command.configureHelp({ ...command.configureHelp(), helpWidth: 80 }).configureOutput({ writeOut: (text) => (help += text) });
    command.outputHelp();
    expect(help.split("\n").filter((line) => line.length > 80), command.name()).toEqual([]);
    expect(help, command.name()).toMatch(/\S\n$/);
    if (command !== program) expect(help, command.name()).toMatch(/Examples:\n {2}\$ /);
  }
});

test.each([[["help", "nonsense"]], [["nonsense"]]])("%j is told to be no command", async (argv) => {
  const { code, err } = await casebook(scratch(), argv);
  expect([code, err.split("\n")[0]]).toEqual([2, "error: unknown command 'nonsense'"]);
});
