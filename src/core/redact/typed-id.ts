import { safeIdOf } from "./ids.ts";
import { tokensOf } from "./token.ts";

/** Ids that redaction may have kept for one that a person types as their own system knows it. */
export type Renamed = (typed: string, prefix: "trace_" | "group_" | "span_") => readonly string[];

/**
 * Under a policy that scans ids, what is not plainly machine-made is kept as an HMAC; under one that masks them, every id is
 * (of a trace or span, after it was scanned). With the key all of it can be worked out from the id itself, so that people
 * find a trace by the id they know.
 */
export function renamedBy(key: Uint8Array): Renamed {
  const tokens = tokensOf(key);
  return (typed, prefix) => {
    const safe = safeIdOf(tokens, typed, prefix);
    return [safe, ...[typed, safe].map((id) => {
      const body = tokens.hmac(`id\u0000${id}`).slice(0, 16);
      return prefix + body + tokens.hmac(`renamed\u0000${body}`).slice(0, 16);
    })];
  };
}
