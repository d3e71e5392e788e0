import type { Check, CheckResult, GroupCheck, LeafCheck } from "./check.ts";
import { brief, finding, ungraded, type Finding } from "./finding.ts";
import { gradeBudget, gradeCalled, gradeOrder, gradeTrajectory } from "./grade-calls.ts";
import { gradeOutput } from "./grade-output.ts";
import { sayCheck } from "./say.ts";
import { agentKey, type Subject } from "./subject.ts";

/** Every check against one run: what was expected, what was found, where. Words are short and harmless. */
export function gradeChecks(checks: readonly Check[], subject: Subject): CheckResult[] {
  return checks.map((check) => {
    const { result, found, span_id } = grade(check, subject);
    const answer = { id: check.id, type: check.type, result, expected: brief(sayCheck(check), 200), found: brief(found, 200) };
    return span_id === undefined ? answer : { ...answer, span_id };
  });
}

/** All that could be graded passed, and something could. */
export function passes(results: readonly CheckResult[]): boolean {
  return results.some((one) => one.result === "pass") && !results.some((one) => one.result === "fail");
}

function grade(check: Check, subject: Subject): Finding {
  const seen = isGroup(check) ? gradeGroup(check, subject) : gradeLeaf(check, subject);
  if (check.not !== true || seen.result === "ungraded") return seen;
  return { ...seen, result: seen.result === "pass" ? "fail" : "pass" };
}

const isGroup = (check: Check): check is GroupCheck => check.type === "all_of" || check.type === "any_of";

/** Three-valued: a group is ungraded only where an ungraded member could still decide it. */
function gradeGroup(check: GroupCheck, subject: Subject): Finding {
  const seen = check.checks.map((one) => grade(one, subject));
  const deciding = seen.find((one) => one.result === (check.type === "all_of" ? "fail" : "pass"));
  if (deciding !== undefined) return deciding;
  const open = seen.find((one) => one.result === "ungraded");
  if (open !== undefined) return open;
  return { result: check.type === "all_of" ? "pass" : "fail", found: seen.map((one) => one.found).join("; "), span_id: seen[0]?.span_id };
}

function gradeLeaf(check: LeafCheck, subject: Subject): Finding {
  switch (check.type) {
    case "called":
      return gradeCalled(check, subject);
    case "call_order":
      return gradeOrder(check, subject);
    case "trajectory":
      return gradeTrajectory(check, subject);
    case "budget":
      return gradeBudget(check, subject);
    case "output":
      return gradeOutput(check, subject.output);
    case "handoff": {
      const fits = (name: string | undefined, want: string | undefined): boolean => want === undefined || agentKey(name ?? "") === agentKey(want);
      const hit = subject.handoffs.find((one) => fits(one.to, check.to) && fits(one.from, check.from));
      const all = subject.handoffs.map((one) => brief(one.to ?? "nobody known", 40)).join(", ");
      return finding(hit !== undefined, all === "" ? "no handoff" : `handed off to ${all}`, (hit ?? subject.handoffs[0])?.span_id);
    }
    case "guardrail": {
      const runs = subject.guardrails.filter((one) => one.name === check.name);
      const tripped = runs.find((one) => one.triggered);
      if (runs.length === 0) return finding(false, `guardrail ${brief(check.name, 40)} did not run`);
      return finding((tripped !== undefined) === check.triggered, tripped === undefined ? "it did not trip" : "it tripped", (tripped ?? runs[0])?.span_id);
    }
    case "no_error":
      return finding(subject.error === undefined, subject.error === undefined ? "no error" : `error: ${brief(subject.error)}`);
    case "judge":
      return ungraded("no judge at hand");
  }
}
