import { canonicalJson, parseJson } from "../base/json.ts";
import { sha256 } from "../base/hash.ts";
import { completenessOf } from "../trace/completeness.ts";
import { conversationOf, type Exchange } from "../trace/conversation.ts";
import type { Step } from "../trace/derived.ts";
import type { Trace } from "../trace/schema.ts";
import { transcriptOf } from "../trace/transcript.ts";
import { treeOf } from "../trace/tree.ts";
import type { Unit } from "../trace/units.ts";
import { withoutPseudonyms, wordsOf } from "./words.ts";

/** What dedup keeps of a trace while it compares: small, so that a whole store fits in memory. */
export type Sketch = {
  readonly id: string;
  /** The beginning of what the user wrote first, for lists. */
  readonly opening: string;
  /** sha-256 of the canonical content. Undefined: too little was recorded to call anything its equal. */
  readonly content: string | undefined;
  /** Distinct words of the user's turns. */
  readonly userWords: readonly string[];
  /** Words of the user's turns, tool arguments and the last answer, in order. */
  readonly nearWords: readonly string[];
  /** `conversation[n]` names the first n+1 things said and done, in order. */
  readonly conversation: readonly string[];
  /** How much was recorded (2 full, 1 partial, 0 none), and how much happened: which of two alike is kept. */
  readonly fullness: number;
  readonly size: number;
};

/** Sketches one trace. Pure; everything that tells two recordings of the same course apart by accident is left out. */
export function sketchOf(trace: Trace): Sketch {
  const { system, steps, output } = transcriptOf(trace);
  const { content } = completenessOf(trace);
  const said = steps.some((step) => step.kind === "message" && step.role === "user");
  const exchanges = conversationOf(trace, treeOf(trace)).filter(({ place }) => place.scope === "");
  const turns = turnsOf(exchanges);
  const calls = steps.flatMap((step) => (step.kind === "tool" ? [step.arguments ?? ""] : []));
  return {
    id: trace.id,
    opening: (turns[0] ?? "").slice(0, 200).toWellFormed(),
    content: content === "none" || !said ? undefined : sha256(canonicalJson([system.map((one) => [one.agent ?? null, plain(one.text)]), steps.map(canonicalStep)])),
    userWords: [...new Set(turns.flatMap(wordsOf))],
    nearWords: [...turns, ...calls, output ?? ""].map(withoutPseudonyms).flatMap(wordsOf),
    conversation: chain(exchanges),
    fullness: { full: 2, partial: 1, none: 0 }[content],
    size: steps.length,
  };
}

/** The distinct words of what the user wrote. Not of what one agent wrote to another that it used as a tool. */
export function userWordsOf(trace: Trace): string[] {
  const exchanges = conversationOf(trace, treeOf(trace)).filter(({ place }) => place.scope === "");
  return [...new Set(turnsOf(exchanges).flatMap(wordsOf))];
}

const turnsOf = (exchanges: readonly Exchange[]): string[] =>
  exchanges.flatMap(({ fresh }) => fresh.flatMap((unit) => (unit.kind === "text" && unit.role === "user" ? [unit.text] : [])));

/** Placeholders for pseudonyms; JSON in canonical form, whatever its key order and white space. */
function plain(text: string): string {
  const bare = withoutPseudonyms(text.trim());
  const value = /^[[{]/.test(bare) ? parseJson(bare) : undefined;
  return value === undefined ? bare : canonicalJson(value);
}

const optional = (text: string | undefined): string | null => (text === undefined ? null : plain(text));

/** A step without ids, spans and the way a call was linked. */
function canonicalStep(step: Step): unknown {
  const agent = step.agent ?? null;
  switch (step.kind) {
    case "message":
      return ["message", step.role, plain(step.text), agent];
    case "tool":
      return ["tool", step.name, optional(step.arguments), optional(step.output), optional(step.error), agent];
    case "handoff":
      return ["handoff", step.from ?? null, step.to ?? null];
    case "guardrail":
      return ["guardrail", step.name, step.triggered];
    case "error":
      return ["error", plain(step.message)];
    case "note":
      return ["note", plain(step.text), agent];
  }
}

/** Each name covers everything before it, so equal names mean equal beginnings. Call ids are left out. */
function chain(exchanges: readonly Exchange[]): string[] {
  const names: string[] = [];
  for (const unit of exchanges.flatMap(({ fresh, output }) => [...fresh, ...output])) {
    const said = canonicalUnit(unit);
    if (said !== undefined) names.push(sha256(`${names.at(-1) ?? ""}\n${said}`));
  }
  return names;
}

function canonicalUnit(unit: Unit): string | undefined {
  switch (unit.kind) {
    case "text":
      return unit.role === "system" ? undefined : `${unit.role}\n${plain(unit.text)}`;
    case "call":
      return `call\n${unit.name}\n${plain(unit.arguments)}`;
    case "result":
      return `result\n${plain(unit.output)}`;
    default:
      return undefined;
  }
}
