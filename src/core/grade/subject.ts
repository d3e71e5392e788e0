import type { Step, ToolTake } from "../trace/derived.ts";
import type { Trace, Usage } from "../trace/schema.ts";
import { statusOf } from "../trace/status.ts";
import { tapeOf } from "../trace/tape.ts";
import { transcriptOf } from "../trace/transcript.ts";
import { usageOf } from "../trace/usage.ts";

export type SubjectCall = {
  readonly name: string;
  /** The text the model wrote. Undefined: not recorded. */
  readonly arguments: string | undefined;
  readonly output?: string | undefined;
  readonly error?: string | undefined;
  readonly agent?: string | undefined;
  readonly span_id?: string | undefined;
};
export type SubjectHandoff = { readonly from: string | undefined; readonly to: string | undefined; readonly span_id?: string | undefined };
export type SubjectGuardrail = { readonly name: string; readonly triggered: boolean; readonly span_id?: string | undefined };

/**
 * What is graded: a recorded run or a replayed one, in the same shape. Handoffs are not calls. `error` is what ended the
 * run, a tool's own error or a tripped guardrail not included (they have their places).
 */
export type Subject = {
  readonly calls: readonly SubjectCall[];
  readonly handoffs: readonly SubjectHandoff[];
  readonly guardrails: readonly SubjectGuardrail[];
  /** The last words to the user. */
  readonly output: string | undefined;
  readonly error: string | undefined;
  /** Model answers, those inside agents used as tools included. */
  readonly turns: number;
  readonly usage: Usage | undefined;
};

/** The subject of a recording. Calls that were only part of the history the run was given are not its calls. */
export function subjectOf(trace: Trace): Subject {
  const { steps, output } = transcriptOf(trace);
  const spans = new Map(trace.spans.map((span) => [span.id, span]));
  const recorded = (take: ToolTake): boolean => take.arguments !== "" || spans.get(take.span_id ?? "")?.tool?.arguments !== undefined;
  const models = trace.spans.filter((span) => span.model !== undefined).length;
  return {
    calls: tapeOf(trace).tools.map((take) => ({ ...take, arguments: recorded(take) ? take.arguments : undefined })),
    handoffs: steps.filter((step) => step.kind === "handoff"),
    guardrails: steps.filter((step) => step.kind === "guardrail"),
    output,
    error: statusOf(trace) === "error" ? errorWords(trace, steps) : undefined,
    turns: models > 0 ? models : trace.spans.filter((span) => span.kind === "turn").length,
    usage: usageOf(trace),
  };
}

function errorWords(trace: Trace, steps: readonly Step[]): string {
  const told = steps.findLast((step) => step.kind === "error")?.message;
  return told ?? trace.spans.find((span) => span.error !== undefined)?.error?.message ?? "";
}

/** `transfer_to_billing_agent` asks for a handoff to `billing_agent`; any other name is a tool's. */
export function handoffTarget(tool: string): string | undefined {
  return /^transfer_to_(.+)$/s.exec(tool)?.[1];
}

/** Agents as they can be compared: the SDK writes `Billing Agent` as `billing_agent` (or `Billing_Agent`) in tool names. */
export const agentKey = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "_");
