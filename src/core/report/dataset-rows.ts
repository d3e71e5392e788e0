import type { CaseFolder } from "../dataset/tree.ts";
import { sayCheck } from "../grade/say.ts";

/** One case and its labels as a plain row: what `export --jsonl` prints, a line each. */
export type CaseRow = {
  readonly id: string;
  readonly title: string;
  readonly verdict: "pass" | "fail";
  readonly codes: readonly string[];
  readonly first_failing_span: string | null;
  readonly note: string | null;
  readonly expected: string | null;
  readonly checks: readonly unknown[];
  readonly tags: readonly string[];
  readonly input: readonly { readonly role: string; readonly text: string }[];
  readonly later: readonly { readonly role: string; readonly text: string }[];
  readonly agent: string | null;
  readonly trace_id: string;
  readonly duplicates: number;
  readonly vacuous: string | null;
  readonly labels: readonly { readonly annotator: string; readonly verdict: string; readonly codes: readonly string[]; readonly expected: string | null; readonly note: string | null; readonly at: string; readonly seconds: number }[];
};

export function caseRow({ case: entry, labels }: CaseFolder): CaseRow {
  const { label, input, provenance } = entry;
  return {
    id: entry.id,
    title: entry.title,
    verdict: label.verdict,
    codes: label.codes,
    first_failing_span: label.first_failing_span ?? null,
    note: label.note ?? null,
    expected: entry.expected ?? null,
    checks: entry.checks,
    tags: entry.tags ?? [],
    input: input.messages,
    later: input.later ?? [],
    agent: input.agent ?? null,
    trace_id: provenance.trace_id,
    duplicates: provenance.duplicates ?? 0,
    vacuous: entry.vacuous?.reason ?? null,
    labels: labels.map((one) => ({
      annotator: one.annotator,
      verdict: one.verdict,
      codes: one.codes.map((code) => code.id),
      expected: one.expected ?? null,
      note: one.note ?? null,
      at: one.at,
      seconds: one.seconds,
    })),
  };
}

/** A spreadsheet of cases: head and one row each, lists one item a line. */
export function caseTable(rows: readonly CaseRow[]): string[][] {
  const head = ["id", "title", "verdict", "root_cause", "other_codes", "first_failing_span", "note", "expected", "checks", "tags", "annotators", "agent", "input", "later", "trace_id", "duplicates", "vacuous"];
  return [
    head,
    ...rows.map((row) => [
      row.id,
      row.title,
      row.verdict,
      row.codes[0] ?? "",
      row.codes.slice(1).join("\n"),
      row.first_failing_span ?? "",
      row.note ?? "",
      row.expected ?? "",
      row.checks.map((check) => sayCheck(check as Parameters<typeof sayCheck>[0])).join("\n"),
      row.tags.join("\n"),
      row.labels.map((label) => label.annotator).join("\n"),
      row.agent ?? "",
      spoken(row.input),
      spoken(row.later),
      row.trace_id,
      String(row.duplicates),
      row.vacuous ?? "",
    ]),
  ];
}

/** A spreadsheet of judgements: one row for each label of each case. */
export function labelTable(rows: readonly CaseRow[]): string[][] {
  const head = ["case_id", "title", "annotator", "verdict", "root_cause", "other_codes", "expected", "note", "at", "seconds"];
  const body = rows.flatMap((row) =>
    row.labels.map((label) => [row.id, row.title, label.annotator, label.verdict, label.codes[0] ?? "", label.codes.slice(1).join("\n"), label.expected ?? "", label.note ?? "", label.at, String(label.seconds)]),
  );
  return [head, ...body];
}

const spoken = (messages: CaseRow["input"]): string =>
  messages.length === 1 && messages[0]?.role === "user" ? messages[0].text : messages.map(({ role, text }) => `${role}: ${text}`).join("\n\n");
