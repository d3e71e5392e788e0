import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** What the endpoint answers next: output items of a response, or an HTTP error. */
export type Answer = { readonly output: readonly object[] } | { readonly status: number; readonly message: string };

export const said = (text: string): object => ({
  type: "message",
  id: "msg_1",
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text, annotations: [] }],
});
export const called = (name: string, args: string, call_id = "call_1"): object => ({ type: "function_call", id: `fc_${call_id}`, call_id, name, arguments: args, status: "completed" });

/** A Responses API on 127.0.0.1 that gives the scripted answers in order, as JSON or as a stream. Answers its base URL. */
export async function responsesApi(answers: readonly Answer[], idOf: (turn: number) => string = (turn) => `resp_${turn}`): Promise<string> {
  let turn = 0;
  const server = createServer((request, reply) => {
    const body: Buffer[] = [];
    request.on("data", (chunk: Buffer) => body.push(chunk));
    request.on("end", () => {
      const asked = JSON.parse(Buffer.concat(body).toString("utf8")) as { stream?: boolean; instructions?: string; model: string; previous_response_id?: string; conversation?: string };
      const answer = answers[turn];
      turn += 1;
      if (answer === undefined || "status" in answer) {
        reply.writeHead(answer?.status ?? 500, { "content-type": "application/json" });
        return void reply.end(JSON.stringify({ error: { message: answer?.message ?? "no more answers", type: "invalid_request_error" } }));
      }
      const response = {
        id: idOf(turn),
        object: "response",
        created_at: 1,
        status: "completed",
        model: asked.model,
        instructions: asked.instructions ?? null,
        previous_response_id: asked.previous_response_id ?? null,
        conversation: asked.conversation === undefined ? null : { id: asked.conversation },
        output: answer.output,
        tools: [],
        usage: { input_tokens: 10, input_tokens_details: { cached_tokens: 0 }, output_tokens: 2, output_tokens_details: { reasoning_tokens: 0 }, total_tokens: 12 },
      };
      if (asked.stream !== true) {
        reply.writeHead(200, { "content-type": "application/json" });
        return void reply.end(JSON.stringify(response));
      }
      reply.writeHead(200, { "content-type": "text/event-stream" });
      const events = [
        { type: "response.created", sequence_number: 0, response: { ...response, status: "in_progress", output: [] } },
        { type: "response.completed", sequence_number: 1, response },
      ];
      for (const event of events) reply.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
      reply.end();
    });
  });
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}
