/** Templates of what does not come as a file: traces posted to `collect`, pages of vendors' APIs, Responses behind ids. Slots as in `traces.mjs`. */
const time = (trace, at) => new Date(Date.UTC(2026, 10, 2) + trace.number * 60_000 + at * 50).toISOString();
const spanId = (trace, at) => `${trace.hash.slice(0, 14)}${String(at).padStart(2, "0")}`;
const traceId = (trace) => `${trace.hash}${trace.hash.slice(0, 8)}`;

/** A run as the SDK's exporter posts it, and one in OTLP. */
export function postedTrace(trace, slot) {
  const trace_id = `trace_${traceId(trace)}`;
  const span = (at, span_data, error = null) => ({ object: "trace.span", id: `span_${trace.hash.slice(0, 20)}${String(at).padStart(4, "0")}`, trace_id, parent_id: null, started_at: time(trace, at), ended_at: time(trace, at + 1), span_data, error });
  const [begun, ended] = slot("posted: input, two messages", "pair", ["Where is it", "now?"]);
  return {
    native: [
      { object: "trace", id: trace_id, workflow_name: slot("posted: workflow_name", "name", "Garden shop"), group_id: null, metadata: slot("posted: metadata", "json") },
      span(1, { type: "generation", input: [{ role: "user", content: `Parcel ${40_000 + trace.number} of ${trace.words}: ${slot("posted: input", "text", "where is it?")}` }, { role: "user", content: begun }, { role: "user", content: ended }], output: [{ role: "assistant", content: slot("posted: output", "text", "It comes.") }], model: "gpt-4.1" }),
      span(2, { type: "function", name: "find", input: slot("posted: arguments", "inner"), output: slot("posted: result", "text", "Found.") }, { message: slot("posted: error", "text", "late"), data: slot("posted: error.data", "json") }),
    ],
    otlp: { resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ scope: { name: "genai" }, spans: [{ traceId: traceId({ ...trace, hash: [...trace.hash].reverse().join("") }), spanId: spanId(trace, 9), name: slot("posted: span name", "name", "chat"), startTimeUnixNano: "1793620000000000000", endTimeUnixNano: "1793620000100000000", attributes: [{ key: "gen_ai.operation.name", value: { stringValue: "chat" } }, { key: "gen_ai.input.messages", value: { stringValue: JSON.stringify([{ role: "user", parts: [{ type: "text", content: slot("posted: OTLP input", "text", "where is it?") }] }]) } }, { key: "note", value: { stringValue: slot("posted: OTLP attribute", "text", "a note") } }] }] }] }] },
  };
}

/** Rows of an observations page. */
export function langfuseRows(trace, slot) {
  const row = (at, type, more) => ({ id: spanId(trace, at), traceId: traceId(trace), startTime: time(trace, at), endTime: time(trace, at + 1), parentObservationId: at === 1 ? null : spanId(trace, 1), type, isRootObservation: at === 1, level: "DEFAULT", statusMessage: null, environment: "production", input: null, output: null, metadata: {}, usageDetails: {}, tags: [], ...more });
  return [
    row(1, "AGENT", { name: slot("langfuse: name", "name", "Triage"), traceName: slot("langfuse: traceName", "name", "Shop"), userId: slot("langfuse: userId", "name", "shop-guest"), sessionId: slot("langfuse: sessionId", "id", `chat_${trace.hash}`), input: JSON.stringify([{ role: "user", content: `Parcel ${50_000 + trace.number} of ${trace.words}: ${slot("langfuse: input", "text", "where is it?")}` }]), output: slot("langfuse: output", "text", "It comes."), metadata: slot("langfuse: metadata", "json"), tags: [slot("langfuse: tag", "name", "blue")] }),
    row(2, "GENERATION", { name: "chat", providedModelName: "gpt-4.1", modelParameters: slot("langfuse: modelParameters", "json"), input: JSON.stringify([{ role: "user", content: slot("langfuse: generation input", "text", "where is it?") }]), output: JSON.stringify({ role: "assistant", content: slot("langfuse: generation output", "text", "It comes.") }) }),
    row(3, "TOOL", { name: "find", input: slot("langfuse: tool input", "inner"), output: slot("langfuse: tool output", "text", "Found."), level: "ERROR", statusMessage: slot("langfuse: statusMessage", "text", "late") }),
    row(4, "SPAN", { name: "work", input: slot("langfuse: span input", "inner"), output: null, metadata: slot("langfuse: span metadata", "json") }),
  ];
}

