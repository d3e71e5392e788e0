import { canonicalJson } from "../base/json.ts";
import { sha256 } from "../base/hash.ts";
import type { Check } from "./check.ts";

type Bare<C> = C extends Check ? Omit<C, "id"> : never;
/** A check that has no name yet. */
export type BareCheck = Bare<Check>;

/** Names a check after its content (`not-called-refund-order-3fa2c1`): the same content has the same id, whatever its `why`. */
export function named(check: BareCheck): Check {
  const { why: _, ...content } = check;
  const type = check.type.replaceAll("_", "-");
  const subject = check.type === "called" ? check.tool : check.type === "handoff" ? check.to : check.type === "guardrail" ? check.name : "";
  const slug = subject.toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, 32).replace(/^-+|-+$/g, "");
  const words = [check.not === true ? "not" : "", type, slug, sha256(canonicalJson(content)).slice(0, 6)];
  return { id: words.filter((word) => word !== "").join("-"), ...check } as Check;
}

/** The first of each id. */
export function distinct(checks: readonly Check[]): Check[] {
  const seen = new Set<string>();
  return checks.filter((check) => !seen.has(check.id) && seen.add(check.id));
}
