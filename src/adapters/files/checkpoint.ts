import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../../core/base/hash.ts";
import { parseJson } from "../../core/base/json.ts";
import type { CheckpointStore } from "../../core/ports.ts";
import { checkpointFormat } from "../../core/sources/checkpoint.ts";
import { makePrivateFolder, writeFileAtomic } from "./atomic.ts";

/** Checkpoints of API pulls, one small file each (0600) under `.casebook/checkpoints`. */
export function openCheckpoints(home: string): CheckpointStore {
  const folder = join(home, "checkpoints");
  const pathOf = (name: string): string => join(folder, `${sha256(name).slice(0, 24)}.json`);
  return {
    read(name) {
      const path = pathOf(name);
      if (!existsSync(path)) return undefined;
      const { schema: _, ...checkpoint } = checkpointFormat.read(parseJson(readFileSync(path, "utf8")), `.casebook/checkpoints/${sha256(name).slice(0, 24)}.json`);
      return checkpoint;
    },
    write(name, checkpoint) {
      makePrivateFolder(folder);
      writeFileAtomic(pathOf(name), `${JSON.stringify({ schema: checkpointFormat.tag, ...checkpoint })}\n`, 0o600);
    },
  };
}
