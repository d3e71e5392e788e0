import { canonicalJson, parseJson } from "../base/json.ts";
import { linearRegex } from "../base/regex.ts";
import type { LeafCheck } from "./check.ts";
import { brief, finding, ungraded, type Finding } from "./finding.ts";
import { parsePath, valueAt } from "./json-path.ts";
import { validateJson } from "./json-schema.ts";

type OutputCheck = Extract<LeafCheck, { type: "output" }>;

/** Longer answers are not searched: what decides is said in the beginning, and a report must end. */
const longest = 200_000;

/** The last words of a run. A run without any fails each question about them. Surrounding white space does not count. */
export function gradeOutput(check: OutputCheck, output: string | undefined): Finding {
  const ways = waysOf(check);
  if (ways.length === 0) return ungraded("the check does not say what to look for");
  if (output === undefined) return finding(false, "no answer");
  const answers = ways.map((way) => way(output.trim().slice(0, longest)));
  return answers.find((one) => one.result === "fail") ?? answers.find((one) => one.result === "ungraded") ?? (answers[0] as Finding);
}

function waysOf(check: OutputCheck): ((output: string) => Finding)[] {
  const ways: ((output: string) => Finding)[] = [];
  const { equals, contains, matches, json_schema: schema, json_path: path, asks_question: asks } = check;
  if (equals !== undefined) {
    const want = check.case_sensitive === false ? equals.trim().toLowerCase() : equals.trim();
    ways.push((output) => finding((check.case_sensitive === false ? output.toLowerCase() : output) === want, said(output)));
  }
  if (contains !== undefined) {
    const fold = (text: string): string => (check.case_sensitive === true ? text : text.toLowerCase());
    ways.push((output) => finding(fold(output).includes(fold(contains)), said(output)));
  }
  if (matches !== undefined) {
    const regex = linearRegex(matches);
    ways.push((output) => (regex === undefined ? ungraded("the pattern is not RE2 syntax (no look-around, no back-references)") : finding(regex.test(output), said(output))));
  }
  if (schema !== undefined)
    ways.push((output) => {
      const value = parseJson(output);
      if (value === undefined) return finding(false, "the answer is not JSON");
      const answer = validateJson(schema, value);
      if (answer.kind === "unsupported") return ungraded(`JSON Schema keyword not supported: ${brief(answer.keyword, 40)}`);
      return answer.kind === "valid" ? finding(true, "valid") : finding(false, `${brief(answer.path, 40)} ${brief(answer.why, 60)}`);
    });
  if (path !== undefined)
    ways.push((output) => {
      const steps = parsePath(path.path);
      if (steps === undefined) return ungraded("the JSON path is not supported (plain members and indexes only)");
      const value = parseJson(output);
      if (value === undefined) return finding(false, "the answer is not JSON");
      const at = valueAt(value, steps);
      return at === undefined ? finding(false, "nothing at that path") : finding(canonicalJson(at) === canonicalJson(path.equals), brief(canonicalJson(at), 60));
    });
  if (asks !== undefined) ways.push((output) => finding(asksQuestion(output) === asks, asksQuestion(output) ? "a question" : "no question"));
  return ways;
}

const said = (output: string): string => (output === "" ? "an empty answer" : `the answer was: ${brief(output, 70)}`);

/** Whether a text asks something. The courtesy at the end ("anything else?") asks nothing. */
export function asksQuestion(text: string): boolean {
  const courtesy = /\b(anything else|something else|any (other|more|further) questions?|how else)\b/i;
  return (text.slice(0, longest).match(/[^.!?？\n]+[?？]/g) ?? []).some((question) => !courtesy.test(question));
}
