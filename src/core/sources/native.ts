import { isObject, parseJson } from "../base/json.ts";
import type { Problem, Where } from "../base/problem.ts";
import type { Piece, SpanPiece, TracePiece } from "../trace/piece.ts";
import type { Note } from "../trace/schema.ts";
import { instantOf } from "../trace/time.ts";
import { asText, clean, cleanObject, textOf, type Noticed } from "./clean.ts";
import { readSpanData } from "./native-span.ts";
import type { Read, Source } from "./source.ts";

type Item = Record<string, unknown>;
/** What the record around an object says of it. */
type Frame = { readonly sdk?: string; readonly trace_id?: string };

/** Records of the Agents SDK, in every wrapping they are met in. */
export const native: Source = { name: "native", recognises, read: readNative };

function recognises(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(recognises);
  if (!isObject(value)) return false;
  if (value["object"] === "trace" || value["object"] === "trace.span") return true;
  if (isObject(value["span_data"])) return true;
  const inner = value["data"];
  if (Array.isArray(inner)) return inner.some((item) => recognises(item));
  if (isObject(inner) && (recognises(inner) || recognises(inner["span"]) || recognises(inner["trace"]))) return true;
  if (isObject(value["trace"]) && Array.isArray(value["spans"])) return recognises(value["trace"]) || value["spans"].some(recognises);
  return [value["body"], value["json"]].some((body) => recognises(typeof body === "string" ? parseJson(body) : body));
}

/**
 * Pieces out of one JSON value: a trace or span record, an ingest body `{data: […]}`, a `{trace, spans}` bundle, a wrapper
 * around either, a recorded HTTP request, or a list of any of them. Never throws; what it cannot use is a problem.
 */
export function readNative(value: unknown, where: Where): Read {
  const pieces: Piece[] = [];
  const problems: Problem[] = [];
  const visit = (item: unknown, frame: Frame): void => {
    // Disabled tracing exports null.
    if (item === null) return;
    if (Array.isArray(item)) return item.forEach((one) => visit(one, frame));
    if (!isObject(item)) return void problems.push(unknownRecord(where));
    if (item["object"] === "trace" || isTraceLike(item)) return addTrace(item, frame, { pieces, problems, where });
    if (item["object"] === "trace.span" || "span_data" in item) return addSpan(item, frame, { pieces, problems, where });
    const inside = unwrap(item, frame);
    if (inside === undefined) return void problems.push(unknownRecord(where));
    for (const one of inside.items) visit(one, inside.frame);
  };
  visit(value, {});
  return { pieces, problems };
}

const isTraceLike = (item: Item): boolean => typeof item["workflow_name"] === "string" && typeof item["id"] === "string" && !("spans" in item);

function unwrap(item: Item, outer: Frame): { readonly items: readonly unknown[]; readonly frame: Frame } | undefined {
  const headers = isObject(item["headers"]) ? item["headers"] : {};
  const agent = headers["user-agent"] ?? headers["User-Agent"];
  const sdk = [item["sdk"], typeof agent === "string" && agent.startsWith("Agents/") ? agent : undefined].find((word) => typeof word === "string");
  const frame: Frame = { ...outer, ...(sdk === undefined ? {} : { sdk: (sdk as string).toWellFormed() }) };
  const { data, trace, spans } = item;
  if (Array.isArray(spans)) {
    const whole = isObject(trace) ? { object: "trace", ...trace } : isTraceLike({ ...item, spans: undefined }) ? item : undefined;
    const id = isObject(trace) ? (trace["id"] ?? trace["trace_id"]) : (item["trace_id"] ?? item["id"]);
    const known = typeof id === "string" ? { ...frame, trace_id: id } : frame;
    return { items: [...(whole === undefined ? [] : [{ ...whole, object: "trace", spans: undefined }]), ...spans], frame: known };
  }
  if (Array.isArray(data)) return { items: data, frame };
  if (isObject(data)) return { items: isObject(data["span"]) || isObject(data["trace"]) ? [data["trace"] ?? null, data["span"] ?? null] : [data], frame };
  for (const body of [item["body"], item["json"]]) {
    const parsed = typeof body === "string" ? parseJson(body) : body;
    if (isObject(parsed) || Array.isArray(parsed)) return { items: [parsed], frame };
  }
  return undefined;
}

type Into = { readonly pieces: Piece[]; readonly problems: Problem[]; readonly where: Where };

