import { isObject, parseJson } from "../base/json.ts";
import { harmless, oneLine } from "../base/text.ts";
import type { StoredTrace } from "../redact/stored.ts";
import type { Finding } from "../redact/types.ts";
import type { Step, Transcript } from "../trace/derived.ts";

/** A stretch of text of a block: `short` while folded (at most `lines` lines of it), `full` unfolded. */
type Passage = { readonly short: string; readonly full: string; readonly lines: number };

/** One thing a person reads and can point at: a system text, a message, a tool call with its result, a handoff, … */
export type Block = {
  readonly kind: "system" | Step["kind"];
  /** `user`, `assistant · Triage`, `tool get_order · Triage`. One line. */
  readonly head: string;
  readonly passages: readonly Passage[];
  readonly span_id: string | undefined;
  /** Why it is worth a look: one phrase per suspicion. */
  readonly marks: readonly string[];
};

/** A trace laid out for labelling. All text in it is harmless to a terminal. */
export type Sheet = {
  readonly id: string;
  readonly revision: number;
  readonly workflow: string;
  readonly blocks: readonly Block[];
  /** Every span id of the trace. */
  readonly spans: readonly string[];
  readonly suspects: readonly Suspect[];
  /** Tokens redaction left in the trace: what a person may quote. */
  readonly tokens: readonly string[];
};

/** A finding redaction was not sure of. `text` is what stands at that place, as it is stored. */
export type Suspect = { readonly finding: Finding; readonly text: string; readonly around: string };

/** Text longer than this is cut on the screen (and says so): nobody reads on, and every key would wait for it. */
const most = 40_000;

/** Lays out one stored trace with its transcript. */
export function sheetOf({ trace, revision, findings }: StoredTrace, { system, steps, suspicions }: Transcript): Sheet {
  const blocks: Block[] = system.map(({ agent, text }) => ({
    kind: "system",
    head: `system${agent === undefined ? "" : ` · ${oneLine(agent)}`} (${text.length.toLocaleString("en")} characters)`,
    passages: [passage(text, 0)],
    span_id: undefined,
    marks: [],
  }));
  const found = new Set<number>();
  steps.forEach((step, index) => {
    const marks = suspicions
      .filter((suspicion, at) => {
        const here = suspicion.step === undefined ? suspicion.span_id === step.span_id && !found.has(at) : suspicion.step === index;
        if (here) found.add(at);
        return here;
      })
      .map(({ words }) => oneLine(words));
    blocks.push({ kind: step.kind, head: headOf(step), passages: passagesOf(step), span_id: step.span_id, marks });
  });
  return {
    id: trace.id,
    revision,
    workflow: oneLine(trace.workflow_name ?? ""),
    blocks,
    spans: trace.spans.map(({ id }) => id),
    suspects: findings.filter(({ tier }) => tier === "suspect").map((finding) => suspectOf(trace, finding)),
    tokens: [...new Set(findings.map(({ token }) => token))],
  };
}

function headOf(step: Step): string {
  const agent = step.agent === undefined ? "" : ` · ${oneLine(step.agent)}`;
  switch (step.kind) {
    case "message":
      return `${step.role}${step.role === "user" ? "" : agent}`;
    case "tool":
      return `tool ${oneLine(step.name)}${agent}${step.linked === "inferred" ? " · matched by name" : ""}`;
    case "handoff":
      return `handoff ${oneLine(step.from ?? "?")} -> ${oneLine(step.to ?? "?")}`;
    case "guardrail":
      return `guardrail ${oneLine(step.name)}${step.stage === undefined ? "" : ` (${step.stage})`}: ${step.triggered ? "TRIPPED" : "passed"}`;
    case "error":
      return `error${agent}`;
    case "note":
      return `note${agent}`;
  }
}

function passagesOf(step: Step): readonly Passage[] {
  switch (step.kind) {
    case "message":
      return [passage(step.text, step.role === "assistant" || step.role === "user" ? 12 : 3)];
    case "tool":
      return [
        json("", step.arguments ?? "(arguments not recorded)", 2),
        ...(step.error === undefined ? [] : [passage(`error: ${step.error}`, 3)]),
        json("= ", step.output === undefined ? "(no result recorded)" : step.output === "" ? "(empty)" : step.output, 3),
      ];
    case "error":
      return [passage(step.message, 6)];
    case "note":
      return [passage(step.text, 3)];
    case "handoff":
    case "guardrail":
      return [];
  }
}

function passage(text: string, lines: number): Passage {
  const cut =
    text.length > most ? `${text.slice(0, most)}\n(${(text.length - most).toLocaleString("en")} more characters: casebook show)` : text;
  const clean = harmless(cut).trimEnd();
  return { short: clean, full: clean, lines };
}

/** Compact while folded, indented when unfolded, as it is where it is not JSON. */
function json(lead: string, text: string, lines: number): Passage {
  const value = text.length <= most ? parseJson(text) : undefined;
  const plain = passage(lead + text.trimStart(), lines);
  if (value === null || typeof value !== "object") return plain;
  return { ...plain, full: harmless(lead + JSON.stringify(value, null, 2)) };
}

function suspectOf(trace: unknown, finding: Finding): Suspect {
  const value = at(trace, finding.path);
  const text = typeof value === "string" ? value : "";
  return {
    finding,
    text: text.slice(finding.start, finding.end),
    around: oneLine(`${text.slice(Math.max(0, finding.start - 30), finding.start)}>>${text.slice(finding.start, finding.end)}<<${text.slice(finding.end, finding.end + 30)}`),
  };
}

/** What a JSON pointer names. A pointer to a key of an object (not its value) finds the value. */
function at(root: unknown, pointer: string): unknown {
  let here = root;
  for (const raw of pointer.split("/").slice(1)) {
    const name = raw.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(here)) here = here[Number(name)];
    else if (isObject(here) && Object.hasOwn(here, name)) here = here[name];
    else return undefined;
  }
  return here;
}
