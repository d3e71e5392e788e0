import type { CaseChange } from "../compare/types.ts";
import { resultOf, scoreOf, sureness, whyWords, type GateReport } from "./gate-words.ts";
import { junitXml, type JunitCase } from "./xml.ts";

/**
 * A gate as JUnit: one test a case, and one for the verdict. Only what got worse is a failure; what fails as before and what
 * cannot be compared is skipped, with the reason.
 */
export function gateJunit(report: GateReport): string {
  const result = resultOf(report);
  const { name } = report.candidate.dataset;
  const verdict: JunitCase[] =
    result === undefined
      ? []
      : [
          {
            name: "verdict",
            classname: name,
            result: result.verdict === "pass" ? "pass" : result.verdict === "regressed" ? "fail" : result.judged ? "skipped" : "error",
            message: result.verdict,
            detail: result.reasons.join("\n"),
          },
        ];
  const cases = report.cases.map((one): JunitCase => ({ classname: name, name: one.case_id, ...endOf(one) }));
  return junitXml([{ name: `casebook gate ${name}`, cases: [...verdict, ...cases] }]);
}

function endOf(one: CaseChange): Pick<JunitCase, "result" | "message" | "detail"> {
  const score = `${scoreOf(one.baseline)} -> ${scoreOf(one.candidate)}`;
  switch (one.bucket) {
    case "both-pass":
    case "newly-passing":
      return { result: "pass" };
    case "newly-failing":
      return {
        result: "fail",
        message: `newly failing: ${score} (${sureness(one)})`,
        detail: [one.codes.join(", "), one.parts === undefined ? "" : `step ${one.parts.step}: ${one.parts.baseline} -> ${one.parts.candidate}`].filter((line) => line !== "").join("\n"),
      };
    case "both-fail":
      return { result: "skipped", message: `fails as before: ${score}` };
    case "not-comparable":
      return { result: "skipped", message: `not comparable: ${whyWords[one.why ?? "gone"]}` };
    case "invalid":
      return { result: "error", message: `off the tape: ${score}` };
    case "error":
      return { result: "error", message: `ended in an error: ${score}` };
  }
}
