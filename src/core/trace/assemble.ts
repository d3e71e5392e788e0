import { betterSpan, definedOf, mergeTracePieces, overStored } from "./merge.ts";
import { placeSpans } from "./order.ts";
import type { LooseModelCall, Piece, SpanPiece } from "./piece.ts";
import { createPool, type Pool } from "./pool.ts";
import type { Message, ModelCall, Note, Span, ToolSpec, Trace } from "./schema.ts";

type LooseSpan = SpanPiece["span"];
type Held = { span: LooseSpan; readonly recorded_parent: string | null; readonly arrival: number };

/**
 * One trace out of its pieces, and out of what is stored of it already (`previous`). Pure and deterministic: the order of
 * pieces matters only as the tie-break between siblings and between equal variants. Records of one span are merged
 * (`merged-variant` is noted where one held more), parents made safe, spans put in pre-order, messages and tools pooled in
 * order of first use. A span that is read now stands over its stored (redacted) form, so that re-reading a source
 * gives the same trace. There must be at least one piece or a previous trace.
 */
export function assembleTrace(pieces: readonly Piece[], previous?: Trace): Trace {
  const id = previous?.id ?? (pieces[0] as Piece).trace_id;
  const { whole, notes: conflicts } = mergeTracePieces(pieces.filter((piece) => piece.piece === "trace"));
  const notes: Note[] = [...(previous?.notes ?? []), ...conflicts];
  for (const piece of pieces) if (piece.notes !== undefined) notes.push(...piece.notes);

  const held = new Map<string, Held>();
  let arrival = 0;
  for (const span of previous?.spans ?? []) {
    const recorded_parent = span.original_parent_id ?? span.parent_id;
    held.set(span.id, { span: loosen(span, previous as Trace), recorded_parent, arrival: arrival++ });
  }
  for (const piece of pieces) if (piece.piece === "span") take(held, piece.span, arrival++, notes);

  const messages = createPool<Message>();
  const tools = createPool<ToolSpec>();
  const spans = placeSpans([...held.values()]).map(({ span, parent, original }): Span => {
    const { model, ...rest } = span;
    return {
      ...rest,
      parent_id: parent,
      ...(original === undefined ? {} : { original_parent_id: original }),
      ...(model === undefined ? {} : { model: pooled(model, messages, tools) }),
    };
  });
  const kept = distinct(notes.filter((note) => note.span_id === undefined || held.has(note.span_id)));
  return {
    schema: "casebook/trace@1",
    id,
    source: sourceOf(pieces, previous),
    recorded: (previous?.recorded ?? false) || pieces.some((piece) => piece.piece === "trace" && piece.recorded),
    ...overStored(whole, previous),
    messages: [...messages.values],
    tools: [...tools.values],
    spans,
    ...(kept.length === 0 ? {} : { notes: kept }),
  };
}

function take(held: Map<string, Held>, span: LooseSpan, arrival: number, notes: Note[]): void {
  const known = held.get(span.id);
  const recorded_parent = span.parent_id;
  if (known === undefined) {
    held.set(span.id, { span, recorded_parent, arrival });
    return;
  }
  const better = betterSpan(known.span, span);
  if (better.differ) notes.push({ code: "merged-variant", span_id: span.id });
  if (better.span === span) held.set(span.id, { span, recorded_parent, arrival: known.arrival });
}

function loosen(span: Span, trace: Trace): LooseSpan {
  const { model, original_parent_id, ...rest } = span;
  const loose = { ...rest, parent_id: original_parent_id ?? span.parent_id };
  if (model === undefined) return loose;
  const messageAt = (at: number): Message => trace.messages[at] as Message;
  const { instructions, input, output, tools, ...call } = model;
  return {
    ...loose,
    model: definedOf({
      ...call,
      instructions: instructions === undefined ? undefined : messageAt(instructions),
      input: input?.map(messageAt),
      output: output?.map(messageAt),
      tools: tools?.map((at) => trace.tools[at] as ToolSpec),
    }) as LooseModelCall,
  };
}

function pooled(model: LooseModelCall, messages: Pool<Message>, pool: Pool<ToolSpec>): ModelCall {
  const { instructions, input, output, tools, ...call } = model;
  return definedOf({
    ...call,
    instructions: instructions === undefined ? undefined : messages.add(instructions),
    input: input?.map(messages.add),
    output: output?.map(messages.add),
    tools: tools?.map(pool.add),
  }) as ModelCall;
}

/** The source that was there first; a later piece of the same kind adds what it knows more (the SDK, the dialect). */
function sourceOf(pieces: readonly Piece[], previous: Trace | undefined): Trace["source"] {
  const all = [...(previous === undefined ? [] : [previous.source]), ...pieces.map((piece) => piece.source)];
  const { kind } = all[0] as Trace["source"];
  const same = all.filter((source) => source.kind === kind);
  const dialect = same.find((source) => source.dialect !== undefined)?.dialect;
  const sdk = same.find((source) => source.sdk !== undefined)?.sdk;
  return { kind, ...(dialect === undefined ? {} : { dialect }), ...(sdk === undefined ? {} : { sdk }) };
}

function distinct(notes: readonly Note[]): Note[] {
  const keyed = new Map(notes.map((note) => [`${note.code}\n${note.span_id ?? ""}\n${note.detail ?? ""}`, note]));
  return [...keyed].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, note]) => note);
}
