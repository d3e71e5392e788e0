import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "vitest";

/** Real traces live beside the project, not in it. */
const shared = join(import.meta.dirname, "../../../shared/data");

/** Path of a file of the shared data. */
export const sharedFile = (path: string): string => join(shared, path);

/** A test on real data. Without the data it is reported as skipped, by name, with the reason. */
export function sharedTest(name: string, files: readonly string[], body: () => void | Promise<void>): void {
  const missing = files.filter((file) => !existsSync(sharedFile(file)));
  test.skipIf(missing.length > 0)(missing.length > 0 ? `${name} (skipped: ../shared/data/${missing[0]} is absent)` : name, body);
}
