import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "./store.ts";

/** An empty store for what is looked at and not kept: in a folder of the system's for such files (0700), gone with `close`. */
export async function openScratch(): Promise<Awaited<ReturnType<typeof openEmpty>>> {
  const folder = mkdtempSync(join(tmpdir(), "casebook-"));
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
