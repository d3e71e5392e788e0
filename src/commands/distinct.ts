/** A set of numbers above zero that only grows. */
export type Distinct = {
  readonly add: (number: number) => void;
  readonly size: () => number;
  /** Bytes held. */
  readonly bytes: () => number;
};

/** Numbers in one table, at most three quarters full: a third of what a `Set` takes, and nothing the garbage collector looks at. */
export function createDistinct(): Distinct {
  let table = new Float64Array(1024);
  let size = 0;
  const placeOf = (number: number): number => {
    const mask = table.length - 1;
    let at = number % 4_294_967_291 & mask;
    while (table[at] !== 0 && table[at] !== number) at = (at + 1) & mask;
    return at;
  };
  return {
    add(number) {
      const at = placeOf(number);
      if (table[at] === number) return;
      table[at] = number;
      size += 1;
      if (size * 4 <= table.length * 3) return;
      const before = table;
      table = new Float64Array(before.length * 2);
      for (const one of before) if (one !== 0) table[placeOf(one)] = one;
    },
    size: () => size,
    bytes: () => table.byteLength,
  };
}
