import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import type { Progress } from "../core/ports.ts";

/** Bytes of new objects after which V8 looks what of them is still used; twice of it is held. */
const young = 8 * 1024 * 1024;

/**
 * Progress of a command whose own needs are bounded, that keeps the garbage beside them bounded too: V8 would let it double the
 * memory before it looks, and its space for new objects grow to 48 MB. Here old garbage is looked for when a fifth has been
 * added, and the space for new objects stays as it is when it has grown to 8 MB (less of it would cost time, more gains none).
 */
export function sparing(progress: Progress): Progress {
  setFlagsFromString("--heap-growing-percent=20");
  let grown = false;
  return {
    tick(done, total, unit) {
      progress.tick(done, total, unit);
      if (grown) return;
      grown = getHeapSpaceStatistics().some(({ space_name, space_size }) => space_name === "new_space" && space_size >= young);
      if (grown) setFlagsFromString("--semi-space-growth-factor=1");
    },
    end: () => progress.end(),
  };
}
