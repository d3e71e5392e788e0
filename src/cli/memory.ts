import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import type { Progress } from "../core/ports.ts";

/** Bytes of the space for new objects, of which V8 uses half at a time. Less would cost time, more gains none. */
const young = 8 * 1024 * 1024;

/**
 * Whether V8 of this version has the two flags set below. It prints a line on stderr for one it does not know, and cannot be asked;
 * they were looked up in `--v8-options` of Node 20 (11.3), 22 (12.4) and 24 (13.6). Elsewhere a command takes more memory, that is all.
 */
export function hasHeapFlags(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const number = major * 100 + minor;
  return number >= 1103 && number <= 1306;
}

/**
 * Progress of a command whose own needs are bounded, that keeps the garbage beside them bounded too: V8 would let it double the
 * memory before it looks, and its space for new objects grow to 32 MB. Here old garbage is looked for when a fifth has been
 * added, and the space for new objects stays as it is once it has grown to 8 MB. Loading modules makes it grow: call it before most
 * of them.
 */
export function sparing(progress: Progress): Progress {
  if (!hasHeapFlags(process.versions.v8)) return progress;
  setFlagsFromString("--heap-growing-percent=20");
  let grown = false;
  const look = (): void => {
    if (grown) return;
    grown = getHeapSpaceStatistics().some(({ space_name, space_size }) => space_name === "new_space" && space_size >= young);
    if (grown) setFlagsFromString("--semi-space-growth-factor=1");
  };
  look();
  return {
    tick(done, total, unit) {
      progress.tick(done, total, unit);
      look();
    },
    end: () => progress.end(),
  };
}
