import { sha256 } from "../base/hash.ts";
import { canonicalJson } from "../base/json.ts";
import { clip, oneLine } from "../base/text.ts";
import type { Run, RunHeader, Trial, TrialStep } from "../replay/run.ts";
import type { Arm, ArmCase, Counts, Setup, Tokens } from "./types.ts";

/** One side of a comparison from a run's log. Trials that are missing are missing: `complete` says so. */
export function armOfRun({ header, trials, complete }: Run): Arm {
  const byCase = new Map<string, Trial[]>();
  for (const trial of trials) byCase.set(trial.case_id, [...(byCase.get(trial.case_id) ?? []), trial]);
  const setup = setupOf(header);
  return {
    name: header.id,
    dataset: { name: header.dataset.name, version: header.dataset.version },
    prompt: header.prompt,
    model: modelOf(header),
    complete,
    cases: header.cases.map((one): ArmCase => {
      const mine = byCase.get(one.id) ?? [];
      return { case_id: one.id, hash: one.hash, codes: one.codes, setup, counts: countTrials(mine), tokens: tokensOf(mine), course: courseOf(mine) };
    }),
  };
}

/** Which API an endpoint speaks is the model's business, so it is left out of the fingerprint. */
function setupOf({ depth, target, on_miss, settings }: RunHeader): Setup {
  const how = Object.fromEntries(Object.entries(settings).filter(([name]) => name !== "api"));
  return { depth, target: target.kind, on_miss, settings: sha256(canonicalJson(how)).slice(0, 12) };
}

/** What answered, in one word: the recording, a module, or a model by name. */
export function modelOf({ depth, model }: RunHeader): string {
  return depth === "frozen" ? "recorded" : (model.name ?? model.module ?? model.endpoint ?? "unnamed");
}

export function countTrials(trials: readonly Trial[]): Counts {
  const count = (outcome: Trial["outcome"]): number => trials.filter((trial) => trial.outcome === outcome).length;
  return { passed: count("pass"), failed: count("fail"), invalid: count("invalid"), errors: count("error") };
}

function tokensOf(trials: readonly Trial[]): Tokens | null {
  const told = trials.flatMap(({ usage }) => (usage === undefined ? [] : [usage]));
  const mean = (of: "input" | "output"): number => Math.round(told.reduce((sum, usage) => sum + (usage[of] ?? 0), 0) / told.length);
  return told.length === 0 ? null : { input: mean("input"), output: mean("output") };
}

/** The first graded trial, a word a step: names of tools, agents and guardrails, and where the agent spoke. Never its words. */
function courseOf(trials: readonly Trial[]): string[] {
  const trial = trials.find(({ outcome }) => outcome === "pass" || outcome === "fail") ?? trials[0];
  return (trial?.steps ?? []).map((step) => wordOf(step));
}

const wordOf = ({ kind, name }: TrialStep): string => (name === undefined ? kind : clip(oneLine(`${kind} ${name.slice(0, 200)}`), 60));

export const gradedOf = ({ passed, failed }: Counts): number => passed + failed;
export const trialsOf = ({ passed, failed, invalid, errors }: Counts): number => passed + failed + invalid + errors;

/** A case passes in a run when more than half of its graded trials do. */
export const passesIn = (counts: Counts): boolean => counts.passed * 2 > gradedOf(counts);

/** A case was graded when more than half of its trials were; else it counts as what most of the others were. */
export function gradeOf(counts: Counts): "graded" | "invalid" | "error" {
  if (gradedOf(counts) * 2 > trialsOf(counts)) return "graded";
  return counts.invalid > counts.errors ? "invalid" : "error";
}
