import { stripVTControlCharacters } from "node:util";
import stringWidth from "fast-string-width";
import { wrapAnsi } from "fast-wrap-ansi";

const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Trace text made harmless to a terminal: escape sequences, C0/C1 controls and bidi overrides gone, tabs as two
 * spaces, CRLF as LF. Newlines stay.
 */
export function harmless(text: string): string {
  return stripVTControlCharacters(text.replaceAll("\r\n", "\n").replaceAll("\t", "  ")).replace(controls, "");
}

/** The same on one line: every run of white space becomes one space. */
export const oneLine = (text: string): string => harmless(text).replace(/\s+/g, " ").trim();

/** One line for a list or a title: placeholders say their kind and leave their digest out (`[NAME:…16…]` is `[NAME]`). */
export const glance = (text: string): string => oneLine(text).replace(/\[([A-Z][A-Z0-9_]{1,31}):[a-z2-7]{1,16}(?:\]|$)/g, "[$1]");

/** Columns a text takes in a terminal. Clip long text first: the cost grows with length. */
export const widthOf = (text: string): number => stringWidth(text);

/** At most `width` columns, ending in `…` where something was cut. Never splits a code point. */
export function clip(text: string, width: number): string {
  const head = text.length > width * 4 ? text.slice(0, width * 4) : text;
  if (head.length === text.length && widthOf(head) <= width) return text;
  let out = "";
  let used = 0;
  for (const char of head) {
    const next = widthOf(char);
    if (used + next > width - 1) break;
    out += char;
    used += next;
  }
  return `${out}…`;
}

/** Text padded with spaces (or clipped) to exactly `width` columns. */
export function cell(text: string, width: number): string {
  const clipped = clip(text, width);
  return clipped + " ".repeat(Math.max(0, width - widthOf(clipped)));
}

/** Lines of at most `width` columns. Wraps at spaces, breaks longer words; the spaces at a break are gone, indentation stays. */
export function wrap(text: string, width: number): string[] {
  return text.split("\n").flatMap((line) => {
    const parts = wrapAnsi(line, Math.max(8, width), { hard: true, trim: false }).split("\n");
    return parts.map((part, at) => {
      const begun = at === 0 ? part : part.replace(/^ /, "");
      return at === parts.length - 1 ? begun : begun.trimEnd();
    });
  });
}
