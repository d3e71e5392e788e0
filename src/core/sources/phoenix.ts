import { isObject } from "../base/json.ts";
import { attributesOf } from "./otlp/attributes.ts";
import { spansOf, type OtlpSpan } from "./otlp/envelope.ts";
import { piecesOf } from "./otlp/otlp.ts";
import { lostRows, type Read, type Source } from "./source.ts";

/**
 * Phoenix: spans of its REST API (`{data: [Span], next_cursor}`, attributes as flat dotted names), one span a line as its
 * client writes them, and the snake_case spans of `/otlpv1`. Their attributes are OpenInference, so OTLP's reader does the rest.
 */
export const phoenix: Source = {
  name: "phoenix",
  recognises: (value) => rowsOf(value).some((row) => isRestSpan(row) || isOtlpRow(row)),
  read: (value, where): Read => {
    const rows = rowsOf(value);
    const read = rows.map(spanOf);
    const lost = read.flatMap((span, at) => (span === undefined ? [{ at: at + 1, trace: traceOf(rows[at]) }] : []));
    return {
      pieces: read.flatMap((span) => (span === undefined ? [] : piecesOf(span).map((piece) => ({ ...piece, source: { ...piece.source, kind: "phoenix" as const } })))),
      problems: lostRows(noSpan, lost, { where, of: rows.length }),
    };
  },
};

const noSpan = { code: "not-a-span", what: ["no Phoenix span", "no Phoenix spans"], remedy: "Export spans with context.trace_id and context.span_id; the others were read." } as const;

const rowsOf = (value: unknown): readonly unknown[] => (isObject(value) && Array.isArray(value["data"]) ? value["data"] : [value]);

const traceOf = (row: unknown): unknown => (!isObject(row) ? undefined : isObject(row["context"]) ? row["context"]["trace_id"] : (row["context.trace_id"] ?? row["trace_id"]));
const isRestSpan = (row: unknown): row is Record<string, unknown> =>
  isObject(row) && ((isObject(row["context"]) && typeof row["context"]["span_id"] === "string") || typeof row["context.span_id"] === "string");
const isOtlpRow = (row: unknown): row is Record<string, unknown> => isObject(row) && typeof row["span_id"] === "string" && Array.isArray(row["attributes"]);

function spanOf(row: unknown): OtlpSpan | undefined {
  if (isOtlpRow(row)) return spansOf({ resource_spans: [{ scope_spans: [{ spans: [row] }] }] }).spans[0];
  if (!isRestSpan(row)) return undefined;
  const context = isObject(row["context"]) ? row["context"] : { trace_id: row["context.trace_id"], span_id: row["context.span_id"] };
  const dotted = Object.entries(row).filter(([key]) => key.startsWith("attributes."));
  const attributes = new Map(attributesOf(row["attributes"] ?? Object.fromEntries(dotted.map(([key, value]) => [key.slice(11), value]))));
  if (!attributes.has("openinference.span.kind") && typeof row["span_kind"] === "string") attributes.set("openinference.span.kind", row["span_kind"]);
  const { trace_id: traceId, span_id: spanId } = context;
  if (typeof traceId !== "string" || typeof spanId !== "string" || traceId === "" || spanId === "") return undefined;
  const failed = row["status_code"] === "ERROR";
  const message = typeof row["status_message"] === "string" && row["status_message"] !== "" ? row["status_message"] : undefined;
  return {
    traceId,
    spanId,
    parentId: typeof row["parent_id"] === "string" && row["parent_id"] !== "" ? row["parent_id"] : null,
    name: typeof row["name"] === "string" ? row["name"] : "",
    start: row["start_time"],
    end: row["end_time"],
    attributes,
    events: (Array.isArray(row["events"]) ? row["events"] : []).flatMap((event: unknown) =>
      isObject(event) ? [{ name: typeof event["name"] === "string" ? event["name"] : "", attributes: attributesOf(event["attributes"]) }] : [],
    ),
    error: failed ? message : undefined,
    failed,
    dropped: 0,
    scope: "",
    resource: new Map(),
  };
}
