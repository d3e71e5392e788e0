import { expect, test } from "vitest";
import { casebook } from "../support/io.ts";
import { answered, called, lines, message, otlp, otlpSpan, pulled, ran, spanRecord, stored, traceRecord } from "../support/gotcha.ts";

const user = (content: unknown): object => ({ role: "user", content });
const given = (call_id: string, output: unknown): object => ({ type: "function_call_output", call_id, output });
const at = (n: number): object => ({ started_at: `2026-01-01T00:00:0${n}.000Z`, ended_at: `2026-01-01T00:00:0${n}.500Z` });
const model = (n: number, input: unknown, output: unknown, more: object = {}): object => spanRecord("trace_1", `span_${n}`, answered(input, output, { id: `resp_${n}`, ...more }), at(n));
const tool = (n: number, name: string, input: unknown, output: unknown, more: object = {}): object => spanRecord("trace_1", `span_${n}`, ran(name, input, output), { ...at(n), ...more });

test("E24 an answer without its content, content that was switched off, and content that nobody stores are told apart", async () => {
  const plain = await pulled(lines(spanRecord("trace_1", "span_1", { type: "response", response_id: "resp_1" })));
  expect(plain.summary).toMatchObject({ only_response_ids: 1, sensitive_off: 0, content: { none: 1 } });
  const off = await pulled(lines(spanRecord("trace_1", "span_1", { type: "response", response_id: "resp_1" }), tool(2, "a", "", ""), tool(3, "b", null, null), spanRecord("trace_1", "span_4", { type: "function", name: "c" }, at(4))));
  expect(off.summary).toMatchObject({ sensitive_off: 1, content: { none: 1 } });
  expect((await off.trace()).spans.slice(1).map((span) => span.tool)).toEqual([{ name: "a", arguments: "", output: "" }, { name: "b" }, { name: "c" }]);
  const retained = await pulled(lines(spanRecord("trace_1", "span_1", { type: "response", response_id: null, usage: null })));
  expect(retained.summary).toMatchObject({ only_response_ids: 0, content: { none: 1 }, problems: [] });
});

test("E25 text that an exporter cut is marked, however it marked it, and what remains is kept", async () => {
  const preview = { truncated: true, original_type: "str", preview: "The first words" };
  const native = await pulled(lines(tool(1, "f", "{}", "begun and ... [truncated]"), tool(2, "f", "{}", preview), tool(3, "f", "{}", "whole")));
  expect(native.summary.truncated_spans).toBe(2);
  expect((await native.shown()).completeness.truncated).toEqual(["span_1", "span_2"]);
  expect((await native.trace()).notes).toEqual(["span_1", "span_2"].map((span_id) => ({ code: "truncated", span_id })));
  expect((await native.trace()).spans[1]?.tool?.output).toContain("The first words");
  const cut = '[{"role":"user","parts":[{"type":"text","content":"please refund my ord';
  const limited = await pulled(lines(otlp(otlpSpan({ "gen_ai.operation.name": "chat", "gen_ai.request.model": "m", "gen_ai.input.messages": cut, "langfuse.trace.metadata.note": "x".repeat(200) }, { droppedAttributesCount: 3 }))));
  const trace = await limited.trace();
  expect(trace.notes).toEqual(expect.arrayContaining([expect.objectContaining({ code: "dropped-attributes", detail: "3" }), expect.objectContaining({ code: "truncated" })]));
  expect(JSON.stringify(trace)).toContain("please refund my ord");
  expect(limited.summary).toMatchObject({ truncated_spans: 1, problems: [] });
});

