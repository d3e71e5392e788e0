/** Words of two traces, the most telling (rarest in the store) first. */
export type WordsApart = { readonly both: readonly string[]; readonly dropped: readonly string[]; readonly kept: readonly string[] };

/**
 * What two traces' users both said, and what only one of them did, for a person to see why they count as alike. `store`
 * holds the distinct user words of every trace, by id; the fewer traces have a word, the more it tells.
 */
export function wordsApart(
  store: ReadonlyMap<string, readonly string[]>,
  pair: { readonly dropped: string; readonly kept: string },
  most = 12,
): WordsApart {
  const frequency = new Map<string, number>();
  for (const words of store.values()) for (const word of words) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const rarity = (a: string, b: string): number => (frequency.get(a) ?? 0) - (frequency.get(b) ?? 0) || (a < b ? -1 : 1);
  const dropped = new Set(store.get(pair.dropped));
  const kept = new Set(store.get(pair.kept));
  const telling = (words: Set<string>, keep: (word: string) => boolean): string[] => [...words].filter(keep).sort(rarity).slice(0, most);
  return {
    both: telling(dropped, (word) => kept.has(word)),
    dropped: telling(dropped, (word) => !kept.has(word)),
    kept: telling(kept, (word) => !dropped.has(word)),
  };
}
