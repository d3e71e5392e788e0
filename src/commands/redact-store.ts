import { canonicalJson } from "../core/base/json.ts";
import type { Progress, PutTrace, TraceWriter } from "../core/ports.ts";
import { auditOf, type Audit, type Audited } from "../core/redact/audit.ts";
import { carryFindings } from "../core/redact/carry.ts";
import { applyMasks, type Mask } from "../core/redact/mask.ts";
import type { Redactor } from "../core/redact/redactor.ts";

export type RedactStoreResult = { readonly traces: number; readonly changed: number; readonly masks: number; readonly audit: Audit };

/** Traces put into the store at a time. */
const batchSize = 200;

/**
 * Redacts every stored trace again, with the policy of now and with what people masked while labelling. A value a person
 * masked in one place is masked in the whole trace. A trace that comes out as it was is not written.
 */
export function redactStore({ store, redactor, masksOf, progress, dryRun }: { readonly store: Pick<TraceWriter, "ids" | "get" | "put">; readonly redactor: Redactor; readonly masksOf: (trace: string) => readonly Mask[]; readonly progress: Progress; readonly dryRun: boolean }): RedactStoreResult {
  const ids = store.ids();
  const audited: Audited[] = [];
  let changed = 0;
  let masks = 0;
  let puts: PutTrace[] = [];
  const flush = (): void => {
    if (!dryRun && puts.length > 0) store.put(puts);
    puts = [];
  };
  for (const [done, id] of ids.entries()) {
    progress.tick(done, ids.length, "traces");
    const stored = store.get(id);
    if (stored === undefined) continue;
    const masked = applyMasks(stored.trace, masksOf(id), (kind, value) => redactor.tokenOf(kind, value));
    masks += masked.applied;
    const redacted = redactor.redactTrace(masked.trace);
    const findings = carryFindings(stored, redacted);
    for (const finding of findings) audited.push({ ...finding, group: id });
    if (canonicalJson([stored.trace, stored.findings, stored.redaction]) === canonicalJson([redacted.trace, findings, redactor.stamp])) continue;
    changed += 1;
    puts.push({ id, records: stored.records, stored: { ...stored, revision: stored.revision + 1, trace: redacted.trace, findings, redaction: redactor.stamp } });
    if (puts.length >= batchSize) flush();
  }
  flush();
  progress.end();
  return { traces: ids.length, changed, masks, audit: auditOf(audited) };
}
