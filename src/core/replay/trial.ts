import type { Case } from "../dataset/case.ts";
import type { Subject } from "../grade/subject.ts";
import type { Trace } from "../trace/schema.ts";
import type { Ending } from "./outcome.ts";
import type { Fidelity, TrialStep } from "./run.ts";

/** One attempt at one case. */
export type TrialJob = { readonly case: Case; readonly trace: Trace; readonly repeat: number };

/** What an attempt did, before it is graded. */
export type TrialRun = {
  readonly subject: Subject;
  readonly steps: readonly TrialStep[];
  readonly fidelity: Fidelity;
  readonly ending: Ending;
  /** Agents of this case that the prompt version speaks to. */
  readonly touched: number;
  readonly ms: number;
};

/** Runs agents. Made once per run; a trial shares nothing with another. `run` throws only what must stop the whole run. */
export interface AgentRunner {
  run(job: TrialJob, signal: AbortSignal | undefined): Promise<TrialRun>;
  close(): Promise<void>;
}
