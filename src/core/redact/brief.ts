import { factsOf, type TraceFacts } from "../trace/facts.ts";
import type { Trace } from "../trace/schema.ts";
import type { Finding } from "./types.ts";

/** What is counted about a stored trace without reading it: kept in the index of the store. */
export type Brief = TraceFacts & {
  readonly findings_by_kind: Readonly<Record<string, number>>;
  readonly findings_by_tier: Readonly<Record<string, number>>;
};

const briefs = new WeakMap<readonly Finding[], Brief>();

/** Made once for a trace and its findings: who counts and who stores both ask. */
export function briefOf(trace: Trace, findings: readonly Finding[]): Brief {
  let brief = briefs.get(findings);
  if (brief === undefined) {
    brief = {
      ...factsOf(trace),
      findings_by_kind: countBy(findings, ({ kind }) => kind),
      findings_by_tier: countBy(findings, ({ tier }) => tier),
    };
    briefs.set(findings, brief);
  }
  return brief;
}

function countBy(findings: readonly Finding[], of: (finding: Finding) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const finding of findings) counts[of(finding)] = (counts[of(finding)] ?? 0) + 1;
  return counts;
}
