import { Option } from "commander";
import type { Shown } from "../../commands/show.ts";
import type { Paint } from "../../core/report/paint.ts";
import { count } from "../flags.ts";
import type { AddCommand } from "../program.ts";

type Flags = {
  readonly tree?: boolean;
  readonly spans?: boolean;
  readonly unfold?: boolean;
  readonly width?: number;
  readonly json?: boolean;
  readonly rawJson?: boolean;
};

type View = Pick<Flags, "tree" | "spans" | "unfold"> & { readonly width: number; readonly paint: Paint };

/** `casebook show`: one trace as a transcript, a tree or data. */
export const addShow: AddCommand = (program, io) => {
  program
    .command("show")
    .summary("one trace as a transcript or a tree")
    .description("Show one trace: who said what, which tools ran with what result, and where something looks wrong.")
    .argument("<id>", "trace id (as listed, or as your own system knows it), or a beginning of it")
    .addOption(new Option("--tree", "spans as they nest, with durations").conflicts(["spans", "json", "rawJson"]))
    .addOption(new Option("--spans", "every span with its id, on its own line").conflicts(["json", "rawJson"]))
    .option("-u, --unfold", "show system texts and long outputs whole")
    .option("--width <columns>", "columns to write in (default: the terminal, else 80)", count)
    .addOption(new Option("--json", "facts and transcript as one JSON document").conflicts("rawJson"))
    .option("--raw-json", "the canonical (redacted) trace itself")
    .addHelpText("after", examples)
    .action(async (ref: string, flags: Flags) => {
      const [{ show, shownJson }, { openStore }, { openWorkspace }, { printJson }, { paintFor, widthFor }, { renamedIn }] = await Promise.all([
        import("../../commands/show.ts"),
        import("../../adapters/store/store.ts"),
        import("../../adapters/files/workspace.ts"),
        import("../render.ts"),
        import("../paint.ts"),
        import("../renamed.ts"),
      ]);
      const workspace = openWorkspace(io.cwd);
      const traces = await openStore(workspace.paths.traces);
      try {
        const shown = show(ref, { traces, renamed: renamedIn(workspace, io) });
        if (flags.rawJson === true) return printJson(io, shown.stored.trace);
        if (flags.json === true) return printJson(io, shownJson(shown));
        const view = { width: widthFor(io, flags.width), paint: paintFor(io) };
        io.stdout.write(`${await textOf(shown, { ...flags, ...view })}\n`);
      } finally {
        traces.close();
      }
    });
};

async function textOf(shown: Shown, { tree = false, spans = false, unfold = false, ...view }: View): Promise<string> {
  const { headText } = await import("../../core/report/show-text.ts");
  const { stored, row, completeness, transcript } = shown;
  const head = headText({ ...view, trace: stored.trace, row, completeness });
  if (!tree && !spans) {
    const { transcriptText } = await import("../../core/report/transcript-text.ts");
    return `${head}\n\n${transcriptText(transcript, { ...view, unfold })}`;
  }
  const { spanTable, traceTree } = await import("../../core/report/trace-tree.ts");
  return `${head}\n\n${(tree ? traceTree : spanTable)(stored.trace, { ...view, suspicions: transcript.suspicions })}`;
}

const examples = `
Examples:
  $ casebook show 77c53fd0                   the transcript; an id's beginning
  $ casebook show 77c53fd0 --unfold | less   system texts and outputs whole
  $ casebook show 77c53fd0 --tree            spans, tokens and durations
  $ casebook show 77c53fd0 --spans           span ids, to name one in a label
  $ casebook show 77c53fd0 --json | jq .suspicions

Next: casebook label --only ID`;
