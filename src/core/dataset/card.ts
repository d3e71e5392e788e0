import type { Taxonomy } from "../label/taxonomy.ts";
import type { Dataset, Lock } from "./case.ts";
import type { ReleasePlan } from "./lock.ts";
import type { CaseFolder } from "./tree.ts";

const begin = "<!-- casebook: begin (written by `casebook release`; text outside these marks is kept) -->";
const end = "<!-- casebook: end -->";

/** The dataset's README.md: what is in it, how it was made, how to use it. What people wrote around it stays. */
export function writeCard(options: {
  readonly dataset: Dataset;
  readonly lock: Lock;
  readonly cases: readonly CaseFolder[];
  readonly taxonomy: Taxonomy;
  readonly before: string | undefined;
}): string {
  const { before } = options;
  const card = `${begin}\n${body(options)}${end}`;
  const [from, to] = before === undefined ? [-1, -1] : [before.indexOf(begin), before.indexOf(end)];
  if (before === undefined) return `${card}\n`;
  return from >= 0 && to > from ? before.slice(0, from) + card + before.slice(to + end.length) : `${card}\n\n${before}`;
}

function body({ dataset, lock, cases, taxonomy }: Parameters<typeof writeCard>[0]): string {
  const failed = cases.filter((one) => one.case.label.verdict === "fail");
  const codes = tally(failed.map((one) => one.case.label.codes[0] ?? "no code"));
  const checks = tally(cases.flatMap((one) => one.case.checks.map((check) => check.type)));
  const annotators = tally(cases.flatMap((one) => one.case.provenance.annotators));
  const vacuous = cases.filter((one) => one.case.vacuous !== undefined).length;
  const doubled = cases.filter((one) => one.labels.length > 1).length;
  const name = (id: string): string => taxonomy.codes.find((code) => code.id === id)?.name ?? "";
  return [
    `# ${dataset.name}\n`,
    `${dataset.description}\n`,
    `Version ${lock.version}: ${cases.length} cases, ${failed.length} from failed runs and ${cases.length - failed.length} from good ones.\n`,
    table(["failure (root cause)", "", "cases"], codes.map(([id, count]) => [`\`${id}\``, name(id), String(count)])),
    table(["checks", "number"], checks.map(([type, count]) => [type, String(count)])),
    "## How it was made\n",
    `- Recorded runs, redacted before they were stored, then judged by ${annotators.length === 1 ? "one person" : `${annotators.length} people`} (${annotators.map(([who, count]) => `${who}: ${count}`).join(", ")}); ${doubled} cases by more than one.`,
    `- Every check of a failed run fails on its recording, and every check of a good run passes${vacuous === 0 ? "." : `; ${vacuous} recorded exceptions.`}`,
    `- Taxonomy ${lock.taxonomy.version}. Redaction ${lock.redaction.map((stamp) => `policy \`${stamp.policy.slice(0, 12)}\`, key \`${stamp.key}\`, style ${stamp.style}`).join("; ")}.`,
    `- Content \`${lock.hash.slice(0, 16)}\`.\n`,
    "## How to use it\n",
    "```",
    `casebook verify ${dataset.name}`,
    `casebook replay ${dataset.name} --prompt NAME@VERSION`,
    `casebook export ${dataset.name} --csv -o ${dataset.name}.csv`,
    "```\n",
  ].join("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const line = (cells: readonly string[]): string => `| ${cells.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |`;
  return `${[line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n")}\n`;
}

/** How often each word comes, most often first. */
function tally(words: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}

/**
 * CHANGELOG.md with a section for this release on top, in place of one that a broken-off release has left. `date` only where
 * it was given, so that the same input gives the same bytes.
 */
export function writeChangelog(plan: ReleasePlan, before: string | undefined, date: string | undefined): string {
  const head = "# Changelog\n";
  const why = plan.lock.why.map((words) => `- ${words}`).join("\n");
  const section = `## ${plan.version}${date === undefined ? "" : ` (${date})`}: ${plan.bump}\n\n${why}\n`;
  const old = (before?.startsWith(head) === true ? before.slice(head.length) : (before ?? "")).trimStart();
  const rest = /^## (\S+?):? /.exec(old)?.[1] === plan.version ? withoutFirstSection(old) : old;
  return `${head}\n${section}${rest === "" ? "" : `\n${rest}`}`;
}

function withoutFirstSection(text: string): string {
  const next = text.indexOf("\n## ");
  return next < 0 ? "" : text.slice(next + 1);
}
