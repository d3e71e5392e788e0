import { createWriteStream } from "node:fs";
import { once } from "node:events";

const words = `please refund the order because it arrived late and box was open so would like money back to card paid with or new one sent by friday thank you
  customer account status shipping address changed yesterday delivery carrier window cannot find parcel tracking number shows depot since monday return label
  warranty covers battery screen replacement within twelve months after purchase receipt needed invoice copy attached previous agent promised callback nobody called
  size colour blue green large medium small shirt shoes kettle lamp charger cable headset keyboard monitor printer toner filter subscription renewal cancelled trial
  discount code expired checkout failed twice charged once pending amount bank statement says different currency exchange rate fee applied policy allows manager approval`.split(/\s+/);
const firsts = "Anna Boris Carla Deepak Elena Farid Greta Hassan Ingrid Jamal Keiko Lars Mei Nadia Omar Paula Quentin Rosa Stefan Tamara Ulrich Vera Walter Ximena Yusuf Zoe Mohamed Sofia Liam Olivia Noah Emma".split(" ");
const lasts = "Abbott Becker Castillo Dubois Eriksson Fischer Gonzalez Hernandez Ivanova Johansson Kowalski Lindqvist Martinez Nakamura Okafor Petrov Quinn Rodriguez Schneider Tanaka Ueda Vasquez Wagner Yilmaz Zhang Sanchez Kim Rossi Moretti Haddad".split(" ");
const cities = "Springfield Riverton Fairview Lakewood Georgetown Ashland Clayton Dayton Milford Oxford".split(" ");
const tools = ["get_order", "issue_refund", "find_user", "search_policy"];

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

