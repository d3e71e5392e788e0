import { isObject, type Json } from "../../base/json.ts";
import { attributesOf, type Attributes } from "./attributes.ts";

/** One OTLP span with its resource and scope, whatever spelling it came in. Times as the exporter wrote them. */
export type OtlpSpan = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | null;
  readonly name: string;
  readonly start: unknown;
  readonly end: unknown;
  readonly attributes: Attributes;
  readonly events: readonly { readonly name: string; readonly attributes: Attributes }[];
  readonly error: string | undefined;
  readonly failed: boolean;
  readonly dropped: number;
  readonly scope: string;
  readonly resource: Attributes;
};

const arrayOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const pick = (object: Record<string, unknown>, ...names: readonly string[]): unknown =>
  names.map((name) => object[name]).find((value) => value !== undefined);

/** The resource groups of a document in any spelling: OTLP/JSON, snake_case, Tempo v1 (`batches`) and v2 (`trace`). */
export function resourceGroups(value: unknown): readonly unknown[] | undefined {
  if (!isObject(value)) return undefined;
  const inner = isObject(value["trace"]) ? value["trace"] : isObject(value["otlp"]) ? value["otlp"] : value;
  const groups = pick(inner, "resourceSpans", "resource_spans", "batches");
  return Array.isArray(groups) ? groups : undefined;
}

/**
 * The spans of one `TracesData` document, and how many things in it were no spans. Unknown members are ignored, as the
 * protocol asks. `base64` ids (plain proto-JSON, as Tempo and MLflow write them) become hex.
 */
export function spansOf(value: unknown): { readonly spans: readonly OtlpSpan[]; readonly refused: number } {
  const spans: OtlpSpan[] = [];
  let refused = 0;
  for (const group of resourceGroups(value) ?? []) {
    if (!isObject(group)) {
      refused += 1;
      continue;
    }
    const resource = isObject(group["resource"]) ? attributesOf(group["resource"]["attributes"]) : new Map<string, Json>();
    const scopes = pick(group, "scopeSpans", "scope_spans", "instrumentationLibrarySpans", "instrumentation_library_spans");
    for (const scoped of arrayOf(scopes)) {
      if (!isObject(scoped)) continue;
      const scope = pick(scoped, "scope", "instrumentationLibrary", "instrumentation_library");
      const scopeName = isObject(scope) && typeof scope["name"] === "string" ? scope["name"] : "";
      for (const raw of arrayOf(scoped["spans"])) {
        const span = spanOf(raw, scopeName, resource);
        if (span === undefined) refused += 1;
        else spans.push(span);
      }
    }
  }
  return { spans, refused };
}

function spanOf(raw: unknown, scope: string, resource: Attributes): OtlpSpan | undefined {
  if (!isObject(raw)) return undefined;
  const traceId = idOf(pick(raw, "traceId", "trace_id"), 32);
  const spanId = idOf(pick(raw, "spanId", "span_id"), 16);
  if (traceId === undefined || spanId === undefined) return undefined;
  const status = isObject(raw["status"]) ? raw["status"] : {};
  const code = status["code"];
  const failed = code === 2 || code === "2" || code === "STATUS_CODE_ERROR" || code === "ERROR";
  const events = arrayOf(raw["events"]).flatMap((event) =>
    isObject(event) ? [{ name: typeof event["name"] === "string" ? event["name"] : "", attributes: attributesOf(event["attributes"]) }] : [],
  );
  const exception = events.find((event) => event.name === "exception")?.attributes.get("exception.message");
  const message = typeof status["message"] === "string" && status["message"] !== "" ? status["message"] : exception;
  const counts = ["droppedAttributesCount", "dropped_attributes_count", "droppedEventsCount", "dropped_events_count"];
  return {
    traceId,
    spanId,
    parentId: idOf(pick(raw, "parentSpanId", "parent_span_id"), 16) ?? null,
    name: typeof raw["name"] === "string" ? raw["name"] : "",
    start: pick(raw, "startTimeUnixNano", "start_time_unix_nano"),
    end: pick(raw, "endTimeUnixNano", "end_time_unix_nano"),
    attributes: attributesOf(raw["attributes"]),
    events,
    error: typeof message === "string" ? message : undefined,
    failed,
    dropped: counts.reduce((sum, name) => sum + (typeof raw[name] === "number" ? raw[name] : 0), 0),
    scope,
    resource,
  };
}

/** Lower-case hex of `digits`; base64 of the same bytes is turned into it. Absent, empty or all-zero: no id. */
function idOf(value: unknown, digits: 16 | 32): string | undefined {
  if (typeof value !== "string" || value === "" || value === "undefined") return undefined;
  const hex = value.toLowerCase().replaceAll("-", "");
  const found = /^[0-9a-f]+$/.test(hex) && hex.length === digits ? hex : hexOfBase64(value, digits);
  if (found === undefined) return /^[\x21-\x7e]{1,200}$/.test(value) ? value : undefined;
  return /^0+$/.test(found) ? undefined : found;
}

const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function hexOfBase64(value: string, digits: number): string | undefined {
  const text = value.replace(/=+$/, "").replaceAll("-", "+").replaceAll("_", "/");
  if (text.length !== Math.ceil((digits * 2) / 3)) return undefined;
  let bits = "";
  for (const char of text) {
    const index = base64Digits.indexOf(char);
    if (index < 0) return undefined;
    bits += index.toString(2).padStart(6, "0");
  }
  const bytes = bits.slice(0, digits * 4).match(/.{8}/g) ?? [];
  return bytes.map((byte) => Number.parseInt(byte, 2).toString(16).padStart(2, "0")).join("");
}
