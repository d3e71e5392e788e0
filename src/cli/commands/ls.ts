import { Option } from "commander";
import { count, oneOf, time } from "../flags.ts";
import type { AddCommand } from "../program.ts";

type Flags = {
  readonly workflow?: string;
  readonly group?: string;
  readonly status?: string[];
  readonly error?: boolean;
  readonly content?: string[];
  readonly kind?: string;
  readonly tool?: string;
  readonly suspicious?: string | boolean;
  readonly labelled?: boolean;
  readonly unlabelled?: boolean;
  readonly since?: number;
  readonly until?: number;
  readonly sort?: "time" | "tokens" | "turns" | "tools" | "duration" | "status" | "workflow";
  readonly reverse?: boolean;
  readonly limit?: number;
  readonly width?: number;
  readonly json?: boolean;
};

/** `casebook ls`: the traces of the store, filtered and sorted. */
export const addLs: AddCommand = (program, io) => {
  program
    .command("ls")
    .summary("list and filter the traces of the store")
    .description("List the traces of the store, newest first.")
    .option("-w, --workflow <text>", "workflow name holds this text")
    .option("-g, --group <id>", "group id is this")
    .option("-s, --status <status...>", "ok, error, blocked, interrupted, incomplete, unknown", oneOf(statuses))
    .option("-e, --error", "the run ended in an error (--status error)")
    .option("--content <content...>", "full, partial, none: how much was recorded", oneOf(contents))
    .option("-k, --kind <kind>", "has a span of this kind (function, handoff, guardrail, …)")
    .option("-t, --tool <name>", "called this tool")
    .option("--suspicious [code]", "has a place worth a look (of this code: repeated-call, tool-error, …)")
    .addOption(new Option("--labelled", "somebody labelled it").conflicts("unlabelled"))
    .addOption(new Option("--unlabelled", "nobody labelled it yet"))
    .option("--since <time>", "started at or after: 2026-11-01, an ISO time, or 30m, 12h, 7d, 4w ago", time)
    .option("--until <time>", "started before (same forms)", time)
    .addOption(new Option("--sort <key>", "order").choices(["time", "tokens", "turns", "tools", "duration", "status", "workflow"]).default("time"))
    .option("-r, --reverse", "turn the order around")
    .option("-n, --limit <count>", "show at most this many", count)
    .option("--width <columns>", "columns of the table (default: the terminal, else 80)", count)
    .option("--json", "print one JSON document")
    .addHelpText("after", examples)
    .action(async (flags: Flags) => {
      const [{ ls }, { openStore }, { readLabels }, { openWorkspace }, { traceTable }, { printJson, say, sayDamage }, { progressFor }, { paintFor, widthFor }, { renamedIn }] = await Promise.all([
        import("../../commands/ls.ts"),
        import("../../adapters/store/store.ts"),
        import("../../adapters/files/journal.ts"),
        import("../../adapters/files/workspace.ts"),
        import("../../core/report/trace-list.ts"),
        import("../render.ts"),
        import("../progress.ts"),
        import("../paint.ts"),
        import("../renamed.ts"),
      ]);
      const workspace = openWorkspace(io.cwd);
      const { paths } = workspace;
      const traces = await openStore(paths.traces);
      try {
        const status = [...(flags.status ?? []), ...(flags.error === true ? ["error"] : [])];
        const options = {
          ...flags,
          status: status.length > 0 ? status : undefined,
          suspicion: flags.suspicious,
          labelled: flags.labelled === true ? true : flags.unlabelled === true ? false : undefined,
        };
        const result = ls(options, { traces, labels: { labels: () => readLabels(paths.labels) }, renamed: renamedIn(workspace, io), progress: progressFor(io) });
        if (flags.json === true) return printJson(io, { schema: "casebook/trace-list@1", ...result });
        sayDamage(io, traces.damaged());
        if (result.total === 0) return say(io, "The store is empty. Import traces: casebook pull FILE");
        if (result.matched === 0) return say(io, `None of ${result.total} traces matches.`);
        const view = { width: widthFor(io, flags.width), now: Date.now(), ids: traces.ids(), paint: paintFor(io) };
        io.stdout.write(`${traceTable(result.rows, view)}\n`);
        const shown = result.rows.length < result.matched ? `${result.rows.length} of ${result.matched} matching` : String(result.matched);
        say(io, `${shown}${result.matched < result.total ? ` of ${result.total}` : ""} ${result.total === 1 ? "trace" : "traces"}. Read one: casebook show ID`);
      } finally {
        traces.close();
      }
    });
};

const statuses = ["ok", "error", "blocked", "interrupted", "incomplete", "unknown"];
const contents = ["full", "partial", "none"];

const examples = `
Examples:
  $ casebook ls                              everything, newest first
  $ casebook ls --error --since 7d           failed runs of the last week
  $ casebook ls --tool issue_refund --suspicious
  $ casebook ls --status blocked,interrupted --sort tokens
  $ casebook ls --unlabelled --content full --limit 20
  $ casebook ls --json | jq -r '.rows[].id'

Next: casebook show ID`;
