import { isObject, parseJson, type Json } from "../base/json.ts";
import type { Piece, SpanPiece, TracePiece } from "../trace/piece.ts";
import type { SpanKind } from "../trace/schema.ts";
import { instantOf } from "../trace/time.ts";
import { cleanObject, type Noticed } from "./clean.ts";
import { inputMessages, outputMessages } from "./otlp/others.ts";
import { callOf, defined, listOf, wordsOf, type ModelRecord } from "./otlp/reading.ts";
import { lostRows, type Read, type Source } from "./source.ts";

type Run = Readonly<Record<string, unknown>>;

/**
 * LangSmith: pages of `runs/query` v2 (`{items, next_cursor}`) and v1 (`{runs, cursors}`), bulk export rows, and the runs its
 * SDK posts. Its Agents SDK processor writes turns as chains named "Span" and keeps the SDK's ids in `metadata`.
 */
export const langsmith: Source = {
  name: "langsmith",
  recognises: (value) => rowsOf(value).some(isRun),
  read: (value, where): Read => {
    const rows = rowsOf(value);
    const lost = rows.flatMap((row, at) => (isRun(row) ? [] : [{ at: at + 1, trace: isObject(row) ? row["trace_id"] : undefined }]));
    return { pieces: rows.filter(isRun).flatMap(piecesOf), problems: lostRows(noRun, lost, { where, of: rows.length }) };
  },
};

const noRun = { code: "not-a-run", what: ["no LangSmith run", "no LangSmith runs"], remedy: "Export runs with id, trace_id and run_type; the others were read." } as const;

const rowsOf = (value: unknown): readonly unknown[] => {
  if (!isObject(value)) return [value];
  const page = [value["items"], value["runs"], value["post"]].find(Array.isArray);
  return (page as readonly unknown[] | undefined) ?? [value];
};
const isRun = (row: unknown): row is Run => isObject(row) && str(row["id"]) !== undefined && (str(row["run_type"]) !== undefined || str(row["dotted_order"]) !== undefined);
const str = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** An object, which the rows of bulk exports hold as JSON text; else an empty one. */
function objectIn(value: unknown): Run {
  const held = typeof value === "string" ? parseJson(value) : value;
  return isObject(held) ? held : {};
}

const kinds: Readonly<Record<string, SpanKind>> = { llm: "generation", tool: "function", retriever: "retrieval", embedding: "retrieval" };

function piecesOf(run: Run): Piece[] {
  const id = str(run["id"]) ?? "";
  const traceId = str(run["trace_id"]) ?? str(run["dotted_order"])?.split(".")[0]?.replace(/^\d{8}T\d+Z/, "") ?? id;
  const parent = parentOf(run, id);
  const metadata = { ...objectIn(objectIn(run["extra"])["metadata"]), ...objectIn(run["metadata"]) };
  const noticed: Noticed = new Set();
  const span = spanOf({ run, id, parent, metadata, noticed });
  const notes = [...noticed].map((code) => ({ code, span_id: id }));
  const source = { kind: "langsmith" } as const;
  const openai = str(metadata["openai_trace_id"]);
  const trace: TracePiece = {
    piece: "trace",
    trace_id: traceId,
    source,
    recorded: false,
    ...defined<Pick<TracePiece, "workflow_name" | "group_id" | "metadata" | "tags" | "alt_ids">>({
      workflow_name: parent === null ? str(run["name"]) : undefined,
      group_id: str(run["thread_id"]) ?? str(metadata["thread_id"]) ?? str(metadata["session_id"]),
      metadata: parent === null ? cleanObject(Object.fromEntries(Object.entries(metadata).filter(([key]) => !isBookkeeping(key))), new Set()) : undefined,
      tags: parent === null && Array.isArray(run["tags"]) ? run["tags"].filter((tag) => typeof tag === "string") : undefined,
      alt_ids: openai === undefined ? undefined : { openai_trace_id: openai },
    }),
  };
  return [trace, { piece: "span", trace_id: traceId, source, span, ...(notes.length === 0 ? {} : { notes }) }];
}

/** Metadata of the tracer itself, and members of the Response that the processor spreads into it. */
const isBookkeeping = (key: string): boolean =>
  /^(ls_|openai_|LANGSMITH_|thread_id$|usage_metadata$|id$|object$|created_at$|status$|error$|incomplete_details$|output_text$|output_type$|store$|user$|metadata$)/.test(key);

