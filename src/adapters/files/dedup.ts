import { existsSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { CasebookError } from "../../core/base/error.ts";
import { parseJson } from "../../core/base/json.ts";
import { dedupFormat } from "../../core/dedup/types.ts";
import type { DedupStore } from "../../core/ports.ts";
import { makePrivateFolder, writeFileAtomic } from "./atomic.ts";

/** Decisions as one line each in one file, 0600, replaced as a whole. No file: nothing was decided yet. */
export function openDedup(path: string): DedupStore {
  return {
    read() {
      if (!existsSync(path)) return [];
      const lines = readFileSync(path, "utf8").split("\n");
      return lines.flatMap((line, at) => (line === "" ? [] : [dedupFormat.read(decoded(line, `${basename(path)}:${at + 1}`), `${basename(path)}:${at + 1}`)]));
    },
    write(decisions) {
      makePrivateFolder(dirname(path));
      writeFileAtomic(path, decisions.map((decision) => `${JSON.stringify(decision)}\n`).join(""), 0o600);
    },
  };
}

function decoded(line: string, where: string): unknown {
  const value = parseJson(line);
  if (value === undefined) throw new CasebookError("bad-file", `${where}: not JSON.`, { hint: "Decide all levels anew: casebook dedup --level all" });
  return value;
}
