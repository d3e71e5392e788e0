import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { OpenAIProvider, Runner, setTraceProcessors, setTracingDisabled, withTrace, type AgentInputItem } from "@openai/agents";
import { createRecorder } from "../../src/recorder/index.ts";
import type { AnyAgent } from "../../src/adapters/agents/stage.ts";
import type { Trace } from "../../src/core/trace/schema.ts";
import { assembled } from "./replay.ts";
import { json } from "./server.ts";

/** What a scripted model says in one answer: words, or calls of tools as `[name, arguments]`. */
export type Says = string | readonly (readonly [name: string, args: unknown])[];

/** The output items of a Responses answer. Call ids are `call_<n>_<i>`. */
export const outputItems = (says: Says, n: number): unknown[] =>
  typeof says === "string"
    ? [{ type: "message", id: `msg_${n}`, role: "assistant", status: "completed", content: [{ type: "output_text", text: says, annotations: [] }] }]
    : says.map(([name, args], i) => ({
        type: "function_call", id: `fc_${n}_${i}`, call_id: `call_${n}_${i}`, name, status: "completed",
        arguments: typeof args === "string" ? args : JSON.stringify(args),
      }));

type Asked = { readonly instructions?: string; readonly model?: string; readonly tools?: readonly unknown[]; readonly text?: unknown };

/** A whole Responses answer to a request. */
export const responseTo = (asked: Asked, says: Says, n: number): object => ({
  id: `resp_${n}`, object: "response", created_at: 1, status: "completed", error: null, incomplete_details: null,
  instructions: asked.instructions ?? null, model: asked.model, output: outputItems(says, n), parallel_tool_calls: true,
  previous_response_id: null, temperature: 1, top_p: 1, tool_choice: "auto", tools: asked.tools ?? [], text: asked.text ?? { format: { type: "text" } },
  usage: { input_tokens: 10, input_tokens_details: { cached_tokens: 0 }, output_tokens: 5, output_tokens_details: { reasoning_tokens: 0 }, total_tokens: 15 },
});

/** Which agent a request is from, by the first word of its instructions, and what it says next. */
export type Script = Readonly<Record<string, readonly Says[]>>;

/**
 * Runs an agent on the real SDK against a loopback Responses server whose answers are scripted per agent, recorded by our
 * own recorder: a genuine trace. An agent is known by the first word of its instructions.
 */
export async function recordRun(agent: AnyAgent, inputs: readonly string[], script: Script, options: { maxTurns?: number } = {}): Promise<Trace> {
  const left = new Map(Object.entries(script).map(([key, says]) => [key, [...says]]));
  let n = 0;
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const asked = JSON.parse(body) as Asked;
      const says = left.get(String(asked.instructions).split(/\W/)[0] ?? "")?.shift();
      if (says === undefined) json(response, { error: { message: "no more script" } }, 400);
      else json(response, responseTo(asked, says, (n += 1)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const folder = mkdtempSync(join(tmpdir(), "casebook-test-"));
  const file = join(folder, "traces.jsonl");
  const recorder = createRecorder({ path: file });
  setTracingDisabled(false);
  setTraceProcessors([recorder as never]);
  const runner = new Runner({ modelProvider: new OpenAIProvider({ apiKey: "none", baseURL: `${base}/v1`, useResponses: true }), workflowName: "Test" });
  await withTrace("Test", async () => {
    let history: AgentInputItem[] = [];
    for (const input of inputs) {
      const result = await runner.run(agent, [...history, { role: "user", content: input }], { maxTurns: options.maxTurns ?? 10 });
      history = result.history;
    }
  }).catch(() => {});
  await recorder.forceFlush();
  setTraceProcessors([]);
  setTracingDisabled(true);
  server.closeAllConnections();
  server.close();
  const lines = readFileSync(file, "utf8");
  rmSync(folder, { recursive: true });
  const [trace] = assembled(lines.trimEnd().split("\n").map((line) => JSON.parse(line) as unknown));
  if (trace === undefined) throw new Error("nothing was recorded");
  return trace;
}
