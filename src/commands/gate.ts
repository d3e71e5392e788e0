import { CasebookError } from "../core/base/error.ts";
import { armOfRun } from "../core/compare/arm.ts";
import { armOfBaseline, readBaseline } from "../core/compare/baseline.ts";
import { compareArms } from "../core/compare/compare.ts";
import { decideGate } from "../core/compare/gate.ts";
import { gateRules } from "../core/compare/rules.ts";
import type { Arm, Comparison, GateResult } from "../core/compare/types.ts";
import type { Config } from "../core/config/config.ts";
import type { BaselineStore, RunLog } from "../core/ports.ts";
import type { RunHeader } from "../core/replay/run.ts";
import { findRun } from "./find-run.ts";

export type ComparePorts = { readonly runs: RunLog; readonly baselines: BaselineStore; readonly config: Pick<Config, "gate"> };
type Reproducible = { readonly reproduce: readonly string[] };

/** Two runs (or a baseline file and a run) side by side, undecided. A run that is not finished is compared as far as it is. */
export function compare(
  { baseline, candidate, seed }: { readonly baseline: string; readonly candidate: string; readonly seed?: number | undefined },
  { runs, baselines, config }: ComparePorts,
): Comparison & Reproducible & { readonly schema: "casebook/comparison@1"; readonly incomplete: readonly string[] } {
  const before = isFile(baseline) ? armOfFile({ file: baseline }, baselines) : armOfRun(findRun(runs, baseline));
  const after = findRun(runs, candidate);
  const arms = [before, armOfRun(after)] as const;
  return {
    schema: "casebook/comparison@1",
    ...compareArms(...arms, { ...gateRules(config), seed: seed ?? 1 }),
    incomplete: arms.filter(({ complete }) => !complete).map(({ name }) => name),
    reproduce: [...replayLine(after.header), `casebook compare ${baseline} latest`],
  };
}

/**
 * The gate: a finished run against the dataset's blessed baseline, or against another run or file. Throws `incomplete` for a
 * run with trials missing (a gate does not judge half a run), `usage` where there is no baseline.
 */
export function gate(
  { baseline, candidate, seed }: { readonly baseline?: string | undefined; readonly candidate?: string | undefined; readonly seed?: number | undefined },
  { runs, baselines, config }: ComparePorts,
): GateResult & Reproducible {
  const run = findRun(runs, candidate);
  const { name } = run.header.dataset;
  const before =
    baseline === undefined
      ? armOfFile({ dataset: name }, baselines)
      : isFile(baseline)
        ? armOfFile({ file: baseline }, baselines)
        : armOfRun(findRun(runs, baseline));
  const after = armOfRun(run);
  for (const arm of [before, after]) refuseUnfinished(arm);
  if (before.dataset.name !== after.dataset.name)
    throw new CasebookError("usage", `The baseline is of dataset ${before.dataset.name}, the run of ${after.dataset.name}.`, {
      hint: `casebook gate ${after.name} --baseline datasets/${after.dataset.name}/baseline.jsonl`,
    });
  const again = `casebook gate${baseline === undefined ? "" : ` latest --baseline ${baseline}`}`;
  return { ...decideGate(before, after, { ...gateRules(config), seed: seed ?? 1 }), reproduce: [...replayLine(run.header), again] };
}

/** A path, as no run id looks like one. */
const isFile = (ref: string): boolean => /[/\\]|\.jsonl$/.test(ref);

function armOfFile(ref: { readonly dataset: string } | { readonly file: string }, baselines: BaselineStore): Arm {
  const found = baselines.read(ref);
  if (found !== undefined) return armOfBaseline(readBaseline(found.text, found.where), found.where);
  throw new CasebookError("usage", "file" in ref ? `There is no file ${ref.file}.` : `Dataset ${ref.dataset} has no baseline yet.`, {
    hint: "Replay the prompt you trust and accept it (casebook bless RUN), or name a run: --baseline RUN",
  });
}

function refuseUnfinished({ name, complete, dataset }: Arm): void {
  if (!complete)
    throw new CasebookError("incomplete", `Run ${name} is not finished; a gate does not judge half a run.`, {
      hint: `casebook replay ${dataset.name} --resume ${name}`,
    });
}

/** The command that makes this run again. A model at an endpoint is named without its address, which is of the machine. */
function replayLine({ dataset, prompt, target, depth, model, repeat, on_miss, seed }: RunHeader): string[] {
  const flags = [
    `--prompt ${prompt.name}@${prompt.version}`,
    `--depth ${depth}`,
    ...(target.kind === "module" ? [`--target module:${target.ref ?? ""}`] : []),
    ...(model.module === undefined ? (depth === "tape" && model.name !== undefined ? [`--model ${model.name}`] : []) : [`--model-module ${model.module}`]),
    ...(repeat === 1 ? [] : [`--repeat ${repeat}`]),
    ...(on_miss === "fail" ? [] : [`--on-miss ${on_miss}`]),
    ...(seed <= 1 ? [] : [`--seed ${seed}`]),
  ];
  return [`casebook replay ${dataset.name}@${dataset.version} ${flags.join(" ")}`];
}
