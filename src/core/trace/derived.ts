import type { Message, Usage } from "./schema.ts";

/** The shapes of what is derived from a trace. Each has its function in a file of this room. */

/** How much of a trace was recorded. `content` looks at model spans and function spans together. */
export type Completeness = {
  readonly content: "full" | "partial" | "none";
  /** Spans whose parent is not in the trace. */
  readonly orphans: number;
  /** Ids of spans holding a field cut by an exporter. */
  readonly truncated: readonly string[];
  /** Sensitive data was switched off in the SDK. */
  readonly sensitiveOff: boolean;
  readonly traceRecord: boolean;
  /** Enough was recorded to rebuild and replay the run; if not, why. */
  readonly replayable: { readonly ok: true } | { readonly ok: false; readonly why: string };
};

/** `blocked`: a guardrail tripped. `interrupted`: ends with calls nobody answered. `incomplete`: the root never ended. */
export type Status = "ok" | "error" | "blocked" | "interrupted" | "incomplete" | "unknown";

/**
 * One step of a run as a person reads it. `span_id` is the span it came from (the model span for messages, the function
 * span for tools). `agent` is the agent in whose stretch it happened.
 */
export type Step =
  | { readonly kind: "message"; readonly role: Message["role"]; readonly text: string; readonly span_id?: string; readonly agent?: string }
  | {
      readonly kind: "tool";
      readonly name: string;
      readonly arguments: string | undefined;
      readonly output: string | undefined;
      readonly call_id?: string;
      readonly error?: string;
      readonly span_id?: string;
      readonly agent?: string;
      /** How the function span was matched to the model's call: by id and output, by name and arguments, or not. */
      readonly linked: "exact" | "inferred" | "none";
    }
  | { readonly kind: "handoff"; readonly from: string | undefined; readonly to: string | undefined; readonly span_id: string; readonly agent?: string }
  | {
      readonly kind: "guardrail";
      readonly name: string;
      readonly triggered: boolean;
      readonly stage: "input" | "output" | "tool" | undefined;
      readonly span_id: string;
      readonly agent?: string;
    }
  | { readonly kind: "error"; readonly message: string; readonly span_id: string; readonly agent?: string }
  | { readonly kind: "note"; readonly text: string; readonly span_id?: string; readonly agent?: string };

/** A place worth a look first: `error`, `guardrail-tripped`, `repeated-call`, `handoff-ping-pong`, `unanswered-call`, … */
export type Suspicion = { readonly code: string; readonly span_id: string; readonly step?: number; readonly words: string };

/** The readable course of a trace. `system` holds each distinct instruction text once, by agent. */
export type Transcript = {
  readonly system: readonly { readonly agent: string | undefined; readonly text: string }[];
  readonly steps: readonly Step[];
  readonly suspicions: readonly Suspicion[];
  /** The last assistant text of the run, if any. */
  readonly output: string | undefined;
};

/** One recorded tool call, in the order the model asked for it. `output` undefined: never answered or not recorded. */
export type ToolTake = {
  readonly seq: number;
  readonly agent: string | undefined;
  readonly name: string;
  readonly arguments: string;
  readonly output: string | undefined;
  readonly error: string | undefined;
  readonly call_id: string | undefined;
  readonly span_id: string | undefined;
};

/** One recorded model answer. */
export type ModelTake = {
  readonly seq: number;
  readonly agent: string | undefined;
  readonly span_id: string;
  readonly output: readonly Message[];
  readonly usage: Usage | undefined;
  readonly response_id: string | undefined;
};

/** What a replay answers from. */
export type Tape = { readonly tools: readonly ToolTake[]; readonly models: readonly ModelTake[] };
