import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect } from "vitest";
import { readNative } from "../../../src/core/sources/native.ts";
import { assembleTrace } from "../../../src/core/trace/assemble.ts";
import { completenessOf } from "../../../src/core/trace/completeness.ts";
import type { Piece } from "../../../src/core/trace/piece.ts";
import type { Trace } from "../../../src/core/trace/schema.ts";
import { statusOf } from "../../../src/core/trace/status.ts";
import { tapeOf } from "../../../src/core/trace/tape.ts";
import { transcriptOf } from "../../../src/core/trace/transcript.ts";
import { usageOf } from "../../../src/core/trace/usage.ts";
import { sharedFile, sharedTest } from "../../support/shared.ts";

function tracesOf(path: string): Trace[] {
  const bytes = readFileSync(sharedFile(path));
  const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  const pieces = new Map<string, Piece[]>();
  for (const line of text.split("\n").filter((one) => one !== ""))
    for (const piece of readNative(JSON.parse(line), { file: path }).pieces) {
      const known = pieces.get(piece.trace_id);
      if (known === undefined) pieces.set(piece.trace_id, [piece]);
      else known.push(piece);
    }
  return [...pieces.values()].map((list) => assembleTrace(list));
}

/** Sample, status, content, kinds of steps (first letters), suspicions, calls on the tape, tokens. */
const samples: readonly (readonly [string, string, string, string, string, number, number | undefined])[] = [
  ["ts-responses-handoff-tools.sensitive-on", "ok", "full", "mghttmg", "tool-error", 2, 432],
  ["ts-responses-handoff-tools.sensitive-off", "ok", "none", "nghttg", "no-content tool-error", 2, 540],
  ["ts-chat-handoff-tools.sensitive-on", "ok", "full", "mhttm", "tool-error", 2, 315],
  ["ts-chat-stream.sensitive-on", "ok", "full", "mhttm", "tool-error", 2, 315],
  ["ts-responses-stream.sensitive-on", "ok", "full", "mhttm", "tool-error", 2, 486],
  ["ts-no-task-turn-spans", "ok", "full", "mhttm", "tool-error", 2, 648],
  ["ts-custom-model-no-model-span", "ok", "partial", "t", "", 1, 0],
  ["ts-agent-as-tool", "ok", "full", "mtmmm", "", 1, 696],
  ["ts-parallel-same-tool-calls", "ok", "full", "mtttm", "repeated-call", 3, 482],
  ["ts-approval-interrupt-resume", "ok", "full", "mtm", "", 1, 446],
  ["ts-approval-reject", "ok", "full", "mtm", "tool-error", 1, 454],
  ["ts-bad-tool-args.sensitive-on", "ok", "full", "mtm", "invalid-arguments", 1, 350],
  ["ts-hard-tool-error.sensitive-on", "error", "full", "mt", "tool-error", 1, 172],
  ["ts-max-turns-exceeded", "error", "full", "mtte", "max-turns", 2, 514],
  ["ts-responses-http-error.sensitive-on", "error", "none", "e", "error", 0, undefined],
  ["ts-responses-input-guardrail-trip.sensitive-on", "blocked", "none", "ge", "guardrail-tripped", 0, undefined],
  ["ts-responses-output-guardrail-trip.sensitive-on", "blocked", "full", "mhttmge", "tool-error guardrail-tripped", 2, 468],
  ["ts-multi-run-one-trace", "ok", "full", "mmmm", "", 0, 522],
];

for (const [name, status, content, kinds, suspicions, calls, tokens] of samples)
  sharedTest(`reads ${name} as a person would`, [`sdk-samples/${name}.rich.jsonl`], () => {
    const [trace] = tracesOf(`sdk-samples/${name}.rich.jsonl`) as [Trace];
    const { steps, suspicions: found } = transcriptOf(trace);
    expect({
      status: statusOf(trace),
      content: completenessOf(trace).content,
      kinds: steps.map(({ kind }) => kind[0]).join(""),
      suspicions: found.map(({ code }) => code).join(" "),
      calls: tapeOf(trace).tools.length,
      tokens: usageOf(trace).total,
    }).toEqual({ status, content, kinds, suspicions, calls, tokens });
  });

sharedTest("what a call gives is what the model was shown, on 200 real runs", ["tau-airline-traces.jsonl.gz"], () => {
  const traces = tracesOf("tau-airline-traces.jsonl.gz");
  const steps = traces.flatMap((trace) => transcriptOf(trace).steps);
  const tools = steps.filter((step) => step.kind === "tool");
  expect(traces).toHaveLength(200);
  expect([steps.length, tools.length]).toEqual([3885, 1164]);
  // Every call has its own span; call ids are reused in these runs, so some spans hold the output of another call.
  expect(tools.filter(({ linked }) => linked === "none")).toEqual([]);
  expect(tools.filter(({ linked }) => linked === "exact").length).toBeGreaterThan(1000);
  expect(traces.every((trace) => completenessOf(trace).replayable.ok)).toBe(true);
});

sharedTest("the second run of a conversation is not replayable by itself", ["sdk-samples/ts-previous-response-id.rich.jsonl"], () => {
  const [first, second] = tracesOf("sdk-samples/ts-previous-response-id.rich.jsonl").map((trace) => completenessOf(trace).replayable.ok);
  expect([first, second]).toEqual([true, false]);
});
