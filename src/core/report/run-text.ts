import { oneLine } from "../base/text.ts";
import { columns } from "./columns.ts";
import { percent, plural } from "./figures.ts";
import { scoreOf } from "./gate-words.ts";
import type { CaseSummary, RunSummary } from "./run-summary.ts";

/** A run for a terminal: figures, failure codes, and every case that did not pass with the checks it failed. */
export function runText(run: RunSummary, { width = 80 } = {}): string {
  const bad = run.cases.filter(({ end }) => end !== "pass");
  const lines = [
    `${oneLine(run.id)}  ${oneLine(`${run.dataset.name}@${run.dataset.version}`)} x ${oneLine(`${run.prompt.name}@${run.prompt.version}`)}${run.complete ? "" : "  INCOMPLETE"}`,
    "",
    ...columns(runFigures(run), { width, give: 1 }),
    "",
    ...columns(
      [["failure code", "cases", "passing"], ...run.codes.map(({ code, cases, passing }) => [code === "none" ? "none (good runs)" : code, String(cases), String(passing)])],
      { width, right: [1, 2] },
    ),
    ...bad.flatMap((one) => ["", ...caseLines(one, width)]),
  ];
  return `${lines.join("\n")}\n`;
}

/** The figures of a run as label and value. */
export function runFigures(run: RunSummary): string[][] {
  const { rate, ends, fidelity, tokens } = run;
  const beside = [
    [ends.fail, "failing"],
    [ends.invalid, "off the tape"],
    [ends.error, "in error"],
    [ends.missing, "not run"],
  ] as const;
  const last = run.pass_hat.at(-1);
  return [
    ["cases passing", `${rate.passed}/${rate.of} (95 %: ${percent(rate.low)} to ${percent(rate.high)})`],
    ["not passing", beside.flatMap(([n, words]) => (n === 0 ? [] : [`${n} ${words}`])).join(", ") || "none"],
    ...(run.repeat > 1 && last !== undefined ? [[`pass^${last.k}`, `${percent(last.value)} of ${plural(last.cases, "case")}`]] : []),
    ["trials", `${run.trials.done}/${run.trials.of} at depth ${run.depth}, model ${oneLine(run.model)}`],
    ["tool calls", `${fidelity.served} as recorded, ${fidelity.drifted} drifted, ${fidelity.missed} missed`],
    ...(tokens === null ? [] : [["tokens", `${tokens.input} in, ${tokens.output} out`]]),
  ];
}

function caseLines({ case_id, end, counts, codes, failing, error }: CaseSummary, width: number): string[] {
  const head = columns([[case_id, `${end} ${scoreOf(counts)}`, codes.join(", ")]], { width, give: 2 });
  const checks = failing.map(({ id, expected, found }) => ["", oneLine(id), oneLine(`${expected}; found: ${found}`)]);
  const told = error === null ? [] : [["", oneLine(error.code), oneLine(error.message)]];
  return [...head, ...columns([...checks, ...told], { width, give: 2 })];
}
