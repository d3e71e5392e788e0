import { canonicalJson } from "../base/json.ts";
import { generateChecks } from "../grade/generate.ts";
import type { Trace } from "../trace/schema.ts";
import type { Case } from "./case.ts";
import { generatedDigest } from "./digest.ts";

/** A label's side of a case, and the hand's side where both had something to say. `field` is a member of case.yaml. */
export type Conflict = { readonly field: "checks" | "expected" | "label"; readonly message: string };

type Judgement = Pick<Case, "label" | "expected" | "checks"> & { readonly generated: Case["provenance"]["generated"] };

/**
 * What a case says once the labels and the edits made by hand in its `case.yaml` are joined. Expected text and checks are
 * the label's until somebody edits them; then they are that person's, and stay. Where the label has changed as well, the
 * edit stays and a conflict says so. The label itself always comes from the label files.
 */
export function joinEdits(options: {
  readonly label: Case["label"];
  readonly expected: string | undefined;
  readonly trace: Trace;
  readonly existing: Case | undefined;
  /** What the label files on disk said before, to notice a label edited in the wrong place. */
  readonly before: Case["label"] | undefined;
}): { readonly judgement: Judgement; readonly conflicts: readonly Conflict[] } {
  const { label, trace, existing, before } = options;
  const was = existing?.provenance.generated;
  const conflicts: Conflict[] = [];

  const editedWords = existing !== undefined && generatedDigest(existing.expected) !== was?.expected;
  const expected = editedWords ? existing.expected : options.expected;
  const expectedDigest = generatedDigest(options.expected);
  if (editedWords && expectedDigest !== was?.expected && !same(expected, options.expected))
    conflicts.push({ field: "expected", message: "edited by hand, and the labels now expect something else; the edit is kept" });

  const fresh = generateChecks({ label: { ...judged(label), expected }, trace });
  const editedChecks = existing !== undefined && generatedDigest(existing.checks) !== was?.checks;
  const checks = editedChecks ? existing.checks : fresh;
  const checksDigest = generatedDigest(fresh);
  if (editedChecks && checksDigest !== was?.checks && !same(checks, fresh))
    conflicts.push({ field: "checks", message: "edited by hand, and the labels now give other checks; the edit is kept" });

  if (existing !== undefined && before !== undefined && !same(existing.label, before) && !same(existing.label, label))
    conflicts.push({ field: "label", message: "edited by hand; a label is changed with casebook label, and labels/ has the last word" });

  return {
    judgement: { label, checks: [...checks], generated: { checks: checksDigest, expected: expectedDigest }, ...(expected === undefined ? {} : { expected }) },
    conflicts,
  };
}

const same = (a: unknown, b: unknown): boolean => canonicalJson(a ?? null) === canonicalJson(b ?? null);

/** A case's label in the shape checks are made from: its first code is the root. */
function judged(label: Case["label"]): Parameters<typeof generateChecks>[0]["label"] {
  const { verdict, codes, first_failing_span, note } = label;
  return {
    verdict,
    codes: codes.map((id, at) => ({ id, role: at === 0 ? ("root" as const) : ("downstream" as const) })),
    first_failing_span,
    note,
  };
}
