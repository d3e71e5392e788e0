import { CasebookError } from "../core/base/error.ts";
import { oneLine } from "../core/base/text.ts";
import type { TraceReader } from "../core/ports.ts";
import type { StoredTrace } from "../core/redact/stored.ts";
import type { Renamed } from "../core/redact/typed-id.ts";

export type Finder = { readonly traces: TraceReader; readonly renamed?: Renamed | undefined };

/** Ids of the stored traces a person may mean: by a whole id, here, elsewhere or before redaction renamed it, else by any beginning, with or without `trace_`. */
export function idsLike(ref: string, { traces, renamed = () => [] }: Finder): readonly string[] {
  if (ref === "") return [];
  const exact = traces.get(ref) ?? traces.get(`trace_${ref}`) ?? renamed(ref, "trace_").map((id) => traces.get(id)).find((one) => one !== undefined);
  if (exact !== undefined) return [exact.trace.id];
  const here = traces.ids().filter((id) => id.startsWith(ref) || id.startsWith(`trace_${ref}`));
  return [...new Set([...here, ...traces.alias(ref), ...traces.alias(`trace_${ref}`)])];
}

/** The stored trace a person means (see `idsLike`). Throws `usage` where that is none or more than one; the hint lists them. */
export function findTrace(ref: string, finder: Finder): StoredTrace {
  const { traces } = finder;
  const ids = traces.ids();
  const found = idsLike(ref, finder);
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
