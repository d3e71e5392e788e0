import process from "node:process";
import type { Writable } from "node:stream";

const enter = "\u001b[?1049h\u001b[?2004h\u001b[?25l\u001b[2J\u001b[H";
const exit = "\u001b[?2004l\u001b[?25h\u001b[?1049l";

/** The alternate screen, with bracketed paste and no cursor. */
export type Alternate = { enter(): void; leave(): void };

/** Enters when told to and leaves exactly once for every time it entered, also when the process ends by a crash. */
export function alternateScreen(output: Writable): Alternate {
  let inside = false;
  const leave = (): void => {
    if (!inside) return;
    inside = false;
    process.off("exit", leave);
    output.write(exit);
  };
  return {
    enter() {
      if (inside) return;
      inside = true;
      process.once("exit", leave);
      output.write(enter);
    },
    leave,
  };
}
