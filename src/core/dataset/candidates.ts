import type { DedupDecision } from "../dedup/types.ts";
import { findCode, liftLabel } from "../label/codes.ts";
import type { SuspectEvent } from "../label/event.ts";
import type { Label } from "../label/label.ts";
import type { Taxonomy } from "../label/taxonomy.ts";
import type { StoredTrace } from "../redact/stored.ts";
import type { Case } from "./case.ts";
import { caseIdOf, inputOf } from "./input.ts";
import { adjudicator, rootOf } from "./opinion.ts";
import type { CaseFolder } from "./tree.ts";

export type BuildInput = {
  readonly labels: readonly Label[];
  /** A trace by its id, or by one that it was labelled under before it turned out to be a recording of this run. */
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

/** A labelled trace that gives no case, called by its id: no gate has seen the name its case would have. `message` says why, `remedy` what to type. */
export type Refusal = {
  readonly code: "no-trace" | "no-input" | "unknown-code" | "mask-pending" | "disagreement" | "vacuous";
  readonly trace_id: string;
  readonly message: string;
  readonly remedy: string;
};

/** A labelled trace, exact duplicates joined, on its way to be a case. */
export type Candidate = { readonly stored: StoredTrace; readonly input: Case["input"]; readonly labels: Label[]; readonly duplicates: number };

/** Labelled traces by the case they would be, exact duplicates and recordings of one run joined. Labels that cannot be used go to `refused`. */
export function candidatesOf(input: BuildInput, refused: Refusal[]): Map<string, Candidate[]> {
  const kept = new Map(input.decisions.filter((one) => one.level === "exact").map((one) => [one.dropped, one.kept]));
  const duplicates = new Map<string, number>();
  for (const to of kept.values()) duplicates.set(to, (duplicates.get(to) ?? 0) + 1);
  const groups = new Map<string, Given[]>();
  const traces = new Map<string, StoredTrace | undefined>();
  const trace: BuildInput["trace"] = (id) => {
    if (!traces.has(id)) traces.set(id, input.trace(id));
    return traces.get(id);
  };
  for (const given of input.labels) {
    const label = liftLabel(given, input.taxonomy);
    const unknown = label.codes.find((code) => findCode(input.taxonomy, code.id) === undefined);
    if (unknown !== undefined) {
      const remedy = "add the code to taxonomy.yaml, or label the trace again";
      refused.push({ code: "unknown-code", trace_id: label.trace_id, message: `its label names ${unknown.id}, which the taxonomy does not have`, remedy });
      continue;
    }
    const own = trace(label.trace_id)?.trace.id ?? label.trace_id;
    const to = kept.get(label.trace_id) ?? kept.get(own);
    const root = (to === undefined ? undefined : trace(to)?.trace.id) ?? own;
    groups.set(root, [...(groups.get(root) ?? []), { label: carried(label, trace(label.trace_id)), was: label.trace_id }]);
  }
  const byCase = new Map<string, Candidate[]>();
  for (const [trace_id, given] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const stored = trace(trace_id);
    const torn = tornIn(given, trace_id);
    if (torn !== undefined) {
      refused.push(torn);
      continue;
    }
    const labels = given.map(({ label }) => label);
    if (stored === undefined) {
      if (caseOfTrace(input.existing, trace_id) === undefined)
        refused.push({ code: "no-trace", trace_id, message: "labelled, but the trace is not in the store", remedy: "casebook pull SOURCE" });
      continue;
    }
    const asked = inputOf(stored.trace);
    if (asked === undefined) {
      const remedy = "record content with casebook/recorder, pull again, and label the new trace";
      refused.push({ code: "no-input", trace_id, message: "nothing was recorded of what the run was given", remedy });
      continue;
    }
    const id = caseIdOf(asked);
    byCase.set(id, [...(byCase.get(id) ?? []), { stored, input: asked, labels, duplicates: duplicates.get(trace_id) ?? 0 }]);
  }
  return byCase;
}

/** A label as it is carried to the run, and the trace it was given to. */
type Given = { readonly label: Label; readonly was: string };

/** The label of a recording under the id its run has now, without a span that only another recording of the run holds. */
function carried(label: Label, stored: StoredTrace | undefined): Label {
  if (stored === undefined) return label;
  const { first_failing_span: span, ...rest } = label;
  const there = span !== undefined && stored.trace.spans.some(({ id }) => id === span);
  return { ...rest, trace_id: stored.trace.id, ...(there ? { first_failing_span: span } : {}) };
}

/** One person who judged two recordings before they turned out to be one run, and judged them differently. Nobody can tell which was meant. */
function tornIn(given: readonly Given[], trace_id: string): Refusal | undefined {
  if (given.some(({ label }) => label.annotator === adjudicator)) return undefined;
  const mine = given.filter(({ label }) => label.trace_id === trace_id);
  for (const one of mine)
    for (const other of mine) {
      const says = [one, other].map(({ label }) => `${label.verdict} (${rootOf(label)})`);
      if (one.label.annotator !== other.label.annotator || one.was >= other.was || says[0] === says[1]) continue;
      const message = `two recordings of this run were labelled before it was known that they are one: ${one.label.annotator} says ${says[0]} of ${one.was} and ${says[1]} of ${other.was}`;
      return { code: "disagreement", trace_id, message, remedy: `settle it: casebook label --only ${trace_id} --annotator ${adjudicator}` };
    }
  return undefined;
}

/** The case on disk that was made from this trace. */
function caseOfTrace(existing: BuildInput["existing"], trace_id: string): CaseFolder | undefined {
  for (const folder of existing.values()) if (folder.case.provenance.trace_id === trace_id) return folder;
  return undefined;
}
