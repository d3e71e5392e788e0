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

const pair = /(?<![\p{L}\p{N}_./@#-])\p{Lu}\p{Ll}[\p{L}'’-]{0,23}(?: \p{Lu}\.)?(?: (?:de|da|van|von|der|bin|al|el|la|di|den|dos))?(?: \p{Lu}\p{Ll}[\p{L}'’-]{0,23}){1,2}(?![\p{L}\p{N}_/@(-])/gu;

/** Two or three capitalised words of which all are names: likely where the words are no words of the text itself, else suspect. */
export function namesDetector(names: Names): Detector {
  return (text, emit) => {
    if (!/\p{Lu}\p{Ll}/u.test(text)) return;
    for (const match of text.matchAll(pair)) {
      const words = match[0].split(" ").filter((word) => /^\p{Lu}\p{Ll}/u.test(word));
      if (words.some((word) => isNoName(word) || !names.has(word))) continue;
      emit({ start: match.index, end: match.index + match[0].length, kind: "NAME", tier: "suspect", rule: "two-names" });
    }
  };
}
