import { RE2JS, RE2JSException } from "re2js";

/** A pattern whose matching time grows only with the length of the text. Offsets are UTF-16. */
export type LinearRegex = {
  test(text: string): boolean;
  /** Every match, left to right, none overlapping; empty matches left out. */
  matches(text: string): { readonly start: number; readonly end: number }[];
};

const longestPattern = 1000;

/**
 * Compiles a pattern that somebody else wrote (a dataset, a policy) to RE2, which cannot run away: no back-references, no
 * look-around. `undefined` where the pattern is longer than 1,000 characters or not RE2 syntax. `(?i)` ignores case.
 */
export function linearRegex(pattern: string): LinearRegex | undefined {
  if (pattern.length > longestPattern) return undefined;
  try {
    const compiled = RE2JS.compile(pattern);
    return {
      test: (text) => compiled.test(text),
      matches(text) {
        const found: { start: number; end: number }[] = [];
        const matcher = compiled.matcher(text);
        while (matcher.find()) if (matcher.end() > matcher.start()) found.push({ start: matcher.start(), end: matcher.end() });
        return found;
      },
    };
  } catch (error) {
    if (error instanceof RE2JSException) return undefined;
    throw error;
  }
}
