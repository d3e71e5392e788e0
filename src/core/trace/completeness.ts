import type { Completeness } from "./derived.ts";
import { linkToolCalls, type Links } from "./link.ts";
import type { Span, Trace } from "./schema.ts";
import { isModelKind, leafModels, treeOf, type Place } from "./tree.ts";

/**
 * How much of a run was recorded. `content` is `full` when every model call tells its input and output and every tool call
 * its arguments or output, `none` when nothing does; a model call that failed is not expected to. A trace is replayable
 * when its conversation is all there; the reasons are sentences for a person.
 */
export function completenessOf(trace: Trace): Completeness {
  const models = leafModels(treeOf(trace)).filter((place) => place.span.error === undefined || spoke(place.span));
  const functions = trace.spans.filter(({ kind }) => kind === "function");
  const filled = models.filter(({ span }) => spoke(span) && span.model?.input !== undefined).length;
  const some = models.some(({ span }) => spoke(span) || (span.model?.input?.length ?? 0) > 0);
  const tools = functions.filter(hasContent).length;
  const content =
    models.length > 0 && filled === models.length && tools === functions.length
      ? "full"
      : some || tools > 0
        ? "partial"
        : "none";
  const ids = new Set(trace.spans.map(({ id }) => id));
  const truncated = truncatedSpans(trace);
  return {
    content,
    orphans: trace.spans.filter(({ original_parent_id: parent }) => parent !== undefined && !ids.has(parent)).length,
    truncated,
    sensitiveOff: content === "none" && looksSwitchedOff(models, functions),
    traceRecord: trace.recorded,
    replayable: replayable({ trace, models, filled, truncated }),
  };
}

const spoke = (span: Span): boolean => (span.model?.output?.length ?? 0) > 0;
const hasContent = ({ tool }: Span): boolean => Boolean(tool?.arguments) || Boolean(tool?.output);

/**
 * With sensitive data off function spans are there but empty, generation spans (whose export holds messages) too; a response
 * span that lost even its `response_id` says the same. One with an id is only the SDK's plain export.
 */
function looksSwitchedOff(models: readonly Place[], functions: readonly Span[]): boolean {
  if (functions.length > 0) return true;
  return (
    models.length > 0 &&
    models.every(({ span }) => span.kind === "generation" || span.model?.response_id === undefined)
  );
}

const isCut = (text: string): boolean => text.endsWith("... [truncated]") || text.startsWith('{"truncated":true,"original_type":');

/** Spans that hold a field an exporter cut: noted at reading, or marked in the text. */
function truncatedSpans(trace: Trace): string[] {
  const ids = new Set<string>();
  for (const note of trace.notes ?? []) if (note.code === "truncated" && note.span_id !== undefined) ids.add(note.span_id);
  const cutMessages = new Set(
    trace.messages.flatMap(({ parts }, index) =>
      parts.some((part) => "text" in part ? isCut(part.text) : part.type === "tool_result" && isCut(part.output)) ? [index] : [],
    ),
  );
  for (const { id, tool, model } of trace.spans) {
    const fields = [tool?.arguments, tool?.output];
    const messages = [...(model?.input ?? []), ...(model?.output ?? [])];
    if (fields.some((text) => text !== undefined && isCut(text)) || messages.some((index) => cutMessages.has(index))) ids.add(id);
  }
  return trace.spans.filter(({ id }) => ids.has(id)).map(({ id }) => id);
}

type Known = {
  readonly trace: Trace;
  readonly models: readonly Place[];
  readonly filled: number;
  readonly truncated: readonly string[];
};

function replayable({ trace, models, filled, truncated }: Known): Completeness["replayable"] {
  const no = (why: string): Completeness["replayable"] => ({ ok: false, why });
  if (!trace.spans.some(({ kind }) => isModelKind(kind))) return no("no model call was recorded");
  if (models.length === 0) return no("every model call failed before it answered");
  if (filled < models.length) return no(`the messages of ${models.length - filled} of ${models.length} model calls were not recorded`);
  if (truncated.length > 0) return no(`an exporter cut text in ${truncated.length} of ${trace.spans.length} spans`);
  const links = linkToolCalls(trace);
  if (startsBefore(links)) return no("the conversation begins in an earlier response that is not in this trace");
  const open = openCalls(links);
  return open > 0 ? no(`${open} of ${links.calls.length} tool calls have no recorded result`) : { ok: true };
}

function startsBefore({ exchanges }: Links): boolean {
  const [first] = exchanges;
  const model = first?.place.span.model;
  return model?.input_is_delta === true && (model.previous_response_id !== undefined || model.conversation_id !== undefined);
}

/** Calls without a result although the conversation went on after them. */
function openCalls({ calls, exchanges }: Links): number {
  const last = new Map(exchanges.map(({ place }) => [place.scope, place.index]));
  return calls.filter(
    ({ origin, place, output, error, handoff }) =>
      origin === "output" && output === undefined && error === undefined && handoff === undefined && place.index < (last.get(place.scope) ?? 0),
  ).length;
}
