import { lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getuid } from "node:process";
import { takeLock } from "./lock.ts";
import { openStore } from "./store.ts";

const prefix = "casebook-dry-";

/**
 * An empty store for what is looked at and not kept: in a folder of the system's for such files (0700), gone with `close`. What
 * runs that were killed left there is cleared first.
 */
export async function openScratch(): Promise<Awaited<ReturnType<typeof openEmpty>>> {
  await clearLeft(tmpdir());
  const folder = mkdtempSync(join(tmpdir(), prefix));
  try {
    return await openEmpty(folder);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function openEmpty(folder: string) {
  const store = await openStore(join(folder, "traces"), { write: true });
  return {
    ...store,
    close: () => {
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Whoever works in such a folder holds its store's lock, which the system frees when they die. What cannot be cleared is no reason to stop. */
async function clearLeft(parent: string): Promise<void> {
  for (const name of namesIn(parent).filter((one) => one.startsWith(prefix))) {
    const folder = join(parent, name);
    try {
      if (!isOurs(folder) || !isUsed(folder)) continue;
      const lock = await takeLock(join(folder, "traces"));
      if (lock === undefined) continue;
      lock.release();
      rmSync(folder, { recursive: true, force: true });
    } catch {
      continue;
    }
  }
}

/** Some systems let nobody list the folder for temporary files. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A folder, not a link to one, made by us and closed to others. */
function isOurs(folder: string): boolean {
  const { mode, uid } = lstatSync(folder);
  return (mode & 0o170777) === 0o040700 && (getuid === undefined || uid === getuid());
}

/** Its lock was taken once. A store with nothing but the lock's file is just being made, and holds nothing. */
const isUsed = (folder: string): boolean => {
  const names = readdirSync(join(folder, "traces"));
  return names.includes("writer.lock") && names.some((one) => !one.startsWith("writer.lock"));
};
