import { CasebookError } from "../base/error.ts";
import { linearRegex, type LinearRegex } from "../base/regex.ts";
import type { Policy } from "./policy.ts";
import type { Detector } from "./scan-text.ts";

/** Longest text that a user's pattern is tried on; a longer one is cut into overlapping windows. */
const window = 100_000;
const overlap = 1000;

/** The user's own patterns, run by RE2: linear whatever they are. Throws `usage` for one that does not compile. */
export function customDetectors(patterns: Policy["patterns"]): Detector[] {
  return patterns.map(({ name, pattern, tier }) => {
    const compiled = compile(name, pattern);
    return ({ text }, emit) => {
      for (let from = 0; from === 0 || from < text.length; from += window - overlap) {
        const piece = text.slice(from, from + window);
        for (const { start, end } of compiled.matches(piece)) emit({ start: from + start, end: from + end, kind: name, tier, rule: `pattern-${name}` });
        if (from + window >= text.length) break;
      }
    };
  });
}

function compile(name: string, pattern: string): LinearRegex {
  const compiled = linearRegex(pattern);
  if (compiled === undefined) throw new CasebookError("usage", `redact.patterns: ${name} is no RE2 pattern.`, { hint: "RE2 knows no back-references and no look-around." });
  return compiled;
}
