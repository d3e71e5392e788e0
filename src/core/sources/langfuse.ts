import { isObject, parseJson, type Json } from "../base/json.ts";
import type { Piece, SpanPiece, TracePiece } from "../trace/piece.ts";
import { instantOf } from "../trace/time.ts";
import { clean, cleanObject, type Noticed } from "./clean.ts";
import { inputMessages, langfuseKind, outputMessages } from "./otlp/others.ts";
import { callOf, defined, wordsOf, type ModelRecord } from "./otlp/reading.ts";
import { lostRows, type LostRow, type Read, type Source } from "./source.ts";

type Row = Readonly<Record<string, unknown>>;

/**
 * Langfuse: pages of `/api/public/v2/observations` and of the older `/api/public/traces`, a trace file of its UI
 * (`{trace, observations}`), and rows of its exports, whose members are camelCase or snake_case by the kind of export.
 */
export const langfuse: Source = {
  name: "langfuse",
  recognises: (value) => rowsOf(value).flat().some((row) => isObservation(row) || isTrace(row)),
  read: (value, where): Read => {
    const cut = isObject(value) && isPage(value);
    const rows = rowsOf(value);
    const lost: LostRow[] = [];
    const pieces = rows.flatMap((group, at) =>
      group.flatMap((row): Piece[] => {
        if (isObservation(row)) return observationPieces(row, cut);
        if (isTrace(row)) return [tracePiece(row)];
        if (lost.at(-1)?.at !== at + 1) lost.push({ at: at + 1, trace: row["traceId"] });
        return [];
      }),
    );
    return { pieces, problems: lostRows(noObservation, lost, { where, of: rows.length }) };
  },
};

const noObservation = { code: "not-an-observation", what: ["neither a trace nor an observation", "neither traces nor observations"], remedy: "Export observations with id and traceId; the others were read." } as const;

/** Characters after which Langfuse cuts values of metadata in its pages of observations. */
const metadataCut = 200;
const isCut = (value: unknown): boolean => isObject(value) && Object.values(value).some((text) => typeof text === "string" && (text.length === metadataCut || Array.from(text.slice(0, 2 * metadataCut + 1)).length === metadataCut));

const source = { kind: "langfuse" } as const;

const isPage = (value: Row): boolean => Array.isArray(value["data"]) && isObject(value["meta"]);

/** A page, a trace file, or one row: each row with the observations inside it. */
function rowsOf(value: unknown): readonly (readonly Row[])[] {
  if (!isObject(value)) return [];
  if (isObject(value["trace"]) && Array.isArray(value["observations"])) return [camel(value["trace"]), ...value["observations"].filter(isObject).map(camel)].map((row) => [row]);
  const rows = isPage(value) ? (value["data"] as readonly unknown[]).map((row) => (isObject(row) ? row : {})) : [value];
  return rows.map((row) => {
    const inside = Array.isArray(row["observations"]) ? row["observations"].filter(isObject) : [];
    return [camel(row), ...inside.map((one) => camel({ traceId: row["id"], ...one }))];
  });
}

/** Members by their camelCase names, whichever spelling the export used. */
function camel(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), value]));
}

const str = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
const isObservation = (row: Row): boolean => str(row["id"]) !== undefined && str(row["traceId"]) !== undefined && (str(row["type"]) !== undefined || "parentObservationId" in row);
const isTrace = (row: Row): boolean => str(row["id"]) !== undefined && !("traceId" in row) && "timestamp" in row && ("sessionId" in row || "htmlPath" in row || "userId" in row);

const isRoot = (row: Row): boolean => row["isRootObservation"] === true || str(row["parentObservationId"]) === undefined;

