import { clip } from "../../core/base/text.ts";

/** Words with a meaning; `plain` has none. Without colour every meaning is also said in signs, so nothing is lost. */
export type Look = "plain" | "bold" | "faint" | "good" | "bad" | "key";
export type Piece = readonly [look: Look, text: string];

const codes: Readonly<Record<Exclude<Look, "plain">, readonly [string, string]>> = {
  bold: ["\u001b[1m", "\u001b[22m"],
  faint: ["\u001b[2m", "\u001b[22m"],
  good: ["\u001b[32m", "\u001b[39m"],
  bad: ["\u001b[31m", "\u001b[39m"],
  key: ["\u001b[36m", "\u001b[39m"],
};

/** One row of at most `width` columns out of pieces. Clips before it colours, so no sequence is ever cut. */
export function rowOf(pieces: readonly Piece[], width: number, colour: boolean): string {
  const whole = pieces.map(([, text]) => text).join("");
  const clipped = clip(whole, width);
  let left = clipped.length;
  let out = "";
  for (const [look, text] of pieces) {
    const part = clipped.slice(clipped.length - left, clipped.length - left + Math.min(text.length, left));
    left -= part.length;
    if (part === "") break;
    out += look === "plain" || !colour ? part : `${codes[look][0]}${part}${codes[look][1]}`;
  }
  return left > 0 ? out + clipped.slice(-left) : out;
}
