import { candidatesOf, type BuildInput, type Candidate, type Refusal } from "./candidates.ts";
import { recordingDigest } from "./digest.ts";
import { makeCase, type PlannedCase } from "./make-case.ts";
import type { CaseFolder } from "./tree.ts";

export type BuildPlan = {
  readonly cases: readonly PlannedCase[];
  readonly refused: readonly Refusal[];
  /** Labelled traces that are the same case as another one, which stands for them. */
  readonly folded: readonly { readonly trace_id: string; readonly case_id: string }[];
  /** Cases there were that no label in reach is about: left as they are. */
  readonly kept: readonly string[];
};


/**
 * What build would write: one case for each distinct input among the labelled traces. Exact duplicates are one trace;
 * of several runs on the same input the one already in the dataset stays, else a failed one stands for all. The result
 * does not depend on the order of labels, traces or decisions.
 */
export function planBuild(input: BuildInput): BuildPlan {
  const refused: Refusal[] = [];
  const folded: { trace_id: string; case_id: string }[] = [];
  const cases: PlannedCase[] = [];
  const byCase = candidatesOf(input, refused);
  const labelled = new Set([...byCase.values()].flat().map(({ stored }) => stored.trace.id));
  /** Cases on disk by the run they were made from, under the id it has now. */
  const madeFrom = new Map([...input.existing.values()].map((folder) => [runOf(folder, labelled, input.trace), folder]));

  for (const [id, candidates] of [...byCase].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const moved = candidates.map((one) => madeFrom.get(one.stored.trace.id)).find((folder) => folder !== undefined && folder.case.id !== id);
    const existing = input.existing.get(id) ?? moved;
    const chosen = choose(candidates, existing, existing && runOf(existing, labelled, input.trace));
    const made = chosen && makeCase({ id, chosen, existing, allowVacuous: input.allowVacuous, suspects: input.suspects });
    if (made !== undefined && "code" in made) {
      refused.push(made);
      continue;
    }
    if (made !== undefined) cases.push(made);
    for (const one of candidates) if (one !== chosen) folded.push({ trace_id: one.stored.trace.id, case_id: id });
  }
  const touched = new Set(cases.flatMap((one) => [one.id, ...(one.was === undefined ? [] : [one.was])]));
  return {
    cases,
    refused: refused.sort((a, b) => (`${a.trace_id} ${a.message}` < `${b.trace_id} ${b.message}` ? -1 : 1)),
    folded: folded.sort((a, b) => (a.trace_id < b.trace_id ? -1 : 1)),
    kept: [...input.existing.keys()].filter((id) => !touched.has(id)).sort(),
  };
}

function runOf({ case: { provenance } }: CaseFolder, labelled: ReadonlySet<string>, trace: BuildInput["trace"]): string {
  return labelled.has(provenance.trace_id) ? provenance.trace_id : (trace(provenance.trace_id)?.trace.id ?? provenance.trace_id);
}

/** The run that stands for the case; undefined: the one on disk, which is none of these, does. */
function choose(candidates: readonly Candidate[], existing: CaseFolder | undefined, run: string | undefined): Candidate | undefined {
  if (existing !== undefined) {
    const there = recordingDigest(existing.trace);
    return (
      candidates.find((one) => one.stored.trace.id === run) ??
      candidates.find((one) => recordingDigest(one.stored.trace) === there)
    );
  }
  const failed = candidates.find((one) => one.labels.some((label) => label.verdict === "fail"));
  return failed ?? candidates[0];
}
