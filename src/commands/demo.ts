import { wrap } from "../core/base/text.ts";
import type { GateResult } from "../core/compare/types.ts";
import { pValue } from "../core/report/figures.ts";
import type { RunSummary } from "../core/report/run-summary.ts";
import type { Blessed } from "./bless.ts";
import type { DedupResult } from "./dedup.ts";
import type { LabelResult } from "./label.ts";
import type { PullSummary } from "./pull-tally.ts";

/** What one command of the demo came to. `json` is what it printed under `--json`. */
export type Ran = { readonly code: number; readonly json: unknown; readonly err: string };

export type DemoPorts = {
  /** Runs casebook as if typed. */
  readonly run: (argv: readonly string[]) => Promise<Ran>;
  readonly say: (line: string) => void;
  /** Puts the prompt versions of the example where `init` puts a first one. */
  readonly placePrompts: () => void;
  /** Lines that only one of two versions of a prompt has. */
  readonly promptDiff: (from: string, to: string) => { readonly out: readonly string[]; readonly in: readonly string[] };
  /** Looks for every planted personal value and secret in all files of the workspace. */
  readonly findPlanted: () => { readonly values: number; readonly files: number; readonly found: number };
};

/** The demo's own answer: what it showed, and whether all of that really happened. */
export type DemoResult = {
  readonly schema: "casebook/demo-result@1";
  readonly ok: boolean;
  readonly steps: readonly { readonly command: string; readonly code: number; readonly figures: readonly string[] }[];
  /** What went otherwise than it should, in words; empty when all is well. */
  readonly differs: readonly string[];
  readonly planted: { readonly values: number; readonly files: number; readonly found: number } | null;
};

type Step = {
  readonly argv: readonly string[];
  /** The exit that is right here. */
  readonly exit: number;
  readonly figures: (json: never) => readonly string[];
  /** What must be true of the result beside its exit; words for what is not. */
  readonly must?: (json: never) => readonly string[];
  readonly after?: () => void;
};

const dataset = "support-triage";
const replayed = (version: string): readonly string[] => [
  "replay", dataset, "--prompt", `support@${version}`, "--depth", "tape", "--repeat", "5",
  "--target", "module:support-agent/agent.mjs#createAgent",
  "--model-module", "support-agent/rule-model.mjs#createModel",
];

/**
 * The whole way on the example's traces, each step a real command: pull, dedup, label, build, release, verify, replay, bless,
 * replay two changed prompts and gate them. Stops at the first command that does not answer as it should. Every figure
 * comes from what a command printed.
 */
export async function demo({ run, say, placePrompts, promptDiff, findPlanted }: DemoPorts): Promise<DemoResult> {
  const steps: { command: string; code: number; figures: readonly string[] }[] = [];
  const differs: string[] = [];
  for (const step of script(placePrompts, promptDiff)) {
    if ("words" in step) {
      say(`\n${step.words()}`);
      continue;
    }
    const command = `casebook ${step.argv.join(" ")}`;
    say(`\n$ ${folded(step.argv)}`);
    const { code, json, err } = await run(step.argv);
    if (code !== step.exit) {
      differs.push(`${command} answered ${code} where ${step.exit} was due`);
      if (err !== "") say(err.trimEnd());
      return { schema: "casebook/demo-result@1", ok: false, steps, differs, planted: null };
    }
    const figures = step.figures(json as never);
    for (const line of figures) say(`  ${line}`);
    steps.push({ command, code, figures });
    differs.push(...(step.must?.(json as never) ?? []));
    step.after?.();
  }
  const planted = findPlanted();
  say(`\nPlanted in the traces: ${planted.values} personal values and secrets.\nFound in the ${planted.files} files that were written: ${planted.found}.`);
  if (planted.found > 0) differs.push(`${planted.found} planted values were found in the workspace`);
  return { schema: "casebook/demo-result@1", ok: differs.length === 0, steps, differs, planted };
}

