import { join } from "node:path";
import { openDatabase } from "./sqlite.ts";

/** The right to write to a store. */
export type Lock = { readonly release: () => void };

/**
 * Takes the one writer's lock of a store, or answers undefined when another process has it. The lock is SQLite's own on an
 * empty database: the system frees it when its holder dies, however it dies, so it is never stale.
 */
export async function takeLock(folder: string): Promise<Lock | undefined> {
  const db = await openDatabase(join(folder, "writer.lock"));
  try {
    db.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
  } catch {
    db.close();
    return undefined;
  }
  let held = true;
  return {
    release() {
      if (held) db.close();
      held = false;
    },
  };
}
