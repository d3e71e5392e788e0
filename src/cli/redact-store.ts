import { existsSync } from "node:fs";
import type { Mask } from "../core/redact/mask.ts";
import type { Io } from "./io.ts";
import { openRedactor, type PolicyFlags } from "./redactor.ts";

/** `casebook redact --store` */
export async function redactStored(io: Io, flags: PolicyFlags & { readonly dryRun?: boolean; readonly json?: boolean }): Promise<void> {
  const { readSuspects } = await import("../adapters/files/journal.ts");
  const { openWorkspace } = await import("../adapters/files/workspace.ts");
  const { dropOldRevisions } = await import("../adapters/store/compact.ts");
  const { openStore } = await import("../adapters/store/store.ts");
  const { redactStore } = await import("../commands/redact-store.ts");
  const { progressFor } = await import("./progress.ts");
  const { printJson, say } = await import("./render.ts");
  const workspace = openWorkspace(io.cwd);
  const suspects = [...readSuspects(workspace.paths.labels).values()];
  const masks = new Map<string, Mask[]>();
  for (const event of suspects) {
    if (event.kind === "allow") continue;
    const at = event.kind === "split" ? event.mask : event;
    masks.set(event.trace_id, [...(masks.get(event.trace_id) ?? []), { path: event.path, start: at.start, end: at.end, kind: event.finding, token: event.token }]);
  }
  // Where nothing was pulled there is nothing to redact, and nothing is set up.
  const dry = flags.dryRun === true || !existsSync(workspace.paths.traces);
  const { redactor } = openRedactor(workspace, io, { ...flags, dry, allow: suspects.filter(({ kind }) => kind === "allow").map(({ token }) => token) });
  const store = dry ? { ...(await openStore(workspace.paths.traces)), put: () => {} } : await openStore(workspace.paths.traces, { write: true });
  let changed = 0;
  try {
    const result = redactStore({ store, redactor, masksOf: (id) => masks.get(id) ?? [], progress: progressFor(io), dryRun: flags.dryRun === true });
    changed = flags.dryRun === true ? 0 : result.changed;
    if (flags.json === true) return printJson(io, { schema: "casebook/redacted-store@1", redaction: redactor.stamp, dry_run: flags.dryRun === true, ...result });
    say(io, `${result.traces} traces, ${result.changed} ${flags.dryRun === true ? "would change" : "changed"}, ${result.masks} masks of people ${flags.dryRun === true ? "to apply" : "applied"}.`);
  } finally {
    store.close();
    if (changed > 0) await dropOldRevisions(workspace.paths.traces);
  }
}