test("E26 arguments and results in any form are the text they were, with what it is written in", async () => {
  const inputs = ["{not json", "", "{}", { a: 1 }, '"{\\"a\\":1}"'];
  const forms = [["{'a': None, 'b': True}", "python-repr"], ['{"a":1}', "json"], ["words", "text"], [[{ type: "text", text: "from mcp" }], "json"], ["None", "python-repr"]] as const;
  const { trace, shown } = await pulled(lines(...inputs.map((input, n) => tool(n, "f", input, forms[n]?.[0])), spanRecord("trace_1", "span_9", { type: "function", name: "py", input: "{}", output: "{'a': None}", _output_json: { a: null } })));
  const tools = (await trace()).spans.map((span) => span.tool);
  expect(tools.filter((one) => one?.name === "f").map((one) => one?.arguments)).toEqual(["{not json", "", "{}", '{"a":1}', '"{\\"a\\":1}"']);
  expect(tools.filter((one) => one?.name === "f").map((one) => one?.output_encoding)).toEqual(forms.map(([, encoding]) => encoding));
  expect(tools.find((one) => one?.name === "py")).toMatchObject({ output: '{"a":null}', output_encoding: "json" });
  expect((await shown()).steps.filter(({ kind }) => kind === "tool")).toHaveLength(6);
  const png = `data:image/png;base64,${Buffer.alloc(3000, 7).toString("base64")}`;
  const computer = await pulled(lines(tool(1, "screenshot", "{}", png), tool(2, "screenshot", "{}", [{ type: "image", image_url: png }])));
  expect((await computer.trace()).spans[0]?.tool?.output).toContain("image/png");
  expect(stored(computer.cwd)).not.toContain("BwcHBwcHBwcHBwcH");
});

test("E27 calls without ids find their spans, equal ones side by side each its own, and one that nobody answered says so", async () => {
  const args = '{"order":"A1"}';
  const twice = await pulled(lines(model(1, [user("hi")], [called("look", args, "call_1"), called("look", args, "call_2")]), tool(2, "look", args, "one"), tool(3, "look", args, "two"), model(4, [user("hi"), called("look", args, "call_1"), called("look", args, "call_2"), given("call_1", "one"), given("call_2", "two")], [message("done")])));
  const steps = (await twice.shown()).steps.filter(({ kind }) => kind === "tool");
  expect(steps.map(({ output, linked }) => [output, linked])).toEqual([["one", "exact"], ["two", "exact"]]);
  const open = await pulled(lines(model(1, [user("hi")], [called("approve", "{}", "call_1")])));
  expect((await open.rows())[0]).toMatchObject({ status: "interrupted" });
  expect((await open.shown()).suspicions.map(({ code }) => code)).toContain("unanswered-call");
});

test("E28 input as a text, a list or only what is new; a history that is sent again is said once", async () => {
  const text = await pulled(lines(model(1, "hi", [message("hello")])));
  const list = await pulled(lines(model(1, [user("hi")], [message("hello")])));
  expect((await text.shown()).steps).toEqual((await list.shown()).steps);
  const again = await pulled(lines(model(1, [user("one")], [message("first")]), model(2, [user("one"), message("first"), user("two")], [message("second")])));
  expect((await again.shown()).steps.map((step) => step.text)).toEqual(["one", "first", "two", "second"]);
  expect((await again.trace()).messages).toHaveLength(4);
  const delta = await pulled(lines(model(1, [user("one")], [message("first")]), model(2, [user("two")], [message("second")], { previous_response_id: "resp_1" })));
  expect((await delta.shown()).steps.map((step) => step.text)).toEqual(["one", "first", "two", "second"]);
  const group = (n: number, input: object[], said: string): object[] => [traceRecord(`trace_${n}`, { group_id: "group_1" }), spanRecord(`trace_${n}`, "span_1", answered(input, [message(said)], { id: `resp_${n}` }), at(n))];
  const chat = await pulled(lines(...group(1, [user("one")], "first"), ...group(2, [user("one"), message("first"), user("two")], "second")));
  expect((await chat.shown("trace_2")).steps.map((step) => step.text)).toEqual(["one", "first", "two", "second"]);
  expect(new Set((await chat.rows()).map((row) => (row as unknown as { group_id: string }).group_id)).size).toBe(1);
  const alike = await casebook(chat.cwd, ["dedup", "--level", "prefix", "--json"]);
  expect(alike.json()).toMatchObject({ levels: [{ level: "prefix", clusters: [{ kept: "trace_2", members: [{ id: "trace_1" }] }] }] });
});

