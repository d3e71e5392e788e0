import type { Paint, Tone } from "../core/report/paint.ts";
import type { Io } from "./io.ts";
import { colourOn } from "./render.ts";

/** The eight colours every terminal has; `faint` and `strong` are attributes, so that themes decide. */
const codes: Readonly<Record<Tone, readonly [number, number]>> = {
  strong: [1, 22],
  faint: [2, 22],
  good: [32, 39],
  bad: [31, 39],
  warn: [33, 39],
  who: [36, 39],
  tool: [34, 39],
};

/** Colours for stdout where a person looks at it, else none. */
export function paintFor(io: Io): Paint {
  if (!colourOn(io, io.stdout)) return (_, text) => text;
  return (tone, text) => `\u001B[${codes[tone][0]}m${text}\u001B[${codes[tone][1]}m`;
}

/** Columns to write in: what was asked for, else the terminal's, else 80. */
export const widthFor = (io: Io, asked: number | undefined): number => Math.max(40, asked ?? io.stdout.columns ?? 80);
