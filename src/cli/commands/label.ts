import { Option } from "commander";
import type { LabelPorts, LabelResult, Labeler } from "../../commands/label.ts";
import { exit } from "../exit.ts";
import { count } from "../flags.ts";
import type { Io } from "../io.ts";
import type { AddCommand } from "../program.ts";
import { colourOn, needTerminal, printJson, say, sayProblems } from "../render.ts";

type Flags = {
  readonly answers?: string;
  readonly plain?: boolean;
  readonly only?: readonly string[];
  readonly limit?: number;
  readonly annotator?: string;
  readonly codes: number;
  readonly json?: boolean;
  readonly dryRun?: boolean;
};

const examples = `
Examples:
  $ casebook label                   go on where you left; ? shows the keys
  $ casebook label --limit 20 --codes always
  $ casebook label --only 4f1c2a99   one trace (again), by an id's beginning
  $ casebook label --plain           line by line, for screen readers and pipes
  $ casebook label --answers answers.jsonl   what was decided elsewhere

A line of an answers file names a trace and judges it:
  {"trace": "trace_4f1c", "verdict": "fail", "codes": ["tool.args-wrong"],
   "first_failing_span": "span_9d", "expected": "must call refund"}
  {"match": {"workflow": "Support", "contains": "order 17"}, "verdict": "pass"}

Every decision is saved at once, in .casebook/labels. Next: casebook build`;

/** `casebook label` */
export const addLabel: AddCommand = (program, io, answer) => {
  program
    .command("label")
    .description("judge traces: pass or fail, what went wrong first, what should have happened")
    .addOption(new Option("--answers <file>", "take the judgements from a JSONL file (- for standard input)").conflicts("plain"))
    .option("--plain", "ask line by line, without a screen")
    .option("--only <id...>", "these traces and no others, labelled or not (ids or their beginnings)")
    .option("-n, --limit <count>", "at most this many traces", count)
    .option("--annotator <name>", "who judges (default: CASEBOOK_ANNOTATOR, else casebook.yaml, else git's user.name)")
    .addOption(new Option("--codes <when>", "offer failure codes `always`, or after this many notes").default(30).argParser(codesAfter))
    .option("--dry-run", "write nothing")
    .option("--json", "print the result as JSON")
    .addHelpText("after", examples)
    .action(async (flags: Flags) => {
      const plain = flags.plain === true || (flags.answers === undefined && io.env["TERM"] === "dumb");
      if (flags.answers === undefined && !plain)
        needTerminal(io, "label", "casebook label --answers FILE, or --plain to be asked line by line");
      const { openWorkspace } = await import("../../adapters/files/workspace.ts");
      const { checkAnnotator, openJournal } = await import("../../adapters/files/journal.ts");
      const { openDedup } = await import("../../adapters/files/dedup.ts");
      const { openStore } = await import("../../adapters/store/store.ts");
      const { openRedactor } = await import("../redactor.ts");
      const { renamedIn } = await import("../renamed.ts");
      const { loadTaxonomy } = await import("../../adapters/files/taxonomy.ts");
      const { editorOf } = await import("../../adapters/terminal/editor.ts");
      const { annotatorOf } = await import("../annotator.ts");
      const commands = await import("../../commands/label.ts");
      const { readAnswers } = await import("../../adapters/answers/lines.ts");
      const lines = flags.answers === undefined ? undefined : await readAnswers(flags.answers, io);
      const workspace = openWorkspace(io.cwd);
      const annotator = checkAnnotator(flags.annotator ?? (await annotatorOf(workspace, io, { ask: flags.answers === undefined && !plain })));
      const journal = openJournal(workspace.paths.labels, annotator);
      const traces = await openStore(workspace.paths.traces);
      const ports: LabelPorts = { traces, renamed: renamedIn(workspace, io), dedup: openDedup(workspace.paths.dedup), journal, redactor: openRedactor(workspace, io).redactor, clock: { now: () => Date.now() } };
      const options = {
        annotator,
        taxonomy: loadTaxonomy(workspace.paths.taxonomy),
        codesAfter: flags.codes,
        editor: editorOf(io.env) !== undefined,
        dryRun: flags.dryRun === true,
        ...(flags.only !== undefined && { only: flags.only }),
        ...(flags.limit !== undefined && { limit: flags.limit }),
      };
      try {
        if (flags.answers !== undefined && lines !== undefined) {
          const result = commands.labelFromAnswers(options, ports, { file: flags.answers === "-" ? "standard input" : flags.answers, lines });
          if (flags.json === true) printJson(io, { schema: "casebook/label-result@1", ...result });
          sayProblems(io, result.refused);
          if (result.unchanged > 0) say(io, `${result.unchanged} of ${result.answers} answers were in the journal already.`);
          summarise(io, result, workspace.config.dataset);
          if (result.refused.length > 0) {
            say(io, `error: ${result.refused.length} of ${result.answers} answers could not be taken; the others are kept. Mend those lines and run it again.`);
            answer(exit.yours);
          }
          return;
        }
        const { interrupted, ...result } = await commands.label(options, ports, await labelerFor(io, { plain, home: workspace.paths.home }));
        if (flags.json === true) printJson(io, { schema: "casebook/label-result@1", ...result });
        summarise(io, result, workspace.config.dataset);
        if (interrupted) answer(exit.interrupted);
      } finally {
        journal.close();
        traces.close();
      }
    });
};

function codesAfter(text: string): number {
  return text === "always" ? 0 : count(text);
}

async function labelerFor(io: Io, { plain, home }: { plain: boolean; home: string }): Promise<Labeler> {
  const clock = { now: () => Date.now() };
  if (plain) {
    const { labelByLine } = await import("../../adapters/answers/plain.ts");
    return (session, keep) => labelByLine(session, keep, { input: io.stdin, output: io.stderr, clock, signal: io.signal });
  }
  const { labelOnScreen } = await import("../../adapters/terminal/labeler.ts");
  const { editorOf, editText } = await import("../../adapters/terminal/editor.ts");
  const command = editorOf(io.env);
  return (session, keep) =>
    labelOnScreen(session, keep, {
      input: io.stdin,
      output: io.stderr,
      colour: colourOn(io, io.stderr),
      clock,
      signal: io.signal,
      ...(command !== undefined && { edit: (text: string) => editText(text, { command, home }) }),
    });
}

/** What was done, and what to type next. */
function summarise(io: Io, result: LabelResult, dataset: string | undefined): void {
  const { labelled, passed, failed, skipped, undone, waiting, labels, annotator, dryRun } = result;
  const also = [skipped > 0 ? `${skipped} skipped` : "", undone > 0 ? `${undone} undone` : ""].filter(Boolean).join(", ");
  say(io, `${annotator}: ${labelled} labelled (${passed} pass, ${failed} fail)${also === "" ? "" : `, ${also}`}. ${labels} in all, ${waiting} to go.`);
  if (dryRun) say(io, "Nothing was written (--dry-run).");
  else if (labels > 0) say(io, `Next: casebook build${dataset === undefined ? " NAME" : ` ${dataset}`}${waiting > 0 ? ", or casebook label to go on" : ""}`);
  else if (waiting > 0) say(io, "Next: casebook label to go on");
  if (result.suspects > 0 && !dryRun) say(io, `${result.suspects} redaction suspects decided: casebook redact --store puts them into force.`);
}
