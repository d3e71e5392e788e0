import type { DedupDecision } from "../dedup/types.ts";
import { findCode, liftLabel } from "../label/codes.ts";
import type { SuspectEvent } from "../label/event.ts";
import type { Label } from "../label/label.ts";
import type { Taxonomy } from "../label/taxonomy.ts";
import type { StoredTrace } from "../redact/stored.ts";
import type { Case } from "./case.ts";
import { caseIdOf, inputOf } from "./input.ts";
import type { CaseFolder } from "./tree.ts";

export type BuildInput = {
  readonly labels: readonly Label[];
  readonly trace: (id: string) => StoredTrace | undefined;
  readonly decisions: readonly DedupDecision[];
  /** Labels are lifted to it; a code it does not know is refused. */
  readonly taxonomy: Taxonomy;
  /** The cases there are, by id. */
  readonly existing: ReadonlyMap<string, CaseFolder>;
  /** What people decided on suspects of redaction, by `suspectKey`. */
  readonly suspects: ReadonlyMap<string, SuspectEvent>;
  /** Take cases whose checks prove nothing, and write down why. */
  readonly allowVacuous?: string | undefined;
};

/** A labelled trace that gives no case. `message` says why, `remedy` what to type. */
export type Refusal = {
  readonly code: "no-trace" | "no-input" | "unknown-code" | "mask-pending" | "disagreement" | "vacuous";
  readonly trace_id: string;
  readonly case_id?: string;
  readonly message: string;
  readonly remedy: string;
};

/** A labelled trace, exact duplicates joined, on its way to be a case. */
export type Candidate = { readonly stored: StoredTrace; readonly input: Case["input"]; readonly labels: Label[]; readonly duplicates: number };

/** Labelled traces by the case they would be, exact duplicates joined. Labels that cannot be used go to `refused`. */
export function candidatesOf(input: BuildInput, refused: Refusal[]): Map<string, Candidate[]> {
  const kept = new Map(input.decisions.filter((one) => one.level === "exact").map((one) => [one.dropped, one.kept]));
  const duplicates = new Map<string, number>();
  for (const to of kept.values()) duplicates.set(to, (duplicates.get(to) ?? 0) + 1);
  const groups = new Map<string, Label[]>();
  for (const given of input.labels) {
    const label = liftLabel(given, input.taxonomy);
    const unknown = label.codes.find((code) => findCode(input.taxonomy, code.id) === undefined);
    if (unknown !== undefined) {
      const remedy = "add the code to taxonomy.yaml, or label the trace again";
      refused.push({ code: "unknown-code", trace_id: label.trace_id, message: `its label names ${unknown.id}, which the taxonomy does not have`, remedy });
      continue;
    }
    const to = kept.get(label.trace_id);
    const root = to !== undefined && input.trace(to) !== undefined ? to : label.trace_id;
    groups.set(root, [...(groups.get(root) ?? []), label]);
  }
  const byCase = new Map<string, Candidate[]>();
  for (const [trace_id, labels] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const stored = input.trace(trace_id);
    if (stored === undefined) {
      if (caseOfTrace(input.existing, trace_id) === undefined)
        refused.push({ code: "no-trace", trace_id, message: "labelled, but the trace is not in the store", remedy: "casebook pull SOURCE" });
      continue;
    }
    const given = inputOf(stored.trace);
    if (given === undefined) {
      const remedy = "record content with casebook/recorder, pull again, and label the new trace";
      refused.push({ code: "no-input", trace_id, message: "nothing was recorded of what the run was given", remedy });
      continue;
    }
    const id = caseIdOf(given);
    byCase.set(id, [...(byCase.get(id) ?? []), { stored, input: given, labels, duplicates: duplicates.get(trace_id) ?? 0 }]);
  }
  return byCase;
}

/** The case on disk that was made from this trace. */
export function caseOfTrace(existing: BuildInput["existing"], trace_id: string): CaseFolder | undefined {
  for (const folder of existing.values()) if (folder.case.provenance.trace_id === trace_id) return folder;
  return undefined;
}