/** Rows of a runs page. */
export function langsmithRows(trace, slot) {
  const id = (at) => `01a201ff-${trace.hash.slice(0, 4)}-7000-8${trace.hash.slice(4, 7)}-${trace.hash.slice(7, 17)}${String(at).padStart(2, "0")}`;
  const row = (at, run_type, more) => ({ id: id(at), trace_id: id(1), parent_run_ids: at === 1 ? [] : [id(1)], run_type, status: "SUCCESS", start_time: time(trace, at), end_time: time(trace, at + 1), inputs: {}, outputs: {}, metadata: {}, tags: [], ...more });
  return [
    row(1, "CHAIN", { name: slot("langsmith: name", "name", "Shop"), thread_id: slot("langsmith: thread_id", "id", `chat_${trace.hash}`), inputs: { messages: [{ role: "user", content: `Parcel ${60_000 + trace.number} of ${trace.words}: ${slot("langsmith: input", "text", "where is it?")}` }] }, outputs: { output: slot("langsmith: output", "text", "It comes.") }, metadata: slot("langsmith: metadata", "json"), tags: [slot("langsmith: tag", "name", "blue")] }),
    row(2, "LLM", { name: "chat", inputs: { messages: [{ role: "user", content: slot("langsmith: llm input", "text", "where is it?") }] }, outputs: { choices: [{ message: { role: "assistant", content: slot("langsmith: llm output", "text", "It comes.") } }] }, metadata: { ls_model_name: "gpt-4.1" } }),
    row(3, "TOOL", { name: "find", inputs: slot("langsmith: tool inputs", "json"), outputs: { output: slot("langsmith: tool output", "text", "Found.") }, status: "ERROR", error: slot("langsmith: error", "text", "late") }),
  ];
}

/** Rows of a spans page. */
export function phoenixRows(trace, slot) {
  const row = (at, span_kind, attributes, more = {}) => ({ id: spanId(trace, at), name: "step", context: { trace_id: traceId(trace), span_id: spanId(trace, at) }, span_kind, parent_id: at === 1 ? null : spanId(trace, 1), start_time: time(trace, at), end_time: time(trace, at + 1), status_code: "OK", status_message: "", attributes: { "openinference.span.kind": span_kind, ...attributes }, events: [], ...more });
  return [
    row(1, "AGENT", { "input.value": slot("phoenix: input.value", "text", "where is it?"), "session.id": slot("phoenix: session.id", "id", `chat_${trace.hash}`), "user.id": slot("phoenix: user.id", "name", "shop-guest"), metadata: JSON.stringify(slot("phoenix: metadata", "json")) }, { name: slot("phoenix: name", "name", "Triage") }),
    row(2, "LLM", { "llm.model_name": "gpt-4.1", "llm.input_messages.0.message.role": "user", "llm.input_messages.0.message.content": `Parcel ${70_000 + trace.number} of ${trace.words}: ${slot("phoenix: llm input", "text", "where is it?")}`, "llm.output_messages.0.message.role": "assistant", "llm.output_messages.0.message.content": slot("phoenix: llm output", "text", "It comes.") }),
    row(3, "TOOL", { "tool.name": "find", "input.value": slot("phoenix: tool input", "inner"), "output.value": slot("phoenix: tool output", "text", "Found.") }, { status_code: "ERROR", status_message: slot("phoenix: status_message", "text", "late"), events: [{ name: "exception", attributes: { "exception.message": slot("phoenix: exception", "text", "late") } }] }),
  ];
}

/** A run whose model call is an id only, and the Response behind it. */
export function hydratedTrace(trace, slot) {
  const trace_id = `trace_${traceId(trace)}`;
  const id = `resp_${trace.hash}0000`;
  return {
    records: [{ object: "trace", id: trace_id, workflow_name: "Shop" }, { object: "trace.span", id: `span_${trace.hash}`, trace_id, parent_id: null, started_at: time(trace, 1), ended_at: time(trace, 2), span_data: { type: "response", response_id: id }, error: null }],
    id,
    response: { id, object: "response", status: "completed", model: "gpt-5.2-mini", instructions: slot("hydrated: instructions", "text", "Be kind."), metadata: slot("hydrated: metadata", "json"), tools: [], output: [{ type: "message", id: `msg_${trace.hash}`, role: "assistant", status: "completed", content: [{ type: "output_text", text: slot("hydrated: output", "text", "It comes."), annotations: [] }] }, { type: "function_call", id: `fc_${trace.hash}`, call_id: `call_${trace.hash}`, name: "find", status: "completed", arguments: slot("hydrated: arguments", "inner") }] },
    input: [{ id: `msg_${trace.hash}1`, type: "message", role: "user", content: [{ type: "input_text", text: `Parcel ${80_000 + trace.number} of ${trace.words}: ${slot("hydrated: input", "text", "where is it?")}` }] }],
  };
}
