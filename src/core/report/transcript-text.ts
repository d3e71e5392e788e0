import { clip, harmless, oneLine, widthOf, wrap } from "../base/text.ts";
import { parseJson } from "../base/json.ts";
import type { Step, Transcript } from "../trace/derived.ts";
import { plain, type Paint, type Tone } from "./paint.ts";

export type TranscriptOptions = {
  readonly width: number;
  readonly paint?: Paint;
  /** Show system texts and long outputs whole. */
  readonly unfold?: boolean;
};

/** Lines kept of a folded text, by what it is. Messages are what is judged; outputs are mostly bulk. */
const keep = { message: 40, arguments: 16, output: 8, note: 3, system: 1 } as const;

/**
 * A transcript for a terminal: who spoke, what was called with what result, marks where something looks wrong. Control
 * sequences are gone, long texts folded with a count of what is hidden.
 */
export function transcriptText(transcript: Transcript, options: TranscriptOptions): string {
  const { paint = plain } = options;
  const lines: string[] = [];
  for (const { agent, text } of transcript.system) {
    lines.push(paint("faint", `system${agent === undefined ? "" : ` of ${oneLine(agent)}`}`), ...body(text, "system", options), "");
  }
  let agent: string | undefined;
  for (const [index, step] of transcript.steps.entries()) {
    const marks = transcript.suspicions.filter((one) => one.step === index);
    if (step.agent !== agent && step.agent !== undefined) lines.push(paint("faint", rule(oneLine(step.agent), options.width)));
    agent = step.agent ?? agent;
    lines.push(...stepLines(step, { ...options, paint }));
    lines.push(...marks.map(({ words, code }) => paint("warn", clip(`  ^ ${oneLine(words)} [${code}]`, options.width))), "");
  }
  const loose = transcript.suspicions.filter(({ step }) => step === undefined);
  lines.push(...loose.map(({ words, code }) => paint("warn", clip(`^ ${oneLine(words)} [${code}]`, options.width))));
  while (lines.at(-1) === "") lines.pop();
  return lines.join("\n");
}

const rule = (name: string, width: number): string => {
  const head = `── ${clip(name, width - 8)} `;
  return `${head}${"─".repeat(Math.max(0, width - widthOf(head)))}`;
};

/** The lines of one step, without its marks. */
function stepLines(step: Step, options: TranscriptOptions): string[] {
  const { paint = plain, width } = options;
  switch (step.kind) {
    case "message":
      return [paint(step.role === "user" ? "strong" : "who", step.role), ...body(step.text, "message", options)];
    case "tool": {
      const tone: Tone = step.error === undefined ? "tool" : "bad";
      const args = step.arguments === undefined ? "(arguments not recorded)" : step.arguments;
      const call = `${oneLine(step.name)} ${oneLine(args)}`;
      const head = call.length <= width && widthOf(call) <= width - 2 ? [paint(tone, `→ ${call}`)] : [paint(tone, clip(`→ ${oneLine(step.name)}`, width)), ...body(args, "arguments", options)];
      const result = step.output === undefined ? (step.error === undefined ? ["  (no result recorded)"] : []) : body(step.output, "output", options, "= ");
      const error = step.error === undefined ? [] : body(step.error, "note", options, "! ").map((line) => paint("bad", line));
      return [...head, ...result, ...error];
    }
    case "handoff":
      return [paint("who", clip(`⇒ handoff ${oneLine(step.from ?? "?")} → ${oneLine(step.to ?? "?")}`, width))];
    case "guardrail": {
      const stage = step.stage === undefined ? "" : `${step.stage} `;
      const text = clip(`◇ ${stage}guardrail ${oneLine(step.name)}: ${step.triggered ? "tripped" : "passed"}`, width);
      return [paint(step.triggered ? "bad" : "faint", text)];
    }
    case "error":
      return [paint("bad", "error"), ...body(step.message, "message", options).map((line) => paint("bad", line))];
    default:
      return body(step.text, "note", options, "· ").map((line) => paint("faint", line));
  }
}

/** A text indented and wrapped, folded to its first lines unless asked for whole. */
function body(text: string, kind: keyof typeof keep, { width, unfold = false, paint = plain }: TranscriptOptions, lead = ""): string[] {
  const indent = " ".repeat(2 + lead.length);
  const inner = Math.max(20, width - indent.length);
  const limit = unfold ? Infinity : keep[kind];
  // Only what may be shown is wrapped: an output of megabytes costs no more than its first screen.
  const readable = harmless(kind === "arguments" || kind === "output" ? legible(text, { inner, unfold }) : text).trimEnd();
  const head = unfold ? readable : readable.slice(0, inner * (limit + 2)).toWellFormed();
  const lines = wrap(head, inner);
  const shown = lines.slice(0, limit);
  const hidden = shown.length < lines.length || head.length < readable.length;
  const out = shown.map((line, index) => `${index === 0 ? `  ${lead}` : indent}${line}`.trimEnd());
  if (!hidden) return out.length === 0 || readable === "" ? [`  ${lead}(empty)`] : out;
  const seen = shown.join("\n").length;
  return [...out, paint("faint", `${indent}… ${(readable.length - seen).toLocaleString("en-US")} more characters (--unfold)`)];
}

/**
 * JSON that does not fit on one line: whole it is laid out as usual, folded it takes one line per member, so that the first
 * lines say as much as they can.
 */
function legible(text: string, { inner, unfold }: { inner: number; unfold: boolean }): string {
  if (text.length <= inner || text.length > 200_000) return text;
  const value = parseJson(text);
  if (typeof value !== "object" || value === null) return text;
  if (unfold) return JSON.stringify(value, null, 2);
  const members = Array.isArray(value) ? value.map(spaced) : Object.entries(value).map(([key, member]) => `${key}: ${spaced(member)}`);
  return members.join("\n");
}

/** JSON on one line with room to break it: `{ "a": 1, "b": [ 2 ] }`. */
const spaced = (value: unknown): string => JSON.stringify(value, null, 1).replace(/\n\s*/g, " ");