/** Langfuse gives input and output as text that may be JSON: parsed where it is a structure, kept where it is words. */
function told(value: unknown): Json | undefined {
  if (typeof value !== "string") return (value ?? undefined) as Json | undefined;
  const parsed = /^\s*[[{"]/.test(value) ? parseJson(value) : undefined;
  return parsed ?? value;
}

function observationPieces(row: Row, cut: boolean): Piece[] {
  const traceId = str(row["traceId"]) ?? "";
  const id = str(row["id"]) ?? "";
  const noticed: Noticed = new Set();
  const type = str(row["type"]) ?? "SPAN";
  const name = str(row["name"]);
  const handoff = /^handoff(?:_to_|[ :]+(?:to )?)(.+)$/i.exec(name ?? "")?.[1];
  const kind = handoff === undefined ? (langfuseKind(type) ?? "unknown") : "handoff";
  const input = told(row["input"]);
  const output = told(row["output"]);
  const failed = row["level"] === "ERROR";
  const generic = kind === "custom" || kind === "unknown" || kind === "retrieval";
  const span = defined<SpanPiece["span"]>({
    id,
    parent_id: str(row["parentObservationId"]) ?? null,
    kind,
    native_type: type,
    name,
    started_at: instantOf(row["startTime"]),
    ended_at: instantOf(row["endTime"]),
    error: failed ? { message: str(row["statusMessage"]) ?? "error" } : undefined,
    model: kind === "generation" ? callOf(modelRecord(row, input, output), noticed) : undefined,
    tool: kind === "function" ? defined({ name: name ?? "tool", arguments: wordsOf(input), output: wordsOf(output) }) : undefined,
    agent: kind === "agent" && name !== undefined ? { name } : undefined,
    guardrail: kind === "guardrail" ? { name: name ?? "guardrail", triggered: isObject(output) && output["triggered"] === true } : undefined,
    handoff: handoff === undefined ? undefined : { to: handoff },
    data: cleanObject(defined<Record<string, Json>>({ ...(generic ? { input, output } : {}), span_metadata: isRoot(row) ? undefined : told(row["metadata"]) }), noticed),
  });
  const notes = [...noticed].map((code) => ({ code, span_id: id }));
  const trace = tracePiece({ ...row, id: traceId, name: row["traceName"] });
  // Of the trace, not of the span: what the models and tools were told is whole.
  const noted = cut && isCut(told(row["metadata"])) ? { ...trace, notes: [{ code: "truncated", detail: "metadata" }] } : trace;
  return [noted, { piece: "span", trace_id: traceId, source, span, ...(notes.length === 0 ? {} : { notes }) }];
}

function modelRecord(row: Row, input: Json | undefined, output: Json | undefined): ModelRecord {
  const usage = isObject(row["usageDetails"]) ? row["usageDetails"] : isObject(row["usage"]) ? row["usage"] : {};
  const whole = isObject(output) && output["object"] === "response" ? output : undefined;
  return defined<ModelRecord>({
    response: whole as ModelRecord["response"],
    model: str(row["providedModelName"]) ?? str(row["model"]),
    model_config: told(row["modelParameters"]) as ModelRecord["model_config"],
    input: inputMessages(input),
    output: outputMessages(output),
    usage: { input_tokens: (usage["input"] ?? null) as Json, output_tokens: (usage["output"] ?? null) as Json, total_tokens: (usage["total"] ?? null) as Json },
  });
}

/** What a trace row, or any observation of it, tells of the trace. Only a trace row counts as its record, and of observations only a root's metadata is the trace's. */
function tracePiece(row: Row): TracePiece {
  const noticed: Noticed = new Set();
  const metadata = cleanObject(told(row["metadata"]), noticed);
  const extra = defined<Record<string, Json>>({
    environment: str(row["environment"]),
    release: str(row["release"]),
    version: str(row["version"]),
    prompt_name: str(row["promptName"]),
    prompt_version: row["promptVersion"] === null || row["promptVersion"] === undefined ? undefined : (clean(row["promptVersion"], noticed) as Json),
  });
  const all = { ...(isRoot(row) ? metadata : {}), ...extra };
  const openai = isObject(metadata) ? str(metadata["openai_trace_id"]) : undefined;
  return {
    piece: "trace",
    trace_id: str(row["id"]) ?? "",
    source,
    recorded: isTrace(row),
    ...defined<Pick<TracePiece, "workflow_name" | "group_id" | "user_id" | "metadata" | "tags" | "alt_ids">>({
      workflow_name: str(row["name"]),
      group_id: str(row["sessionId"]),
      user_id: str(row["userId"]),
      metadata: Object.keys(all).length === 0 ? undefined : all,
      tags: Array.isArray(row["tags"]) ? row["tags"].filter((tag) => typeof tag === "string") : undefined,
      alt_ids: openai === undefined ? undefined : { openai_trace_id: openai },
    }),
  };
}
