import { Option } from "commander";
import type { Audit } from "../../core/redact/audit.ts";
import type { Policy } from "../../core/redact/policy.ts";
import { exit } from "../exit.ts";
import type { AddCommand } from "../program.ts";

type Flags = {
  readonly text?: boolean;
  readonly jsonInput?: boolean;
  readonly jsonl?: string;
  readonly groupBy?: string;
  readonly policy?: string;
  readonly style?: Policy["style"];
  readonly store?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
};

const examples = `
Examples:
  $ casebook redact transcript.txt        the text, masked, on stdout
  $ kubectl logs app | casebook redact -  a filter for pipes
  $ casebook redact trace.json --json     what would be masked, and why
  $ casebook redact --jsonl msgs.jsonl --group-by conversation
  $ casebook redact --policy strict.yaml --style type notes.md
  $ casebook redact --store               the same for what is stored already

Findings have a tier: certain and likely are masked, suspect is only listed.
The policy is redact: in casebook.yaml; casebook check --policy prints it.`;

/** `casebook redact [FILE|-]` */
export const addRedact: AddCommand = (program, io, answer) => {
  program
    .command("redact")
    .description("mask personal data and secrets in text, JSON or records; audit a policy")
    .argument("[file]", "a file, or - for standard input")
    .addOption(new Option("--text", "read it as prose, whatever it looks like").conflicts(["jsonInput", "jsonl", "store"]))
    .addOption(new Option("--json-input", "refuse what is not JSON or JSON lines").conflicts(["jsonl", "store"]))
    .addOption(new Option("--jsonl <file>", "{id, text} records; writes {id, text, findings}").conflicts("store"))
    .option("--group-by <member>", "records with an equal member are one trace")
    .option("--policy <file>", "a policy file (default: redact: in casebook.yaml)")
    .addOption(new Option("--style <style>", "what replaces a value").choices(["token", "type", "surrogate"]))
    .option("--store", "redact the stored traces again, in place: a stricter policy, masks from labelling")
    .option("--dry-run", "with --store: count, write nothing")
    .option("--json", "print an audit as one JSON document instead of the text")
    .addHelpText("after", examples)
    .action(async (file: string | undefined, flags: Flags) => {
      const { CasebookError } = await import("../../core/base/error.ts");
      if (flags.store === true) {
        if (file !== undefined) throw new CasebookError("usage", "--store redacts the store and takes no file.", { hint: "casebook redact --store --dry-run" });
        const { redactStored } = await import("../redact-store.ts");
        return redactStored(io, flags);
      }
      if (flags.groupBy !== undefined && flags.jsonl === undefined) throw new CasebookError("usage", "--group-by is for records.", { hint: "casebook redact --jsonl FILE --group-by conversation" });
      if (file !== undefined && flags.jsonl !== undefined) throw new CasebookError("usage", "Give a file or --jsonl FILE, not both.", { hint: "casebook redact --jsonl FILE" });
      const { openFilter } = await import("../redactor.ts");
      const { readInput } = await import("../../adapters/files/input.ts");
      const { openWorkspace } = await import("../../adapters/files/workspace.ts");
      const { filter, stamp } = openFilter(openWorkspace(io.cwd), io, flags);
      const { printJson, say, sayProblems } = await import("../render.ts");
      const { redactRecords, redactWhole } = await import("../../commands/redact.ts");
      const input = await readInput(flags.jsonl ?? file, io);
      if (flags.jsonl === undefined) {
        const result = redactWhole(input.text, { filter, ...(flags.text === true ? { as: "text" as const } : flags.jsonInput === true ? { as: "json" as const } : {}) });
        if (flags.json === true) return printJson(io, { schema: "casebook/redaction-audit@1", redaction: stamp, ...result.audit, list: result.findings });
        io.stdout.write(result.text);
        return say(io, auditLine(result.audit));
      }
      const result = redactRecords(input.text.split("\n"), {
        filter,
        file: input.name,
        ...(flags.groupBy === undefined ? {} : { groupBy: flags.groupBy }),
        put: (record) => void (flags.json === true || io.stdout.write(`${JSON.stringify(record)}\n`)),
      });
      if (flags.json === true) printJson(io, { schema: "casebook/redaction-audit@1", redaction: stamp, records: result.records, ...result.audit, problems: result.problems });
      say(io, result.records === 0 ? "There is no {id, text} record in it." : auditLine(result.audit));
      sayProblems(io, result.problems);
      if (result.problems.length > 0) answer(exit.no);
    });
};

/** One line for a person: how many of what. */
function auditLine(audit: Audit): string {
  const kinds = Object.entries(audit.by_kind).map(([kind, count]) => `${count} ${kind}`);
  const { suspect = 0 } = audit.by_tier;
  return audit.findings === 0 ? "nothing found" : `${audit.findings} found: ${kinds.join(", ")}${suspect > 0 ? `; ${suspect} only suspect, not masked` : ""}`;
}
