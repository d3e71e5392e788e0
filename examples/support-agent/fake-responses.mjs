import { createServer } from "node:http";

/**
 * A Responses API on 127.0.0.1 that says what it is told to, so that the SDK's real model class makes real response spans.
 * `next(request)` gives the output items of one answer. Resolves to `{ baseUrl, close }`.
 */
export async function serveResponses(next) {
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const asked = JSON.parse(Buffer.concat(chunks).toString("utf8"));
      const { id, output } = next(asked);
      const input_tokens = Math.ceil(JSON.stringify([asked.instructions, asked.tools, asked.input]).length / 4);
      const output_tokens = Math.ceil(JSON.stringify(output).length / 4);
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify({
          id,
          object: "response",
          created_at: 1_793_600_000,
          status: "completed",
          error: null,
          incomplete_details: null,
          instructions: asked.instructions ?? null,
          model: asked.model,
          output,
          parallel_tool_calls: true,
          previous_response_id: null,
          store: true,
          temperature: 1,
          text: { format: { type: "text" } },
          tool_choice: "auto",
          tools: asked.tools ?? [],
          top_p: 1,
          truncation: "disabled",
          usage: {
            input_tokens,
            input_tokens_details: { cached_tokens: 0 },
            output_tokens,
            output_tokens_details: { reasoning_tokens: 0 },
            total_tokens: input_tokens + output_tokens,
          },
          metadata: {},
        }),
      );
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    baseUrl: `http://127.0.0.1:${server.address().port}/v1`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** One turn of a scenario as output items of a Responses answer. */
export function answerItems(turn, id) {
  if (typeof turn === "string")
    return [
      { type: "message", id: `msg_${id}`, role: "assistant", status: "completed", content: [{ type: "output_text", text: turn, annotations: [] }] },
    ];
  const [name, args] = turn;
  const called = args === undefined ? `transfer_to_${name.replaceAll(" ", "_")}` : name;
  return [{ type: "function_call", id: `fc_${id}`, call_id: `call_${id}`, name: called, arguments: JSON.stringify(args ?? {}), status: "completed" }];
}
