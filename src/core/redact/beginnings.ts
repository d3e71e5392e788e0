/**
 * Literal words by their letters: a table with a row for each beginning of a word and a column for each character, so that
 * whether one of hundreds of words stands at a place is told in as many steps as letters agree. ASCII only, two letters at least.
 */
export type Beginnings = {
  /** The row of two characters that begin a word, else 0; first × 128 + second. */
  readonly pairs: Uint16Array;
  /** The column of each character; 0 is for those that are in no word, and always empty. */
  readonly columns: Uint8Array;
  readonly width: number;
  /** The next row by row × width + column; 0 where no word goes on so. */
  readonly next: Uint16Array;
  /** The numbers of the words that end at a row. */
  readonly ends: readonly (readonly number[] | undefined)[];
};

/** Builds the table from words and the number that each is known by. */
export function beginningsOf(words: readonly (readonly [word: string, number: number])[], { anyCase }: { readonly anyCase: boolean }): Beginnings {
  const columns = new Uint8Array(128);
  let width = 1;
  for (const [word] of words)
    for (const char of word)
      if (columns[char.charCodeAt(0)] === 0) {
        columns[char.charCodeAt(0)] = width;
        width += 1;
      }
  const rows: Uint16Array[] = [new Uint16Array(width)];
  const ends: (number[] | undefined)[] = [undefined];
  for (const [word, number] of words) {
    let at = 0;
    for (const char of word) {
      const row = rows[at] ?? new Uint16Array(width);
      const column = columns[char.charCodeAt(0)] ?? 0;
      if (row[column] === 0) {
        row[column] = rows.length;
        rows.push(new Uint16Array(width));
        ends.push(undefined);
      }
      at = row[column] ?? 0;
    }
    const same = ends[at];
    if (same === undefined) ends[at] = [number];
    else if (!same.includes(number)) same.push(number);
  }
  if (anyCase) for (let code = 65; code <= 90; code += 1) columns[code] = columns[code + 32] ?? 0;
  const next = new Uint16Array(rows.length * width);
  for (const [at, row] of rows.entries()) next.set(row, at * width);
  const pairs = new Uint16Array(128 * 128);
  for (let pair = 0; pair < pairs.length; pair += 1) {
    const row = next[columns[pair >> 7] ?? 0] ?? 0;
    if (row !== 0) pairs[pair] = next[row * width + (columns[pair & 127] ?? 0)] ?? 0;
  }
  return { pairs, columns, width, next, ends };
}

/** Whether a word is these two characters, or may go on with `code` after them. */
export function goesOn({ pairs, columns, width, next, ends }: Beginnings, pair: number, code: number): boolean {
  const row = pairs[pair] ?? 0;
  return (code < 128 && next[row * width + (columns[code] ?? 0)] !== 0) || ends[row] !== undefined;
}

/** Adds `at` to the list of each word that stands there. */
export function eachBeginning({ columns, width, next, ends }: Beginnings, text: string, at: number, lists: readonly number[][]): void {
  for (let i = at, row = 0; ; i += 1) {
    const code = text.charCodeAt(i);
    row = code < 128 ? (next[row * width + (columns[code] ?? 0)] ?? 0) : 0;
    if (row === 0) return;
    const found = ends[row];
    if (found !== undefined) for (const number of found) lists[number]?.push(at);
  }
}

/** Whether any of the words stands at `at`. */
export function beginsAt({ columns, width, next, ends }: Beginnings, text: string, at: number): boolean {
  for (let i = at, row = 0; ; i += 1) {
    const code = text.charCodeAt(i);
    row = code < 128 ? (next[row * width + (columns[code] ?? 0)] ?? 0) : 0;
    if (row === 0) return false;
    if (ends[row] !== undefined) return true;
  }
}