function script(placePrompts: DemoPorts["placePrompts"], promptDiff: DemoPorts["promptDiff"]): readonly (Step | { readonly words: () => string })[] {
  return [
    { argv: ["init", "--dataset", dataset], exit: 0, figures: () => ["config, failure codes, git files, a CI workflow and a key for pseudonyms"], after: placePrompts },
    { argv: ["pull", "support-agent/traces"], exit: 0, figures: pulled },
    { argv: ["dedup"], exit: 0, figures: deduped },
    { argv: ["label", "--answers", "support-agent/answers.jsonl"], exit: 0, figures: labelled },
    { argv: ["build", dataset], exit: 0, figures: built },
    { argv: ["release", dataset], exit: 0, figures: ({ version, cases }: { version: string; cases: number }) => [`version ${version} locks ${cases} cases`] },
    { argv: ["verify", dataset], exit: 0, figures: () => ["hashes, references and shapes hold; no leak"] },
    { words: () => "The model in these replays is rules that read the prompt they are given\n(support-agent/rule-model.mjs). It stands in for a language model: no key, no\nnetwork, and no word about what a real model would do." },
    { argv: replayed("1"), exit: 0, figures: ran },
    { argv: ["bless", "latest"], exit: 0, figures: blessed },
    { words: () => "support@2 adds rules to support@1:\n" + diffWords(promptDiff("1", "2")) },
    { argv: replayed("2"), exit: 0, figures: ran },
    { argv: ["gate"], exit: 0, figures: gated, must: verdictIs("pass") },
    { words: () => "support@3 changes support@2:\n" + diffWords(promptDiff("2", "3")) },
    { argv: replayed("3"), exit: 0, figures: ran },
    { argv: ["gate"], exit: 1, figures: gated, must: verdictIs("regressed") },
  ];
}

function pulled({ objects, traces, spans, findings }: PullSummary): string[] {
  const masked = (findings.by_tier["certain"] ?? 0) + (findings.by_tier["likely"] ?? 0);
  return [`${objects} records are ${traces.total} traces with ${spans} spans`, `${masked} sensitive values masked before anything touched the disk`];
}

function deduped({ levels }: DedupResult): string[] {
  const dropped = (level: string): number => levels.find((one) => one.level === level)?.dropped ?? 0;
  return [`${dropped("exact")} copies need no second look; ${dropped("same-task")} runs repeat a task already seen`];
}

function labelled({ passed, failed, waiting }: LabelResult): string[] {
  return [`${passed} pass, ${failed} fail, ${waiting} left (a person would type: casebook label)`];
}

function built({ cases }: { readonly cases: readonly { readonly verdict: string }[] }): string[] {
  const fails = cases.filter(({ verdict }) => verdict === "fail").length;
  return [`${cases.length} cases: ${fails} with checks their own bad run fails, ${cases.length - fails} that a good run passes`];
}

function ran({ rate, trials, fidelity }: RunSummary): string[] {
  const { served, drifted, missed } = fidelity;
  return [`${rate.passed} of ${rate.of} cases pass; ${trials.done} trials, tools answered from the recordings`, `(${served} calls as recorded, ${drifted} with other arguments, ${missed} that nobody recorded)`];
}

function blessed({ passing, cases, written }: Blessed): string[] {
  return [`${written ?? ""}: ${passing} of ${cases} is what is trusted now`];
}

function gated({ verdict, reasons, cases, mcnemar, rules }: GateResult): string[] {
  const broken = cases.filter(({ bucket }) => bucket === "newly-failing");
  const masked = broken.length > 0 && mcnemar.one_sided > rules.alpha;
  return [
    `${verdict.toUpperCase()}: ${reasons[0] ?? ""}`,
    ...(masked ? [`By the totals alone it passes: ${mcnemar.worse} worse, ${mcnemar.better} better, p ${pValue(mcnemar.one_sided)}.`] : []),
    ...broken.slice(0, 6).map(({ case_id, parts }) => `  ${case_id}${parts === undefined ? "" : `: at step ${parts.step}, ${parts.candidate}`}`),
  ];
}

const verdictIs =
  (wanted: GateResult["verdict"]) =>
  ({ verdict }: GateResult): string[] =>
    verdict === wanted ? [] : [`the gate said ${verdict} where ${wanted} was due`];

function diffWords(diff: { readonly out: readonly string[]; readonly in: readonly string[] }): string {
  const marked = (mark: string, line: string): string => wrap(line.replace(/^- /, ""), 74).map((part, at) => `  ${at === 0 ? mark : " "} ${part}`).join("\n");
  return [...diff.out.map((line) => marked("-", line)), ...diff.in.map((line) => marked("+", line))].join("\n");
}

/** A command on lines of at most 80 columns, broken before a flag as a shell allows. */
function folded(argv: readonly string[]): string {
  const lines = ["casebook"];
  for (const [at, word] of argv.entries()) {
    const pair = word.startsWith("--") ? `${word} ${argv[at + 1] ?? ""}` : word;
    const last = lines.at(-1) ?? "";
    if (word.startsWith("--") && last.length + pair.length > 74) lines.push(`    ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join(" \\\n");
}
