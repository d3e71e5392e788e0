import { createRequire } from "node:module";
import type { Detector } from "../scan-text.ts";
import { isNoName } from "./people.ts";

/** Names of people, lower-case. */
export type Names = ReadonlySet<string>;

let loaded: Names | undefined;

/**
 * The list of names, read when first asked for (a tenth of a second, 20 MB). The package is one JSON file, which `import`
 * reads on Node 20 only with a warning on the screen; `require` reads it quietly.
 */
export function loadNames(): Names {
  loaded ??= new Set(Object.keys(createRequire(import.meta.url)("humannames") as Readonly<Record<string, number>>));
  return loaded;
}

/** Two or three capitalised words in a row of which all are names: suspect, as many a name is a word or a place, too. */
export function namesDetector(names: Names): Detector {
  const isName = (word: string): boolean => names.has(word) && !isNoName(word);
  return ({ text, capitals }, emit) => {
    for (let i = 0; i + 3 < capitals.length; ) {
      let last = i;
      while (last + 3 < capitals.length && last - i < 4 && text[capitals[last + 1] ?? 0] === " " && (capitals[last + 2] ?? 0) - (capitals[last + 1] ?? 0) === 1) last += 2;
      const start = capitals[i] ?? 0;
      const end = capitals[last + 1] ?? 0;
      if (last > i && !/[\w./@#_-]/.test(text[start - 1] ?? "") && !/[\w/@(_]/.test(text[end] ?? "") && text.slice(start, end).split(" ").every(isName))
        emit({ start, end, kind: "NAME", tier: "suspect", rule: "two-names" });
      i = last + 2;
    }
  };
}
