import { clip, oneLine } from "../base/text.ts";
import type { Completeness } from "../trace/derived.ts";
import type { Trace } from "../trace/schema.ts";
import { plain, type Paint } from "./paint.ts";
import { compact } from "./trace-list.ts";
import type { TraceRow } from "./trace-row.ts";
import { millisText } from "./trace-tree.ts";

type Head = {
  readonly trace: Trace;
  readonly row: TraceRow;
  readonly completeness: Completeness;
  readonly width: number;
  readonly paint?: Paint;
};

/** The head of `show`: what the trace is, how it ended, how much of it is there. */
export function headText({ trace, row, completeness, width, paint = plain }: Head): string {
  const facts = [
    row.status,
    row.started_at === null ? undefined : `${row.started_at.slice(0, 19).replace("T", " ")} UTC`,
    row.duration_ms === null ? undefined : millisText(row.duration_ms),
    plural(row.turns, "turn"),
    plural(row.tool_calls, "tool call"),
    row.tokens === null ? undefined : `${compact(row.tokens)} tokens`,
  ].filter((fact) => fact !== undefined);
  const { content, orphans, truncated, sensitiveOff, replayable } = completeness;
  const gaps = [
    content === "full" ? undefined : `content: ${content}`,
    sensitiveOff ? "sensitive data was off" : undefined,
    orphans > 0 ? `${plural(orphans, "span")} without a parent` : undefined,
    truncated.length > 0 ? `${plural(truncated.length, "span")} cut` : undefined,
    trace.recorded || trace.source.kind !== "native" ? undefined : "no trace record",
    replayable.ok ? undefined : `not replayable: ${replayable.why}`,
  ].filter((gap) => gap !== undefined);
  const group = trace.group_id === undefined ? "" : ` · ${oneLine(trace.group_id).replace(/^(?!group)/, "group ")}`;
  return [
    paint("strong", clip(`${oneLine(trace.workflow_name ?? "(no workflow name)")}${group}`, width)),
    paint("faint", clip(`${oneLine(trace.id)} · ${row.source} · revision ${row.revision}`, width)),
    clip(facts.join(" · "), width),
    ...gaps.map((gap) => paint("warn", clip(`! ${gap}`, width))),
  ].join("\n");
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
