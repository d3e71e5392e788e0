import type { Message, Trace } from "../../src/core/trace/schema.ts";
import { calls, gives, model, says, tool, traceOf, user, type LooseSpan } from "./trace.ts";

/** What happens in a run, in order. Span ids are `s1`, `s2`, … by position unless given; a call's model span is `m-s1`. */
type Event =
  | { call: string; args?: unknown; output?: string; id?: string }
  | { handoff: string; from?: string; id?: string }
  | { guardrail: string; triggered: boolean; id?: string }
  | { say: string; id?: string };

/** A run of one agent, `triage`, told as a course of events; `error` is what ended it. */
export function traceWith(said: string, events: readonly Event[], options: { error?: string; id?: string; handoffs?: string[] } = {}): Trace {
  const known: Message[] = [user(said)];
  const spans = events.flatMap((event, at): LooseSpan[] => {
    const id = event.id ?? `s${at + 1}`;
    if ("handoff" in event) return [{ id, kind: "handoff", handoff: { from: event.from ?? "triage", to: event.handoff } }];
    if ("guardrail" in event) return [{ id, kind: "guardrail", guardrail: { name: event.guardrail, triggered: event.triggered } }];
    const before = [...known];
    if ("say" in event) {
      known.push(says(event.say));
      return [model(before, [says(event.say)], { id })];
    }
    const args = typeof event.args === "string" ? event.args : JSON.stringify(event.args ?? {});
    const output = event.output ?? "ok";
    known.push(calls(event.call, args, `c${at}`), gives(output, `c${at}`));
    return [model(before, [calls(event.call, args, `c${at}`)], { id: `m-${id}` }), tool(event.call, args, output, { id })];
  });
  const failed = options.error === undefined ? {} : { error: { message: options.error } };
  const root: LooseSpan = { id: "root", kind: "agent", ...failed, agent: { name: "triage", handoffs: options.handoffs ?? [], output_type: "text" }, inside: spans };
  return traceOf([root], { id: options.id ?? "trace_1" });
}
