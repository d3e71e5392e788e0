import { canonicalJson } from "../base/json.ts";
import type { DedupDecision } from "../dedup/types.ts";
import { redFirst } from "../grade/red-first.ts";
import { suspectKey, type SuspectEvent } from "../label/event.ts";
import { findCode, liftLabel } from "../label/codes.ts";
import type { Label } from "../label/label.ts";
import type { Taxonomy } from "../label/taxonomy.ts";
import type { StoredTrace } from "../redact/stored.ts";
import type { Case } from "./case.ts";
import { recordingDigest } from "./digest.ts";
import { writeCaseFiles } from "./files.ts";
import { caseIdOf, inputOf, titleOf } from "./input.ts";
import { joinEdits, type Conflict } from "./merge.ts";
import { adjudicator, joinLabels } from "./opinion.ts";
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

export type PlannedCase = {
  readonly id: string;
  readonly status: "added" | "changed" | "unchanged";
  readonly verdict: "pass" | "fail";
  readonly trace_id: string;
  /** The folder it had before its redacted input changed. */
  readonly was?: string;
  readonly conflicts: readonly Conflict[];
  /** Suspects of redaction in its trace that nobody has decided on. */
  readonly suspects: number;
  /** Every file of the case, by path inside its folder. */
  readonly files: ReadonlyMap<string, string>;
};

/** A labelled trace that gives no case. `message` says why, `remedy` what to type. */
export type Refusal = {
  readonly code: "no-trace" | "no-input" | "unknown-code" | "mask-pending" | "disagreement" | "vacuous";
  readonly trace_id: string;
  readonly case_id?: string;
  readonly message: string;
  readonly remedy: string;
};

export type BuildPlan = {
  readonly cases: readonly PlannedCase[];
  readonly refused: readonly Refusal[];
  /** Labelled traces that are the same case as another one, which stands for them. */
  readonly folded: readonly { readonly trace_id: string; readonly case_id: string }[];
  /** Cases there were that no label in reach is about: left as they are. */
  readonly kept: readonly string[];
};

type Candidate = { readonly stored: StoredTrace; readonly input: Case["input"]; readonly labels: Label[]; readonly duplicates: number };

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

  for (const [id, candidates] of [...byCase].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const moved = candidates.map((one) => caseOfTrace(input.existing, one.stored.trace.id)).find((folder) => folder !== undefined && folder.case.id !== id);
    const existing = input.existing.get(id) ?? moved;
    const chosen = choose(candidates, existing);
    for (const one of candidates) if (one !== chosen) folded.push({ trace_id: one.stored.trace.id, case_id: id });
    if (chosen === undefined) continue;
    const made = makeCase({ id, chosen, existing, allowVacuous: input.allowVacuous, suspects: input.suspects });
    if ("code" in made) refused.push(made);
    else cases.push(made);
  }
  const touched = new Set(cases.flatMap((one) => [one.id, ...(one.was === undefined ? [] : [one.was])]));
  return {
    cases,
    refused: refused.sort((a, b) => (a.trace_id < b.trace_id ? -1 : 1)),
    folded: folded.sort((a, b) => (a.trace_id < b.trace_id ? -1 : 1)),
    kept: [...input.existing.keys()].filter((id) => !touched.has(id)).sort(),
  };
}

