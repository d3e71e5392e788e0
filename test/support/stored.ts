import { join } from "node:path";
import { openStore } from "../../src/adapters/store/store.ts";
import type { StoredTrace } from "../../src/core/redact/stored.ts";
import type { Trace } from "../../src/core/trace/schema.ts";

/** A trace as the store holds it. */
export const storedOf = (trace: Trace, revision = 1): StoredTrace => ({
  schema: "casebook/stored-trace@1",
  revision,
  trace,
  origins: [],
  records: [],
  redaction: { policy: "policy", key: "key", style: "token" },
  findings: [],
});

/** Puts traces into the store of a workspace, as a pull would leave them. */
export async function fillStore(cwd: string, traces: readonly Trace[]): Promise<void> {
  const store = await openStore(join(cwd, ".casebook", "traces"), { write: true });
  try {
    store.put(traces.map((trace) => ({ id: trace.id, stored: storedOf(trace), records: [] })));
    store.finish([]);
  } finally {
    store.close();
  }
}
