import { canonicalJson } from "../base/json.ts";
import { sha256 } from "../base/hash.ts";
import type { Span, Trace } from "../trace/schema.ts";
import type { Case } from "./case.ts";

/** Short digests inside a case or lock: enough to tell an edit, not to find a value again. */
const short = (value: unknown): string => sha256(canonicalJson(value)).slice(0, 16);

/** Content hash of a case: everything but its provenance. */
export const caseHash = (entry: Case): string => sha256(canonicalJson({ ...entry, provenance: undefined }));

/** The parts of a case by which a change is named, and the hash of those that a replay is judged by. */
export function partsOf(entry: Case, trace: Trace): { parts: Record<"input" | "verdict" | "checks" | "recording" | "words", string>; meaning: string } {
  const parts = {
    input: short(entry.input),
    verdict: short([entry.label.verdict, entry.label.codes]),
    // Why a check is there, and what it is called, changes nothing of what it asks.
    checks: short([entry.checks.map(bare), entry.vacuous !== undefined]),
    recording: recordingDigest(trace),
    words: short([entry.title, entry.label.note, entry.label.first_failing_span, entry.expected, entry.tags, entry.vacuous, entry.checks]),
  };
  return { parts, meaning: sha256(canonicalJson({ ...parts, words: undefined })) };
}

/** What build made of the labels, to be recognised by the next build. */
export const generatedDigest = (value: unknown): string => sha256(canonicalJson(value ?? null)).slice(0, 12);

function bare(check: unknown): unknown {
  if (Array.isArray(check)) return check.map(bare);
  if (typeof check !== "object" || check === null) return check;
  const { checks } = check as { checks?: unknown };
  return { ...check, id: undefined, why: undefined, ...(checks === undefined ? {} : { checks: bare(checks) }) };
}

/**
 * A recording without what differs between two takes of the same run: ids, times, usage and where it was read. Two
 * recordings of one digest answer a replay alike.
 */
export function recordingDigest(trace: Trace): string {
  const at = new Map(trace.spans.map((span, index) => [span.id, index]));
  const spans = trace.spans.map((span) => settled(span, span.parent_id === null ? null : (at.get(span.parent_id) ?? null)));
  return short({ workflow: trace.workflow_name, messages: trace.messages, tools: trace.tools, spans });
}

function settled(span: Span, parent: number | null): unknown {
  const { kind, name, error, model, tool, agent, handoff, guardrail, mcp, data } = span;
  return {
    parent, kind, name, error, agent, handoff, guardrail, mcp, data,
    model: model === undefined ? undefined : { ...model, response_id: undefined, previous_response_id: undefined, conversation_id: undefined, usage: undefined },
    tool: tool === undefined ? undefined : { ...tool, call_id: undefined },
  };
}
