import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { CasebookError } from "../../core/base/error.ts";
import { isObject, parseJson } from "../../core/base/json.ts";
import { takeLock } from "./lock.ts";
import { linesOf, listSegments } from "./segments.ts";

/**
 * Takes every revision of a trace but the last out of the segments, so that what a stricter policy masked rests nowhere in the
 * store. Segment by segment, each renamed into place; stopped at any point the store is whole and doing it again ends it. The
 * index is made anew at the next opening. Throws `usage` when another process writes.
 */
export async function dropOldRevisions(folder: string): Promise<void> {
  const lock = await takeLock(folder);
  if (lock === undefined) throw new CasebookError("usage", "Another casebook is writing to this store.", { hint: "Wait until it ends, then run this again." });
  try {
    const last = new Map<string, string>();
    for (const segment of listSegments(folder)) for (const { text, offset } of linesOf(folder, segment)) {
      const id = traceOf(text);
      if (id !== undefined) last.set(id, `${segment} ${offset}`);
    }
    for (const segment of listSegments(folder)) rewrite(folder, segment, (text, offset) => {
      const id = traceOf(text);
      return id === undefined || last.get(id) === `${segment} ${offset}`;
    });
    for (const end of ["", "-wal", "-shm", "-journal"]) rmSync(join(folder, `index.sqlite${end}`), { force: true });
  } finally {
    lock.release();
  }
}

/** The id of the trace a line holds; undefined for a mark of a pull. */
function traceOf(text: string): string | undefined {
  const value = parseJson(text);
  return isObject(value) && isObject(value["trace"]) && typeof value["trace"]["id"] === "string" ? value["trace"]["id"] : undefined;
}

function rewrite(folder: string, segment: string, keeps: (text: string, offset: number) => boolean): void {
  const path = join(folder, segment);
  const fresh = `${path}.new`;
  const fd = openSync(fresh, "w", 0o600);
  try {
    for (const { text, offset } of linesOf(folder, segment)) {
      if (!keeps(text, offset)) continue;
      const bytes = Buffer.from(`${text}\n`);
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    }
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(fresh, path);
}
