import { existsSync, readFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { commandDetector } from "../adapters/command/detector.ts";
import { loadKey, type PseudonymKey, type Workspace } from "../adapters/files/workspace.ts";
import { CasebookError } from "../core/base/error.ts";
import { readYaml } from "../core/base/yaml.ts";
import { createRedactor } from "../core/redact/create.ts";
import { loadNames } from "../core/redact/detect/names.ts";
import { createFilter, type Filter } from "../core/redact/filter.ts";
import { policyHash, readPolicy, type Policy } from "../core/redact/policy.ts";
import type { Redactor } from "../core/redact/redactor.ts";
import type { RedactorOptions } from "../core/redact/tools.ts";
import type { RedactionStamp } from "../core/redact/types.ts";
import { fold } from "./fold.ts";
import type { Io } from "./io.ts";

/** Where a policy is read from and what overrides it. */
export type PolicyFlags = { readonly policy?: string; readonly style?: Policy["style"] };

/**
 * The redactor of a workspace: its policy, its key. The key is for keyed digests only and goes no further than the caller.
 * `dry`: where there is no key yet, none is made, and tokens are of this run only.
 */
export function openRedactor(workspace: Workspace, io: Io, flags: PolicyFlags & { readonly allow?: readonly string[]; readonly dry?: boolean } = {}): { readonly redactor: Redactor; readonly key: Uint8Array } {
  const { key, id } = flags.dry === true ? keyOrNone(workspace, io) : loadKey(workspace, io.env);
  const policy = policyOf(workspace, io, flags);
  return { redactor: createRedactor(optionsOf({ ...policy, allow: [...policy.allow, ...(flags.allow ?? [])] }, key, id)), key };
}

/** A filter for text. A filter sets nothing up: where there is no key, its tokens are of this run only, and it says so. */
export function openFilter(workspace: Workspace, io: Io, flags: PolicyFlags): { readonly filter: Filter; readonly stamp: RedactionStamp } {
  const policy = policyOf(workspace, io, flags);
  const { key, id } = keyOrNone(workspace, io);
  if (id === "none") io.stderr.write(`${fold(io, "No key yet: tokens are of this run only. Set CASEBOOK_KEY or run casebook init.")}\n`);
  return { filter: createFilter(optionsOf(policy, key, id)), stamp: { policy: policyHash(policy), key: id, style: policy.style } };
}

/** The key that is there, else one of this run only, named `none`. */
const keyOrNone = (workspace: Workspace, io: Io): PseudonymKey =>
  (io.env["CASEBOOK_KEY"] ?? "") !== "" || existsSync(workspace.paths.key) ? loadKey(workspace, io.env) : { key: randomBytes(32), id: "none" };

function policyOf(workspace: Workspace, io: Io, { policy: file, style }: PolicyFlags): Policy {
  const read = file === undefined ? readPolicy(workspace.config.redact, "casebook.yaml: redact") : readPolicy(policyFile(resolve(io.cwd, file), file), file);
  return style === undefined ? read : { ...read, style };
}

/** A policy file is what stands under `redact:`, with or without that word. */
function policyFile(path: string, name: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new CasebookError("usage", `${name} cannot be read.`, { hint: "casebook check --policy prints the policy in effect.", cause });
  }
  const value = readYaml(text, name);
  return typeof value === "object" && value !== null && "redact" in value ? value.redact : value;
}

function optionsOf(policy: Policy, key: Uint8Array, keyId: string): RedactorOptions {
  return { policy, key, keyId, ...(policy.names ? { names: loadNames() } : {}), ...(policy.detector === undefined ? {} : { external: commandDetector(policy.detector) }) };
}
