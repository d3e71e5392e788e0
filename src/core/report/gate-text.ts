import { oneLine } from "../base/text.ts";
import type { CaseChange, CodeRow } from "../compare/types.ts";
import { columns } from "./columns.ts";
import { pValue } from "./figures.ts";
import { bucketWords, changeFigures, pairFigures, promptOf, resultOf, scoreOf, sureness, whyWords, type GateReport } from "./gate-words.ts";

/** A gate or a comparison for a terminal: verdict and why, the figures, failure codes, and each case that changed. */
export function gateText(report: GateReport, { width = 80 } = {}): string {
  const result = resultOf(report);
  const { baseline, candidate } = report;
  const lines = [
    `${result === undefined ? "compared" : result.verdict.toUpperCase()}  ${oneLine(candidate.dataset.name)}: ${promptOf(baseline)} -> ${promptOf(candidate)}`,
    "",
    ...(result?.reasons ?? []).flatMap((reason) => wrapAt(reason, width - 4).map((line, at) => `${at === 0 ? "  - " : "    "}${line}`)),
    ...(result === undefined ? [] : [""]),
    ...columns([["", promptOf(baseline), promptOf(candidate)], ...pairFigures(report).map(([label = "", ...sides]) => [label.padEnd(14), ...sides])], { width, give: 2 }),
    ...columns(changeFigures(report), { width, give: 1 }),
    ...codeTable(report.codes, width),
    ...caseList(report.cases, width),
    ...(report.reproduce.length === 0 ? [] : ["", "Again:", ...report.reproduce.map((line) => `  ${line}`)]),
  ];
  return `${lines.join("\n")}\n`;
}

function codeTable(rows: readonly CodeRow[], width: number): string[] {
  if (rows.length === 0) return [];
  return [
    "",
    ...columns(
      [
        ["failure code", "cases", "failing", "now", "worse", "better", "q"],
        ...rows.map((row) => [
          row.code === "none" ? "none (good runs)" : row.code,
          ...[row.cases, row.baseline_failing, row.candidate_failing, row.newly_failing, row.newly_passing].map(String),
          pValue(row.q),
        ]),
      ],
      { width, right: [1, 2, 3, 4, 5, 6] },
    ),
  ];
}

function caseList(cases: readonly CaseChange[], width: number): string[] {
  const shown = cases.filter(({ bucket }) => bucket !== "both-pass" && bucket !== "both-fail");
  return [...new Set(shown.map(({ bucket }) => bucket))].flatMap((bucket) => {
    const mine = shown.filter((one) => one.bucket === bucket);
    const rows = columns(
      mine.map((one) => [one.case_id, `${scoreOf(one.baseline)} -> ${scoreOf(one.candidate)}`, one.why === undefined ? sureness(one) : whyWords[one.why]]),
      { width },
    );
    return ["", `${bucketWords[bucket]}:`, ...mine.flatMap((one, at) => [rows[at] ?? "", ...partsOf(one, width)])];
  });
}

function partsOf({ parts, codes }: CaseChange, width: number): string[] {
  const about = codes.length === 0 ? [] : columns([["", codes.join(", ")]], { width, give: 1 });
  if (parts === undefined) return about;
  const [line = ""] = columns([["", oneLine(`step ${parts.step}: ${parts.baseline} -> ${parts.candidate}`)]], { width, give: 1 });
  return [...about, line];
}

/** Words on lines of at most `width`. */
function wrapAt(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of oneLine(text).split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
