import type { Trace } from "../trace/schema.ts";
import { checkTrace, type Breach, type Sighting } from "./check-trace.ts";
import { dataContract, type Contract } from "./contract.ts";
import { remedies, type ContractCode } from "./remedies.ts";

/** What a number of traces have in common that the contract does not allow. A `problem` makes `check` answer no; `advice` does not. */
export type ContractFinding = {
  readonly code: ContractCode;
  readonly level: "problem" | "advice";
  readonly key?: string;
  /** `12 of 40 traces carry …` */
  readonly message: string;
  readonly traces: number;
  /** Ids of the first of them. */
  readonly examples: readonly string[];
  readonly fix: { readonly typescript: string; readonly python: string };
};

export type ContractReport = { readonly traces: number; readonly findings: readonly ContractFinding[] };

export type ContractCheck = {
  add(trace: Trace, sightings: readonly Sighting[]): void;
  report(): ContractReport;
};

type Group = { readonly code: ContractCode; readonly key: string | undefined; readonly details: Set<string>; readonly examples: string[]; count: number };

/** Checks traces one after another and keeps counts and a few ids only, so any number of them may come by. */
export function createContractCheck(contract: Contract): ContractCheck {
  const required = contract.metadata ?? dataContract;
  const groups = new Map<string, Group>();
  const names = new Set<string>();
  let traces = 0;
  let named = 0;
  const count = (id: string, { code, key, detail }: Breach): void => {
    const at = `${code} ${key ?? ""}`;
    const group: Group = groups.get(at) ?? { code, key, details: new Set(), examples: [], count: 0 };
    group.count += 1;
    if (detail !== undefined) for (const one of detail.split(", ")) group.details.add(one);
    if (group.examples.length < 5) group.examples.push(id);
    groups.set(at, group);
  };
  return {
    add(trace, sightings) {
      traces += 1;
      if (trace.workflow_name !== undefined) {
        named += 1;
        if (names.size <= 1000) names.add(trace.workflow_name);
      }
      for (const breach of checkTrace(trace, contract, { required, sightings })) count(trace.id, breach);
    },
    report() {
      const many: Group[] =
        contract.workflow_names === undefined && names.size >= 10 && names.size * 2 > named
          ? [{ code: "workflow-names-many", key: undefined, details: new Set(), examples: [], count: named }]
          : [];
      const findings = [...many, ...(contract.metadata === undefined ? mergeKeys([...groups.values()]) : groups.values())]
        .filter(({ code, count: missing }) => code !== "group-id-missing" || contract.group_id === "required" || missing < traces)
        .map((group) => findingOf(group, { traces, level: levelOf(group.code, contract) }));
      return { traces, findings: findings.sort((a, b) => rank(a) - rank(b) || b.traces - a.traces) };
    },
  };
}

/** Of the keys that casebook only advises, those that the same number of traces lacks are told together. */
function mergeKeys(groups: readonly Group[]): Group[] {
  const merged = new Map<string, Group>();
  for (const group of groups) {
    const at = group.code === "metadata-missing" ? `${group.code} ${group.count}` : `${group.code} ${group.key ?? ""}`;
    const known = merged.get(at);
    merged.set(at, known === undefined ? group : { ...known, key: `${known.key}, ${group.key}` });
  }
  return [...merged.values()];
}

/** Keys nobody asked for, and groups that only some traces have, are advice. */
function levelOf(code: ContractCode, contract: Contract): ContractFinding["level"] {
  if (code === "metadata-missing") return contract.metadata === undefined ? "advice" : "problem";
  if (code === "group-id-missing") return contract.group_id === "required" ? "problem" : "advice";
  return "problem";
}

const order = Object.keys(remedies);
const rank = ({ code, level }: ContractFinding): number => order.indexOf(code) + (level === "advice" ? order.length : 0);

function findingOf({ code, key, details, examples, count }: Group, { traces, level }: { traces: number; level: ContractFinding["level"] }): ContractFinding {
  const { words, typescript, python } = remedies[code];
  const keys = (key ?? "").split(", ");
  const fill = (text: string): string =>
    text
      .replaceAll("{key}", key ?? "")
      .replaceAll("{detail}", [...details].sort().join(", "))
      .replaceAll("{members}", members(keys.map((one) => `${one}: ${camel(one)}`)))
      .replaceAll("{members_python}", members(keys.map((one) => `"${one}": ${snake(one)}`)));
  return {
    code,
    level,
    ...(key === undefined ? {} : { key }),
    message: `${count} of ${traces} trace${traces === 1 ? "" : "s"} ${fill(count === 1 ? singular(words) : words)}.`,
    traces: count,
    examples,
    fix: { typescript: fill(typescript), python: fill(python) },
  };
}

/** On one line, or each on its own where there are several. */
const members = (list: readonly string[]): string => (list.length === 1 ? ` ${list[0]} ` : `\n  ${list.join(",\n  ")},\n`);
const verbs: Readonly<Record<string, string>> = { have: "has", carry: "carries", are: "is", hold: "holds", were: "was", lack: "lacks" };
const singular = (words: string): string => words.replace(/^\w+/, (verb) => verbs[verb] ?? verb);
const snake = (key: string): string => key.replace(/([a-z\d])([A-Z])/g, "$1_$2").replace(/\W+/g, "_").toLowerCase();
const camel = (key: string): string => snake(key).replace(/_+(\w)/g, (_, letter: string) => letter.toUpperCase());
