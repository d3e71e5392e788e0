// The bundled traces as a Langfuse server would answer them (`/api/public/v2/observations`), on 127.0.0.1: so that the
// Langfuse guide shows real output without an account.
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

const types = { task: "CHAIN", agent: "AGENT", turn: "SPAN", response: "GENERATION", function: "TOOL", handoff: "SPAN", guardrail: "GUARDRAIL" };

function observation(span, trace) {
  const data = span.span_data;
  const type = data.type === "custom" ? "SPAN" : (types[data.type] ?? "SPAN");
  const response = data._response;
  const system = response?.instructions ? [{ role: "system", content: response.instructions }] : [];
  return {
    id: span.id,
    traceId: span.trace_id,
    startTime: span.started_at,
    endTime: span.ended_at,
    parentObservationId: span.parent_id,
    type,
    name: data.type === "handoff" ? `handoff_to_${data.to_agent}` : (data.name ?? data.type),
    level: span.error ? "ERROR" : "DEFAULT",
    statusMessage: span.error?.message ?? null,
    traceName: trace?.workflow_name ?? null,
    sessionId: trace?.group_id ?? null,
    environment: "production",
    input: data._input ? JSON.stringify([...system, ...[data._input].flat()]) : (data.input ?? null),
    output: response ? JSON.stringify({ output: response.output }) : (data.output ?? (data.type === "guardrail" ? JSON.stringify({ triggered: data.triggered }) : null)),
    providedModelName: response?.model ?? null,
    usageDetails: response?.usage ? { input: response.usage.input_tokens, output: response.usage.output_tokens, total: response.usage.total_tokens } : {},
    metadata: trace?.metadata ?? {},
  };
}

export async function startLangfuse(folder) {
  const records = readdirSync(folder).sort().flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line)));
  const traces = new Map(records.filter((one) => one.object === "trace").map((one) => [one.id, one]));
  const rows = records.filter((one) => one.object === "trace.span").map((span) => observation(span, traces.get(span.trace_id)));
  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://x");
    if (url.pathname !== "/api/public/v2/observations") return response.writeHead(404, { "content-type": "application/json" }).end("{}");
    const from = Number(url.searchParams.get("cursor") ?? 0);
    const limit = Math.min(Number(url.searchParams.get("limit") ?? 50), 100);
    const more = from + limit < rows.length;
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ data: rows.slice(from, from + limit), meta: more ? { cursor: String(from + limit) } : {} }));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${server.address().port}`;
  return {
    env: { LANGFUSE_BASE_URL: base, LANGFUSE_PUBLIC_KEY: "pk-lf-example", LANGFUSE_SECRET_KEY: "sk-lf-example" },
    close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))),
  };
}
