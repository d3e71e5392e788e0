import { json, serve } from "./server.ts";

/** What the endpoint answers next: words, calls of tools as `[name, arguments]`, or an HTTP error. */
export type ChatAnswer = string | readonly (readonly [name: string, args: string])[] | { readonly status: number; readonly message: string };

/** A Chat Completions API on 127.0.0.1 that gives the scripted answers in order, as JSON or as a stream. Answers its base URL. */
export async function chatApi(answers: readonly ChatAnswer[], idOf: (turn: number) => string = (turn) => `chatcmpl-${turn}`): Promise<string> {
  const { base } = await serve(({ body }, response, index) => {
    const asked = JSON.parse(body) as { model: string; stream?: boolean };
    const answer = answers[index];
    if (answer === undefined || (typeof answer === "object" && "status" in answer))
      return json(response, { error: { message: answer?.message ?? "no more answers", type: "invalid_request_error" } }, answer?.status ?? 400);
    const calls = typeof answer === "string" ? undefined : answer.map(([name, args], at) => ({ id: `call_${index + 1}_${at}`, type: "function", function: { name, arguments: args } }));
    const finish_reason = calls === undefined ? "stop" : "tool_calls";
    const said = { role: "assistant", content: typeof answer === "string" ? answer : null };
    const whole = { id: idOf(index + 1), created: 1, model: asked.model };
    const usage = { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 };
    if (asked.stream !== true) {
      const message = { ...said, refusal: null, ...(calls === undefined ? {} : { tool_calls: calls }) };
      return json(response, { ...whole, object: "chat.completion", choices: [{ index: 0, finish_reason, message }], usage });
    }
    const delta = { ...said, ...(calls === undefined ? {} : { tool_calls: calls.map((call, at) => ({ ...call, index: at })) }) };
    const chunks = [{ choices: [{ index: 0, delta, finish_reason: null }] }, { choices: [{ index: 0, delta: {}, finish_reason }] }, { choices: [], usage }];
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const chunk of chunks) response.write(`data: ${JSON.stringify({ ...whole, object: "chat.completion.chunk", ...chunk })}\n\n`);
    response.end("data: [DONE]\n\n");
  });
  return `${base}/v1`;
}
