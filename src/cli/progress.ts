import type { Progress } from "../core/ports.ts";
import type { Io } from "./io.ts";

/**
 * One line on stderr, drawn again at most ten times a second, once something has run for a second. Nothing where stderr is no
 * terminal.
 */
export function progressFor(io: Io): Progress {
  if (io.stderr.isTTY !== true) return { tick: () => {}, end: () => {} };
  const began = Date.now();
  let drawn = 0;
  return {
    tick(done, total, unit) {
      const now = Date.now();
      if (now - began < 1000 || now - drawn < 100) return;
      drawn = now;
      const share = total === undefined ? "" : ` of ${total}`;
      io.stderr.write(`\r\u001B[K${done}${share} ${unit}`);
    },
    end() {
      if (drawn > 0) io.stderr.write("\r\u001B[K");
      drawn = 0;
    },
  };
}
