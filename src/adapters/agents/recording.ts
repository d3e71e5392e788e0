import type { Subject, SubjectGuardrail, SubjectHandoff } from "../../core/grade/subject.ts";
import type { MatchRule } from "../../core/replay/match-rule.ts";
import type { Fidelity, RunHeader, TrialStep } from "../../core/replay/run.ts";
import { stubFor } from "../../core/replay/stub.ts";
import { answerFromTape, fidelityOf, startOfTape } from "../../core/replay/tape-match.ts";
import type { ToolTake } from "../../core/trace/derived.ts";
import type { Usage } from "../../core/trace/schema.ts";

/** A tool call as the SDK hands it to a tool. */
export type Call = { readonly agent: string; readonly name: string; readonly arguments: string; readonly callId: string | undefined };

/** What a model said in one answer, as far as a trial is concerned. */
export type Heard = {
  readonly agent: string;
  readonly scope: string;
  readonly texts: readonly string[];
  readonly calls: readonly { readonly name: string; readonly arguments: string; readonly callId: string }[];
  readonly usage: Usage | undefined;
};

/** Thrown out of a tool to end a run that the tape cannot answer (`--on-miss fail`). */
export class TapeMiss extends Error {}
/** Thrown out of a tool whose recorded call ended its run. */
export class RecordedFailure extends Error {}

type Step = { -readonly [K in keyof TrialStep]: TrialStep[K] };
type Pending = { readonly callId: string; readonly step: Step; readonly call: Omit<Call, "callId">; error?: string };

/** Answers the tools of one trial from its tape and writes down what its agents do. */
export type Recording = ReturnType<typeof startRecording>;

export function startRecording(tape: { takes: readonly ToolTake[]; rules: readonly MatchRule[]; onMiss: RunHeader["on_miss"] }) {
  const { takes, rules } = tape;
  let cursor = startOfTape;
  let missed: string | undefined;
  let turns = 0;
  let lastWords: string | undefined;
  const usage = { requests: 0, input: 0, output: 0, total: 0 };
  let counted = false;
  const steps: Step[] = [];
  const calls: Pending[] = [];
  const handoffs: SubjectHandoff[] = [];
  const guardrails: SubjectGuardrail[] = [];

  const pendingOf = ({ agent, name, callId, arguments: args }: Call): Pending => {
    const known = calls.find((one) => one.step.output === undefined && one.step.match === undefined && one.call.name === name && (callId === undefined || one.callId === callId));
    if (known !== undefined) return known;
    const step: Step = { kind: "tool", name, arguments: args };
    const added: Pending = { callId: callId ?? "", step, call: { agent, name, arguments: args } };
    steps.push(step);
    calls.push(added);
    return added;
  };

  return {
    /** A model answered: its words and calls become steps; results come in by `answer`. */
    heard({ agent, scope, texts, calls: asked, usage: used }: Heard): void {
      turns += 1;
      if (used !== undefined) {
        counted = true;
        for (const key of ["requests", "input", "output", "total"] as const) usage[key] += used[key] ?? 0;
      }
      for (const text of texts) {
        steps.push({ kind: "message", name: agent, text });
        if (scope === "") lastWords = text;
      }
      for (const call of asked) {
        const step: Step = { kind: "tool", name: call.name, arguments: call.arguments };
        steps.push(step);
        calls.push({ callId: call.callId, step, call: { agent, name: call.name, arguments: call.arguments } });
      }
    },

    /** What the tape says to a call. Throws `TapeMiss` or `RecordedFailure`, which end the run. */
    answer(call: Call): string {
      const pending = pendingOf(call);
      const { match, take, cursor: next } = answerFromTape(takes, cursor, call, rules);
      const silent = take !== undefined && take.output === undefined && take.error === undefined;
      cursor = silent ? { ...next, served: cursor.served, drifted: cursor.drifted, missed: cursor.missed + 1 } : next;
      pending.step.match = silent ? "miss" : match;
      if (take?.error !== undefined) pending.error = take.error;
      if (take?.output !== undefined) return (pending.step.output = take.output);
      if (take?.error !== undefined) throw new RecordedFailure(take.error);
      if (tape.onMiss === "fail") {
        missed ??= call.name;
        throw new TapeMiss(call.name);
      }
      const words = tape.onMiss === "stub" ? stubFor(call.name, takes) : "An error occurred while running the tool: this call was not recorded.";
      return (pending.step.output = words);
    },

    /**
     * The SDK answered a call itself (arguments that are no JSON, a tool it does not know): what the model is shown of it
     * next is its output, and an equal recording is used up.
     */
    shown(results: Iterable<readonly [callId: string, output: string]>): void {
      for (const [callId, output] of results) {
        const pending = calls.find((one) => one.callId === callId && one.step.output === undefined);
        if (pending === undefined) continue;
        pending.step.output = output;
        if (pending.step.match !== undefined) continue;
        const { match, take, cursor: next } = answerFromTape(takes, cursor, pending.call, rules);
        if (match !== "exact" || take === undefined) continue;
        cursor = next;
        pending.step.match = match;
        if (take.error !== undefined) pending.error = take.error;
      }
    },

    /** Some call has no output yet. */
    waits: (): boolean => calls.some((one) => one.step.output === undefined),

    /** Whether the recording holds what a call was answered, without using it up. */
    isAnswered(asked: { readonly name: string; readonly arguments: string }): boolean {
      const { take } = answerFromTape(takes, cursor, asked, rules);
      return take?.output !== undefined || take?.error !== undefined;
    },

    /**
     * An agent used as a tool starts its own run. Its recorded call is used up and handed back; undefined where it was not
     * recorded, which is no miss because the agent answers itself.
     */
    enter(call: Call): { readonly take: ToolTake | undefined; readonly leave: (output: string) => void } {
      const pending = pendingOf(call);
      const { match, take, cursor: next } = answerFromTape(takes, cursor, call, rules);
      if (take !== undefined) {
        cursor = next;
        pending.step.match = match;
      }
      return { take, leave: (output) => (pending.step.output = output) };
    },

    handoff(from: string, to: string): void {
      handoffs.push({ from, to });
      steps.push({ kind: "handoff", name: to });
    },

    guardrail(name: string, triggered: boolean): void {
      guardrails.push({ name, triggered });
      steps.push({ kind: "guardrail", name, text: triggered ? "tripped" : "passed" });
    },

    failed(message: string): void {
      steps.push({ kind: "error", text: message });
    },

    missed: (): string | undefined => missed,

    /** Everything, once the trial is over; `error` is what ended it. The output is the last words, as it is of a recorded run. */
    result(error: string | undefined): { subject: Subject; steps: readonly TrialStep[]; fidelity: Fidelity } {
      return {
        subject: {
          calls: calls.map(({ call, step, error: failed }) => ({ ...call, output: step.output, error: failed })),
          handoffs,
          guardrails,
          output: lastWords,
          error,
          turns,
          usage: counted ? usage : undefined,
        },
        steps,
        fidelity: fidelityOf(takes, cursor),
      };
    },
  };
}
