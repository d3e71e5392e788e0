import { Option } from "commander";
import type { ContractReport } from "../../core/contract/check-contract.ts";
import type { TraceWriter } from "../../core/ports.ts";
import { exit } from "../exit.ts";
import { count } from "../flags.ts";
import type { Io } from "../io.ts";
import type { AddCommand } from "../program.ts";

type Flags = { readonly policy?: boolean; readonly format?: string; readonly width?: number; readonly json?: boolean };

const examples = `
Examples:
  $ casebook check                     the traces of the store
  $ casebook check traces.jsonl        a file that was not pulled
  $ casebook check --json | jq '.findings[] | {code, traces}'
  $ casebook check --policy > POLICY.md  what may be kept where, for review

What is asked of a trace is contract: in casebook.yaml. Each finding comes with
the line of code that mends it. Exit 1 when there are problems; advice alone is
exit 0.`;

/** `casebook check [SOURCE…]` */
export const addCheck: AddCommand = (program, io, answer) => {
  program
    .command("check")
    .description("the trace contract: names, metadata, content, sensitive data")
    .argument("[source...]", "files, folders, globs, or - for standard input (default: the store)")
    .addOption(new Option("--policy", "print the sensitive-data policy matrix as Markdown"))
    .option("--format <name>", "read files as this format (else each is looked at)")
    .option("--width <columns>", "columns to write in (default: the terminal, else 80)", count)
    .option("--json", "print one JSON document")
    .addHelpText("after", examples)
    .action(async (named: string[], flags: Flags) => {
      if (flags.policy === true) return printPolicy(io, flags);
      const { openWorkspace } = await import("../../adapters/files/workspace.ts");
      const { openStore } = await import("../../adapters/store/store.ts");
      const { check } = await import("../../commands/check.ts");
      const { CasebookError } = await import("../../core/base/error.ts");
      const { progressFor } = await import("../progress.ts");
      const { readContract } = await import("../../core/contract/contract.ts");
      const workspace = openWorkspace(io.cwd);
      const contract = readContract(workspace.config.contract, "casebook.yaml: contract");
      if (named.length > 0) {
        const { openScratch } = await import("../../adapters/store/scratch.ts");
        const traces = await openScratch();
        try {
          await readTraces(io, traces, { named, format: flags.format });
          return await tell(io, check(contract, { traces, progress: progressFor(io) }), { flags, answer: () => answer(exit.no) });
        } finally {
          traces.close();
        }
      }
      const traces = await openStore(workspace.paths.traces);
      try {
        const report = check(contract, { traces, progress: progressFor(io) });
        if (report.traces === 0) throw new CasebookError("usage", "There is nothing to check.", { hint: "casebook check FILE, or first casebook pull FILE" });
        await tell(io, report, { flags, answer: () => answer(exit.no) });
      } finally {
        traces.close();
      }
    });
};

async function tell(io: Io, report: ContractReport, { flags, answer }: { flags: Flags; answer: () => void }): Promise<void> {
  const { printJson } = await import("../render.ts");
  const { contractText } = await import("../../core/report/contract-text.ts");
  const { paintFor, widthFor } = await import("../paint.ts");
  const ok = report.findings.every(({ level }) => level === "advice");
  if (flags.json === true) printJson(io, { schema: "casebook/contract-report@1", ok, ...report });
  else io.stdout.write(`${contractText(report, { width: widthFor(io, flags.width), paint: paintFor(io) })}\n`);
  if (!ok) answer();
}

/** Stores what a pull of these sources would, redacted, so that nothing raw is shown. */
async function readTraces(io: Io, store: TraceWriter, { named, format }: { readonly named: readonly string[]; readonly format: string | undefined }): Promise<void> {
  const { openWorkspace } = await import("../../adapters/files/workspace.ts");
  const { readRecords } = await import("../../adapters/files/records.ts");
  const { pull } = await import("../../commands/pull.ts");
  const { CasebookError } = await import("../../core/base/error.ts");
  const { sources } = await import("../../core/sources/sources.ts");
  const { progressFor } = await import("../progress.ts");
  const { createRedactor } = await import("../../core/redact/create.ts");
  const { loadNames } = await import("../../core/redact/detect/names.ts");
  const { readPolicy } = await import("../../core/redact/policy.ts");
  const { randomBytes } = await import("node:crypto");
  const { sayProblems } = await import("../render.ts");
  const source = sources.find(({ name }) => name === format);
  if (format !== undefined && source === undefined)
    throw new CasebookError("usage", "--format: no such format.", { hint: `Formats: ${sources.map(({ name }) => name).join(", ")}.` });
  // A key of its own: looking at a file must not leave one behind, and no token outlives this run.
  const key = randomBytes(32);
  const policy = readPolicy(openWorkspace(io.cwd).config.redact, "casebook.yaml: redact");
  const redactor = createRedactor({ policy, key, keyId: "none", ...(policy.names ? { names: loadNames() } : {}) });
  const summary = await pull(
    { remember: [], dry: true, ...(source === undefined ? {} : { source }) },
    { reader: readRecords(named, { cwd: io.cwd, stdin: io.stdin }), store, redactor, key, progress: progressFor(io), ...(io.signal === undefined ? {} : { signal: io.signal }) },
  );
  sayProblems(io, summary.problems);
}

async function printPolicy(io: Io, flags: Flags): Promise<void> {
  const { openWorkspace } = await import("../../adapters/files/workspace.ts");
  const { policyHash, policyTable, readPolicy } = await import("../../core/redact/policy.ts");
  const { policyMarkdown } = await import("../../core/report/policy-text.ts");
  const { printJson } = await import("../render.ts");
  const policy = readPolicy(openWorkspace(io.cwd).config.redact, "casebook.yaml: redact");
  if (flags.json === true) printJson(io, { schema: "casebook/policy-table@1", policy: policyHash(policy), rows: policyTable(policy) });
  else io.stdout.write(policyMarkdown(policy));
}
