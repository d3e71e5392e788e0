// Two runs of a weather agent as an OTLP exporter with GenAI attributes writes them: lines for the OTLP guide.
const attribute = ([key, value]) => ({ key, value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value } });
const hex = (n, digits) => (BigInt(n) * 0x9e3779b97f4a7c15f39cc0605cedc835n).toString(16).slice(-digits).padStart(digits, "a");
const at = (ms) => String(1_795_300_000_000n * 1_000_000n + BigInt(ms) * 1_000_000n);

function run(n, city, answer) {
  const traceId = hex(n, 32);
  const span = (id, parent, name, from, to, attributes) => ({
    traceId,
    spanId: hex(n * 100 + id, 16),
    ...(parent === null ? {} : { parentSpanId: hex(n * 100 + parent, 16) }),
    name,
    startTimeUnixNano: at(n * 60_000 + from),
    endTimeUnixNano: at(n * 60_000 + to),
    attributes: Object.entries(attributes).map(attribute),
    status: {},
  });
  const user = { role: "user", parts: [{ type: "text", content: `Do I need an umbrella in ${city} today? Mail me at sam.field@example.com.` }] };
  const call = { role: "assistant", parts: [{ type: "tool_call", id: `call_${n}`, name: "get_weather", arguments: { city } }] };
  const told = { role: "tool", parts: [{ type: "tool_call_response", id: `call_${n}`, response: answer }] };
  const said = { role: "assistant", parts: [{ type: "text", content: `In ${city}: ${answer}.` }] };
  const chat = (input, output) => ({
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": "any-model",
    "gen_ai.system_instructions": JSON.stringify([{ type: "text", content: "Answer in one sentence." }]),
    "gen_ai.input.messages": JSON.stringify(input),
    "gen_ai.output.messages": JSON.stringify([output]),
    "gen_ai.usage.input_tokens": 60 + n,
    "gen_ai.usage.output_tokens": 12,
  });
  return [
    span(1, 0, "chat any-model", 10, 400, chat([user], call)),
    span(2, 0, "execute_tool get_weather", 410, 500, { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "get_weather", "gen_ai.tool.call.id": `call_${n}`, "gen_ai.tool.call.arguments": JSON.stringify({ city }), "gen_ai.tool.call.result": answer }),
    span(3, 0, "chat any-model", 510, 900, chat([user, call, told], said)),
    span(0, null, "invoke_agent Weather", 0, 910, { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "Weather", "gen_ai.conversation.id": `chat-${n}` }),
  ];
}

for (const spans of [run(1, "Oslo", "rain until noon"), run(2, "Lisbon", "sunny, 22 degrees")])
  for (const span of spans) console.log(JSON.stringify({ resourceSpans: [{ resource: { attributes: [attribute(["service.name", "weather"])] }, scopeSpans: [{ scope: { name: "weather" }, spans: [span] }] }] }));
