import { resolve } from "node:path";
import type { AddCommand } from "../program.ts";
import { printJson, say } from "../render.ts";

const examples = `
Examples:
  $ casebook export support --csv -o cases.csv      a spreadsheet of the cases
  $ casebook export support --csv --labels          one row for each label
  $ casebook export support --csv --bom -o c.csv    for Excel
  $ casebook export support --jsonl | jq .title     plain rows for other tools`;

type Flags = { csv?: boolean; jsonl?: boolean; labels?: boolean; bom?: boolean; output?: string; dryRun?: boolean; json?: boolean };

/** `casebook export [DATASET]` */
export const addExport: AddCommand = (program, io) => {
  program
    .command("export")
    .description("write a dataset as a spreadsheet or plain rows")
    .argument("[dataset]", "name of the dataset (else the config's, else the only one)")
    .option("--csv", "comma-separated, formulas made harmless")
    .option("--jsonl", "one JSON object a line")
    .option("--labels", "with --csv: one row for each label instead of each case")
    .option("--bom", "with --csv: begin with a byte order mark, as Excel wants it")
    .option("-o, --output <file>", "write to a file instead of stdout")
    .option("--dry-run", "with -o: write nothing, say what it would be")
    .option("--json", "with -o: print what was written as JSON")
    .addHelpText("after", examples)
    .action(async (named: string | undefined, flags: Flags) => {
      const { CasebookError } = await import("../../core/base/error.ts");
      const { openWorkspace } = await import("../../adapters/files/workspace.ts");
      const { writeFileAtomic } = await import("../../adapters/files/atomic.ts");
      const { openDataset } = await import("../datasets.ts");
      const { exportDataset } = await import("../../commands/export.ts");
      const byName = flags.output === undefined ? undefined : /\.(csv|jsonl)$/.exec(flags.output)?.[1];
      const format = flags.csv === true ? "csv" : flags.jsonl === true ? "jsonl" : byName;
      if ((flags.csv === true && flags.jsonl === true) || (format !== "csv" && format !== "jsonl"))
        throw new CasebookError("usage", "Say which form: --csv or --jsonl.", { hint: "casebook export --csv -o cases.csv" });
      if (flags.json === true && flags.output === undefined) throw new CasebookError("usage", "--json tells of a file that was written.", { hint: "Add -o FILE, or leave --json out: the rows go to stdout." });
      const { name, tree } = openDataset(openWorkspace(io.cwd), named);
      const { text, rows } = exportDataset(tree, { format, labels: flags.labels === true, bom: flags.bom === true });
      if (flags.output === undefined) {
        io.stdout.write(text);
        return;
      }
      const written = flags.dryRun !== true;
      if (written) writeFileAtomic(resolve(io.cwd, flags.output), text);
      if (flags.json === true) printJson(io, { schema: "casebook/export-result@1", dataset: name, format, file: flags.output, rows, written });
      say(io, `${written ? "Wrote" : "Would write"} ${rows} rows to ${flags.output}.`);
    });
};
