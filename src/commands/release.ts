import { CasebookError } from "../core/base/error.ts";
import { writeCard, writeChangelog } from "../core/dataset/card.ts";
import { findLeaks, type Gated, type Leak } from "../core/dataset/leak.ts";
import { contentsOf, planRelease, type ReleasePlan } from "../core/dataset/lock.ts";
import { caseIdsOf, readCaseFolder, readDatasetFile, readLock, textOf, versionsOf, type DatasetStage, type FileTree } from "../core/dataset/tree.ts";
import { verifyTree, type Finding } from "../core/dataset/verify.ts";
import { shownBeside } from "./verify.ts";
import type { Taxonomy } from "../core/label/taxonomy.ts";

export type ReleaseOptions = { readonly dryRun: boolean; readonly date?: string | undefined };
export type ReleasePorts = {
  readonly tree: FileTree;
  readonly taxonomy: Taxonomy;
  readonly stage: () => DatasetStage;
  readonly gated: Gated;
};

/** What release did or would do. With leaks or findings nothing was written. */
export type Released = {
  readonly plan: ReleasePlan;
  readonly findings: readonly Finding[];
  readonly leaks: readonly Leak[];
  readonly written: boolean;
};

/**
 * Locks the cases as they are under the next version, with card and changelog. Refused (throws) when there is no case or
 * nothing changed since the last version; stopped by anything `verify` finds wrong inside the cases, and by every gate
 * over the whole dataset and what is about to be written.
 */
export async function release(options: ReleaseOptions, ports: ReleasePorts): Promise<Released> {
  const { tree, taxonomy } = ports;
  const dataset = readDatasetFile(tree);
  const ids = caseIdsOf(tree);
  if (dataset === undefined || ids.length === 0)
    throw new CasebookError("refused", `${tree.name} has no cases to release.`, { hint: "Make some: casebook label, then casebook build" });
  const found = verifyTree(tree, { taxonomy, locks: "history" });
  const cases = ids.map((id) => readCaseFolder(tree, id));
  const last = versionsOf(tree).at(-1);
  const plan = planRelease(dataset.name, contentsOf(cases, taxonomy), last === undefined ? undefined : readLock(tree, last));
  if (plan === undefined)
    throw new CasebookError("refused", `Nothing changed in ${tree.name} since ${last}.`, { hint: "Change something first: casebook label, casebook build, or edit a case.yaml" });

  const old = (path: string): string | undefined => (tree.paths().includes(path) ? textOf(tree.read(path), `${tree.name}/${path}`) : undefined);
  const written: [string, string][] = [
    ["README.md", writeCard({ dataset, lock: plan.lock, cases, taxonomy, before: old("README.md") })],
    ["CHANGELOG.md", writeChangelog(plan, old("CHANGELOG.md"), options.date)],
    // The lock comes last: a version is there when its lock is.
    [`versions/${plan.version}.json`, plan.text],
  ];
  const stage = ports.stage();
  try {
    for (const [path, text] of written) stage.write(path, text);
    const staged = written.map(([path]) => ({ path: `${tree.name}/${path}`, text: textOf(stage.read(path), path) }));
    const rest = tree.paths().filter((path) => path === "dataset.yaml" || path.startsWith("cases/"));
    const there = rest.map((path) => ({ path: `${tree.name}/${path}`, text: textOf(tree.read(path), `${tree.name}/${path}`) }));
    const leaks = await findLeaks(ports.gated, [...staged, ...there]);
    const findings = found.map(shownBeside(leaks));
    if (findings.length > 0 || leaks.length > 0 || options.dryRun) return { plan, findings, leaks, written: false };
    stage.commit();
    return { plan, findings, leaks, written: true };
  } finally {
    stage.discard();
  }
}
