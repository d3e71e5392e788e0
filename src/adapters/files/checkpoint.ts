import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../../core/base/hash.ts";
import { isObject, parseJson } from "../../core/base/json.ts";
import type { CheckpointStore } from "../../core/ports.ts";
import { makePrivateFolder, writeFileAtomic } from "./atomic.ts";

/** Checkpoints of API pulls, one small file each (0600) under `.casebook/checkpoints`. An unreadable one counts as none. */
export function openCheckpoints(home: string): CheckpointStore {
  const folder = join(home, "checkpoints");
  const pathOf = (name: string): string => join(folder, `${sha256(name).slice(0, 24)}.json`);
  return {
    read(name) {
      const path = pathOf(name);
      const value = existsSync(path) ? parseJson(readFileSync(path, "utf8")) : undefined;
      if (!isObject(value) || typeof value["from"] !== "string" || typeof value["to"] !== "string") return undefined;
      return { from: value["from"], to: value["to"], ...(typeof value["cursor"] === "string" ? { cursor: value["cursor"] } : {}) };
    },
    write(name, checkpoint) {
      makePrivateFolder(folder);
      writeFileAtomic(pathOf(name), `${JSON.stringify({ schema: "casebook/checkpoint@1", ...checkpoint })}\n`, 0o600);
    },
  };
}
