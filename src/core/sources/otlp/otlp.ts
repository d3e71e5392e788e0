import type { Problem } from "../../base/problem.ts";
import { isObject, type JsonObject } from "../../base/json.ts";
import type { Piece, SpanPiece, TracePiece } from "../../trace/piece.ts";
import type { Note } from "../../trace/schema.ts";
import { instantOf } from "../../trace/time.ts";
import { clean, type Noticed } from "../clean.ts";
import type { Source } from "../source.ts";
import { resourceGroups, spansOf, type OtlpSpan } from "./envelope.ts";
import { genai } from "./genai.ts";
import { openinference } from "./openinference.ts";
import { text } from "./attributes.ts";
import { aiSdk, inputMessages, langfuseOtel, logfire, mlflow, outputMessages, traceloop } from "./others.ts";
import { callOf, defined, mergeReadings, wordsOf, type Dialect, type ModelRecord, type Reading } from "./reading.ts";

/**
 * OTLP JSON traces in any spelling and dialect. Precedence is that of Langfuse's ingestion, which has years of fixes:
 * langfuse, AI SDK, GenAI (messages, then events), Logfire, MLflow, OpenInference, Traceloop, then generic input/output.
 */
const dialects: readonly Dialect[] = [langfuseOtel, aiSdk, openinference, genai, logfire, mlflow, traceloop];

export const otlpSource: Source = {
  name: "otlp",
  recognises: (value) => resourceGroups(value) !== undefined,
  read: (value, where) => {
    const { spans, refused } = spansOf(value);
    const problems: Problem[] =
      refused === 0
        ? []
        : [
            {
              code: "not-a-span",
              where,
              message: `${refused} ${refused === 1 ? "entry has" : "entries have"} no trace id or span id`,
              remedy: "Export with ids; the other spans of this record were read.",
            },
          ];
    return { pieces: spans.flatMap(piecesOf), problems };
  },
};

/** Attributes that are content or bookkeeping of a dialect, already read into the span: not kept a second time. */
const read =
  /^(input|output)\.(value|mime_type)$|^(llm|gen_ai|openinference|traceloop|ai|logfire|langfuse|mlflow|graph|session|user|tag|metadata|tool|agent|guardrail)\b|^(events|all_messages_events|request_data|response|response_data|raw_input|agent_trace_id|group_id|code\.|thread\.)/;

/** The pieces of one OTLP span: what it says of its trace, and the span. Shared by the sources that wrap OTLP. */
export function piecesOf(span: OtlpSpan): Piece[] {
  const known = dialects.filter((dialect) => dialect.recognises(span));
  const reading = mergeReadings(known.map((dialect) => dialect.read(span)));
  const source: SpanPiece["source"] = defined({ kind: "otlp" as const, dialect: known[0]?.name, sdk: span.scope === "" ? undefined : span.scope });
  const noticed: Noticed = new Set();
  const inner = spanPieceOf(span, reading, noticed);
  const notes: Note[] = [...noticed].map((code) => ({ code, span_id: span.spanId }));
  if (span.dropped > 0) notes.push({ code: "dropped-attributes", span_id: span.spanId, detail: String(span.dropped) });
  const piece: SpanPiece = { piece: "span", trace_id: span.traceId, source, span: inner, ...(notes.length === 0 ? {} : { notes }) };
  const trace = tracePieceOf(span, reading, source);
  return trace === undefined ? [piece] : [trace, piece];
}

function spanPieceOf(span: OtlpSpan, reading: Reading, noticed: Noticed): SpanPiece["span"] {
  const kind = reading.kind ?? "custom";
  const generic = kind === "custom" || kind === "unknown" || kind === "retrieval" || kind === "task";
  const cut = [...span.attributes].filter(([, value]) => isCut(value)).map(([key]) => key);
  if (cut.length > 0) noticed.add("truncated");
  const rest: [string, JsonObject[string]][] = [...span.attributes].filter(([key]) => (!read.test(key) || cut.includes(key)) && key !== "__proto__");
  if (generic)
    for (const name of ["input.value", "output.value"]) {
      const value = wordsOf(span.attributes.get(name));
      if (value !== undefined) rest.push([name, value]);
    }
  const model = reading.model ?? (kind === "generation" ? genericModel(span) : undefined);
  return defined<SpanPiece["span"]>({
    id: span.spanId,
    parent_id: span.parentId,
    kind,
    native_type: reading.native_type,
    name: reading.name ?? (span.name === "" ? undefined : span.name),
    started_at: instantOf(span.start),
    ended_at: instantOf(span.end),
    error: span.failed || span.error !== undefined ? { message: span.error ?? "error" } : undefined,
    model: model === undefined ? undefined : callOf(model, noticed),
    tool: reading.tool,
    agent: reading.agent,
    turn: reading.turn,
    handoff: reading.handoff,
    guardrail: reading.guardrail,
    mcp: reading.mcp,
    data: rest.length === 0 ? undefined : (clean(Object.fromEntries(rest), noticed) as JsonObject),
  });
}

/** JSON that an attribute limit cut: no dialect can read it, so what is left is kept as it is. */
const isCut = (value: unknown): boolean => typeof value === "string" && /^\s*(?:\[\s*[[{"]|\{\s*")/.test(value) && !/[\]}]\s*$/.test(value.slice(-20));

function genericModel({ attributes }: OtlpSpan): ModelRecord {
  return defined<ModelRecord>({ input: inputMessages(attributes.get("input.value")), output: outputMessages(attributes.get("output.value")) });
}

function tracePieceOf(span: OtlpSpan, reading: Reading, source: TracePiece["source"]): TracePiece | undefined {
  const facts = reading.trace ?? {};
  const resource = defined<Record<string, string>>({
    environment: text(span.resource, "deployment.environment.name", "deployment.environment"),
    release: text(span.resource, "service.version"),
    service: text(span.resource, "service.name"),
  });
  const metadata = { ...resource, ...facts.metadata };
  const said = { ...facts, ...(Object.keys(metadata).length === 0 ? {} : { metadata }) };
  if (!isObject(said) || Object.keys(said).length === 0) return undefined;
  return { piece: "trace", trace_id: span.traceId, source, recorded: false, ...said };
}
