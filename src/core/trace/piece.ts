import type { Message, ModelCall, Note, Span, ToolSpec, Trace } from "./schema.ts";

/**
 * What a source makes of foreign records: the parts of a trace before they are put together. Pieces of one trace may
 * come in any order, from several files and several runs; `assembleTrace` pools their messages, merges duplicates,
 * makes parents safe and orders spans. Every source yields pieces, so there is one way for the data.
 */

/** A model call that still holds its messages and tools itself. */
export type LooseModelCall = Omit<ModelCall, "instructions" | "input" | "output" | "tools"> & {
  readonly instructions?: Message;
  readonly input?: readonly Message[];
  readonly output?: readonly Message[];
  readonly tools?: readonly ToolSpec[];
};

export type SpanPiece = {
  readonly piece: "span";
  readonly trace_id: string;
  readonly source: Trace["source"];
  readonly span: Omit<Span, "model" | "original_parent_id"> & { readonly model?: LooseModelCall };
  readonly notes?: readonly Note[];
};

/** A trace record, or what a span tells of its trace (session, metadata, environment). `recorded` only on the former. */
export type TracePiece = {
  readonly piece: "trace";
  readonly trace_id: string;
  readonly source: Trace["source"];
  readonly recorded: boolean;
  readonly alt_ids?: Readonly<Record<string, string>>;
  readonly workflow_name?: string;
  readonly group_id?: string;
  readonly user_id?: string;
  readonly metadata?: NonNullable<Trace["metadata"]>;
  readonly tags?: readonly string[];
  readonly notes?: readonly Note[];
};

export type Piece = SpanPiece | TracePiece;
