import { answered, called, message, otlp, otlpSpan, ran, spanRecord, traceRecord } from "./gotcha.ts";

/** One record of each format, as its exporter would write it, each a trace of its own with one span. */
export type Format = { readonly name: string; readonly record: (n: number) => object; readonly trace: (n: number) => string; readonly span: (n: number) => string };

const hex = (n: number, digits: number): string => (0xa1b2c3 + n * 7919).toString(16).padStart(digits, "e7d5");
const uuid = (n: number): string => `01a201ff-0599-7000-8000-${hex(n, 12).slice(0, 12)}`;
/** No two of them say the same, else they could be taken for one run. */
const asked = (n: number): object[] => [{ role: "system", content: "Be kind." }, { role: "user", content: `Refund A${n}, please.` }];

export const formats: readonly Format[] = [
  { name: "native function", record: (n) => spanRecord(`trace_${n}`, `span_${n}`, ran("lookup", '{"order":"A1"}', "found")), trace: (n) => `trace_${n}`, span: (n) => `span_${n}` },
  { name: "native response", record: (n) => spanRecord(`trace_${n}`, `span_${n}`, answered(asked(n), [called("lookup", '{"order":"A1"}', "call_1"), message(`Done ${n}.`)], { id: `resp_${n}` })), trace: (n) => `trace_${n}`, span: (n) => `span_${n}` },
  { name: "ingest body", record: (n) => ({ data: [traceRecord(`trace_${n}`), spanRecord(`trace_${n}`, `span_${n}`, { type: "agent", name: "Clerk", handoffs: ["Billing"], tools: ["lookup"], output_type: "text" })] }), trace: (n) => `trace_${n}`, span: (n) => `span_${n}` },
  {
    name: "GenAI",
    record: (n) => otlp(otlpSpan({ "gen_ai.operation.name": "chat", "gen_ai.request.model": "m", "gen_ai.usage.input_tokens": 3, "gen_ai.input.messages": JSON.stringify([{ role: "user", parts: [{ type: "text", content: `hi ${n}` }] }]) }, { traceId: hex(n, 32), spanId: hex(n, 16) })),
    trace: (n) => hex(n, 32),
    span: (n) => hex(n, 16),
  },
  {
    name: "OpenInference",
    record: (n) => otlp(otlpSpan({ "openinference.span.kind": "LLM", "llm.model_name": "m", "llm.input_messages.0.message.role": "user", "llm.input_messages.0.message.content": `hi ${n}`, "llm.output_messages.0.message.role": "assistant", "llm.output_messages.0.message.tool_calls.0.tool_call.function.name": "lookup", "output.value": `{"id":"resp_${n}"}` }, { traceId: hex(n, 32), spanId: hex(n, 16) })),
    trace: (n) => hex(n, 32),
    span: (n) => hex(n, 16),
  },
  { name: "Langfuse", record: (n) => ({ id: hex(n, 16), traceId: hex(n, 32), type: "GENERATION", parentObservationId: null, name: "answer", startTime: "2026-11-20T10:00:00.000Z", sessionId: "s1", input: JSON.stringify(asked(n)), output: JSON.stringify(message(`Done ${n}.`)), usageDetails: { input: 3, output: 1 }, metadata: { a: 1 } }), trace: (n) => hex(n, 32), span: (n) => hex(n, 16) },
  { name: "LangSmith", record: (n) => ({ id: uuid(n), trace_id: uuid(n), name: "answer", run_type: "llm", start_time: "2026-11-20T10:00:00.000000", inputs: { messages: asked(n) }, outputs: { output: [message(`Done ${n}.`)] }, extra: { metadata: { ls_model_name: "m", usage_metadata: { input_tokens: 3 } } }, parent_run_ids: [] }), trace: uuid, span: uuid },
  { name: "Phoenix", record: (n) => ({ name: "llm", context: { trace_id: hex(n, 32), span_id: hex(n, 16) }, span_kind: "LLM", parent_id: null, start_time: "2026-11-20T10:00:00Z", status_code: "OK", attributes: { llm: { input_messages: [{ message: { role: "user", content: `hi ${n}` } }] }, "output.value": "Done." } }), trace: (n) => hex(n, 32), span: (n) => hex(n, 16) },
];