const word = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value.toWellFormed() : undefined);
const sourceOf = (frame: Frame): Piece["source"] => ({ kind: "native", ...(frame.sdk === undefined ? {} : { sdk: frame.sdk }) });

function addTrace(item: Item, frame: Frame, { pieces, problems, where }: Into): void {
  const trace_id = word(item["id"]) ?? word(item["trace_id"]);
  if (trace_id === undefined) return void problems.push(noId(where, "trace", "id"));
  if (trace_id === "no-op") return;
  const noticed: Noticed = new Set();
  const piece: { -readonly [K in keyof TracePiece]: TracePiece[K] } = { piece: "trace", trace_id, source: sourceOf(frame), recorded: true };
  if (typeof item["workflow_name"] === "string") piece.workflow_name = textOf(item["workflow_name"], noticed);
  if (typeof item["group_id"] === "string" && item["group_id"] !== "") piece.group_id = textOf(item["group_id"], noticed);
  const metadata = cleanObject(item["metadata"], noticed);
  if (metadata !== undefined) piece.metadata = metadata;
  if (noticed.size > 0) piece.notes = [...noticed].map((code) => ({ code }));
  pieces.push(piece);
}

function addSpan(item: Item, frame: Frame, { pieces, problems, where }: Into): void {
  const id = word(item["id"]) ?? word(item["span_id"]);
  const trace_id = word(item["trace_id"]) ?? frame.trace_id;
  if (id === "no-op" || trace_id === "no-op") return;
  if (id === undefined) return void problems.push(noId(where, "span", "id"));
  if (trace_id === undefined) return void problems.push(noId(where, "span", "trace_id"));
  const noticed: Noticed = new Set();
  const source = sourceOf(frame);
  const told = readSpanData(item["span_data"], noticed);
  const span: { -readonly [K in keyof SpanPiece["span"]]: SpanPiece["span"][K] } = { id, parent_id: parentOf(item["parent_id"]), ...told };
  const [started_at, ended_at] = [instantOf(item["started_at"]), instantOf(item["ended_at"])];
  if (started_at !== undefined) span.started_at = started_at;
  if (ended_at !== undefined) span.ended_at = ended_at;
  if (started_at !== undefined && ended_at !== undefined && ended_at < started_at) noticed.add("ended-before-start");
  const error = errorOf(item["error"], noticed) ?? failureOf(item["span_data"], noticed);
  if (error !== undefined) span.error = error;
  const own = cleanObject(item["metadata"], noticed);
  if (own !== undefined) span.data = { ...span.data, span_metadata: own };
  const notes = [...noticed].sort().map((code): Note => ({ code, span_id: id }));
  pieces.push({ piece: "span", trace_id, source, span, ...(notes.length === 0 ? {} : { notes }) });
  const metadata = cleanObject(item["trace_metadata"], new Set());
  if (metadata !== undefined) pieces.push({ piece: "trace", trace_id, source, recorded: false, metadata });
}

/** Roots are written in many ways. */
function parentOf(value: unknown): string | null {
  const id = word(value);
  return id === undefined || id === "undefined" || id === "null" || id === "None" || id === "no-op" || /^0+$/.test(id) ? null : id;
}

function errorOf(value: unknown, noticed: Noticed): SpanPiece["span"]["error"] {
  if (value === null || value === undefined || value === "" || value === false) return undefined;
  if (!isObject(value)) return { message: asText(value, noticed) };
  const { message, data, ...rest } = value;
  const kept = data ?? (Object.keys(rest).length > 0 ? rest : undefined);
  return {
    message: typeof message === "string" ? textOf(message, noticed) : message === undefined || message === null ? "" : asText(message, noticed),
    ...(kept === undefined || kept === null ? {} : { data: clean(kept, noticed) }),
  };
}

/** A Response that says it failed, where the span does not. */
function failureOf(data: unknown, noticed: Noticed): SpanPiece["span"]["error"] {
  const response = isObject(data) ? data["_response"] : undefined;
  return isObject(response) ? errorOf(response["error"], noticed) : undefined;
}

const unknownRecord = (where: Where): Problem => ({
  code: "unknown-record",
  where,
  message: "this is no trace or span record of the Agents SDK.",
  remedy: "Export spans with toJSON() (TypeScript) or export() (Python), or use casebook/recorder.",
});

const noId = (where: Where, what: string, member: string): Problem => ({
  code: "no-id",
  where,
  message: `this ${what} record has no ${member}, so it belongs to no trace.`,
  remedy: `Write the record as the SDK exports it, with its ${member}.`,
});
