import * as z from "zod";
import { issues } from "../base/format.ts";
import { isObject, type Json } from "../base/json.ts";
import type { Problem, Where } from "../base/problem.ts";
import type { Judgement } from "./actions.ts";
import { findCode, searchCodes } from "./codes.ts";
import { labelSchema } from "./label.ts";
import type { Sheet } from "./sheet.ts";
import type { Taxonomy } from "./taxonomy.ts";

/** One line of an answers file. `trace` is an id or the beginning of one; `match` names the one trace that fits it. */
const answerSchema = z.strictObject({
  trace: z.string().min(1).optional(),
  match: z.strictObject({ workflow: z.string().optional(), contains: z.string().min(1).optional() }).optional(),
  verdict: z.enum(["pass", "fail"]),
  /** Root first: ids or aliases of the taxonomy. */
  codes: z.array(z.string()).optional(),
  /** An id of a span of the trace, or the beginning of one. */
  first_failing_span: z.string().min(1).optional(),
  expected: z.string().optional(),
  note: z.string().optional(),
  ...labelSchema.pick({ fault_owner: true, severity: true, recovered: true, confidence: true }).shape,
});
type Answer = z.infer<typeof answerSchema>;

/** What answers may be about: the traces an id means, those a selector looks among, and how one is laid out. */
export type Subjects = {
  find(typed: string): readonly string[];
  /** Ids a `match` chooses from: exact duplicates left out. */
  readonly kept: readonly string[];
  sheet(id: string): Sheet | undefined;
  /** `searchedText` of its sheet; asked for every trace for every `match`. */
  said(id: string): Searched | undefined;
};
export type Searched = { readonly workflow: string; readonly text: string };

const plain = (text: string): string => text.toLowerCase().replace(/\s+/g, " ");

/** What a `match` looks at: the workflow and all that was said and done but system texts, in small letters and single spaces. */
export const searchedText = ({ workflow, blocks }: Sheet): Searched => ({
  workflow: plain(workflow),
  text: blocks.flatMap(({ kind, passages }) => (kind === "system" ? [] : passages.map(({ short }) => plain(short)))).join("\n"),
});

export type Understood = { readonly id: string; readonly judgement: Judgement } | { readonly problem: Problem };

/** Understands one line: which trace it means and what it says of it. What cannot be meant is a Problem with its line. */
export function understand(value: Json | undefined, where: Where, { subjects, taxonomy }: { subjects: Subjects; taxonomy: Taxonomy }): Understood {
  const refuse = (code: string, message: string, remedy: string): Understood => ({ problem: { code, where, message, remedy } });
  const form = 'An answer is {"trace": "trace_…", "verdict": "pass"|"fail", "codes": […], "first_failing_span", "expected", "note"}.';
  if (!isObject(value)) return refuse("bad-answer", "This line is not a JSON object.", form);
  const parsed = answerSchema.safeParse(value);
  if (!parsed.success) return refuse("bad-answer", `${sentence(issues(parsed.error))}`, form);
  const { trace, match, verdict, codes = [], first_failing_span, expected, note, ...facets } = parsed.data;

  if ((trace === undefined) === (match === undefined))
    return refuse("bad-answer", "An answer names its trace by `trace` or by `match`, and not by both.", form);
  const found = trace !== undefined ? subjects.find(trace) : byMatch(subjects, match ?? {});
  const [id] = found;
  if (id === undefined)
    return trace !== undefined
      ? refuse("unknown-trace", "No stored trace has this id.", "casebook ls shows the ids that are there.")
      : refuse("unknown-trace", "No stored trace fits this `match`.", "casebook ls and casebook show tell what the traces say.");
  if (found.length > 1)
    return refuse("ambiguous-trace", `${found.length} traces fit: ${found.slice(0, 3).map((one) => one.slice(0, 24)).join(", ")}, …`, "Give more of the id, or words that only one of them holds.");
  const sheet = subjects.sheet(id);
  if (sheet === undefined) return refuse("unknown-trace", "This trace cannot be read from the store.", "casebook pull it again.");

  const known = codes.map((typed) => findCode(taxonomy, typed));
  const strange = known.indexOf(undefined);
  if (strange >= 0) {
    const near = searchCodes(taxonomy, (codes[strange] ?? "").split(/[^a-z]+/i).at(-1) ?? "").slice(0, 3);
    const hint = near.length > 0 && near.length < taxonomy.codes.length ? `Did you mean ${near.map((code) => code.id).join(", ")}?` : "The codes are in taxonomy.yaml.";
    return refuse("unknown-code", `The ${ordinal(strange)} code is not in the taxonomy (version ${taxonomy.version}).`, hint);
  }
  if (verdict === "pass" && (codes.length > 0 || first_failing_span !== undefined))
    return refuse("bad-answer", "A pass has no failure codes and no failing span.", "Take them out, or make it a fail.");
  if (verdict === "fail" && codes.length === 0 && (note ?? "").trim() === "")
    return refuse("bad-answer", "A fail needs a note or a code.", "Say in `note` what went wrong first.");

  const spans = first_failing_span === undefined ? [] : spansOf(sheet.spans, first_failing_span);
  if (first_failing_span !== undefined && spans.length !== 1)
    return refuse("unknown-span", spans.length === 0 ? "This trace has no such span." : `${spans.length} spans of this trace begin so.`, `casebook show ${id.slice(0, 24)} lists its spans.`);
  const distinct = [...new Set(known.flatMap((code) => (code === undefined ? [] : [code.id])))];
  return { id, judgement: { verdict, codes: distinct, firstFailingSpan: spans[0], expected, note, facets } };
}

/** The spans a person means by the id of one or its beginning, with or without `span_`. */
const spansOf = (ids: readonly string[], typed: string): readonly string[] =>
  ids.includes(typed) ? [typed] : ids.filter((id) => id.startsWith(typed) || id.replace(/^span_/, "").startsWith(typed));

/** Whole workflow name, any case; words anywhere in what was said, any case and white space. */
function byMatch(subjects: Subjects, { workflow, contains }: NonNullable<Answer["match"]>): readonly string[] {
  return subjects.kept.filter((id) => {
    const said = subjects.said(id);
    return said !== undefined && (workflow === undefined || said.workflow === plain(workflow)) && (contains === undefined || said.text.includes(plain(contains)));
  });
}

const ordinal = (index: number): string => ["first", "second", "third"][index] ?? `${index + 1}th`;
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
