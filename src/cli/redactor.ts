import { loadKey, type Workspace } from "../adapters/files/workspace.ts";
import { createRedactor } from "../core/redact/create.ts";
import { loadNames } from "../core/redact/detect/names.ts";
import { readPolicy } from "../core/redact/policy.ts";
import type { Redactor } from "../core/redact/redactor.ts";
import type { Io } from "./io.ts";

/** The redactor of a workspace: its policy, its key. The key is for keyed digests only and goes no further than the caller. */
export function openRedactor(workspace: Workspace, io: Io): { readonly redactor: Redactor; readonly key: Uint8Array } {
  const { key, id } = loadKey(workspace, io.env);
  const policy = readPolicy(workspace.config.redact, "casebook.yaml: redact");
  return { redactor: createRedactor({ policy, key, keyId: id, ...(policy.names ? { names: loadNames() } : {}) }), key };
}
