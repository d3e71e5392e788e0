import { CasebookError } from "../core/base/error.ts";
import { oneLine } from "../core/base/text.ts";
import type { TraceReader } from "../core/ports.ts";
import type { StoredTrace } from "../core/redact/stored.ts";

/**
 * The stored trace a person means: its whole id or one it has elsewhere, or any beginning of it, with or without `trace_`. Throws `usage` where
 * nothing or more than one begins so; the hint lists them.
 */
export function findTrace(traces: TraceReader, ref: string): StoredTrace {
  const exact = traces.get(ref) ?? traces.get(`trace_${ref}`);
  if (exact !== undefined) return exact;
  const ids = traces.ids();
  const elsewhere = ref === "" ? [] : [...traces.alias(ref), ...traces.alias(`trace_${ref}`)];
  const found = ref === "" ? [] : [...new Set([...ids.filter((id) => id.startsWith(ref) || id.startsWith(`trace_${ref}`)), ...elsewhere])];
  const only = found.length === 1 ? traces.get(found[0]!) : undefined;
  if (only !== undefined) return only;
  if (found.length === 0)
    throw new CasebookError("usage", `No trace begins with "${oneLine(ref)}".`, {
      hint: ids.length === 0 ? "The store is empty: casebook pull FILE" : "List the traces there are: casebook ls",
    });
  const some = found.slice(0, 10).map((id) => `  ${oneLine(id)}`);
  const more = found.length > some.length ? [`  … and ${found.length - some.length} more`] : [];
  throw new CasebookError("usage", `${found.length} traces begin with "${oneLine(ref)}".`, {
    hint: ["Type more of the id:", ...some, ...more].join("\n"),
  });
}
