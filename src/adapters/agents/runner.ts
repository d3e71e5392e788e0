import type { AgentInputItem } from "@openai/agents";
import { CasebookError } from "../../core/base/error.ts";
import { completenessOf } from "../../core/trace/completeness.ts";
import { statusOf } from "../../core/trace/status.ts";
import type { MatchRule } from "../../core/replay/match-rule.ts";
import { rebuildGraph } from "../../core/replay/graph.ts";
import { runInputs } from "../../core/replay/input.ts";
import type { Ending } from "../../core/replay/outcome.ts";
import type { RunHeader } from "../../core/replay/run.ts";
import { scriptOf } from "../../core/replay/script.ts";
import type { AgentRunner, TrialJob, TrialRun } from "../../core/replay/trial.ts";
import { tapeOf } from "../../core/trace/tape.ts";
import type { PromptVersion } from "../../core/prompt/prompt.ts";
import { frozenBrain, type Brain } from "./brain.ts";
import { judge, recordedEnd } from "./ending.ts";
import { inputItems } from "./items.ts";
import type { UserModule } from "./load-module.ts";
import type { Making, Troubles } from "./making.ts";
import { castFromModule } from "./module-target.ts";
import { startRecording, TapeMiss, type Recording } from "./recording.ts";
import type { Sdk } from "./sdk.ts";
import { stage, type AnyAgent } from "./stage.ts";
import { castFromTrace } from "./trace-target.ts";

export type RunnerOptions = {
  readonly sdk: Sdk;
  readonly prompt: PromptVersion;
  readonly depth: RunHeader["depth"];
  readonly onMiss: RunHeader["on_miss"];
  readonly rules: readonly MatchRule[];
  /** Undefined: as many as the recording needed, at least ten. */
  readonly maxTurns: number | undefined;
  /** The user's agents; undefined: those of the recording. */
  readonly module: UserModule | undefined;
  /** What thinks at depth `tape`. */
  readonly brain: Brain | undefined;
  /** What must stop the whole run, if anything has come up (a refused key). */
  readonly fatal: () => CasebookError | undefined;
};

/** Runs trials on the SDK. Nothing is shared between two of them but the model's client, the user's module and the recording, which stays as it is. */
export function agentRunner(options: RunnerOptions): AgentRunner {
  return { run: (job, signal) => runTrial(options, job, signal), close: async () => {} };
}

async function runTrial(options: RunnerOptions, job: TrialJob, signal: AbortSignal | undefined): Promise<TrialRun> {
  const began = performance.now();
  const { sdk } = options;
  const tape = tapeOf(job.trace);
  const plan = rebuildGraph(job.trace, { start: job.case.input.agent, prompt: options.prompt });
  const recording = startRecording({ takes: tape.tools, rules: options.rules, onMiss: options.onMiss });
  const troubles: Troubles = { model: undefined, unknowable: undefined };
  const brain = options.brain ?? frozenBrain(sdk, scriptOf(job.trace, tape), () => recordedEnd(job.trace));
  const making: Making = { sdk, brain, recording, troubles, signal };

  let ending: Ending = { kind: "gradable" };
  let error: string | undefined;
  const { replayable } = completenessOf(job.trace);
  // A run that its input guardrail blocked has no model call, and needs none.
  const blockedAtOnce = (): boolean => job.trace.spans.every((span) => span.model === undefined) && statusOf(job.trace) === "blocked";
  if (!replayable.ok && !blockedAtOnce() && (options.module === undefined || options.depth === "frozen"))
    ending = { kind: "invalid", code: "not-replayable", message: `The recording cannot be replayed: ${replayable.why}.` };
  else if (options.module === undefined && options.depth === "tape" && plan.hosted.length > 0)
    ending = { kind: "invalid", code: "hosted-tool", message: `The recorded agents use ${plan.hosted.join(", ")}, which only their provider can run.` };
  else
    try {
      const cast = options.module === undefined ? castFromTrace(plan, making) : castFromModule(options.module, plan, making);
      const agentAt = (name: string | undefined): AnyAgent | undefined => (name === undefined ? undefined : cast.get(name));
      const start = agentAt(options.module?.start.name ?? plan.start);
      const maxTurns = options.maxTurns ?? (options.depth === "frozen" ? tape.models.length + 1 : Math.max(10, tape.models.length * 2));
      const understudy = "understudy" in cast ? (cast.understudy as (agent: AnyAgent) => AnyAgent) : (agent: AnyAgent): AnyAgent => agent;
      await stage.run({ recording, scope: "", understudy }, () => converse({ sdk, job, recording, maxTurns, signal, start: start as AnyAgent, agentAt, context: options.module?.context }));
      // A miss or a dead model inside an agent used as a tool comes out as that tool's error text.
      if (recording.missed() !== undefined || troubles.model !== undefined) throw troubles.model?.error ?? new TapeMiss();
    } catch (thrown) {
      if (thrown instanceof CasebookError) throw thrown;
      if (troubles.model?.error instanceof CasebookError) throw troubles.model.error;
      const fatal = options.fatal();
      if (fatal !== undefined) throw fatal;
      if (signal?.aborted) throw new CasebookError("interrupted", "Stopped.");
      ({ ending, error } = judge(thrown, { sdk, recording, troubles, recorded: recordedEnd(job.trace) }));
      if (error !== undefined) recording.failed(error);
    }
  if (ending.kind === "gradable" && troubles.unknowable !== undefined)
    ending = { kind: "invalid", code: "guardrail-unknown", message: `Guardrail ${troubles.unknowable} tripped on the recorded answer; what it says to another one is not known.` };
  const { subject, steps, fidelity } = recording.result(error);
  return { subject, steps, fidelity, ending, touched: options.module === undefined && tape.models.length > 0 ? plan.touched : 1, ms: Math.round((performance.now() - began) * 10) / 10 };
}

type Talk = {
  readonly sdk: Sdk;
  readonly job: TrialJob;
  readonly recording: Recording;
  readonly maxTurns: number;
  readonly signal: AbortSignal | undefined;
  readonly start: AnyAgent;
  readonly context: unknown;
  readonly agentAt: (name: string | undefined) => AnyAgent | undefined;
};

/** The whole conversation: each further thing the user said starts a run on what was said so far. */
async function converse(talk: Talk): Promise<void> {
  const runner = new talk.sdk.Runner({ tracingDisabled: true, traceIncludeSensitiveData: false });
  const options = { maxTurns: talk.maxTurns, context: talk.context, ...(talk.signal ? { signal: talk.signal } : {}) };
  let history: AgentInputItem[] = [];
  for (const [turn, input] of runInputs(talk.job.trace, talk.job.case).entries()) {
    const agent = turn === 0 ? talk.start : (talk.agentAt(input.agent) ?? talk.start);
    let result = await runner.run(agent, [...history, ...inputItems(input.messages)], options);
    // A call that waits for approval and was answered in the recording had been approved there.
    for (let round = 0; round < 50 && result.interruptions.length > 0; round += 1) {
      const open = result.interruptions.filter((item) => !talk.recording.isAnswered({ name: item.name ?? "", arguments: item.arguments ?? "" }));
      if (open.length > 0) return;
      for (const item of result.interruptions) result.state.approve(item);
      result = await runner.run(agent, result.state, options);
    }
    history = result.history;
  }
}
