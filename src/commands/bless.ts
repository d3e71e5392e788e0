import { CasebookError } from "../core/base/error.ts";
import { baselineOf, baselineText, diffBaseline, readBaseline, type BaselineChange } from "../core/compare/baseline.ts";
import { summariseRun } from "../core/report/run-summary.ts";
import type { BaselineStore, RunLog } from "../core/ports.ts";
import { findRun } from "./find-run.ts";

export type Blessed = {
  readonly schema: "casebook/bless-result@1";
  readonly run: string;
  readonly dataset: string;
  /** The file, or null on a dry run. */
  readonly written: string | null;
  readonly cases: number;
  readonly passing: number;
  /** No baseline before. */
  readonly first: boolean;
  readonly changes: readonly BaselineChange[];
};

/**
 * Accepts a finished run as what the next ones are measured against: `datasets/<name>/baseline.jsonl`. Says what each changed
 * line means. Throws `incomplete` for an unfinished run, `refused` for one of some of the cases only, and for one in which
 * a case was never graded unless `allowUngraded`: a baseline with holes would let regressions through.
 */
export function bless(
  { run: ref, allowUngraded = false, dryRun = false }: { readonly run: string; readonly allowUngraded?: boolean; readonly dryRun?: boolean },
  { runs, baselines }: { readonly runs: RunLog; readonly baselines: BaselineStore },
): Blessed {
  const run = findRun(runs, ref);
  const lines = baselineOf(run);
  const { name } = run.header.dataset;
  const { ends, rate } = summariseRun(run);
  const ungraded = ends.invalid + ends.error;
  if (ungraded > 0 && !allowUngraded)
    throw new CasebookError("refused", `${ungraded} of ${rate.of} cases of run ${run.header.id} were never graded (off the tape, or in error).`, {
      hint: `See why: casebook report ${run.header.id}. To accept it all the same: casebook bless ${run.header.id} --allow-ungraded`,
    });
  const whole = baselines.cases(name, run.header.dataset.version);
  if (whole !== undefined && whole > lines.length)
    throw new CasebookError("refused", `Run ${run.header.id} holds ${lines.length} of the ${whole} cases of ${name}@${run.header.dataset.version}; a baseline needs all.`, {
      hint: "Replay without --filter, --only, --sample and --limit, then bless that run.",
    });
  const before = baselines.read({ dataset: name });
  const changes = diffBaseline(before === undefined ? [] : readBaseline(before.text, before.where), lines);
  return {
    schema: "casebook/bless-result@1",
    run: run.header.id,
    dataset: name,
    written: dryRun ? null : baselines.write(name, baselineText(lines)),
    cases: rate.of,
    passing: rate.passed,
    first: before === undefined,
    changes,
  };
}
