/** A mark (1 to 255) for each of many numbers above zero. */
export type Marks = {
  /** The mark of a number, 0 where it has none. */
  readonly get: (number: number) => number;
  readonly set: (number: number, mark: number) => void;
  /** How many numbers were ever marked. */
  readonly size: () => number;
  /** Bytes held. */
  readonly bytes: () => number;
};

/** Marks in one table, at most three quarters full: a quarter of what a `Map` takes, and nothing the garbage collector looks at. */
export function createMarks(): Marks {
  let keys = new Float64Array(1024);
  let marks = new Uint8Array(1024);
  let size = 0;
  const placeOf = (number: number): number => {
    const mask = keys.length - 1;
    let at = (number % 4_294_967_291) & mask;
    while (keys[at] !== 0 && keys[at] !== number) at = (at + 1) & mask;
    return at;
  };
  const widen = (): void => {
    const before = { keys, marks };
    keys = new Float64Array(before.keys.length * 2);
    marks = new Uint8Array(keys.length);
    for (const [at, number] of before.keys.entries()) {
      if (number === 0) continue;
      const place = placeOf(number);
      keys[place] = number;
      marks[place] = before.marks[at] ?? 0;
    }
  };
  return {
    get: (number) => marks[placeOf(number)] ?? 0,
    set(number, mark) {
      if (keys[placeOf(number)] === 0 && (size += 1) * 4 > keys.length * 3) widen();
      const at = placeOf(number);
      keys[at] = number;
      marks[at] = mark;
    },
    size: () => size,
    bytes: () => keys.byteLength + marks.byteLength,
  };
}
