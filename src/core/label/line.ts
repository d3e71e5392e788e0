/** One line of typing: what is before and after the caret. */
export type Line = { readonly before: string; readonly after: string };

export const lineOf = (text: string): Line => ({ before: text, after: "" });
export const textOf = (line: Line): string => line.before + line.after;

/** A key as the session knows it: a name for special keys, `text` for what would be typed. */
export type Key = {
  /** `enter`, `escape`, `backspace`, `delete`, `left`, `right`, `up`, `down`, `home`, `end`, `tab`, `paste`, else the character. */
  readonly name: string;
  readonly text?: string;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
};

const lastOf = (text: string): string => /.$/su.exec(text.slice(-2))?.[0] ?? "";
const firstOf = (text: string): string => /^./su.exec(text)?.[0] ?? "";

/** The line after a key: typing, pasting, the caret, and the control keys every shell has. Other keys change nothing. */
export function typeInto(line: Line, key: Key): Line {
  const { before, after } = line;
  const left = lastOf(before);
  const right = firstOf(after);
  if (key.ctrl === true)
    switch (key.name) {
      case "a":
        return { before: "", after: before + after };
      case "e":
        return lineOf(before + after);
      case "u":
        return { before: "", after };
      case "k":
        return { before, after: "" };
      case "w":
        return { before: before.replace(/\S+\s*$/, ""), after };
      case "h":
        return { before: before.slice(0, before.length - left.length), after };
      default:
        return line;
    }
  switch (key.name) {
    case "left":
      return { before: before.slice(0, before.length - left.length), after: left + after };
    case "right":
      return { before: before + right, after: after.slice(right.length) };
    case "home":
      return { before: "", after: before + after };
    case "end":
      return lineOf(before + after);
    case "backspace":
      return { before: before.slice(0, before.length - left.length), after };
    case "delete":
      return { before, after: after.slice(right.length) };
    default:
      return key.text === undefined || key.meta === true ? line : { before: before + key.text, after };
  }
}
