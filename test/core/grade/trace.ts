import type { Message, Span, Trace } from "../../../src/core/trace/schema.ts";

/** A small trace for tests: one agent span, and what the course says below it, in order. */
type Event =
  | { call: string; args?: unknown; output?: string; id?: string }
  | { handoff: string; from?: string; id?: string }
  | { guardrail: string; triggered: boolean; id?: string }
  | { say: string; id?: string };

const at = (n: number): string => `2026-01-01T00:00:${String(n).padStart(2, "0")}.000000000Z`;

/** `error` is put on the agent span: it ends the run. Span ids are `s1`, `s2`, … in order unless named; the root is `root`. */
export function traceWith(user: string, events: readonly Event[], options: { error?: string; id?: string; handoffs?: string[] } = {}): Trace {
  const messages: Message[] = [{ role: "user", parts: [{ type: "text", text: user }] }];
  const spans: Span[] = [];
  const known = [0];
  const put = (message: Message): number => messages.push(message) - 1;
  for (const [n, event] of events.entries()) {
    const id = event.id ?? `s${n + 1}`;
    const base = { id, parent_id: "root", started_at: at(n * 2 + 1), ended_at: at(n * 2 + 2) };
    if ("say" in event) {
      const said = put({ role: "assistant", parts: [{ type: "text", text: event.say }] });
      spans.push({ ...base, kind: "generation", model: { api: "chat", input: [...known], output: [said] } });
      known.push(said);
    } else if ("call" in event) {
      const args = typeof event.args === "string" ? event.args : JSON.stringify(event.args ?? {});
      const output = event.output ?? "ok";
      const asked = put({ role: "assistant", parts: [{ type: "tool_call", call_id: `c${n}`, name: event.call, arguments: args }] });
      spans.push({ ...base, id: `m-${id}`, kind: "generation", model: { api: "chat", input: [...known], output: [asked] } });
      spans.push({ ...base, started_at: at(n * 2 + 2), kind: "function", name: event.call, tool: { name: event.call, arguments: args, output } });
      known.push(asked, put({ role: "tool", parts: [{ type: "tool_result", call_id: `c${n}`, name: event.call, output }] }));
    } else if ("handoff" in event) spans.push({ ...base, kind: "handoff", handoff: { from: event.from ?? "triage", to: event.handoff } });
    else spans.push({ ...base, kind: "guardrail", name: event.guardrail, guardrail: { name: event.guardrail, triggered: event.triggered } });
  }
  const root: Span = {
    id: "root",
    parent_id: null,
    kind: "agent",
    name: "triage",
    started_at: at(0),
    ended_at: at(59),
    agent: { name: "triage", handoffs: options.handoffs ?? [], output_type: "text" },
    ...(options.error === undefined ? {} : { error: { message: options.error } }),
  };
  return { schema: "casebook/trace@1", id: options.id ?? "trace_1", source: { kind: "native" }, recorded: true, workflow_name: "support", messages, tools: [], spans: [root, ...spans] };
}