/** The last of `parent_run_ids`, `parent_run_id`, or the one before the last in `dotted_order`. */
function parentOf(run: Run, id: string): string | null {
  const list = run["parent_run_ids"];
  const last: unknown = Array.isArray(list) ? list.at(-1) : undefined;
  const direct = str(run["parent_run_id"]) ?? str(last);
  if (direct !== undefined) return direct;
  const dotted = str(run["dotted_order"])?.split(".").at(-2)?.replace(/^\d{8}T\d+Z/, "");
  return dotted === undefined || dotted === id ? null : dotted;
}

type Reading = { readonly run: Run; readonly id: string; readonly parent: string | null; readonly metadata: Run; readonly noticed: Noticed };

function spanOf({ run, id, parent, metadata, noticed }: Reading): SpanPiece["span"] {
  const type = (str(run["run_type"]) ?? "chain").toLowerCase();
  const name = str(run["name"]);
  const inputs = objectIn(run["inputs"]);
  const outputs = objectIn(run["outputs"]);
  const isHandoff = type === "chain" && "from_agent" in inputs;
  const isAgent = type === "chain" && parent !== null && name !== "Span" && str(metadata["output_type"]) !== undefined;
  const kind = isHandoff ? "handoff" : isAgent ? "agent" : (kinds[type] ?? (parent === null ? "task" : name === "Span" ? "turn" : "custom"));
  const error = str(run["error"]) ?? (/^error$/i.test(str(run["status"]) ?? "") ? "error" : undefined);
  return defined<SpanPiece["span"]>({
    id,
    parent_id: parent,
    kind,
    native_type: type,
    name,
    started_at: instantOf(run["start_time"]),
    ended_at: instantOf(run["end_time"]),
    error: error === undefined ? undefined : { message: error },
    model: kind === "generation" ? callOf(modelRecord({ run, inputs, outputs, metadata }), noticed) : undefined,
    tool: kind === "function" ? { name: name ?? "tool", arguments: argumentsOf(inputs), output: argumentsOf(outputs) } : undefined,
    agent: kind === "agent" && name !== undefined ? { name } : undefined,
    turn: kind === "turn" ? {} : undefined,
    handoff: isHandoff ? defined({ from: wordsOf(inputs["from_agent"]), to: wordsOf(outputs["to_agent"]) }) : undefined,
    data: kind === "custom" || kind === "retrieval" || kind === "task" ? cleanObject({ inputs, outputs }, noticed) : undefined,
  });
}

/** A single `input`/`output` member is what was passed; else the object itself was. */
function argumentsOf(value: Run): string {
  const keys = Object.keys(value);
  const only = keys.length === 1 && /^(input|output)$/.test(keys[0] ?? "") ? value[keys[0] ?? ""] : value;
  return wordsOf(only) ?? "";
}

function modelRecord({ run, inputs, outputs, metadata }: Readonly<Record<"run" | "inputs" | "outputs" | "metadata", Run>>): ModelRecord {
  const usage = isObject(metadata["usage_metadata"]) ? metadata["usage_metadata"] : { input_tokens: run["prompt_tokens"], output_tokens: run["completion_tokens"], total_tokens: run["total_tokens"] };
  const settings = { temperature: metadata["ls_temperature"], max_tokens: metadata["ls_max_tokens"] };
  const input = (inputs["input"] ?? inputs["messages"] ?? inputs) as Json;
  return defined<ModelRecord>({
    api: metadata["object"] === "response" ? "responses" : "other",
    response_id: metadata["object"] === "response" ? str(metadata["id"]) : undefined,
    model: str(metadata["ls_model_name"]),
    model_config: settings as ModelRecord["model_config"],
    instructions: inputs["instructions"] as Json | undefined,
    tools: (inputs["tools"] ?? metadata["tools"]) as Json | undefined,
    input: Array.isArray(input) ? listOf(input[0] !== undefined && Array.isArray(input[0]) ? (input[0] as Json) : input) : inputMessages(input),
    output: outputMessages((typeof outputs["output"] === "string" && Object.keys(outputs).length === 1 ? outputs["output"] : outputs) as Json),
    usage: usage as ModelRecord["usage"],
  });
}
