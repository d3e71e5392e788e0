/**
 * Two templates of a trace and all the places in them that hold text. `slot(name, type)` is asked for each place and answers
 * what stands there; asking is also how the list of places is made. Types: `text` (a sentence with it), `name` and `id` (alone), `json`
 * (members of an object), `inner` (the same, as JSON in a string), `key` (a member's name), `pair` (two texts in a row).
 */

const id = (prefix, trace, at) => `${prefix}_${trace.hash}${String(at).padStart(4, "0")}`;

/** One run as records of the Agents SDK with every kind of span; what belongs to `later` comes in a second export. */
export function nativeTrace(trace, slot) {
  const now = [];
  const later = [];
  const trace_id = slot("trace.id", "id", `trace_${trace.hash}${trace.hash.slice(0, 8)}`);
  let clock = Date.UTC(2026, 10, 1) + trace.number * 60_000;
  let count = 0;
  const span = (span_data, { parent = null, error = null, own = id("span", trace, (count += 1)), into = now, ...more } = {}) => {
    const started_at = new Date((clock += 40)).toISOString();
    into.push({ object: "trace.span", id: own, trace_id, parent_id: parent, started_at, ended_at: new Date((clock += 30)).toISOString(), span_data, error, ...more });
    return own;
  };
  now.push({
    object: "trace",
    id: trace_id,
    workflow_name: slot("trace.workflow_name", "name", "Garden shop"),
    group_id: slot("trace.group_id", "id", `group_${trace.hash}`),
    metadata: { environment: "production", ...slot("trace.metadata", "json"), ...slot("trace.metadata, key", "key"), nested: { list: [slot("trace.metadata, list", "name", "blue")] } },
  });
  const task = span({ type: "custom", name: "task", data: { sdk_span_type: "task", name: slot("task.name", "name", "Garden shop") } });
  const agent = span(
    { type: "agent", name: slot("agent.name", "name", "Triage"), handoffs: [slot("agent.handoffs", "name", "Billing")], tools: [slot("agent.tools", "name", "get_order")], output_type: slot("agent.output_type", "name", "str") },
    { parent: task, own: slot("span.id", "id", id("span", trace, 900)), metadata: slot("span.metadata", "json"), trace_metadata: slot("span.trace_metadata", "json") },
  );
  const turn = span({ type: "custom", name: "turn", data: { sdk_span_type: "turn", turn: 1, agent_name: slot("turn.agent_name", "name", "Triage") } }, { parent: agent });
  span({ type: "guardrail", name: slot("guardrail.name", "name", "No injection"), triggered: false, ...slot("guardrail, other member", "json") }, { parent: turn });

  const [first, second] = slot("response.input, two parts", "pair", ["My order is late and", "the box was open."]);
  const call_id = slot("response.call_id", "id", `call_${trace.hash}`);
  const input = [
    { role: "system", content: slot("response.input, system", "text", "Be kind.") },
    { role: "user", content: `Order ${20_000 + trace.number} of ${trace.words}: ${slot("response.input, user", "text", "where is it?")}` },
    { role: "user", content: [{ type: "input_text", text: first }, { type: "input_text", text: second }, { type: "input_image", image_url: `https://shop.example/${encodeURIComponent(slot("response.input, image url", "name", "box.png"))}` }] },
    { type: "function_call", call_id, name: slot("response.tool_call.name", "name", "get_order"), arguments: slot("response.tool_call.arguments", "inner") },
    { type: "function_call_output", call_id, output: slot("response.tool_result", "text", "The order is on its way.") },
  ];
  const [begun, ended] = slot("response.output, two parts", "pair", ["It is on", "its way."]);
  const output = [
    { type: "reasoning", id: id("rs", trace, 1), summary: [{ type: "summary_text", text: slot("response.reasoning", "text", "They ask for the order.") }] },
    { type: "message", id: id("msg", trace, 1), role: "assistant", status: "completed", content: [{ type: "output_text", text: begun, annotations: [slot("response.annotation", "json")] }, { type: "output_text", text: ended }] },
    { type: "message", id: id("msg", trace, 2), role: "assistant", status: "completed", content: [{ type: "output_text", text: slot("response.output, text", "text", "Your order comes tomorrow.") }, { type: "refusal", refusal: slot("response.refusal", "text", "I cannot do that.") }] },
    { type: "web_search_call", id: id("ws", trace, 1), status: "completed", action: slot("response.output, other item", "json") },
  ];
  const response = (given) => ({
    type: "response",
    response_id: given,
    _input: input,
    _response: {
      id: given, object: "response", status: "completed", model: slot("response.model", "name", "gpt-5.2-mini"), instructions: slot("response.instructions", "text", "You are the first line of support."), output,
      previous_response_id: slot("response.previous_response_id", "id", id("resp", trace, 7)), metadata: slot("response.metadata", "json"), user: slot("response.user", "name", "shop"), temperature: 1,
      prompt: { id: slot("response.prompt.id", "id", id("pmpt", trace, 1)), version: "2", variables: slot("response.prompt.variables", "json") },
      text: { format: { type: "json_schema", name: "answer", schema: { type: "object", description: slot("response.output_schema", "text", "An answer."), properties: { said: { type: "string", examples: [slot("response.output_schema, example", "name", "twine")] } } } } },
      tools: [{ type: "function", name: slot("response.tools.name", "name", "get_order"), description: slot("response.tools.description", "text", "Looks an order up."), parameters: { type: "object", properties: { id: { type: "string", description: slot("response.tools.parameters", "text", "The order.") } } } }],
    },
  });
  span(response(slot("response.id", "id", id("resp", trace, 1))), { parent: turn });
  span(
    { type: "function", name: slot("function.name", "name", "get_order"), input: slot("function.input", "inner"), output: slot("function.output", "text", "On its way."), mcp_data: JSON.stringify({ server: slot("function.mcp_server", "name", "orders") }) },
    { parent: turn, error: { message: slot("function.error.message", "text", "Timed out."), data: slot("function.error.data", "json") } },
  );
  span({ type: "function", name: "find_user", input: slot("function.input, key", "key-inner"), output: slot("function.output, JSON", "inner") }, { parent: turn });
  span({ type: "function", name: "run", input: "{}", output: `Traceback (most recent call last):\n  File "app.py", line 7, in run\n    raise Failed(${JSON.stringify(slot("function.output, traceback", "text", "no such order"))})\n` }, { parent: turn, error: { message: "Error", data: { traceback: [slot("function.error.data, list", "text", "line 7")] } } });
  span({ type: "handoff", from_agent: slot("handoff.from", "name", "Triage"), to_agent: slot("handoff.to", "name", "Billing") }, { parent: agent });
  const said = [{ role: "user", name: slot("generation.message.name", "name", "customer"), content: slot("generation.input", "text", "And the invoice?") }];
  span(
    {
      type: "generation",
      input: said,
      output: [{ role: "assistant", content: slot("generation.output", "text", "Here it is."), tool_calls: [{ id: slot("generation.call_id", "id", `call_${trace.hash}b`), type: "function", function: { name: "get_invoice", arguments: slot("generation.tool_call.arguments", "inner") } }] }],
      model: "gpt-4.1",
      model_config: { temperature: 0, ...slot("generation.model_config", "json") },
    },
    { parent: turn },
  );
  span({ type: "mcp_tools", server: slot("mcp.server", "name", "orders"), result: [slot("mcp.tools", "name", "get_order")] }, { parent: agent });
  span({ type: "custom", name: slot("custom.name", "name", "cart"), data: { ...slot("custom.data", "json"), ...slot("custom.data, key", "key"), deep: { rows: [[slot("custom.data, deep list", "text", "a row")]] } } }, { parent: agent });
  const chunks = slot("custom.data, deltas", "pair", ["It is", "on its way"]);
  span({ type: "custom", name: "stream", data: { deltas: chunks, events: slot("custom.data, chunk objects", "pair", ["on", " time"]).map((chunk) => ({ type: "text", delta: chunk })) } }, { parent: agent });
  span({ type: "transcription", input: { data: "AAAA", format: "pcm" }, output: slot("transcription.output", "text", "Where is my order?"), model: "whisper", model_config: slot("transcription.model_config", "json") }, { parent: agent });
  const group = span({ type: "speech_group", input: slot("speech_group.input", "text", "It comes tomorrow.") }, { parent: agent });
  span({ type: "speech", input: slot("speech.input", "text", "Tomorrow."), output: { data: "AAAA", format: "pcm" }, model: slot("speech.model", "name", "tts"), first_content_at: "2026-11-01T10:00:00Z" }, { parent: group });
  span({ type: slot("unknown.type", "name", "cache_lookup"), ...slot("unknown.data", "json"), ...slot("unknown.data, key", "key") }, { parent: agent, error: { message: slot("unknown.error.message", "text", "miss"), code: slot("unknown.error.code", "name", "E42") } });

  span({ type: "custom", name: "after", data: { ...slot("later: custom.data", "json"), note: slot("later: custom.data, text", "text", "All done."), echo: trace.echo } }, { parent: agent, into: later });
  span(response(id("resp", trace, 2)), { parent: agent, into: later });
  const error = { message: slot("later: error.message", "text", "Closed."), data: null };
  span({ type: "function", name: "close", input: "{}", output: slot("later: function.output", "text", "closed") }, { parent: agent, error, into: later });
  return { now, later };
}

