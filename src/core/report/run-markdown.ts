import { scoreOf } from "./gate-words.ts";
import { code, table } from "./markdown.ts";
import type { RunSummary } from "./run-summary.ts";
import { runFigures } from "./run-text.ts";

const most = 50;

/** A run as Markdown: figures, failure codes, and the cases that did not pass with what was expected and found. */
export function runMarkdown(run: RunSummary): string {
  const bad = run.cases.filter(({ end }) => end !== "pass");
  return [
    `## Run ${code(run.id)}${run.complete ? "" : " (incomplete)"}`,
    "",
    `${code(`${run.dataset.name}@${run.dataset.version}`)} × ${code(`${run.prompt.name}@${run.prompt.version}`)}`,
    "",
    table(["", ""], runFigures(run).map(([label = "", value = ""]) => [label, label === "trials" ? code(value) : value])),
    "",
    table(
      ["failure code", "cases", "passing"],
      run.codes.map((row) => [row.code === "none" ? "none (good runs)" : code(row.code), String(row.cases), String(row.passing)]),
      [1, 2],
    ),
    ...(bad.length === 0
      ? []
      : [
          "",
          table(
            ["case", "end", "passed", "codes", "check", "expected", "found"],
            bad.slice(0, most).flatMap((one) => {
              const head = [code(one.case_id), one.end, scoreOf(one.counts), one.codes.map(code).join(" ") || "—"];
              const told = one.error === null ? [] : [[...head, code(one.error.code), "—", code(one.error.message)]];
              const checks = one.failing.map((check) => [...head, code(check.id), code(check.expected), code(check.found)]);
              return checks.length + told.length === 0 ? [[...head, "—", "—", "—"]] : [...checks, ...told];
            }),
          ),
        ]),
    ...(bad.length > most ? ["", `… and ${bad.length - most} more cases.`] : []),
    "",
  ].join("\n");
}
