/**
 * A set of small words that is asked by a number made of a word's letters, from the last to the first and without regard to
 * case, so that nothing is cut out of a text to ask: a "no" is sure, a "yes" wants a closer look.
 */
export type Glance = Uint8Array;

const bits = 1 << 16;

/** The number of a word so far (0 is none) and one more letter before it, which is ASCII. */
export const withLetter = (sum: number, code: number): number => (Math.imul(sum, 31) + (code >= 65 && code <= 90 ? code + 32 : code) + 1) | 0;

const withWord = (sum: number, word: string): number => {
  for (let i = word.length - 1; i >= 0; i -= 1) sum = withLetter(sum, word.charCodeAt(i));
  return sum;
};

/** The number of a word. */
export const numberOf = (word: string): number => withWord(0, word);

/** The set of these words. Who asks must not ask for words that are not ASCII. `rows`: words of which up to three may stand in a row as one. */
export function glanceOf(words: Iterable<string>, rows: readonly string[] = []): Glance {
  const set = new Uint8Array(bits >> 3);
  const add = (sum: number): void => void (set[(sum & (bits - 1)) >> 3] = (set[(sum & (bits - 1)) >> 3] ?? 0) | (1 << (sum & 7)));
  for (const word of words) add(numberOf(word));
  let ends = [0];
  for (let n = 0; n < 3; n += 1) {
    ends = ends.flatMap((sum) => rows.map((word) => withWord(sum, word)));
    ends.forEach(add);
  }
  return set;
}

/** Whether a word of this number may be in the set. */
export const mayHave = (set: Glance, sum: number): boolean => ((set[(sum & (bits - 1)) >> 3] ?? 0) & (1 << (sum & 7))) !== 0;
