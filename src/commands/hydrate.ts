import { CasebookError } from "../core/base/error.ts";
import type { Json } from "../core/base/json.ts";
import type { Source } from "../core/sources/source.ts";
import type { Progress, RawRecord, ResponseReader, TraceWriter } from "../core/ports.ts";
import type { Redactor } from "../core/redact/redactor.ts";
import { native } from "../core/sources/native.ts";
import { ownIdOf } from "../core/trace/identity.ts";
import type { Span, Trace } from "../core/trace/schema.ts";
import { pull } from "./pull.ts";

export type HydratePorts = {
  readonly store: TraceWriter;
  readonly responses: ResponseReader;
  readonly redactor: Redactor;
  readonly key: Uint8Array;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
};

/** What `--json` prints. Spans are response spans that hold an id and no text; each ends in exactly one of the counts. */
export type Hydrated = {
  readonly schema: "casebook/hydrate-summary@1";
  readonly spans: number;
  readonly filled: number;
  /** Answered 404 now or in an earlier run: not stored, or past its retention. */
  readonly gone: number;
  /** Not among the recordings of the file given. */
  readonly unknown: number;
  readonly traces: number;
};

/** Note of a span whose Response the API no longer has: it is not asked for again. */
const goneCode = "response-gone";

/**
 * Fills response spans that hold only a `response_id` with what the model was asked and said. Trace by trace: one that is filled is
 * stored before the next is asked for, so a stop loses nothing and the next run goes on from there. What comes in is redacted
 * like everything that is pulled, because it is pulled: as native records of the same spans.
 */
export async function hydrate({ dryRun = false }: { readonly dryRun?: boolean }, ports: HydratePorts): Promise<Hydrated> {
  const { store } = ports;
  let [spans, filled, gone, unknown, traces] = [0, 0, 0, 0, 0];
  const ids = store.ids();
  for (const [index, id] of ids.entries()) {
    ports.progress.tick(index, ids.length, "traces");
    const trace = store.get(id)?.trace;
    if (trace === undefined) continue;
    const lost = new Set((trace.notes ?? []).filter((note) => note.code === goneCode).map((note) => note.span_id));
    const empty = trace.spans.filter(isEmpty);
    spans += empty.length;
    gone += empty.filter((span) => lost.has(span.id)).length;
    const wanted = empty.filter((span) => !lost.has(span.id));
    if (dryRun || wanted.length === 0) continue;
    const records: RawRecord[] = [];
    for (const span of wanted) {
      if (ports.signal?.aborted === true)
        throw new CasebookError("interrupted", `Stopped after ${filled} spans; what was filled is stored.`, { hint: "Run the same command again to go on." });
      const found = await ports.responses.read(span.model?.response_id ?? "");
      if (found === "unknown") unknown += 1;
      else if (found === "gone") gone += 1;
      else filled += 1;
      if (found !== "unknown") records.push(recordOf(trace, span, found));
    }
    if (records.length > 0) {
      traces += 1;
      await pullRecords(records, trace, ports);
    }
  }
  ports.progress.end();
  return { schema: "casebook/hydrate-summary@1", spans, filled, gone, unknown, traces };
}

const isEmpty = (span: Span): boolean =>
  span.kind === "response" && span.model?.response_id !== undefined && span.model.input === undefined && span.model.output === undefined;

/** The span as the SDK would have exported it with its content. Read again, it is merged with the one stored. */
function recordOf(trace: Trace, span: Span, found: "gone" | { readonly response: Json; readonly input: Json | undefined }): RawRecord {
  const content = found === "gone" ? {} : { _response: found.response, ...(found.input === undefined ? {} : { _input: found.input }) };
  const record = {
    object: "trace.span",
    id: span.id,
    trace_id: ownIdOf(trace),
    parent_id: span.original_parent_id ?? span.parent_id,
    started_at: span.started_at ?? null,
    ended_at: span.ended_at ?? null,
    span_data: { type: "response", response_id: span.model?.response_id ?? null, ...content },
    error: span.error ?? null,
    ...(found === "gone" ? { [goneCode]: true } : {}),
  };
  const where = { file: "responses" };
  return { where, bytes: new TextEncoder().encode(JSON.stringify(record)), parse: () => ({ values: [record], problems: [] }) };
}

/** The native reader, which also notes what is gone. */
const reading: typeof native = {
  ...native,
  read: (value, where) => {
    const read = native.read(value, where);
    if (!(typeof value === "object" && value !== null && goneCode in value)) return read;
    return { ...read, pieces: read.pieces.map((piece) => (piece.piece === "span" ? { ...piece, notes: [...(piece.notes ?? []), { code: goneCode, span_id: piece.span.id }] } : piece)) };
  },
};

async function pullRecords(records: readonly RawRecord[], { source }: Trace, ports: HydratePorts): Promise<void> {
  const reader = {
    async *batches() {
      yield { file: "responses", records, problems: [], read: 0 };
    },
  };
  // What is filled are the spans of this view, whatever its source.
  const read: Source["read"] = (value, where) => {
    const { pieces, problems } = reading.read(value, where);
    return { pieces: pieces.map((piece) => ({ ...piece, source })), problems };
  };
  await pull({ source: { ...reading, read }, remember: [] }, { ...ports, reader, progress: { tick() {}, end() {} } });
}
