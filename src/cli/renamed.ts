import { existsSync } from "node:fs";
import { loadKey, type Workspace } from "../adapters/files/workspace.ts";
import { renamedBy, type Renamed } from "../core/redact/typed-id.ts";
import type { Io } from "./io.ts";

/** Looks ids up as redaction renamed them. Reads the key when first asked, and never makes one: without a key nothing was renamed. */
export function renamedIn(workspace: Workspace, io: Io): Renamed {
  let known: Renamed | undefined;
  return (typed, prefix) => {
    const keyed = (io.env["CASEBOOK_KEY"] ?? "") !== "" || existsSync(workspace.paths.key);
    known ??= keyed ? renamedBy(loadKey(workspace, io.env).key) : () => [];
    return known(typed, prefix);
  };
}
