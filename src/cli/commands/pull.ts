import { Option } from "commander";
import type { PullSummary } from "../../commands/pull-tally.ts";
import { exit } from "../exit.ts";
import type { Io } from "../io.ts";
import { count, time } from "../flags.ts";
import type { AddCommand } from "../program.ts";
import type { Vendor, VendorFlags } from "../vendor-pull.ts";

type Flags = VendorFlags & { readonly format?: string; readonly strict?: boolean; readonly again?: boolean; readonly dryRun?: boolean; readonly json?: boolean };

const examples = `
Examples:
  $ casebook pull traces.jsonl         JSONL, a JSON array, ingest bodies, gzip
  $ casebook pull 'exports/**/*.gz' logs/
  $ my-exporter | casebook pull -      standard input
  $ casebook pull traces.jsonl --dry-run --json
  $ casebook pull --again              the same sources, after a new policy
  $ casebook pull langfuse --since 7d  an API; goes on where it left off

Everything is redacted before it is stored. Pulling twice adds nothing.
Next: casebook ls`;

/** Words that stand for an API where no file of that name is meant (`./langfuse` is the file). */
const apis: readonly string[] = ["langfuse", "langsmith", "phoenix"];

/** `casebook pull [SOURCE…]` */
export const addPull: AddCommand = (program, io, answer) => {
  program
    .command("pull")
    .description("import traces, redact and store them")
    .argument("[source...]", "files, folders, globs, - for standard input, or langfuse, langsmith, phoenix")
    .addOption(new Option("--format <name>", "read every file as this format (else each is looked at)"))
    .option("--strict", "exit 1 when anything was refused")
    .option("--again", "read again what is stored already: the sources named, or all that were ever pulled")
    .option("--dry-run", "read and count, store nothing")
    .option("--since <time>", "of an API: from this time on (2026-11-01, 7d; default: where the last pull ended)", time)
    .option("--until <time>", "of an API: before this time (default: now)", time)
    .option("--project <name>", "of an API: the project")
    .option("--base-url <url>", "of an API: where it is, for self-hosted ones")
    .option("--page-size <count>", "of an API: records a page", count)
    .option("--restart", "of an API: leave unfinished what broke off (else it is finished first)")
    .option("--json", "print the counts as JSON")
    .addHelpText("after", examples)
    .action(async (named: string[], flags: Flags) => {
      const { CasebookError } = await import("../../core/base/error.ts");
      const [first = ""] = named;
      if (named.length === 1 && apis.includes(first)) {
        const { pullVendor } = await import("../vendor-pull.ts");
        if (flags.dryRun === true || flags.again === true) throw new CasebookError("usage", "--dry-run and --again are for files.", { hint: `casebook pull ${first} --since 7d` });
        if ((await pullVendor(first as Vendor, flags, io)) && flags.strict === true) answer(exit.no);
        return;
      }
      const { openWorkspace } = await import("../../adapters/files/workspace.ts");
      const { sparing } = await import("../memory.ts");
      const { progressFor } = await import("../progress.ts");
      const progress = sparing(progressFor(io));
      const { readRecords } = await import("../../adapters/files/records.ts");
      const { pull } = await import("../../commands/pull.ts");
      const { sources } = await import("../../core/sources/sources.ts");
      const { openRedactor } = await import("../redactor.ts");
      const { printJson } = await import("../render.ts");
      const { storeFor } = await import("../store-for.ts");

      const source = sources.find(({ name }) => name === flags.format);
      if (flags.format !== undefined && source === undefined)
        throw new CasebookError("usage", "--format: no such format.", { hint: `Formats: ${sources.map(({ name }) => name).join(", ")}.` });
      const workspace = openWorkspace(io.cwd);
      // Nothing is set up before there is something to read.
      const args = named.length === 0 && flags.again === true ? await remembered(workspace.paths.traces) : named;
      if (args.length === 0)
        throw new CasebookError("usage", flags.again === true ? "No source is remembered." : "Name something to pull.", {
          hint: "casebook pull FILE, a folder, a glob, or - for standard input",
        });
      const cwd = named.length === 0 ? workspace.root : io.cwd;
      const reader = readRecords(args, { cwd, stdin: io.stdin });
      const { store, close } = await storeFor(workspace.paths.traces, flags.dryRun === true);
      try {
        const { redactor, key } = openRedactor(workspace, io, { dry: flags.dryRun === true });
        const remember = await memorable(args, { cwd, root: workspace.root, keeps: (name) => redactor.redactText(name).text === name });
        const summary = await pull(
          { remember, again: flags.again === true, dry: flags.dryRun === true, ...(source === undefined ? {} : { source }) },
          { reader, store, redactor, key, progress, ...(io.signal === undefined ? {} : { signal: io.signal }) },
        );
        if (flags.json === true) printJson(io, summary);
        await tell(io, summary, { ...flags, piped: args.every((arg) => arg === "-") });
        if (flags.strict === true && Object.keys(summary.problem_counts).length > 0) answer(exit.no);
      } finally {
        close();
      }
    });
};

