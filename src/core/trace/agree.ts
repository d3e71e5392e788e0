/** What redaction leaves in the place of a value. */
const mask = /\[[A-Z][A-Z0-9_]{1,31}(?::[a-z2-7]{16})?\]/g;
/** Words one mask may stand for. */
const wordsOfAMask = 8;

/**
 * Whether two texts may be the same text, one or both redacted, perhaps not alike: every word of one that the other lacks must
 * be covered by a mask of the other. White space, case and punctuation do not count, nor does the order of words, so that
 * JSON written in two ways agrees. Linear in the texts.
 */
export function wordsAgree(a: string, b: string): boolean {
  if (a === b) return true;
  const [one, other] = [countsOf(a), countsOf(b)];
  return missing(one.words, other.words) <= other.masks * wordsOfAMask && missing(other.words, one.words) <= one.masks * wordsOfAMask;
}

function countsOf(text: string): { readonly words: ReadonlyMap<string, number>; readonly masks: number } {
  let masks = 0;
  const bare = text.replace(mask, () => ((masks += 1), " "));
  const words = new Map<string, number>();
  for (const [word] of bare.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)) words.set(word, (words.get(word) ?? 0) + 1);
  return { words, masks };
}

function missing(words: ReadonlyMap<string, number>, among: ReadonlyMap<string, number>): number {
  let count = 0;
  for (const [word, times] of words) count += Math.max(0, times - (among.get(word) ?? 0));
  return count;
}
