import { canonicalJson, isObject, prettyCanonicalJson, type Json } from "../base/json.ts";
import { sha256 } from "../base/hash.ts";
import { writeYaml } from "../base/yaml.ts";
import type { Label } from "../label/label.ts";
import type { Trace } from "../trace/schema.ts";
import type { Case, Dataset } from "./case.ts";

/** The files of one case, by path inside its folder. Same case, same bytes. */
export function writeCaseFiles(entry: Case, trace: Trace, labels: readonly Label[]): Map<string, string> {
  const files = new Map([
    ["case.yaml", writeCase(entry)],
    ["trace.json", prettyCanonicalJson(trace)],
  ]);
  for (const label of labels) files.set(`labels/${annotatorFile(label.annotator)}`, writeLabel(label));
  return files;
}

/** `ann` → `ann.yaml`. A name no file should have becomes a digest, so that two annotators never share a file. */
export const annotatorFile = (annotator: string): string =>
  /^[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?$/.test(annotator) ? `${annotator}.yaml` : `annotator-${sha256(annotator).slice(0, 12)}.yaml`;

export const writeDataset = (dataset: Dataset): string => writeYaml(inOrder(dataset, ["schema", "name", "description", "taxonomy"]));

/** `case.yaml`: members in the order of the schema, those of a check in a fixed order, arguments by name. */
function writeCase(entry: Case): string {
  const { input, label, provenance } = entry;
  return writeYaml(
    inOrder(
      {
        ...entry,
        input: inOrder({ ...input, messages: input.messages.map(roleFirst), later: input.later?.map(roleFirst) }, ["messages", "later", "agent"]),
        label: inOrder(label, ["verdict", "codes", "first_failing_span", "note"]),
        checks: entry.checks.map(orderCheck),
        provenance: inOrder(
          {
            ...provenance,
            redaction: inOrder(provenance.redaction, ["policy", "key", "style"]),
            generated: inOrder(provenance.generated, ["checks", "expected"]),
          },
          ["trace_id", "trace_revision", "source", "duplicates", "annotators", "taxonomy", "redaction", "generated"],
        ),
      },
      ["schema", "id", "title", "label", "expected", "checks", "vacuous", "tags", "input", "provenance"],
    ),
  );
}

function writeLabel(label: Label): string {
  return writeYaml(
    inOrder({ ...label, codes: label.codes.map((code) => inOrder(code, ["id", "role"])) }, [
      "schema", "annotator", "verdict", "codes", "first_failing_span", "expected", "note",
      "fault_owner", "severity", "recovered", "confidence", "taxonomy", "trace_id", "trace_revision", "at", "seconds",
    ]),
  );
}

const roleFirst = (message: { role: string; text: string }): object => ({ role: message.role, text: message.text });

const checkOrder = [
  "id", "type", "not", "tool", "agent", "arguments", "match", "ignore", "times", "tools", "mode", "to", "from", "name", "triggered",
  "equals", "contains", "matches", "json_schema", "json_path", "asks_question", "case_sensitive",
  "max_turns", "max_calls", "max_tokens", "rubric", "checks", "why",
];

function orderCheck(check: unknown): object {
  const members = Object.entries(check as Record<string, unknown>).map(([key, value]) => [
    key,
    key === "checks" && Array.isArray(value) ? value.map(orderCheck) : sorted(value as Json),
  ]);
  return inOrder(Object.fromEntries(members) as object, checkOrder);
}

const sorted = (value: Json): unknown => (isObject(value) || Array.isArray(value) ? JSON.parse(canonicalJson(value)) : value);

/** The members that are there, named ones first in that order, the rest by name. */
function inOrder<T extends object>(value: T, order: readonly string[]): object {
  const members = value as Record<string, unknown>;
  const rest = Object.keys(members).filter((key) => !order.includes(key)).sort();
  return Object.fromEntries([...order, ...rest].filter((key) => members[key] !== undefined).map((key) => [key, members[key]]));
}

/** The files of a case folder that build writes. */
export const isCaseFile = (path: string): boolean => path === "case.yaml" || path === "trace.json" || /^labels\/[^/]+\.yaml$/.test(path);
