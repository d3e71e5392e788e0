import { scoreOf } from "./gate-words.ts";
import type { CaseSummary, RunSummary } from "./run-summary.ts";
import { junitXml, type JunitCase } from "./xml.ts";

/** Runs as JUnit, a suite a run, a test a case. Off the tape and errors of the world are errors, never failures of the agent. */
export function runJunit(runs: readonly RunSummary[]): string {
  return junitXml(
    runs.map((run) => ({
      name: `casebook ${run.id}`,
      cases: run.cases.map((one): JunitCase => ({
        name: one.case_id,
        classname: `${run.dataset.name}.${run.prompt.name}@${run.prompt.version}`,
        seconds: one.ms / 1000,
        ...endOf(one),
      })),
    })),
  );
}

function endOf({ end, counts, failing, error }: CaseSummary): Pick<JunitCase, "result" | "message" | "detail"> {
  const detail = [
    ...failing.map((check) => `${check.id}: expected ${check.expected}; found ${check.found}${check.span_id === undefined ? "" : ` (${check.span_id})`}`),
    ...(error === null ? [] : [`${error.code}: ${error.message}`]),
  ].join("\n");
  switch (end) {
    case "pass":
      return { result: "pass" };
    case "fail":
      return { result: "fail", message: `${scoreOf(counts)} passed`, detail };
    case "missing":
      return { result: "skipped", message: "not run yet" };
    case "invalid":
    case "error":
      return { result: "error", message: end === "invalid" ? "off the tape" : "ended in an error", detail };
  }
}
