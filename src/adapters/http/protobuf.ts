import { PbfReader } from "pbf";

/**
 * OTLP `ExportTraceServiceRequest` (the same bytes as `TracesData`) as OTLP JSON: ids in hex, times as decimal text, so that
 * one reader serves both encodings. Field numbers are those of opentelemetry-proto 1.x; unknown fields are skipped.
 * Throws a RangeError or Error where the bytes are no such message.
 */
export function decodeTraces(bytes: Uint8Array): { readonly resourceSpans: readonly object[] } {
  const resourceSpans: object[] = [];
  new PbfReader(bytes).readFields((tag, list: object[], pbf) => {
    if (tag === 1) list.push(message(pbf, resourceGroup));
  }, resourceSpans);
  return { resourceSpans };
}

type Fields = Readonly<Record<number, readonly [name: string, read: (pbf: PbfReader) => unknown, repeated?: true]>>;

/** Deeper AnyValues than this are refused: a few bytes could otherwise nest without end. */
const maxDepth = 64;
let depth = 0;

function message(pbf: PbfReader, fields: () => Fields): object {
  depth += 1;
  try {
    if (depth > maxDepth) throw new RangeError("nested too deep");
    const known = fields();
    return pbf.readMessage((tag, out: Record<string, unknown>) => {
      const field = known[tag];
      if (field === undefined) return;
      const [name, read, repeated] = field;
      const value = read(pbf);
      if (repeated) ((out[name] ??= []) as unknown[]).push(value);
      else out[name] = value;
    }, {});
  } finally {
    depth -= 1;
  }
}

const of = (fields: () => Fields) => (pbf: PbfReader): object => message(pbf, fields);
const text = (pbf: PbfReader): string => pbf.readString();
const uint = (pbf: PbfReader): number => pbf.readVarint();
const hex = (pbf: PbfReader): string => Buffer.from(pbf.readBytes()).toString("hex");
const base64 = (pbf: PbfReader): string => Buffer.from(pbf.readBytes()).toString("base64");

/** fixed64 as decimal text: nanoseconds since 1970 do not fit a double. */
function fixed64(pbf: PbfReader): string {
  const value = pbf.dataView.getBigUint64(pbf.pos, true);
  pbf.pos += 8;
  return value.toString();
}

const keyValue = (): Fields => ({ 1: ["key", text], 2: ["value", of(anyValue)] });
const anyValue = (): Fields => ({
  1: ["stringValue", text],
  2: ["boolValue", (pbf) => pbf.readBoolean()],
  3: ["intValue", (pbf) => pbf.readVarint(true)],
  4: ["doubleValue", (pbf) => pbf.readDouble()],
  5: ["arrayValue", of(() => ({ 1: ["values", of(anyValue), true] }))],
  6: ["kvlistValue", of(() => ({ 1: ["values", of(keyValue), true] }))],
  7: ["bytesValue", base64],
});
const attributes = ["attributes", of(keyValue), true] as const;
const event = (): Fields => ({ 1: ["timeUnixNano", fixed64], 2: ["name", text], 3: attributes });
const status = (): Fields => ({ 2: ["message", text], 3: ["code", uint] });
const span = (): Fields => ({
  1: ["traceId", hex],
  2: ["spanId", hex],
  4: ["parentSpanId", hex],
  5: ["name", text],
  6: ["kind", uint],
  7: ["startTimeUnixNano", fixed64],
  8: ["endTimeUnixNano", fixed64],
  9: attributes,
  10: ["droppedAttributesCount", uint],
  11: ["events", of(event), true],
  12: ["droppedEventsCount", uint],
  15: ["status", of(status)],
});
const scope = (): Fields => ({ 1: ["name", text], 2: ["version", text] });
const scopeGroup = (): Fields => ({ 1: ["scope", of(scope)], 2: ["spans", of(span), true] });
const resource = (): Fields => ({ 1: attributes });
const resourceGroup = (): Fields => ({ 1: ["resource", of(resource)], 2: ["scopeSpans", of(scopeGroup), true] });
