import { openLineFile, type Rotation } from "./file.ts";

/** One line of the recording: a trace or span record as the SDK exports it, with `_input` and `_response` of response spans. */
export type RecordedLine = { [member: string]: unknown };

export type RecorderOptions = Rotation & {
  /** The JSONL file to append to. Made, with its folders, on the first record; readable by its owner only. */
  readonly path: string;
  /**
   * Sees a copy of each record before it is written and returns what to write instead; `undefined` or `null` drops it. Must not be
   * async. If it throws, the record is dropped: it is never written unredacted.
   */
  readonly redact?: (record: RecordedLine) => RecordedLine | null | undefined;
};

/** What happened so far. `failed` records could not be written, serialised or redacted; `dropped` ones the hook refused. */
export type RecorderStats = { readonly written: number; readonly dropped: number; readonly failed: number };

/** The SDK's `TracingProcessor`, told by shape: this module needs nothing of the SDK, nor of casebook, at run time. */
export type Recorder = {
  onTraceStart(trace: TraceLike): Promise<void>;
  onTraceEnd(trace: TraceLike): Promise<void>;
  onSpanStart(span: SpanLike): Promise<void>;
  onSpanEnd(span: SpanLike): Promise<void>;
  shutdown(timeout?: number): Promise<void>;
  forceFlush(): Promise<void>;
  stats(): RecorderStats;
};
type TraceLike = { toJSON(): object | null };
type SpanLike = { readonly spanData: object; toJSON(): object | null };

/**
 * A processor that keeps every trace and span of the OpenAI Agents SDK in a file that `casebook pull` reads, model input and
 * output included (the SDK's own export of a `response` span holds only an id).
 *
 * Beside OpenAI's exporter: `addTraceProcessor(createRecorder({ path: "traces.jsonl" }))`
 * Instead of it:            `setTraceProcessors([createRecorder({ path: "traces.jsonl" })])`
 *
 * Records are written when a span ends, not when a trace does: the SDK never ends the trace of a run that throws. Nothing here
 * throws into the app; the first failure is told on stderr, the rest are counted. The tracing key is never written. With
 * `traceIncludeSensitiveData: false` the SDK withholds the content, and so does the recording. The SDK traces nothing
 * under `NODE_ENV=test` or `OPENAI_AGENTS_DISABLE_TRACING=1`.
 */
export function createRecorder({ path, redact, ...rotation }: RecorderOptions): Recorder {
  const file = openLineFile(path, rotation);
  const stats = { written: 0, dropped: 0, failed: 0 };
  const guarded = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      stats.failed += 1;
      if (stats.failed === 1) warn(error);
    }
  };
  const keep = (record: object | null): void => {
    // Disabled tracing exports null.
    if (record === null) return;
    let line = serialise(withoutKey(record));
    if (redact !== undefined) {
      const redacted = redact(JSON.parse(line) as RecordedLine);
      if (redacted === undefined || redacted === null) return void (stats.dropped += 1);
      if (redacted instanceof Promise) {
        // Its own failure must not end the app as an unhandled rejection.
        redacted.catch(() => {});
        throw new TypeError("redact must not be async");
      }
      line = serialise(redacted);
    }
    file.append(line);
    stats.written += 1;
  };
  return {
    async onTraceStart(trace) {
      guarded(() => keep(trace.toJSON()));
    },
    async onTraceEnd() {},
    async onSpanStart() {},
    async onSpanEnd(span) {
      guarded(() => keep(withContent(span)));
    },
    async forceFlush() {
      guarded(() => file.sync());
    },
    async shutdown() {
      guarded(() => {
        file.sync();
        file.close();
      });
    },
    stats: () => ({ ...stats }),
  };
}

/** The exported record, and the members of a response span that the export leaves out. */
function withContent(span: SpanLike): object | null {
  const record = span.toJSON() as { span_data?: { type?: unknown } } | null;
  if (record === null || record.span_data?.type !== "response") return record;
  const { _input, _response } = span.spanData as { _input?: unknown; _response?: unknown };
  return { ...record, span_data: { ...record.span_data, ...(_input === undefined ? {} : { _input }), ...(_response === undefined ? {} : { _response }) } };
}

function withoutKey(record: object): object {
  const { tracing_api_key: _, ...rest } = record as { tracing_api_key?: unknown };
  return rest;
}

/** JSON on one line. What has no JSON form (a cycle, a bigint) is replaced instead of losing the whole record. */
function serialise(record: object): string {
  try {
    return JSON.stringify(record);
  } catch {
    const open: unknown[] = [];
    return JSON.stringify(record, function (this: unknown, _key, value: unknown) {
      if (typeof value === "bigint") return value.toString();
      if (typeof value !== "object" || value === null) return value;
      while (open.length > 0 && open.at(-1) !== this) open.pop();
      if (open.includes(value)) return "[circular]";
      open.push(value);
      return value;
    });
  }
}

/** Says that something failed, never what was recorded: an error's message may quote it. */
function warn(error: unknown): void {
  const code = (error as { code?: unknown } | null)?.code;
  const kind = typeof code === "string" ? code : error instanceof Error ? error.name : "unknown error";
  try {
    process.stderr.write(`casebook recorder: a record was not written (${kind}); further failures are only counted.\n`);
  } catch {
    // Nobody listens.
  }
}
