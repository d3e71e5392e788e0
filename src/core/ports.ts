import type { Json } from "./base/json.ts";
import type { Problem, Where } from "./base/problem.ts";
import type { DedupDecision } from "./dedup/types.ts";
import type { LabelEvent } from "./label/event.ts";
import type { Label } from "./label/label.ts";
import type { Brief } from "./redact/brief.ts";
import type { StoredTrace } from "./redact/stored.ts";
import type { PromptVersion } from "./prompt/prompt.ts";
import type { RunHeader, Run, Trial } from "./replay/run.ts";
import type { Trace } from "./trace/schema.ts";

/** The few things core and commands ask the world for. */

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

/** Words for a person while something long runs; on stderr, nothing when nobody looks. */
export interface Progress {
  /** `done` of `total` (undefined: not known) `unit`s. Called often; the adapter decides when to draw. */
  tick(done: number, total: number | undefined, unit: string): void;
  end(): void;
}

/** A stored recording that has a key of identity: its source's kind, its id there, the run it is a view of and when that came. */
export type KnownView = { readonly kind: Trace["source"]["kind"]; readonly id: string; readonly run: string; readonly arrival: number };

/** The traces pulled so far, latest revision of each. */
export interface TraceReader {
  ids(): readonly string[];
  /** By its id, or by one it has elsewhere. */
  get(id: string): StoredTrace | undefined;
  /** Ids of the traces that have another id which begins so. */
  alias(prefix: string): readonly string[];
  /** Views that have this key (see `identityKeys`), the run that was stored first before the others. Of very many the first few dozen. */
  known(key: string): readonly KnownView[];
  /** Kinds of source there are recordings of. */
  kinds(): readonly KnownView["kind"][];
  /** In order of first arrival. */
  all(): Iterable<StoredTrace>;
}

/** What one record's bytes hold: JSON values, and what is wrong with it. */
export type Parsed = { readonly values: readonly unknown[]; readonly problems: readonly Problem[] };

/** One record of a source as it stands there. Parsed on demand: a record that is stored already need not be. */
export type RawRecord = { readonly where: Where; readonly bytes: Uint8Array; parse(): Parsed };

/** Some records of one file, in order. `read` and `size` are bytes of the file; `size` is absent for a stream. */
export type RecordBatch = {
  readonly file: string;
  readonly records: readonly RawRecord[];
  readonly problems: readonly Problem[];
  readonly read: number;
  readonly size?: number;
};

/** What is pulled: files, folders, stdin or an API. Yields each file's batches one after another. */
export interface RecordReader {
  batches(): AsyncIterable<RecordBatch>;
}

/** Recorded or stored Responses, by id. `gone`: the API no longer has it; `unknown`: not among these recordings. */
export interface ResponseReader {
  read(id: string): Promise<{ readonly response: Json; readonly input: Json | undefined } | "gone" | "unknown">;
}

/** Pages of an API's records that started in [from, to), from a cursor on. `next` null: the last one. */
export type PageReader = (
  window: { readonly from: string; readonly to: string },
  cursor: string | undefined,
) => AsyncIterable<{ readonly value: Json; readonly rows: number; readonly next: string | null }>;

/** How far a pull from an API came: see `checkpointFormat`. */
export type Checkpoint = { readonly from: string; readonly to: string; readonly cursor?: string | undefined; readonly open?: true | undefined; readonly reached?: string | undefined };

export interface CheckpointStore {
  read(name: string): Checkpoint | undefined;
  /** Durable when it returns. */
  write(name: string, checkpoint: Checkpoint): void;
}

/** One trace as a pull leaves it: with `stored` a new revision; without, the stored one stands and was seen again. */
export type PutTrace = { readonly id: string; readonly stored?: StoredTrace; readonly records: readonly string[] };

/** The store as its one writer sees it. */
export interface TraceWriter extends TraceReader {
  /** Id of the trace a record (by keyed digest) belongs to, if a pull that ended stored it. */
  traceOf(digest: string): string | undefined;
  /** What there is to count about a stored trace, without reading it. */
  brief(id: string): Brief | undefined;
  /** All of them or none; durable when it returns. */
  put(traces: readonly PutTrace[]): void;
  /** The pull ended well: what it put counts as known from now on. `sources` are remembered for `--again`. */
  finish(sources: readonly string[]): void;
  /** Sources of pulls that ended, each once. */
  sources(): readonly string[];
}

/** Dedup decisions of the last run of each level. */
export interface DedupStore {
  read(): readonly DedupDecision[];
  write(decisions: readonly DedupDecision[]): void;
}

/** Labels in effect: for each annotator and trace the last one that was not undone. */
export interface LabelReader {
  labels(): readonly Label[];
}

/** One annotator's label journal. */
export interface LabelJournal {
  read(): readonly LabelEvent[];
  /** A decision is durable when it returns. */
  append(event: LabelEvent): void;
  close(): void;
}

export interface PromptReader {
  /** `name@version`, or a path. Throws `usage` naming what there is. */
  prompt(ref: string): PromptVersion;
}

export interface RunLog {
  create(header: RunHeader): void;
  /** Outlives this process when it returns; on disk for good within a quarter of a second, or by `close`. */
  append(id: string, trial: Trial): void;
  close(id: string): void;
  read(id: string): Run;
  list(): readonly RunHeader[];
}

/** The blessed baseline of each dataset, kept in git as text. */
export interface BaselineStore {
  /** Of a dataset by name, or a file by path. `where` names it in messages. Undefined: there is none. */
  read(ref: { readonly dataset: string } | { readonly file: string }): { readonly text: string; readonly where: string } | undefined;
  /** How many cases a version of a dataset has; undefined where that version is not here. */
  cases(dataset: string, version: string): number | undefined;
  /** Answers where it was written. */
  write(dataset: string, text: string): string;
}
