import type { Tier } from "./types.ts";

/** One finding as an audit needs it: what, how sure, by which rule, under which name. `group` is the trace. */
export type Audited = { readonly kind: string; readonly tier: Tier; readonly rule: string; readonly token: string; readonly group: string };

/** What redaction did, in numbers. Never a value. */
export type Audit = {
  readonly findings: number;
  readonly by_kind: Readonly<Record<string, number>>;
  readonly by_tier: Readonly<Record<string, number>>;
  readonly by_rule: Readonly<Record<string, number>>;
  /** Distinct tokens by kind: how many people, cards, secrets there were. */
  readonly distinct: Readonly<Record<string, number>>;
  /**
   * Quasi-identifiers that tokens still tell apart (same city, same code, same birthday): in how many traces they stand, how
   * many of these traces share their combination with no other, and k, the smallest number that do share one.
   */
  readonly quasi: { readonly kinds: readonly string[]; readonly traces: number; readonly alone: number; readonly k: number | null };
};

const quasiKinds = ["CITY", "ZIP", "DOB", "GEO", "SALARY"];

/** Counts findings. */
export function auditOf(findings: Iterable<Audited>): Audit {
  const counts = { kind: new Map<string, number>(), tier: new Map<string, number>(), rule: new Map<string, number>() };
  const distinct = new Map<string, Set<string>>();
  const groups = new Map<string, Set<string>>();
  let total = 0;
  for (const { kind, tier, rule, token, group } of findings) {
    total += 1;
    add(counts.kind, kind);
    add(counts.tier, tier);
    add(counts.rule, rule);
    distinct.set(kind, (distinct.get(kind) ?? new Set()).add(token));
    if (quasiKinds.includes(kind)) groups.set(group, (groups.get(group) ?? new Set()).add(token));
  }
  const classes = new Map<string, number>();
  for (const tokens of groups.values()) add(classes, [...tokens].sort().join(" "));
  const sizes = [...classes.values()];
  return {
    findings: total,
    by_kind: sorted(counts.kind),
    by_tier: sorted(counts.tier),
    by_rule: sorted(counts.rule),
    distinct: sorted(new Map([...distinct].map(([kind, tokens]) => [kind, tokens.size]))),
    quasi: { kinds: quasiKinds.filter((kind) => distinct.has(kind)), traces: groups.size, alone: sizes.filter((size) => size === 1).length, k: sizes.length === 0 ? null : Math.min(...sizes) },
  };
}

const add = (counts: Map<string, number>, name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);

/** Most first, then by name. */
const sorted = (counts: ReadonlyMap<string, number>): Record<string, number> =>
  Object.fromEntries([...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)));
