import type { KnownView, TraceReader, TraceWriter } from "../core/ports.ts";
import { briefOf } from "../core/redact/brief.ts";
import { keysOf, type StoredTrace } from "../core/redact/stored.ts";
import { viewsOf } from "./join-runs.ts";

/**
 * A writer that writes nothing: what is put is held in memory over what the store has, so that a dry run counts exactly what
 * a run would do. Memory grows with the distinct content of what is read.
 */
export function dryStore(store: TraceReader): TraceWriter {
  const put = new Map<string, StoredTrace>();
  const get = (id: string): StoredTrace | undefined => put.get(id) ?? store.get(id);
  /** Traces that turned out to be views of others. */
  const gone = new Set<string>();
  const fresh = new Map<string, KnownView[]>();
  const known = (key: string): readonly KnownView[] => [...store.known(key), ...(fresh.get(key) ?? [])];
  return {
    ids: () => [...new Set([...store.ids(), ...put.keys()])].filter((id) => !gone.has(id)),
    get: (id) => get(id) ?? get(fresh.get(`id:${id}`)?.[0]?.run ?? id),
    alias: (prefix) => store.alias(prefix),
    known,
    kinds: () => [...new Set([...store.kinds(), ...[...put.values()].map(({ trace }) => trace.source.kind)])],
    *all() {
      for (const id of this.ids()) yield get(id) as StoredTrace;
    },
    traceOf: () => undefined,
    brief(id) {
      const stored = get(id);
      return stored === undefined ? undefined : briefOf(stored.trace, stored.findings);
    },
    put(traces) {
      for (const { id, stored } of traces) {
        if (stored === undefined) continue;
        put.set(id, stored);
        for (const view of viewsOf(stored)) if (view.trace.id !== id) gone.add(view.trace.id);
        for (const [key, view] of keysOf(stored))
          if (!known(key).some((one) => one.kind === view.kind && one.id === view.id)) fresh.set(key, [...(fresh.get(key) ?? []), { ...view, run: id, arrival: 2 ** 51 + put.size }]);
      }
    },
    finish() {},
    sources: () => [],
  };
}
