import type { TraceReader, TraceWriter } from "../core/ports.ts";
import { briefOf } from "../core/redact/brief.ts";
import type { StoredTrace } from "../core/redact/stored.ts";

/**
 * A writer that writes nothing: what is put is held in memory over what the store has, so that a dry run counts exactly what
 * a run would do. Memory grows with the distinct content of what is read.
 */
export function dryStore(store: TraceReader): TraceWriter {
  const put = new Map<string, StoredTrace>();
  const get = (id: string): StoredTrace | undefined => put.get(id) ?? store.get(id);
  return {
    ids: () => [...new Set([...store.ids(), ...put.keys()])],
    get,
    *all() {
      for (const id of this.ids()) yield get(id) as StoredTrace;
    },
    traceOf: () => undefined,
    brief(id) {
      const stored = get(id);
      return stored === undefined ? undefined : briefOf(stored.trace, stored.findings);
    },
    put(traces) {
      for (const { id, stored } of traces) if (stored !== undefined) put.set(id, stored);
    },
    finish() {},
    sources: () => [],
  };
}
