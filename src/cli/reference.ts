import type { Command } from "commander";

/** The whole command line as Markdown, for `docs/cli.md`: each command's own help, at 80 columns. */
export function renderReference(program: Command): string {
  const sections = [program, ...program.commands].map((command) => {
    const name = command === program ? command.name() : `${program.name()} ${command.name()}`;
    return `## ${name}\n\n\`\`\`\n${helpOf(command).trimEnd()}\n\`\`\`\n`;
  });
  return `# Command line\n\nMade from the program's own help.\n\n${exits}\n${sections.join("\n")}`;
}

function helpOf(command: Command): string {
  let text = "";
  command.configureHelp({ ...command.configureHelp(), helpWidth: 80 }).configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return text;
}

const exits = `| exit | means |
|---|---|
| 0 | done; the gate passed |
| 1 | the answer is no: a regression, a failed verify, problems found |
| 2 | yours to fix: flags, config, a file of another kind or newer version, no terminal |
| 3 | the world failed or the run is incomplete: auth, rate limit, network |
| 4 | inconclusive, only with \`--fail-on inconclusive\` |
| 70 | a bug in casebook |
| 130 | interrupted; everything answered or finished so far is saved |
`;
