import type { KnownView, TraceReader, TraceWriter } from "../core/ports.ts";
import { briefOf } from "../core/redact/brief.ts";
import type { StoredTrace } from "../core/redact/stored.ts";
import { viewsOf } from "./join-runs.ts";

/** Arrivals in the scratch store come after all others. */
const later = 2 ** 51;

/**
 * A writer that leaves the store alone: what is put goes to `scratch`, an empty store of this run only, and is seen over what the
 * store has, so that a dry run counts exactly what a run would do and holds no more in memory.
 */
export function dryStore(store: TraceReader, scratch: TraceWriter): TraceWriter {
  /** Traces of the store that turned out to be views of others. */
  const gone = new Set<string>();
  const get = (id: string): StoredTrace | undefined => {
    const put = scratch.get(id);
    if (put?.trace.id === id) return put;
    const stored = gone.has(id) ? undefined : store.get(id);
    return stored?.trace.id === id ? stored : (put ?? stored);
  };
  const known = (key: string): readonly KnownView[] => {
    const put = scratch.known(key);
    const before = store.known(key).filter(({ kind, id }) => !put.some((view) => view.kind === kind && view.id === id));
    return [...before, ...put.map((view) => ({ ...view, arrival: store.known(`id:${view.run}`).find(({ run }) => run === view.run)?.arrival ?? later + view.arrival }))];
  };
  const ids = (): string[] => [...new Set([...store.ids().filter((id) => !gone.has(id)), ...scratch.ids()])];
  return {
    ids,
    get,
    alias: (prefix) => [...new Set([...store.alias(prefix), ...scratch.alias(prefix)])],
    known,
    kinds: () => [...new Set([...store.kinds(), ...scratch.kinds()])],
    *all() {
      for (const id of ids()) yield get(id) as StoredTrace;
    },
    traceOf: () => undefined,
    brief(id) {
      const stored = scratch.brief(id) === undefined ? get(id) : undefined;
      return stored === undefined ? scratch.brief(id) : briefOf(stored.trace, stored.findings);
    },
    put(traces) {
      const changed = traces.filter(({ stored }) => stored !== undefined);
      for (const { id, stored } of changed) for (const view of viewsOf(stored as StoredTrace)) if (view.trace.id !== id && store.get(view.trace.id)?.trace.id === view.trace.id) gone.add(view.trace.id);
      scratch.put(changed);
    },
    finish() {},
    sources: () => [],
  };
}
