import type { Tape } from "./derived.ts";
import { linkToolCalls } from "./link.ts";
import { transferTarget } from "./match.ts";
import type { Trace } from "./schema.ts";

/**
 * What a replay answers from: every tool call made in this trace with what the model was shown for it, and every model
 * answer, each in order. Handoffs are not on the tape (the rebuilt agents do them themselves), nor are calls that were only
 * part of the history the run was given. `seq` counts from 0.
 */
export function tapeOf(trace: Trace): Tape {
  const { calls, exchanges } = linkToolCalls(trace);
  const made = calls.filter(
    (call) =>
      call.handoff === undefined &&
      transferTarget(call.name, call.output) === undefined &&
      (call.origin !== "input" || call.function !== undefined),
  );
  const answered = exchanges.filter(({ place }) => place.span.model?.output !== undefined);
  return {
    tools: made.map((call, seq) => ({
      seq,
      agent: call.place.agent,
      name: call.name,
      arguments: call.arguments ?? "",
      output: call.output,
      error: call.error,
      call_id: call.call_id ?? call.function?.span.tool?.call_id,
      span_id: call.function?.span.id,
    })),
    models: answered.map(({ place: { span, agent } }, seq) => ({
      seq,
      agent,
      span_id: span.id,
      output: (span.model?.output ?? []).flatMap((index) => trace.messages[index] ?? []),
      usage: span.model?.usage,
      response_id: span.model?.response_id,
    })),
  };
}
