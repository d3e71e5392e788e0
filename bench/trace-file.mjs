import { createWriteStream } from "node:fs";
import { once } from "node:events";

const words = "please refund the order because it arrived late and the box was open so I would like my money back to the card I paid with or a new one sent by friday thank you".split(" ");

/** mulberry32, so that every run writes the same file. */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Writes at least `megabytes` of native records: support runs of 3 to 12 model turns with tool calls, each generation span
 * resending the whole conversation, as the SDK does; a few names, addresses and card numbers in the text.
 */
export async function writeTraceFile(path, megabytes, seed = 1) {
  const next = random(seed);
  const pick = (list) => list[Math.floor(next() * list.length)];
  const hex = (length) => Array.from({ length }, () => Math.floor(next() * 16).toString(16)).join("");
  const text = (count) => Array.from({ length: count }, () => pick(words)).join(" ");
  const system = { role: "system", content: Array.from({ length: 12 }, (_, at) => `## Rule ${at}\n\n${text(60)}.`).join("\n\n") };
  const out = createWriteStream(path, { mode: 0o600 });
  let bytes = 0;
  let traces = 0;
  let clock = Date.parse("2026-01-01T00:00:00Z");
  while (bytes < megabytes * 1e6) {
    traces += 1;
    const trace_id = `trace_${hex(32)}`;
    const root = `span_${hex(24)}`;
    const lines = [{ object: "trace", id: trace_id, workflow_name: "support", group_id: `thread_${hex(12)}`, metadata: { environment: "bench" } }];
    const span = (span_data, parent_id = root, id = `span_${hex(24)}`) => {
      const started_at = new Date((clock += 7)).toISOString();
      lines.push({ object: "trace.span", id, trace_id, parent_id, started_at, ended_at: new Date((clock += 400)).toISOString(), span_data, error: null });
    };
    const mail = `${hex(6)}.${pick(words)}@example.com`;
    const history = [system, { role: "user", content: `Hello, I am ${mail}. ${text(40)}` }];
    const turns = 3 + Math.floor(next() * 10);
    for (let turn = 0; turn < turns; turn += 1) {
      const call = { id: `call_${hex(24)}`, type: "function", function: { name: pick(["get_order", "issue_refund", "find_user"]), arguments: JSON.stringify({ order: hex(8), email: mail }) } };
      const answer = next() < 0.6 ? { role: "assistant", content: null, tool_calls: [call] } : { role: "assistant", content: text(60) };
      span({ type: "generation", input: [...history], output: [answer], model: "gpt-4.1", model_config: { temperature: 0 }, usage: { input_tokens: history.length * 50, output_tokens: 60 } });
      history.push(answer);
      if (answer.tool_calls === undefined) {
        history.push({ role: "user", content: text(30) });
        continue;
      }
      const output = JSON.stringify({ order: hex(8), email: mail, items: Array.from({ length: 12 }, () => ({ sku: hex(8), price: Math.floor(next() * 9000), note: text(8) })) });
      span({ type: "function", name: call.function.name, input: call.function.arguments, output, mcp_data: null });
      history.push({ role: "tool", tool_call_id: call.id, content: output });
    }
    span({ type: "agent", name: "support", handoffs: [], tools: ["get_order"], output_type: "str" }, null, root);
    const block = `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`;
    bytes += block.length;
    if (!out.write(block)) await once(out, "drain");
  }
  out.end();
  await once(out, "close");
  return { bytes, traces };
}
