import { tokenPattern } from "../redact/token.ts";

/** Text with every redaction token reduced to its kind: `[EMAIL:7f3k…]` and `[EMAIL:9q2m…]` are both `[EMAIL]`. */
export const withoutPseudonyms = (text: string): string => text.replace(tokenPattern, "[$1]");

const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/**
 * The words of a text, lower case, in order. A redaction token is one word, as it stands. Scripts without spaces give pairs of letters.
 * Letters are compared in their NFKC form.
 */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const [word] of text.normalize("NFKC").toLowerCase().matchAll(/\[[a-z][a-z0-9_]{1,31}:[a-z2-7]{16}\]|[\p{L}\p{N}\p{M}_]+/gu)) {
    if (word.startsWith("[")) words.push(word.replace(/^[^:]+/, (kind) => kind.toUpperCase()));
    else if (!unspaced.test(word)) words.push(word);
    else if (word.length < 3) words.push(word);
    else for (let at = 0; at + 1 < word.length; at++) words.push(word.slice(at, at + 2));
  }
  return words;
}
