import * as z from "zod";
import { CasebookError } from "../base/error.ts";
import { format } from "../base/format.ts";
import { canonicalJson, parseJson } from "../base/json.ts";
import { armOfRun, passesIn, trialsOf } from "./arm.ts";
import type { Arm, ArmCase } from "./types.ts";
import type { Run } from "../replay/run.ts";

/**
 * One line of `datasets/<name>/baseline.jsonl`: what one case did in the blessed run, and fingerprints of all that has to
 * be the same for a later run to be comparable. No words of anybody are in it.
 */
const baselineSchema = z.strictObject({
  schema: z.literal("casebook/baseline@1"),
  case_id: z.string(),
  hash: z.string(),
  codes: z.array(z.string()),
  passed: z.int(),
  failed: z.int(),
  invalid: z.int(),
  errors: z.int(),
  course: z.array(z.string()),
  tokens: z.strictObject({ input: z.int(), output: z.int() }).nullable(),
  dataset: z.strictObject({ name: z.string(), version: z.string() }),
  prompt: z.strictObject({ name: z.string(), version: z.string(), hash: z.string() }),
  model: z.string(),
  depth: z.enum(["frozen", "tape"]),
  target: z.enum(["trace", "module"]),
  on_miss: z.enum(["fail", "error", "stub"]),
  settings: z.string(),
});
export type BaselineLine = z.infer<typeof baselineSchema>;
export const baselineFormat = format("casebook/baseline", baselineSchema);

/** A finished run as baseline lines, sorted by case. Throws `incomplete` for a run with trials missing. */
export function baselineOf(run: Run): BaselineLine[] {
  const arm = armOfRun(run);
  if (!run.complete)
    throw new CasebookError("incomplete", `Run ${arm.name} is not finished, so it cannot be a baseline.`, {
      hint: `casebook replay ${arm.dataset.name} --resume ${arm.name}`,
    });
  return arm.cases
    .map(({ counts, setup, ...one }) => ({
      schema: "casebook/baseline@1" as const,
      ...one,
      codes: [...one.codes],
      course: [...one.course],
      ...counts,
      dataset: arm.dataset,
      prompt: arm.prompt,
      model: arm.model,
      ...setup,
    }))
    .sort((a, b) => (a.case_id < b.case_id ? -1 : 1));
}

/** The bytes of a baseline file: one canonical line a case. */
export const baselineText = (lines: readonly BaselineLine[]): string => lines.map((line) => `${canonicalJson(line)}\n`).join("");

/** Reads a baseline file. `where` names it in errors. Throws `bad-file` for a line that is none, or a case twice. */
export function readBaseline(text: string, where: string): BaselineLine[] {
  const lines = text
    .split("\n")
    .flatMap((line, at) => (line.trim() === "" ? [] : [baselineFormat.read(parseJson(line), `${where}:${at + 1}`)]));
  const twice = lines.find((line, at) => lines.findIndex(({ case_id }) => case_id === line.case_id) !== at);
  if (twice !== undefined)
    throw new CasebookError("bad-file", `${where}: case ${twice.case_id} is in it twice.`, {
      hint: "Two baselines were merged by hand? Bless the run again: casebook bless RUN",
    });
  return lines;
}

/** The baseline as one side of a comparison. What its lines disagree on (two blessings merged) is shown as of the first. */
export function armOfBaseline(lines: readonly BaselineLine[], name: string): Arm {
  const [first] = lines;
  if (first === undefined)
    throw new CasebookError("bad-file", `${name}: an empty baseline.`, { hint: "Bless a finished run: casebook bless RUN" });
  return {
    name,
    dataset: first.dataset,
    prompt: first.prompt,
    model: first.model,
    complete: true,
    cases: lines.map(
      ({ case_id, hash, codes, course, tokens, passed, failed, invalid, errors, depth, target, on_miss, settings }): ArmCase => ({
        case_id,
        hash,
        codes,
        course,
        tokens,
        setup: { depth, target, on_miss, settings },
        counts: { passed, failed, invalid, errors },
      }),
    ),
  };
}

/** What changed for one case, as a sentence. `worse` is what a reviewer should stop at. */
export type BaselineChange = { readonly case_id: string; readonly kind: "added" | "removed" | "better" | "worse" | "other"; readonly words: string };

/** What blessing would change, line by line, in words; unchanged lines are left out. */
export function diffBaseline(before: readonly BaselineLine[], after: readonly BaselineLine[]): BaselineChange[] {
  const old = new Map(before.map((line) => [line.case_id, line]));
  const now = new Map(after.map((line) => [line.case_id, line]));
  const ids = [...new Set([...old.keys(), ...now.keys()])].sort();
  return ids.flatMap((id) => changeOf(id, old.get(id), now.get(id)));
}

function changeOf(case_id: string, old: BaselineLine | undefined, now: BaselineLine | undefined): BaselineChange[] {
  if (now === undefined) return [{ case_id, kind: "removed", words: "is no longer in the dataset" }];
  if (old === undefined) return [{ case_id, kind: "added", words: `is new; it ${passesIn(now) ? "passes" : "fails"} (${score(now)})` }];
  if (canonicalJson(old) === canonicalJson(now)) return [];
  const was = passesIn(old);
  const is = passesIn(now);
  if (was !== is)
    return [{ case_id, kind: is ? "better" : "worse", words: `${is ? "passes now" : "is accepted as failing from now on"} (${score(old)} to ${score(now)})` }];
  const moved = [
    ...(old.hash === now.hash ? [] : ["its content changed"]),
    ...(old.prompt.hash === now.prompt.hash ? [] : [`prompt ${nameOf(old)} to ${nameOf(now)}`]),
    ...(old.model === now.model ? [] : ["another model"]),
    ...(setupText(old) === setupText(now) ? [] : ["replayed in another way"]),
    ...(score(old) === score(now) ? [] : [`${score(old)} to ${score(now)}`]),
    ...(old.course.join("\n") === now.course.join("\n") ? [] : ["another course"]),
  ];
  return [{ case_id, kind: "other", words: `still ${is ? "passes" : "fails"}; ${moved.join(", ") || "another dataset version"}` }];
}

const setupText = ({ depth, target, on_miss, settings }: BaselineLine): string => [depth, target, on_miss, settings].join(" ");
const score = (line: BaselineLine): string => `${line.passed}/${trialsOf(line)}`;
const nameOf = ({ prompt }: BaselineLine): string => `${prompt.name}@${prompt.version}`;
