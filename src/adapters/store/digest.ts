import { sha256 } from "../../core/base/hash.ts";
import { canonicalJson } from "../../core/base/json.ts";
import type { TraceReader } from "../../core/ports.ts";

/**
 * What a store says, as one hash: for each trace, in order of first arrival, its id and the latest revision's trace, findings and
 * redaction stamp. Two stores with the same digest are the same to every later command. Left out is what tells how it came
 * about: the number of the revision, where the lines stand, which lines were overtaken.
 */
export function storeDigest(store: TraceReader): string {
  const lines: string[] = [];
  for (const { trace, findings, redaction } of store.all()) lines.push(sha256(canonicalJson([trace, findings, redaction])));
  return sha256(lines.join("\n"));
}
