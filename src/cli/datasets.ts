import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { listDatasets, openDatasetTree, stageDataset } from "../adapters/files/datasets.ts";
import { loadTaxonomy } from "../adapters/files/taxonomy.ts";
import { loadKey, type Workspace } from "../adapters/files/workspace.ts";
import { CasebookError } from "../core/base/error.ts";
import { hmacSha256 } from "../core/base/hash.ts";
import { datasetNamePattern } from "../core/dataset/case.ts";
import type { Gated } from "../core/dataset/leak.ts";
import { scanGate } from "../core/dataset/leak-scan.ts";
import type { DatasetStage, FileTree } from "../core/dataset/tree.ts";
import type { Taxonomy } from "../core/label/taxonomy.ts";
import type { Io } from "./io.ts";
import { progressFor } from "./progress.ts";

/** A dataset as the verbs that read or write one get it. */
export type DatasetAt = { readonly name: string; readonly folder: string; readonly tree: FileTree; readonly stage: () => DatasetStage; readonly taxonomy: Taxonomy };

/**
 * The dataset a verb means: the one named, else the config's (where it is there), else the only one there is. `fresh`: it need
 * not be there yet. Throws `usage` naming those there are.
 */
export function openDataset(workspace: Workspace, named: string | undefined, { fresh = false } = {}): DatasetAt {
  const known = listDatasets(workspace.paths.datasets);
  const { dataset: usual } = workspace.config;
  const name = named ?? (usual !== undefined && !fresh && !known.includes(usual) && known.length === 1 ? known[0] : usual) ?? (known.length === 1 ? known[0] : undefined);
  const there = known.length === 0 ? "There is none yet: casebook build NAME" : `There is: ${known.join(", ")}`;
  if (name === undefined) throw new CasebookError("usage", "Which dataset?", { hint: known.length === 0 ? "Give it a name: casebook build support" : there });
  if (!datasetNamePattern.test(name))
    throw new CasebookError("usage", "A dataset's name is lower-case letters, digits, dots, dashes and underscores.", { hint: "casebook build support-triage" });
  if (!fresh && !known.includes(name)) throw new CasebookError("usage", `There is no dataset ${name}.`, { hint: there });
  const folder = join(workspace.paths.datasets, name);
  return { name, folder, tree: openDatasetTree(folder), stage: () => stageDataset(folder), taxonomy: loadTaxonomy(workspace.paths.taxonomy) };
}

/**
 * The gates over what is to be committed: secretlint, the scan, redaction's own detectors, and where raw files are at hand the re-harvest;
 * and the values a person has allowed (`redact.allow` of the config, the same list that redaction reads).
 */
export async function openGates(workspace: Workspace, io: Io, raw: readonly string[]): Promise<Gated> {
  const { secretlintGate } = await import("../adapters/gates/secretlint.ts");
  // Gates look, they set nothing up: where there is no key, tokens are of this run only and nothing is on the allow list.
  const keyed = (io.env["CASEBOOK_KEY"] ?? "") !== "" || existsSync(workspace.paths.key);
  const key = keyed ? loadKey(workspace, io.env).key : randomBytes(32);
  const name = (value: string): string => `leak:${hmacSha256(key, value)}`;
  const { detectGate } = await import("../core/dataset/leak-detect.ts");
  const { loadNames } = await import("../core/redact/detect/names.ts");
  const { readPolicy } = await import("../core/redact/policy.ts");
  const policy = readPolicy(workspace.config.redact, "casebook.yaml: redact");
  const allowed = new Set(policy.allow);
  const gates = [secretlintGate(name), scanGate({ name, surrogates: policy.style === "surrogate" }), detectGate({ policy, key, name, names: loadNames() })];
  const progress = progressFor(io);
  if (raw.length === 0) return { gates, allowed, progress };
  const { harvestFiles } = await import("../adapters/gates/raw.ts");
  const harvest = harvestFiles(raw.map((file) => resolve(io.cwd, file)), name);
  return { gates: [...gates, harvest.gate], allowed, progress };
}
