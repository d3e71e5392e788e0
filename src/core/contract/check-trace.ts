import { isObject } from "../base/json.ts";
import { completenessOf } from "../trace/completeness.ts";
import type { Trace } from "../trace/schema.ts";
import { statusOf } from "../trace/status.ts";
import { isModelKind } from "../trace/tree.ts";
import type { Contract } from "./contract.ts";
import type { ContractCode } from "./remedies.ts";

/** One thing that one trace does not keep to. `key` is a metadata member; `detail` never holds text of the trace. */
export type Breach = { readonly code: ContractCode; readonly key?: string; readonly detail?: string };

/** A place where redaction saw something: its JSON pointer into the trace, and what kind of thing it was. */
export type Sighting = { readonly path: string; readonly kind: string };

/** Checks one trace against the contract. `required` are the metadata keys to look for. */
export function checkTrace(trace: Trace, contract: Contract, { required, sightings }: { required: readonly string[]; sightings: readonly Sighting[] }): Breach[] {
  // Other sources have no trace record; where their spans tell the trace's name, what they tell is checked like any other.
  if (!trace.recorded && (trace.workflow_name ?? "").trim() === "") return [{ code: "trace-record-missing" }, ...contentBreaches(trace, contract)];
  return [...nameBreaches(trace, contract, sightings), ...metadataBreaches(trace, contract, { required, sightings }), ...contentBreaches(trace, contract)];
}

function nameBreaches({ workflow_name: name = "", messages }: Trace, { workflow_names: listed }: Contract, sightings: readonly Sighting[]): Breach[] {
  if (name.trim() === "") return [{ code: "workflow-name-missing" }];
  if (name === "Agent workflow" && listed?.includes(name) !== true) return [{ code: "workflow-name-default" }];
  if (listed !== undefined) return listed.includes(name) ? [] : [{ code: "workflow-name-unlisted" }];
  if (sightings.some(({ path }) => path === "/workflow_name") || holdsId(name)) return [{ code: "workflow-name-id" }];
  const words = name.trim().split(/\s+/).length;
  const sentence = name.length > 64 || words > 8 || /[\n?!]/.test(name);
  const asked = messages.flatMap(({ role, parts }) => (role === "user" ? parts.flatMap((part) => (part.type === "text" ? [part.text] : [])) : []));
  return sentence || (words > 2 && asked.some((text) => text.includes(name))) ? [{ code: "workflow-name-text" }] : [];
}

/** A UUID, a long run of hex or digits, an address, or a token that redaction left. */
const holdsId = (name: string): boolean =>
  /[0-9a-f]{8}-[0-9a-f]{4}-|\b(?=[0-9a-f]*\d)[0-9a-f]{12,}\b|\d{5,}|@|\[[A-Z_]+:[0-9a-z]+\]/i.test(name);

function metadataBreaches(trace: Trace, contract: Contract, { required, sightings }: { required: readonly string[]; sightings: readonly Sighting[] }): Breach[] {
  const metadata = trace.metadata ?? {};
  const present = new Set(Object.entries(metadata).flatMap(([key, value]) => (value === null || value === "" ? [] : [plainKey(key)])));
  const missing = required.filter((key) => !present.has(plainKey(key))).map((key): Breach => ({ code: "metadata-missing", key }));
  const long = Object.entries(metadata)
    .filter(([, value]) => lengthOf(value) > contract.metadata_max_length)
    .map(([key]): Breach => ({ code: "metadata-long", key: harmlessKey(key) }));
  const seenAt = (root: string): string => [...new Set(sightings.filter(({ path }) => path === root || path.startsWith(`${root}/`)).map(({ kind }) => kind))].sort().join(", ");
  const [inMetadata, inGroup] = [seenAt("/metadata"), seenAt("/group_id")];
  return [
    ...missing,
    ...long,
    ...(inMetadata === "" ? [] : [{ code: "metadata-sensitive", detail: inMetadata } as const]),
    ...(inGroup === "" ? [] : [{ code: "group-id-sensitive", detail: inGroup } as const]),
    ...(trace.group_id === undefined || trace.group_id === "" ? [{ code: "group-id-missing" } as const] : []),
  ];
}

/** `promptVersion`, `prompt-version` and `prompt_version` are one key. */
const plainKey = (key: string): string => key.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
/** Keys are shown; one that is no plain word may be somebody's data. */
const harmlessKey = (key: string): string => (/^[a-z][\w.-]{0,39}$/i.test(key) ? key : "a member");
const lengthOf = (value: unknown): number =>
  typeof value === "string" ? value.length : isObject(value) || Array.isArray(value) ? JSON.stringify(value).length : 0;

function contentBreaches(trace: Trace, { sensitive_data }: Contract): Breach[] {
  const { spans } = trace;
  if (spans.length === 0) return [{ code: "trace-without-spans" }];
  const { content, sensitiveOff, truncated, orphans } = completenessOf(trace);
  const breaches: Breach[] = [];
  if (orphans > 0 || statusOf(trace) === "incomplete") breaches.push({ code: "run-without-end" });
  if (sensitive_data === "off" && content !== "none") breaches.push({ code: "sensitive-data-on" });
  if (sensitive_data !== "on") return breaches;
  if (truncated.length > 0) breaches.push({ code: "content-truncated" });
  const models = spans.filter(({ kind, error }) => isModelKind(kind) && error === undefined);
  const bare = models.some(({ model }) => model?.response_id !== undefined && model.output === undefined && model.input === undefined);
  const expected = models.length > 0 || spans.some(({ kind }) => kind === "function");
  const turnsOnly = models.length === 0 && spans.some(({ kind, error }) => kind === "turn" && error === undefined) && !spans.some(({ kind }) => isModelKind(kind));
  if (sensitiveOff) breaches.push({ code: "sensitive-data-off" });
  else if (turnsOnly) breaches.push({ code: "model-spans-missing" });
  else if (expected && content !== "full") breaches.push({ code: bare ? "response-ids-only" : content === "none" ? "content-missing" : "content-partial" });
  return breaches;
}
