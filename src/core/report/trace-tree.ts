import { cell, clip, oneLine } from "../base/text.ts";
import type { Suspicion } from "../trace/derived.ts";
import type { Span, Trace } from "../trace/schema.ts";
import { treeOf, type Place } from "../trace/tree.ts";
import { plain, type Paint } from "./paint.ts";
import { millisOf } from "./trace-row.ts";
import { compact } from "./trace-list.ts";

export type TreeOptions = { readonly width: number; readonly paint?: Paint; readonly suspicions?: readonly Suspicion[] };

/** The spans of a trace as they nest: kind, name, tokens, duration, and marks where something looks wrong. */
export function traceTree(trace: Trace, { width, paint = plain, suspicions = [] }: TreeOptions): string {
  const { places } = treeOf(trace);
  const marks = marksOf(suspicions);
  const lines = places.flatMap(({ span, depth }) => {
    const tone = span.error !== undefined || span.guardrail?.triggered === true ? "bad" : undefined;
    const left = clip(`${"  ".repeat(Math.min(depth, 20))}${titleOf(span)}`, width - 10);
    const line = `${cell(left, width - 9)} ${durationOf(span).padStart(8)}`;
    const words = (marks.get(span.id) ?? []).map((one) => paint("warn", clip(`${"  ".repeat(Math.min(depth, 20))}  ^ ${one}`, width)));
    return [tone === undefined ? line : paint(tone, line), ...words];
  });
  return lines.length === 0 ? "(no spans)" : lines.join("\n");
}

/** Every span on its own line: id, kind, name, start after the first span, duration. */
export function spanTable(trace: Trace, { width, paint = plain, suspicions = [] }: TreeOptions): string {
  const { places } = treeOf(trace);
  const marks = marksOf(suspicions);
  const starts = trace.spans.flatMap(({ started_at }) => (started_at === undefined ? [] : [millisOf(started_at)]));
  const first = Math.min(...starts);
  const id = Math.min(30, Math.max(4, ...trace.spans.map((span) => oneLine(span.id).length)));
  const name = Math.max(10, width - (id + 2 + 13 + 2 + 2 + 8 + 1 + 8 + 2));
  const line = (cells: { id: string; kind: string; name: string; start: string; took: string; mark: string }): string =>
    `${cell(cells.id, id)}  ${cell(cells.kind, 13)}  ${cell(cells.name, name)}  ${cells.start.padStart(8)} ${cells.took.padStart(8)} ${cells.mark}`.trimEnd();
  const row = ({ span }: Place): string => {
    const start = span.started_at === undefined ? "-" : `+${millisText(millisOf(span.started_at) - first)}`;
    const mark = span.error !== undefined ? "!" : marks.has(span.id) ? "^" : "";
    const text = line({ id: oneLine(span.id), kind: span.kind, name: nameOf(span), start, took: durationOf(span), mark });
    return mark === "!" ? paint("bad", text) : mark === "^" ? paint("warn", text) : text;
  };
  return [paint("strong", line({ id: "SPAN", kind: "KIND", name: "NAME", start: "START", took: "TOOK", mark: "" })), ...places.map(row)].join("\n");
}

function marksOf(suspicions: readonly Suspicion[]): ReadonlyMap<string, readonly string[]> {
  const marks = new Map<string, string[]>();
  for (const { span_id, words, code } of suspicions) marks.set(span_id, [...(marks.get(span_id) ?? []), `${oneLine(words)} [${code}]`]);
  return marks;
}

const titleOf = (span: Span): string => [span.kind, nameOf(span), tokensOf(span)].filter((text) => text !== "").join(" ");

function nameOf(span: Span): string {
  const { tool, agent, turn, handoff, guardrail, model, mcp } = span;
  if (handoff !== undefined) return oneLine(`${handoff.from ?? "?"} → ${handoff.to ?? "?"}`);
  if (guardrail !== undefined) return oneLine(`${guardrail.name}${guardrail.triggered ? " tripped" : ""}`);
  if (span.kind === "turn") return oneLine([turn?.turn, turn?.agent_name].filter((one) => one !== undefined).join(" "));
  return oneLine(tool?.name ?? agent?.name ?? model?.model ?? mcp?.server ?? span.name ?? span.native_type ?? "");
}

function tokensOf({ model }: Span): string {
  const { input, output } = model?.usage ?? {};
  return input === undefined && output === undefined ? "" : `(${compact(input ?? 0)} in, ${compact(output ?? 0)} out)`;
}

function durationOf({ started_at, ended_at }: Span): string {
  if (started_at === undefined) return "-";
  return ended_at === undefined ? "no end" : millisText(millisOf(ended_at) - millisOf(started_at));
}

/** `12ms`, `3.4s`, `2m05s`, `1h02m`. */
export function millisText(millis: number): string {
  const abs = Math.max(0, millis);
  if (abs < 1000) return `${abs}ms`;
  if (abs < 59_950) return `${(abs / 1000).toFixed(1)}s`;
  const minutes = Math.floor(abs / 60_000);
  const pad = (count: number): string => String(count).padStart(2, "0");
  return minutes < 60 ? `${minutes}m${pad(Math.floor((abs % 60_000) / 1000))}s` : `${Math.floor(minutes / 60)}h${pad(minutes % 60)}m`;
}