test("E29 instructions as a list, developers, reasoning, refusals, several choices and convenience members are read for what they are", async () => {
  const listed = await pulled(
    lines(
      model(1, [{ role: "developer", content: "Be quick." }, user("hi")], [{ type: "reasoning", encrypted_content: "gAAAAsecret", summary: [{ type: "summary_text", text: "thinking" }] }, { type: "message", role: "assistant", content: [{ type: "refusal", refusal: "I cannot." }] }], { instructions: [{ role: "system", content: "Be kind." }], output_text: "a copy of the output" }),
    ),
  );
  const trace = await listed.trace();
  const said = trace.messages.map(({ role, parts }) => [role, ...parts.map(({ type }) => type)]);
  expect(said).toEqual(expect.arrayContaining([["system", "text"], ["developer", "text"], ["user", "text"], ["assistant", "reasoning"], ["assistant", "refusal"]]));
  expect(stored(listed.cwd)).not.toMatch(/gAAAAsecret|a copy of the output/);
  const choices = await pulled(lines(spanRecord("trace_1", "span_1", { type: "generation", input: [user("hi")], output: [{ choices: [{ message: { role: "assistant", content: "one" }, finish_reason: "stop" }, { message: { role: "assistant", content: "two" } }] }], model: "m" })));
  const several = await choices.trace();
  expect(several.spans[0]?.model?.output).toHaveLength(2);
  expect(several.notes).toEqual([{ code: "several-choices", span_id: "span_1" }]);
});