/** What was pulled before. */
async function remembered(traces: string): Promise<readonly string[]> {
  const { openStore } = await import("../../adapters/store/store.ts");
  const store = await openStore(traces);
  try {
    return store.sources();
  } finally {
    store.close();
  }
}

/** Sources as they may be kept: relative to the root, and only where the name itself gives nothing away. */
async function memorable(args: readonly string[], { cwd, root, keeps }: { cwd: string; root: string; keeps: (name: string) => boolean }): Promise<string[]> {
  const path = await import("node:path");
  return args.filter((arg) => arg !== "-").map((arg) => path.relative(root, path.resolve(cwd, arg)) || ".").filter(keeps);
}

async function tell(io: Io, summary: PullSummary, flags: Flags & { readonly piped: boolean }): Promise<void> {
  const { plural: many, say, sayProblems } = await import("../render.ts");
  const { traces, content } = summary;
  sayProblems(io, summary.problems);
  const refused = Object.values(summary.problem_counts).reduce((sum, count) => sum + count, 0);
  say(
    io,
    `${many(summary.objects, "record")} read from ${flags.piped ? "standard input" : many(summary.files, "file")}${summary.duplicates > 0 ? `, ${summary.duplicates.toLocaleString("en")} of them ${summary.duplicates === 1 ? "a duplicate" : "duplicates"}` : ""}` +
      `${refused > 0 ? `, ${many(refused, "problem")}` : ""}.`,
  );
  if (summary.objects === 0 && refused === 0) return say(io, "Nothing was in it, so nothing was stored. Did the recorder write yet? See: casebook pull --help");
  say(io, `${many(traces.total, "trace")} with ${many(summary.spans, "span")}: ${traces.new} new, ${traces.updated} updated, ${traces.unchanged} unchanged.`);
  const odd = [
    summary.orphan_spans > 0 && `${many(summary.orphan_spans, "span")} whose parent is missing`,
    summary.traces_without_spans > 0 && `${many(summary.traces_without_spans, "trace")} without spans`,
    summary.span_groups_without_trace > 0 && `${many(summary.span_groups_without_trace, "trace")} without a trace record`,
    summary.truncated_spans > 0 && `${many(summary.truncated_spans, "span")} cut by an exporter`,
    summary.sensitive_off > 0 && `${many(summary.sensitive_off, "trace")} with sensitive data off`,
  ].filter((words) => words !== false);
  if (odd.length > 0) say(io, `${odd.join(", ")}.`);
  if (traces.total > 0) say(io, `Content: ${content.full} full, ${content.partial} partial, ${content.none} none.`);
  const masked = (summary.findings.by_tier["certain"] ?? 0) + (summary.findings.by_tier["likely"] ?? 0);
  const suspects = summary.findings.by_tier["suspect"] ?? 0;
  say(io, `${many(masked, "sensitive value")} masked${suspects > 0 ? `, ${many(suspects, "suspect")} to look at while labelling` : ""}.`);
  if (content.none > 0 && summary.only_response_ids > 0)
    say(
      io,
      `${content.none === traces.total ? "These traces hold" : `${many(content.none, "trace")} ${content.none === 1 ? "holds" : "hold"}`} only response ids, no messages. Record with casebook/recorder, or fill them: casebook hydrate`,
    );
  if (flags.dryRun === true) say(io, "Nothing was stored (--dry-run).");
  else if (traces.total > 0) say(io, "Next: casebook ls");
}
