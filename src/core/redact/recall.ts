import { canonicalOf, foldText } from "./canonical.ts";
import { note, type Harvest } from "./harvest.ts";
import { tokenPattern, type Tokens } from "./token.ts";
import { trait } from "./traits.ts";
import type { Sight } from "./sight.ts";

const grams = /[\p{L}\p{N}][\p{L}\p{N}@._+'’-]*/gu;
/** Texts longer than this are not compared word by word. */
const longest = 200_000;

/**
 * Values that were masked before and come again in new text: words and runs of up to four words are compared by HMAC with
 * the tokens at hand, so that no raw value had to be kept. What is recognised is harvested, so its derived forms are found, too.
 */
export function recallTokens(sights: readonly Sight[], known: Iterable<string>, tokens: Tokens, harvest: Harvest): void {
  const kinds = new Map<string, string>();
  const collect = (text: string): void => {
    for (const [, kind = "", digest = ""] of text.matchAll(tokenPattern)) if (tokens.isOurs(digest)) kinds.set(digest.slice(0, 13), kind);
  };
  for (const token of known) collect(token);
  for (const { term } of sights) if ((term.traits & trait.bracket) !== 0) collect(term.text);
  if (kinds.size === 0) return;
  const tried = new Set<string>();
  const attempt = (raw: string): void => {
    if (raw.length < 2 || raw.length > 120 || tried.has(raw)) return;
    tried.add(raw);
    for (const form of new Set([foldText(raw), raw, raw.toLowerCase(), canonicalOf("PHONE", raw), canonicalOf("DOB", raw)])) {
      const kind = kinds.get(tokens.head(form));
      if (kind !== undefined) note(harvest, kind, raw, "certain");
    }
  };
  for (const { term } of sights) {
    const { text } = term;
    if (text.length > longest) continue;
    const words = [...text.replace(tokenPattern, (token) => " ".repeat(token.length)).matchAll(grams)];
    for (const [i, word] of words.entries()) {
      if (!/^\p{Lu}|[\d@_]/u.test(word[0])) continue;
      for (let n = 0; n < 4; n += 1) {
        const last = words[i + n];
        if (last === undefined) break;
        attempt(text.slice(word.index, last.index + last[0].length).replace(/[.'’-]+$/, ""));
      }
    }
    for (const digits of text.matchAll(/\+?\d[\d\s().-]{5,24}\d/g)) attempt(digits[0]);
  }
}
