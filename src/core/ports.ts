import type { DedupDecision } from "./dedup/types.ts";
import type { LabelEvent } from "./label/event.ts";
import type { Label } from "./label/label.ts";
import type { StoredTrace } from "./redact/stored.ts";
import type { PromptVersion } from "./prompt/prompt.ts";
import type { RunHeader, Run, Trial } from "./replay/run.ts";

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

/** The traces pulled so far, latest revision of each. */
export interface TraceReader {
  ids(): readonly string[];
  get(id: string): StoredTrace | undefined;
  /** In order of first arrival. */
  all(): Iterable<StoredTrace>;
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
  /** Durable when it returns. */
  append(id: string, trial: Trial): void;
  read(id: string): Run;
  list(): readonly RunHeader[];
}
