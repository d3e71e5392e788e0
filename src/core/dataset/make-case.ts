import { canonicalJson } from "../base/json.ts";
import { redFirst } from "../grade/red-first.ts";
import { suspectKey } from "../label/event.ts";
import type { BuildInput, Candidate, Refusal } from "./candidates.ts";
import type { Case } from "./case.ts";
import { isCaseFile, writeCaseFiles } from "./files.ts";
import { titleOf } from "./input.ts";
import { joinEdits, type Conflict } from "./merge.ts";
import { adjudicator, joinLabels } from "./opinion.ts";
import type { CaseFolder } from "./tree.ts";

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

/**
 * One case from its candidate, the labels on disk and the edits made by hand; or why there is none: disagreement, a mask that
 * is not yet in force, checks that prove nothing.
 */
export function makeCase(options: {
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
    return { code: "mask-pending", trace_id: trace.id, message, remedy: "casebook redact --store, then build again" };
  }
  const names = new Set(labels.map((label) => label.annotator));
  const opinion = joinLabels([...labels, ...(existing?.labels ?? []).filter((label) => !names.has(label.annotator))], trace.id);
  if (opinion.kind === "disagreed") {
    const sides = opinion.sides.map(({ annotator, says }) => `${annotator} says ${says}`).join(", ");
    return {
      code: "disagreement",
      trace_id: trace.id,
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
