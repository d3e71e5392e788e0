import { finish } from "./engine.ts";
import { writeText } from "./splice.ts";
import { toolsOf, type RedactorOptions } from "./tools.ts";
import type { Finding } from "./types.ts";

/** A finding with its place in the text that came in (UTF-16 units), and in the one that goes out. */
export type Filtered = {
  readonly text: string;
  readonly findings: readonly { readonly start: number; readonly end: number; readonly kind: string; readonly tier: Finding["tier"]; readonly token: string; readonly rule: string }[];
};

/** Redacts plain texts: the texts of one group are one trace, what is seen in one of them is masked in all. */
export type Filter = (groups: readonly (readonly string[])[], how?: { readonly prose?: boolean }) => readonly (readonly Filtered[])[];

/** A filter for texts that are no traces of ours: files, pipes, records of other tools. `prose`: JSON is not looked for. */
export function createFilter(options: RedactorOptions): Filter {
  const tools = toolsOf(options);
  const { policy } = options;
  return (groups, { prose = false } = {}) => {
    const sources = groups.map((texts) => texts.map((text) => (prose ? { text, prose } : { text })));
    return tools.learn(sources).map((prepared, g) =>
      finish(prepared, tools.engine()).map((seen, i) => {
        return {
          text: writeText({ text: groups[g]?.[i] ?? "", seen, policy }),
          findings: seen.found.map((found) => ({ start: found.start, end: found.end, kind: found.kind, tier: found.tier, token: found.token, rule: found.rule })),
        };
      }),
    );
  };
}