const attribute = (key, value) => ({ key, value: typeof value === "string" ? { stringValue: value } : { stringValue: JSON.stringify(value) } });
const attributes = (object) => Object.entries(object).map(([key, value]) => attribute(key, value));

/** One run as OTLP spans in the words of the GenAI conventions. */
export function otlpTrace(trace, slot) {
  let clock = BigInt(Date.UTC(2026, 10, 1) + trace.number * 60_000) * 1_000_000n;
  const traceId = trace.hash.padEnd(32, "0");
  let count = 0;
  const span = (name, held, more = {}) => {
    const spanId = `${trace.hash.slice(0, 12)}${String((count += 1)).padStart(4, "0")}`;
    const start = (clock += 40_000_000n);
    return { traceId, spanId, parentSpanId: count === 1 ? "" : `${trace.hash.slice(0, 12)}0001`, name, startTimeUnixNano: String(start), endTimeUnixNano: String(start + 30_000_000n), attributes: attributes(held), ...more };
  };
  const chat = {
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": slot("otlp: request.model", "name", "gpt-4.1"),
    "gen_ai.conversation.id": slot("otlp: conversation.id", "id", `conv_${trace.hash}`),
    "gen_ai.response.id": slot("otlp: response.id", "id", `resp_${trace.hash}`),
    "gen_ai.system_instructions": [{ type: "text", content: slot("otlp: system_instructions", "text", "Be kind.") }],
    "gen_ai.input.messages": [{ role: "user", parts: [{ type: "text", content: `Parcel ${30_000 + trace.number} of ${trace.words}: ${slot("otlp: input", "text", "where is it?")}` }, ...slot("otlp: input, two parts", "pair", ["Thank", "you."]).map((content) => ({ type: "text", content }))] }, { role: "user", parts: [{ type: "uri", modality: "image", uri: slot("otlp: uri", "name", "box.png") }] }],
    "gen_ai.output.messages": [{ role: "assistant", parts: [{ type: "text", content: slot("otlp: output", "text", "Tomorrow.") }, { type: "tool_call", id: "call_1", name: slot("otlp: tool_call.name", "name", "get_order"), arguments: slot("otlp: tool_call.arguments", "json") }] }],
    "gen_ai.tool.definitions": [{ type: "function", name: "get_order", description: slot("otlp: tool.definitions", "text", "Looks it up.") }],
  };
  const tool = { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": slot("otlp: tool.name", "name", "get_order"), "gen_ai.tool.call.id": "call_1", "gen_ai.tool.call.arguments": slot("otlp: tool.arguments", "inner"), "gen_ai.tool.call.result": slot("otlp: tool.result", "text", "On its way.") };
  const event = { name: "exception", timeUnixNano: "1", attributes: attributes({ "exception.message": slot("otlp: exception.message", "text", "timed out"), "exception.stacktrace": slot("otlp: exception.stacktrace", "text", "at run") }) };
  const spans = [
    span(slot("otlp: span.name", "name", "invoke_agent Triage"), { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": slot("otlp: agent.name", "name", "Triage"), "user.id": slot("otlp: user.id", "name", "shop-guest"), "session.id": slot("otlp: session.id", "id", `session_${trace.hash}`), "langfuse.user.id": "shop-guest" }),
    span("chat gpt-4.1", chat),
    span("execute_tool", tool, { status: { code: 2, message: slot("otlp: status.message", "text", "timed out") }, events: [event] }),
    span("work", { ...slot("otlp: attribute", "json"), ...slot("otlp: attribute, key", "key"), "input.value": slot("otlp: input.value", "text", "a cart"), "metadata.note": slot("otlp: metadata", "text", "a note"), "tag.tags": [slot("otlp: tag", "name", "blue")] }, { events: [{ name: "log", attributes: attributes({ message: slot("otlp: event attribute", "text", "saved") }) }] }),
  ];
  const resource = { attributes: attributes({ "service.name": slot("otlp: service.name", "name", "shop"), "deployment.environment": slot("otlp: environment", "name", "production"), ...slot("otlp: resource attribute", "json") }) };
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: slot("otlp: scope.name", "name", "genai") }, spans }] }] };
}

/** Every place of a template: `[name, type]` in the order it asks for them. */
export function placesOf(template) {
  const places = new Map();
  const ask = (name, type, plain) => {
    places.set(name, type);
    return plain ?? (type === "inner" || type === "key-inner" ? "{}" : {});
  };
  template({ hash: "0".repeat(24), number: 0, words: "twine", echo: "" }, ask);
  return [...places].map(([name, type]) => ({ name, type }));
}
