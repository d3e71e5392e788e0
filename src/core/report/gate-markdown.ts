import type { CaseChange } from "../compare/types.ts";
import { pValue } from "./figures.ts";
import { bucketWords, changeFigures, pairFigures, promptOf, resultOf, scoreOf, sureness, whyWords, type GateReport } from "./gate-words.ts";
import { code, table } from "./markdown.ts";

const most = 20;

/**
 * A gate as a pull-request comment or step summary: verdict, why, failure codes, newly failing cases with the step where they
 * part, and the commands that reproduce it. The first line is a marker by which the comment can be found and replaced.
 */
export function gateMarkdown(report: GateReport): string {
  const result = resultOf(report);
  const { baseline, candidate, cases, codes } = report;
  const failing = cases.filter(({ bucket }) => bucket === "newly-failing");
  const others = cases.filter(({ bucket }) => !["both-pass", "both-fail", "newly-failing"].includes(bucket));
  return [
    `<!-- casebook gate ${candidate.dataset.name.replace(/[^\w.-]/g, "-")} -->`,
    `## ${result === undefined ? "Comparison" : `Gate: ${result.verdict}`}`,
    "",
    `${code(candidate.dataset.name)} · ${code(promptOf(baseline))} → ${code(promptOf(candidate))}`,
    "",
    ...(result?.reasons ?? []).map((reason) => `- ${reason}`),
    ...(result === undefined ? [] : [""]),
    table(["", "before", "now"], [...pairFigures(report), ...changeFigures(report).map(([label = "", value = ""]) => [label, "", value])], [1, 2]),
    ...(codes.length === 0
      ? []
      : [
          "",
          table(
            ["failure code", "cases", "failing before", "failing now", "worse", "better", "q"],
            codes.map((row) => [
              row.code === "none" ? "none (good runs)" : code(row.code),
              ...[row.cases, row.baseline_failing, row.candidate_failing, row.newly_failing, row.newly_passing].map(String),
              pValue(row.q),
            ]),
            [1, 2, 3, 4, 5, 6],
          ),
        ]),
    ...caseTable("Newly failing", failing),
    ...(others.length === 0 ? [] : ["", "<details><summary>Other cases that changed or could not be compared</summary>", ...caseTable("", others), "", "</details>"]),
    ...(report.reproduce.length === 0 ? [] : ["", "Reproduce:", "", "```sh", ...report.reproduce.map((line) => line.replaceAll("`", "")), "```"]),
    "",
  ].join("\n");
}

function caseTable(title: string, cases: readonly CaseChange[]): string[] {
  if (cases.length === 0) return [];
  const rows = cases.slice(0, most).map((one) => [
    code(one.case_id),
    one.codes.map(code).join(" ") || "—",
    `${scoreOf(one.baseline)} → ${scoreOf(one.candidate)}`,
    one.why === undefined ? sureness(one) || bucketWords[one.bucket] : whyWords[one.why],
    one.parts === undefined ? "—" : `step ${one.parts.step}: ${code(one.parts.baseline)} → ${code(one.parts.candidate)}`,
  ]);
  return [
    "",
    ...(title === "" ? [] : [`### ${title}`, ""]),
    table(["case", "codes", "passed", "how sure", "first step that parts"], rows),
    ...(cases.length > most ? ["", `… and ${cases.length - most} more.`] : []),
  ];
}
