import { scoreOf, type GateReport } from "./gate-words.ts";

/** A gate as rows of a spreadsheet, one a case. */
export function gateRows({ cases }: GateReport): string[][] {
  return [
    ["case", "bucket", "why", "codes", "baseline", "candidate", "break", "p", "step", "step_baseline", "step_candidate"],
    ...cases.map((one) => [
      one.case_id,
      one.bucket,
      one.why ?? "",
      one.codes.join(" "),
      scoreOf(one.baseline),
      scoreOf(one.candidate),
      one.break ?? "",
      one.p === undefined ? "" : String(Number(one.p.toPrecision(3))),
      one.parts === undefined ? "" : String(one.parts.step),
      one.parts?.baseline ?? "",
      one.parts?.candidate ?? "",
    ]),
  ];
}