/** What a support desk writes: runs of 3 to 12 model turns with tool calls, every run another customer, each model span resending the whole conversation. */
function supportDesk(next) {
  const pick = (list) => list[Math.floor(next() * list.length)];
  const digits = (length) => Array.from({ length }, () => Math.floor(next() * 10)).join("");
  const hex = (length) => {
    let out = "";
    while (out.length < length) out += Math.floor(next() * 2 ** 32).toString(16).padStart(8, "0");
    return out.slice(0, length);
  };
  const text = (count) => {
    let out = pick(words);
    for (let at = 1; at < count; at += 1) out += ` ${pick(words)}`;
    return out;
  };
  const apps = ["support", "billing", "returns"].map((name) => ({
    name,
    system: `You are the ${name} agent.\n\n${Array.from({ length: 12 }, (_, at) => `## Rule ${at + 1}\n\n${text(50)}.`).join("\n\n")}`,
    specs: tools.map((tool) => ({ type: "function", name: tool, description: text(12), parameters: { type: "object", properties: { order: { type: "string", description: text(6) }, email: { type: "string" } }, required: ["order"] } })),
  }));
  let clock = Date.parse("2026-01-01T00:00:00Z");

  /** The records of one run, in the order an SDK exports them: the trace first, each span when it ends. */
  return () => {
    const app = pick(apps);
    const trace_id = `trace_${hex(32)}`;
    const root = `span_${hex(24)}`;
    const lines = [];
    const write = (record) => lines.push(`${JSON.stringify(record)}\n`);
    const span = (span_data, parent_id = root, id = `span_${hex(24)}`) => {
      const started_at = new Date((clock += 7)).toISOString();
      write({ object: "trace.span", id, trace_id, parent_id, started_at, ended_at: new Date((clock += 400)).toISOString(), span_data, error: null });
    };
    write({ object: "trace", id: trace_id, workflow_name: app.name, group_id: `thread_${hex(12)}`, metadata: { environment: "production", release: "2026.1" } });
    const [first, last] = [pick(firsts), pick(lasts)];
    const customer = {
      user_id: `${first.toLowerCase()}_${last.toLowerCase()}_${digits(4)}`,
      name: { first_name: first, last_name: last },
      email: `${first.toLowerCase()}.${last.toLowerCase()}${digits(4)}@example.com`,
      phone: `+1 (${2 + Math.floor(next() * 8)}${digits(2)}) 555-${digits(4)}`,
      address: { address1: `${1 + Math.floor(next() * 999)} ${pick(lasts)} Street`, city: pick(cities), zip: digits(5), country: "USA" },
    };
    const order = () => ({ order_id: `#W${digits(7)}`, status: pick(["pending", "delivered", "returned"]), items: Array.from({ length: 2 + Math.floor(next() * 10) }, () => ({ sku: hex(8), name: text(3), price: Math.floor(next() * 90000) / 100, note: text(8) })) });
    const outputs = [order, () => ({ ok: true, refund: Math.floor(next() * 900) }), () => customer, () => ({ sections: Array.from({ length: 4 }, () => ({ title: text(4), body: text(70) })) })];
    const responses = app.name === "returns";
    const history = [...(responses ? [] : [{ role: "system", content: app.system }]), { role: "user", content: `Hello, I am ${first} ${last}, my email is ${customer.email}. ${text(40)}` }];
    const turns = 3 + Math.floor(next() * 10);
    for (let turn = 0; turn < turns; turn += 1) {
      const calls = turn === 1 || next() < 0.6;
      const which = turn === 1 ? 2 : Math.floor(next() * tools.length);
      const call = { call_id: `call_${hex(24)}`, name: tools[which], arguments: JSON.stringify({ order: `#W${digits(7)}`, email: customer.email }) };
      const said = calls ? "" : `${next() < 0.4 ? `Thank you, ${first}. ` : ""}${text(60)}`;
      if (responses) {
        const answer = calls ? { type: "function_call", ...call, status: "completed" } : { type: "message", role: "assistant", content: [{ type: "output_text", text: said, annotations: [] }] };
        const usage = { input_tokens: history.length * 50, output_tokens: 60, total_tokens: history.length * 50 + 60 };
        span({ type: "response", response_id: `resp_${hex(40)}`, _input: [...history], _response: { model: "gpt-4.1", instructions: app.system, tools: app.specs, temperature: 1, output: [answer], usage } });
        history.push(answer);
      } else {
        const answer = calls ? { role: "assistant", content: null, tool_calls: [{ id: call.call_id, type: "function", function: { name: call.name, arguments: call.arguments } }] } : { role: "assistant", content: said };
        span({ type: "generation", input: [...history], output: [answer], model: "gpt-4.1", model_config: { temperature: 0 }, usage: { input_tokens: history.length * 50, output_tokens: 60 } });
        history.push(answer);
      }
      if (calls) {
        const output = JSON.stringify(outputs[which]());
        span({ type: "function", name: call.name, input: call.arguments, output, mcp_data: null });
        history.push(responses ? { type: "function_call_output", call_id: call.call_id, output } : { role: "tool", tool_call_id: call.call_id, content: output });
      } else history.push({ role: "user", content: next() < 0.1 ? `Call me at ${customer.phone}, ${text(20)}` : text(30) });
    }
    span({ type: "agent", name: app.name, handoffs: [], tools, output_type: "str" }, null, root);
    return lines;
  };
}

/**
 * Writes at least `megabytes` of native records, streaming. `order`: `runs` one after another, or `mixed`: the spans of a hundred
 * runs interleaved, as a busy service writes them, every tenth run's trace record after its spans.
 */
export async function writeTraceFile(path, megabytes, { seed = 1, order = "runs" } = {}) {
  const next = random(seed);
  const run = supportDesk(next);
  const out = createWriteStream(path, { mode: 0o600 });
  let bytes = 0;
  let traces = 0;
  const write = async (block) => {
    bytes += Buffer.byteLength(block);
    if (!out.write(block)) await once(out, "drain");
  };
  const open = [];
  const begin = () => {
    traces += 1;
    const lines = run();
    if (order === "mixed" && traces % 10 === 0) lines.push(lines.shift());
    return lines;
  };
  while (bytes < megabytes * 1e6 || open.length > 0) {
    if (order === "runs") {
      await write(begin().join(""));
      continue;
    }
    if (open.length < 100 && bytes < megabytes * 1e6) open.push(begin());
    const at = Math.floor(next() * open.length);
    await write(open[at].shift());
    if (open[at].length === 0) open.splice(at, 1);
  }
  out.end();
  await once(out, "close");
  return { bytes, traces };
}