/** Labelled traces by the case they would be, exact duplicates joined. Labels that cannot be used go to `refused`. */
function candidatesOf(input: BuildInput, refused: Refusal[]): Map<string, Candidate[]> {
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

function caseOfTrace(existing: BuildInput["existing"], trace_id: string): CaseFolder | undefined {
  for (const folder of existing.values()) if (folder.case.provenance.trace_id === trace_id) return folder;
  return undefined;
}

/** The run that stands for the case; undefined: the one on disk, which is none of these, does. */
function choose(candidates: readonly Candidate[], existing: CaseFolder | undefined): Candidate | undefined {
  if (existing !== undefined) {
    const there = recordingDigest(existing.trace);
    return (
      candidates.find((one) => one.stored.trace.id === existing.case.provenance.trace_id) ??
      candidates.find((one) => recordingDigest(one.stored.trace) === there)
    );
  }
  const failed = candidates.find((one) => one.labels.some((label) => label.verdict === "fail"));
  return failed ?? candidates[0];
}

function makeCase(options: {
  readonly id: string;
  readonly chosen: Candidate;
  readonly existing: CaseFolder | undefined;
  readonly allowVacuous: string | undefined;
  readonly suspects: BuildInput["suspects"];
}): PlannedCase | Refusal {
  const { id, existing } = options;
  const { stored, input, labels, duplicates } = options.chosen;
  const { trace } = stored;
  const suspects = stored.findings.filter((one) => one.tier === "suspect").map((one) => options.suspects.get(suspectKey({ trace_id: trace.id, ...one }))?.kind);
  if (suspects.some((kind) => kind === "mask" || kind === "split")) {
    const message = "somebody decided to mask something in it, and the store still shows it";
    return { code: "mask-pending", trace_id: trace.id, case_id: id, message, remedy: "casebook redact --store, then build again" };
  }
  const names = new Set(labels.map((label) => label.annotator));
  const opinion = joinLabels([...labels, ...(existing?.labels ?? []).filter((label) => !names.has(label.annotator))], trace.id);
  if (opinion.kind === "disagreed") {
    const sides = opinion.sides.map(({ annotator, says }) => `${annotator} says ${says}`).join(", ");
    return {
      code: "disagreement",
      trace_id: trace.id,
      case_id: id,
      message: `its labels disagree about the ${opinion.about}: ${sides}`,
      remedy: `settle it: casebook label --only ${trace.id} --annotator ${adjudicator}`,
    };
  }
  const earlier = existing === undefined ? undefined : joinLabels(existing.labels, existing.case.provenance.trace_id);
  const before = earlier?.kind === "agreed" ? earlier.label : undefined;
  const { judgement, conflicts } = joinEdits({ label: opinion.label, expected: opinion.expected, trace, existing: existing?.case, before });
  const proof = redFirst({ label: judgement.label, checks: judgement.checks, trace });
  const reason = options.allowVacuous ?? existing?.case.vacuous?.reason;
  if (!proof.ok && reason === undefined)
    return {
      code: "vacuous",
      trace_id: trace.id,
      case_id: id,
      message: proof.why,
      remedy: `say what should have happened: casebook label --only ${trace.id}; or take it as it is: casebook build --allow-vacuous REASON`,
    };
  const { generated, ...says } = judgement;
  const entry: Case = {
    schema: "casebook/case@1",
    id,
    title: existing?.case.title ?? titleOf(input),
    input,
    ...says,
    ...(proof.ok || reason === undefined ? {} : { vacuous: { reason } }),
    ...(existing?.case.tags === undefined ? {} : { tags: existing.case.tags }),
    provenance: {
      trace_id: trace.id,
      trace_revision: stored.revision,
      source: [trace.source.kind, trace.source.dialect].filter((word) => word !== undefined).join("/"),
      ...(duplicates > 0 ? { duplicates } : {}),
      annotators: opinion.labels.map((label) => label.annotator),
      taxonomy: opinion.labels.map((label) => label.taxonomy).sort().at(-1) ?? "",
      redaction: stored.redaction,
      generated,
    },
  };
  const files = keepBytes(writeCaseFiles(entry, trace, opinion.labels), entry, existing);
  const moved = existing !== undefined && existing.case.id !== id;
  return {
    id,
    status: existing === undefined ? "added" : moved || differs(files, existing) ? "changed" : "unchanged",
    verdict: entry.label.verdict,
    trace_id: trace.id,
    ...(moved ? { was: existing.case.id } : {}),
    conflicts,
    suspects: suspects.filter((kind) => kind === undefined).length,
    files,
  };
}

/** A case.yaml that says the same keeps its bytes, with the comments people wrote into it. */
function keepBytes(files: Map<string, string>, entry: Case, existing: CaseFolder | undefined): Map<string, string> {
  const bytes = existing?.files.get("case.yaml");
  if (bytes !== undefined && canonicalJson(existing?.case) === canonicalJson(entry)) files.set("case.yaml", new TextDecoder().decode(bytes));
  return files;
}

/** Whether a file of ours would change; what else people put into the folder is theirs. */
function differs(files: ReadonlyMap<string, string>, existing: CaseFolder): boolean {
  const text = new TextDecoder("utf-8", { ignoreBOM: true });
  const there = new Map([...existing.files].filter(([path]) => isCaseFile(path)));
  return files.size !== there.size || [...files].some(([path, wanted]) => wanted !== text.decode(there.get(path)));
}

/** The files of a case folder that build writes. */
export const isCaseFile = (path: string): boolean => path === "case.yaml" || path === "trace.json" || /^labels\/[^/]+\.yaml$/.test(path);
