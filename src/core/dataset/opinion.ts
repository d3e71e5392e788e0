import type { Label } from "../label/label.ts";
import type { Case } from "./case.ts";

/** A label by this annotator settles what the others disagree on. */
export const adjudicator = "adjudicated";

/** What the labels of one case say together, or where they disagree. */
export type Opinion =
  | { readonly kind: "agreed"; readonly label: Case["label"]; readonly expected: string | undefined; readonly labels: readonly Label[] }
  | { readonly kind: "disagreed"; readonly about: "verdict" | "codes"; readonly sides: readonly { readonly annotator: string; readonly says: string }[] };

/**
 * Joins the labels of one case, one per annotator, whatever order they come in. A label of the adjudicator decides alone
 * (the others stay on file). Otherwise verdict and root code must agree; downstream codes are joined, the first failing
 * span is the first annotator's who named one, differing notes and expectations are all kept. `prefer` is the trace the
 * case is made from: where one person labelled several copies of it, the label on that one counts, then the latest.
 */
export function joinLabels(labels: readonly Label[], prefer: string): Opinion {
  const mine = onePerAnnotator(labels, prefer);
  const judge = mine.find((label) => label.annotator === adjudicator);
  const deciding = judge === undefined ? mine : [judge];
  const says = (what: (label: Label) => string): Map<string, string> => new Map(deciding.map((label) => [label.annotator, what(label)]));
  for (const [about, words] of [
    ["verdict", says((label) => label.verdict)],
    ["codes", says(rootOf)],
  ] as const)
    if (new Set(words.values()).size > 1)
      return { kind: "disagreed", about, sides: [...words].map(([annotator, said]) => ({ annotator, says: said })) };

  const [first] = deciding;
  const root = first === undefined ? undefined : rootOf(first);
  const others = deciding.flatMap((label) => label.codes.map((code) => code.id)).filter((id) => id !== root);
  const span = deciding.find((label) => label.first_failing_span !== undefined)?.first_failing_span;
  const note = together(deciding, (label) => label.note, true);
  return {
    kind: "agreed",
    label: {
      verdict: first?.verdict ?? "pass",
      codes: [...(root === undefined || root === "no code" ? [] : [root]), ...[...new Set(others)].sort()],
      ...(span === undefined ? {} : { first_failing_span: span }),
      ...(note === undefined ? {} : { note }),
    },
    expected: together(deciding, (label) => label.expected, false),
    labels: mine,
  };
}

/** The code a label gives as the root of the failure, or words for none. */
export const rootOf = (label: Label): string => (label.codes.find((code) => code.role === "root") ?? label.codes[0])?.id ?? "no code";

function onePerAnnotator(labels: readonly Label[], prefer: string): Label[] {
  const best = new Map<string, Label>();
  const better = (a: Label, b: Label): boolean =>
    (a.trace_id === prefer) !== (b.trace_id === prefer) ? a.trace_id === prefer : a.at !== b.at ? a.at > b.at : a.trace_id > b.trace_id;
  for (const label of labels) {
    const known = best.get(label.annotator);
    if (known === undefined || better(label, known)) best.set(label.annotator, label);
  }
  return [...best.values()].sort((a, b) => (a.annotator < b.annotator ? -1 : 1));
}

/** One text as it is; several different ones one after another, signed where asked. */
function together(labels: readonly Label[], what: (label: Label) => string | undefined, signed: boolean): string | undefined {
  const said = labels.flatMap((label) => {
    const text = what(label)?.trim();
    return text === undefined || text === "" ? [] : [{ who: label.annotator, text }];
  });
  const different = said.filter((one, at) => said.findIndex((other) => other.text === one.text) === at);
  if (different.length <= 1) return different[0]?.text;
  return different.map(({ who, text }) => (signed ? `${who}: ${text}` : text)).join("\n");
}
