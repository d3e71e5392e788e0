import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OpenAIAgentsInstrumentation } from "@arizeai/openinference-instrumentation-openai-agents";
import * as agents from "@openai/agents";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BasicTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { createRecorder } from "../../src/recorder/index.ts";
import { scratch } from "./io.ts";
import { json, serve } from "./server.ts";

/** A run as our recorder wrote it, as the SDK's own exporter would, and as OpenInference sent it: lines of JSON each. */
export type SeenTwice = { readonly native: string; readonly plain: string; readonly otlp: string };

/** What two tracers of the real SDK saw at once of the same work. OTLP may have to cut what is long. */
export async function seenByBoth(work: () => Promise<unknown>, attributeValueLengthLimit = Infinity): Promise<SeenTwice> {
  const path = join(scratch(), "native.jsonl");
  const recorder = createRecorder({ path });
  const collector = await serve((_, response) => json(response, {}));
  const provider = new BasicTracerProvider({ spanLimits: { attributeValueLengthLimit }, spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter({ url: `${collector.base}/v1/traces` }))] });
  const instrumentation = new OpenAIAgentsInstrumentation({ tracerProvider: provider });
  instrumentation.manuallyInstrument(agents);
  agents.addTraceProcessor(recorder);
  agents.setTracingDisabled(false);
  try {
    await work();
    await recorder.forceFlush();
    await provider.forceFlush();
  } finally {
    instrumentation.uninstrument();
    agents.setTraceProcessors([]);
  }
  const native = readFileSync(path, "utf8");
  return { native, plain: native.split("\n").filter((line) => line !== "").map(withoutContent).join("\n"), otlp: collector.seen.map(({ body }) => body).join("\n") };
}

/** The record as the SDK's own exporter writes it. */
function withoutContent(line: string): string {
  const record = JSON.parse(line) as { span_data?: { type: string; _input?: unknown; _response?: unknown } };
  if (record.span_data?.type === "response") record.span_data = { ...record.span_data, _input: undefined, _response: undefined };
  return JSON.stringify(record);
}
