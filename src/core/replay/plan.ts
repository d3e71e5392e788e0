import { CasebookError } from "../base/error.ts";
import { canonicalJson } from "../base/json.ts";
import { seededRandom } from "../base/random.ts";
import type { Case } from "../dataset/case.ts";
import type { Run, RunHeader, Trial } from "./run.ts";

type Entry = RunHeader["cases"][number];

export type Selection = {
  /** Text in the id, a code, the title or a tag; case does not count. */
  readonly filter: string | undefined;
  readonly only: Trial["outcome"] | "flaky" | undefined;
  /** The run `only` looks at. */
  readonly from: Run | undefined;
  readonly sample: number | undefined;
  readonly limit: number | undefined;
  readonly seed: number;
};

/** The cases a run is about, in the order of their ids: filter, then `only`, then a seeded sample, then a limit. */
export function selectCases(cases: readonly Entry[], selection: Selection, load: (id: string) => Case): Entry[] {
  const { filter, only, from, sample, limit } = selection;
  let chosen = [...cases];
  if (filter !== undefined) {
    const wanted = filter.toLowerCase();
    const holds = (words: readonly string[]): boolean => words.some((word) => word.toLowerCase().includes(wanted));
    chosen = chosen.filter((one) => {
      if (holds([one.id, ...one.codes])) return true;
      const entry = load(one.id);
      return holds([entry.title, ...(entry.tags ?? [])]);
    });
  }
  if (only !== undefined) chosen = chosen.filter((one) => from !== undefined && ended(from, one.id, only));
  if (sample !== undefined && sample < chosen.length) chosen = sampled(chosen, sample, selection.seed);
  return limit === undefined ? chosen : chosen.slice(0, limit);
}

function ended(run: Run, id: string, only: Trial["outcome"] | "flaky"): boolean {
  const outcomes = new Set(run.trials.filter((trial) => trial.case_id === id).map((trial) => trial.outcome));
  return only === "flaky" ? outcomes.has("pass") && outcomes.size > 1 : outcomes.has(only);
}

/** The first `count` of a seeded shuffle (Fisher and Yates), back in order. */
function sampled(cases: readonly Entry[], count: number, seed: number): Entry[] {
  const random = seededRandom(seed);
  const pool = [...cases];
  for (let i = 0; i < count; i += 1) {
    const j = i + Math.floor(random() * (pool.length - i));
    [pool[i], pool[j]] = [pool[j] as Entry, pool[i] as Entry];
  }
  return pool.slice(0, count).sort((a, b) => (a.id < b.id ? -1 : 1));
}

export type Attempt = { readonly id: string; readonly repeat: number };

/** Every attempt a run still owes: those without a trial, and those the world failed. First repeats of all cases come first. */
export function attemptsLeft({ header, trials }: Pick<Run, "header" | "trials">): Attempt[] {
  const done = new Set(trials.filter((trial) => trial.outcome !== "error").map((trial) => `${trial.repeat} ${trial.case_id}`));
  return Array.from({ length: header.repeat }, (_, repeat) => header.cases.map(({ id }) => ({ id, repeat })))
    .flat()
    .filter(({ id, repeat }) => !done.has(`${repeat} ${id}`));
}

const compared = ["dataset", "prompt", "target", "depth", "model", "settings", "on_miss", "repeat", "seed", "cases"] as const;

/** Refuses to go on with a run under other conditions than it began with: half of each would be neither. Throws `usage`. */
export function checkResume(began: RunHeader, now: Omit<RunHeader, "id" | "started_at">): void {
  const changed = compared.filter((key) => canonicalJson(began[key]) !== canonicalJson(now[key]));
  if (changed.length === 0) return;
  const words = changed.map((key) => (key === "cases" ? "the cases" : `the ${key.replace("_", "-")}`));
  throw new CasebookError("usage", `Run ${began.id} cannot go on: ${words.join(" and ")} changed since it began.`, {
    hint: "Put it back, or start a new run without --resume.",
  });
}
