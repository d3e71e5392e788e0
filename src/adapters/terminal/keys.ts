import type { Key } from "../../core/label/line.ts";

/** A key as `node:readline` tells it. */
export type RawKey = {
  readonly name?: string | undefined;
  readonly sequence?: string | undefined;
  readonly ctrl?: boolean | undefined;
  readonly meta?: boolean | undefined;
};

const named: Readonly<Record<string, string>> = { return: "enter", enter: "enter", space: " " };
const special = /^(escape|backspace|delete|left|right|up|down|home|end|tab|pageup|pagedown|insert|clear|undefined|f\d+)$/;

/** A key of the session for a key of the terminal: a printing key is its character, any other its name. */
function keyOf({ name = "", sequence, ctrl = false, meta = false }: RawKey): Key {
  const plain = named[name] ?? name;
  if (plain === "enter" || ctrl || special.test(plain)) return { name: plain, ...(ctrl && { ctrl }), ...(meta && { meta }) };
  const text = sequence !== undefined && isPrintable(sequence) ? sequence : isPrintable(plain) ? plain : undefined;
  return { name: text ?? plain, ...(text !== undefined && { text }), ...(meta && { meta }) };
}

const isPrintable = (text: string): boolean => text !== "" && Array.from(text).length === 1 && !/\p{Cc}/u.test(text);

/** Collects what comes between the marks of a bracketed paste into one key; other keys go through one by one. */
export function pasteCollector(): (raw: RawKey) => Key | undefined {
  let pasted: string | undefined;
  return (raw) => {
    if (raw.name === "paste-start") {
      pasted = "";
      return undefined;
    }
    if (raw.name === "paste-end") {
      const text = pasted ?? "";
      pasted = undefined;
      return { name: "paste", text: clean(text) };
    }
    if (pasted === undefined) return keyOf(raw);
    pasted += raw.sequence ?? "";
    return undefined;
  };
}

/** Pasted text without escape sequences and controls; line ends are `\n`. */
const clean = (text: string): string => text.replaceAll(/\r\n?/g, "\n").replaceAll("\t", "  ").replaceAll(/[^\P{Cc}\n]/gu, "");
