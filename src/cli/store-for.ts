import type { TraceWriter } from "../core/ports.ts";

/** The store to write to; for a dry run one of this run only, seen over what is there, that leaves nothing behind. */
export async function storeFor(traces: string, dry: boolean): Promise<{ readonly store: TraceWriter; readonly close: () => void }> {
  const { openStore } = await import("../adapters/store/store.ts");
  if (!dry) {
    const store = await openStore(traces, { write: true });
    return { store, close: store.close };
  }
  const { openScratch } = await import("../adapters/store/scratch.ts");
  const { dryStore } = await import("../commands/dry-store.ts");
  const there = await openStore(traces);
  const scratch = await openScratch();
  return {
    store: dryStore(there, scratch),
    close() {
      scratch.close();
      there.close();
    },
  };
}