test("E30 tokens are counted once, though tasks, turns and outer spans repeat them, and are absent where nobody told them", async () => {
  const usage = { input_tokens: 10, output_tokens: 2, total_tokens: 12 };
  const task = spanRecord("trace_1", "span_7", { type: "task", name: "Support", usage: { input_tokens: 99, output_tokens: 99 } }, { ended_at: "2026-01-01T00:00:09Z" });
  const turn = spanRecord("trace_1", "span_8", { type: "turn", turn: 1, usage }, { parent_id: "span_7" });
  const answer = { ...(model(1, [user("hi")], [message("hello")], { usage }) as { id: string }), parent_id: "span_8" };
  expect((await (await pulled(lines(task, turn, answer))).shown()).usage).toMatchObject({ input: 10, output: 2, total: 12 });
  // Where the calls themselves say nothing, the outermost task does; what it holds within is in its figure already.
  const inside = spanRecord("trace_1", "span_9", { type: "task", name: "Asked", usage }, { parent_id: "span_8" });
  const silent = { ...(model(1, [user("hi")], [message("hello")]) as { id: string }), parent_id: "span_9" };
  expect((await (await pulled(lines(task, turn, inside, silent))).shown()).usage).toMatchObject({ input: 99, output: 99 });
  const outer = otlpSpan({ "ai.operationId": "ai.generateText", "ai.usage.promptTokens": 10, "ai.usage.completionTokens": 2, "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 2, "ai.prompt": "hi" });
  const inner = otlpSpan({ "ai.operationId": "ai.generateText.doGenerate", "ai.usage.promptTokens": 10, "ai.usage.completionTokens": 2, "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 2, "ai.prompt.messages": JSON.stringify([user("hi")]), "ai.response.text": "hello" }, { spanId: "b7ad6b7169203332", parentSpanId: "b7ad6b7169203331" });
  expect((await (await pulled(lines(otlp(outer, inner)))).shown()).usage).toMatchObject({ input: 10, output: 2 });
  const chat = await pulled(lines(spanRecord("trace_1", "span_1", { type: "generation", input: [user("hi")], output: [{ role: "assistant", content: "hello" }], model: "m" })));
  expect((await chat.shown()).usage).toEqual({});
  expect((await chat.rows())[0]?.tokens).toBeNull();
});

test("E31 an error is told once although its parents repeat it, a redacted one is known as such, and persons in it are masked", async () => {
  const error = { message: "No account for jane.doe@example.com", data: { iban: "DE89 3704 0044 0532 0130 00" } };
  const parents = [spanRecord("trace_1", "span_8", { type: "task", name: "Support" }, { error, ended_at: "2026-01-01T00:00:09Z" }), spanRecord("trace_1", "span_7", { type: "agent", name: "Clerk" }, { parent_id: "span_8", error })];
  const { cwd, shown, rows } = await pulled(lines(...parents, { ...(model(1, [user("hi")], []) as object), parent_id: "span_7", error }));
  const { steps } = await shown();
  expect(steps.filter(({ kind }) => kind === "error")).toHaveLength(1);
  expect((await rows())[0]).toMatchObject({ status: "error" });
  expect(stored(cwd)).not.toMatch(/jane\.doe|DE89|0532 0130/);
  const redacted = await pulled(lines(tool(1, "f", "", "", { error: { message: "Error running tool (non-fatal)", data: { tool_name: "f", error: "Tool execution failed. Error details are redacted." } } })));
  expect((await redacted.trace()).spans[0]?.error).toMatchObject({ data: { error: expect.stringContaining("redacted") } });
});

test("E32 a handoff is one, whether it is a call, a span of its own or a tool of that name", async () => {
  const native = await pulled(
    lines(
      model(1, [user("hi")], [called("transfer_to_Billing", "{}", "call_1")]),
      spanRecord("trace_1", "span_2", { type: "handoff", from_agent: "Triage", to_agent: "Billing" }, at(2)),
      model(3, [user("hi"), called("transfer_to_Billing", "{}", "call_1"), given("call_1", '{"assistant":"Billing"}')], [message("Billing here.")]),
    ),
  );
  const steps = (await native.shown()).steps.filter(({ kind }) => kind !== "message");
  expect(steps).toMatchObject([{ kind: "handoff", to: "Billing" }]);
  const other = await pulled(lines(otlp(otlpSpan({ "openinference.span.kind": "TOOL", "tool.name": "handoff_to_Billing", "output.value": '{"to_agent":"Billing"}' }))));
  expect((await other.trace()).spans[0]).toMatchObject({ kind: "handoff", handoff: { to: "Billing" } });
  // A tool that is only called so is a tool: the SDK writes no function span for a handoff.
  const called_so = await pulled(lines(tool(1, "transfer_to_human_agents", '{"why":"angry"}', "done")));
  expect((await called_so.trace()).spans[0]).toMatchObject({ kind: "function", tool: { name: "transfer_to_human_agents", output: "done" } });
});

test("E33 keys of the tracer, of the model's address, of a tool's arguments and of its servers are on no disk of ours", async () => {
  const secrets = ["sk-proj-Zq3vT8nLw0pXk2Rb7Yc5Hd9Jf1Gm4Ns6", "hunter2-Zq3vT8nLw0", "ghp_Zq3vT8nLw0pXk2Rb7Yc5Hd9Jf1Gm4Ns6Qe8"];
  const { cwd } = await pulled(
    lines(
      traceRecord("trace_1", { tracing_api_key: secrets[0] }),
      spanRecord("trace_1", "span_1", { type: "generation", input: [user("hi")], output: [{ role: "assistant", content: "hello" }], model: "m", model_config: { base_url: `https://admin:${secrets[1]}@proxy.example/v1`, temperature: 1 } }, { tracing_api_key: secrets[0] }),
      tool(2, "fetch", JSON.stringify({ url: "https://x.example", headers: { Authorization: `Bearer ${secrets[2]}` } }), "ok"),
      spanRecord("trace_1", "span_3", { type: "mcp_tools", server: "github", result: ["search"], config: { headers: { Authorization: `Bearer ${secrets[2]}` } } }, at(3)),
    ),
  );
  const kept = stored(cwd);
  for (const secret of secrets) expect(kept).not.toContain(secret);
});

test("E34 sound and images of any size are kept as kind, size and digest, never as bytes", async () => {
  const bytes = Buffer.alloc(2_000_000, "sound");
  const data = bytes.toString("base64");
  const { cwd, trace } = await pulled(
    lines(
      model(1, [{ role: "user", content: [{ type: "input_image", image_url: `data:image/png;base64,${data}` }, { type: "input_audio", input_audio: { data, format: "wav" } }, { type: "input_text", text: "what is it?" }] }], [message("noise")]),
      spanRecord("trace_1", "span_2", { type: "speech", input: "say", output: { data, format: "pcm" } }, at(2)),
      tool(3, "draw", "{}", data),
    ),
  );
  const parts = (await trace()).messages.flatMap((one) => one.parts);
  expect(parts.filter(({ type }) => type === "binary")).toMatchObject([{ media: "image", mime: "image/png", bytes: bytes.length }, { media: "audio", bytes: bytes.length }]);
  const kept = stored(cwd);
  expect(kept).not.toContain(data.slice(1000, 1100));
  expect(kept.length).toBeLessThan(500_000);
});
