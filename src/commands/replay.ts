import { CasebookError } from "../core/base/error.ts";
import { gradeChecks } from "../core/grade/grade.ts";
import type { FileTree } from "../core/dataset/tree.ts";
import type { Clock, Progress, RunLog } from "../core/ports.ts";
import type { PromptVersion } from "../core/prompt/prompt.ts";
import { openCases, type CaseSet } from "../core/replay/cases.ts";
import type { MatchRule } from "../core/replay/match-rule.ts";
import { outcomeOf } from "../core/replay/outcome.ts";
import { attemptsLeft, checkResume, selectCases, type Selection } from "../core/replay/plan.ts";
import type { Run, RunHeader, Trial } from "../core/replay/run.ts";
import type { AgentRunner } from "../core/replay/trial.ts";
import type { Trace } from "../core/trace/schema.ts";

export type ReplayOptions = {
  /** Name of the dataset, for the header. */
  readonly dataset: string;
  /** A version, `unreleased`, or undefined for the newest. */
  readonly version: string | undefined;
  readonly prompts: readonly PromptVersion[];
  readonly target: RunHeader["target"];
  readonly depth: RunHeader["depth"];
  readonly model: RunHeader["model"];
  readonly onMiss: RunHeader["on_miss"];
  readonly repeat: number;
  readonly maxTurns: number | undefined;
  readonly minFidelity: number;
  readonly api: "responses" | "chat" | undefined;
  readonly rules: readonly MatchRule[];
  readonly selection: Selection;
  /** Trials at a time. */
  readonly concurrency: number;
  /** The run to go on with. */
  readonly resume: RunHeader | undefined;
};

export type ReplayPorts = {
  readonly tree: FileTree;
  readonly runs: RunLog;
  readonly clock: Clock;
  readonly newId: (prompt: PromptVersion) => string;
  /** Made once per run. */
  readonly runner: (prompt: PromptVersion) => Promise<AgentRunner>;
  /** What is kept of a text that a model or the user's code made; `known` are tokens of the recording it goes with. */
  readonly redact: ((text: string, known: readonly string[]) => string) | undefined;
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
};

/** A run as it would be made: its header, and how many attempts are still to do. */
export type PlannedRun = { readonly prompt: PromptVersion; readonly header: RunHeader; readonly left: number };

/** What would be run. Reads and verifies the dataset; writes nothing. Selecting no case is refused. */
export function planReplay(options: ReplayOptions, ports: ReplayPorts): { readonly runs: readonly PlannedRun[]; readonly cases: CaseSet } {
  const cases = openCases(ports.tree, options.version);
  const { resume } = options;
  const began = resume === undefined ? undefined : ports.runs.read(resume.id);
  const present = new Map(cases.cases.map((one) => [one.id, one]));
  const chosen = resume === undefined ? selectCases(cases.cases, options.selection, (id) => cases.load(id).case) : resume.cases.flatMap(({ id }) => present.get(id) ?? []);
  if (chosen.length === 0 && resume === undefined)
    throw new CasebookError("usage", `No case of ${options.dataset} ${cases.version} is selected, so there is nothing to replay.`, {
      hint: cases.cases.length === 0 ? "The dataset is empty: casebook build" : `It has ${cases.cases.length} cases; see them with casebook replay --list`,
    });
  const runs = options.prompts.map((prompt): PlannedRun => {
    const content = {
      schema: "casebook/run@1" as const,
      dataset: { name: options.dataset, version: cases.version, hash: cases.hash },
      prompt: { name: prompt.name, version: prompt.version, hash: prompt.hash },
      target: options.target,
      depth: options.depth,
      model: options.model,
      settings: {
        min_fidelity: options.minFidelity,
        ...(options.maxTurns === undefined ? {} : { max_turns: options.maxTurns }),
        ...(options.api === undefined ? {} : { api: options.api }),
        ...(options.rules.length === 0 ? {} : { rules: options.rules }),
      } as RunHeader["settings"],
      on_miss: options.onMiss,
      repeat: options.repeat,
      seed: options.selection.seed,
      cases: chosen,
    };
    if (resume !== undefined) checkResume(resume, content);
    const header = resume ?? { ...content, id: ports.newId(prompt), started_at: new Date(ports.clock.now()).toISOString() };
    return { prompt, header, left: attemptsLeft({ header, trials: began?.trials ?? [] }).length };
  });
  return { runs, cases };
}

/** What a run came to, and for how many of its cases the prompt version said nothing to any agent. */
export type Replayed = { readonly run: Run; readonly untouched: number };

/**
 * Replays, one run per prompt version. Every finished trial is in the log before the next begins in its place. Being
 * stopped, or an error that no other trial would escape (a refused key), ends the run early with all that finished
 * kept; that error is thrown.
 */
export async function replay(options: ReplayOptions, ports: ReplayPorts): Promise<Replayed[]> {
  const { runs, cases } = planReplay(options, ports);
  const done: Replayed[] = [];
  for (const { prompt, header } of runs) {
    const runner = await ports.runner(prompt);
    if (options.resume === undefined) ports.runs.create(header);
    const before = options.resume === undefined ? [] : ports.runs.read(header.id).trials;
    try {
      const untouched = await work({ header, before, runner, cases, options, ports });
      done.push({ run: ports.runs.read(header.id), untouched });
    } finally {
      ports.runs.close(header.id);
      ports.progress.end();
      await runner.close();
    }
  }
  return done;
}

type Work = {
  readonly header: RunHeader;
  readonly before: readonly Trial[];
  readonly runner: AgentRunner;
  readonly cases: CaseSet;
  readonly options: ReplayOptions;
  readonly ports: ReplayPorts;
};

async function work({ header, before, runner, cases, options, ports }: Work): Promise<number> {
  const queue = attemptsLeft({ header, trials: before });
  const total = header.cases.length * header.repeat;
  let finished = total - queue.length;
  let next = 0;
  let failure: unknown;
  const untouched = new Set<string>();
  const redact = ports.redact === undefined ? undefined : redactorFor(ports.redact);
  const stopped = (): boolean => failure !== undefined || ports.signal?.aborted === true;

  const worker = async (): Promise<void> => {
    for (let attempt = queue[next++]; attempt !== undefined && !stopped(); attempt = queue[next++]) {
      const job = { ...cases.load(attempt.id), repeat: attempt.repeat };
      const ran = await runner.run(job, ports.signal);
      if (ran.touched === 0) untouched.add(attempt.id);
      const checks = gradeChecks(job.case.checks, ran.subject);
      const graded = outcomeOf({ ending: ran.ending, checks, fidelity: ran.fidelity, minFidelity: options.minFidelity });
      const trial: Trial = {
        schema: "casebook/trial@1",
        case_id: attempt.id,
        repeat: attempt.repeat,
        ...graded,
        checks,
        fidelity: ran.fidelity,
        steps: [...ran.steps],
        ...(ran.subject.output === undefined ? {} : { output: ran.subject.output }),
        ...(graded.error === undefined && ran.subject.error !== undefined ? { error: { code: "agent", message: ran.subject.error } } : {}),
        ...(ran.subject.usage === undefined ? {} : { usage: ran.subject.usage }),
        ms: ran.ms,
      };
      ports.runs.append(header.id, redact === undefined ? trial : redacted(trial, redact(job.trace)));
      ports.progress.tick((finished += 1), total, "trials");
    }
  };
  const workers = Array.from({ length: Math.min(options.concurrency, queue.length) }, async () => worker().catch((error: unknown) => void (failure ??= error)));
  await Promise.all(workers);
  if (failure !== undefined && !(failure instanceof CasebookError && failure.code === "interrupted")) throw failure;
  if (stopped() && finished < total)
    throw new CasebookError("interrupted", `Stopped after ${finished} of ${total} trials of run ${header.id}; they are kept.`, {
      hint: `Go on with: casebook replay --resume ${header.id}`,
    });
  return untouched.size;
}

/** Repeats mostly say the same words: each text of a recording's trials is redacted once, as long as its trace is held. */
function redactorFor(redact: NonNullable<ReplayPorts["redact"]>): (trace: Trace) => (text: string) => string {
  const made = new WeakMap<Trace, (text: string) => string>();
  return (trace) => {
    const before = made.get(trace);
    if (before !== undefined) return before;
    const known = tokensIn(trace);
    const texts = new Map<string, string>();
    const redactOnce = (text: string): string => {
      const done = texts.get(text) ?? redact(text, known);
      if (texts.size < 1000) texts.set(text, done);
      return done;
    };
    made.set(trace, redactOnce);
    return redactOnce;
  };
}

/** Tokens that redaction left in a recording: `[EMAIL:7f3kq2…]`. */
const tokensIn = (trace: Trace): readonly string[] => [...new Set(JSON.stringify(trace).match(/\[[A-Z][A-Z0-9_]*:[^\]\s"\\]+\]/g))];

function redacted(trial: Trial, redact: (text: string) => string): Trial {
  const opt = <K extends string>(key: K, text: string | undefined): { [P in K]?: string } => (text === undefined ? {} : ({ [key]: redact(text) } as { [P in K]?: string }));
  return {
    ...trial,
    checks: trial.checks.map((check) => ({ ...check, found: redact(check.found) })),
    steps: trial.steps.map((step) => ({ ...step, ...opt("text", step.text), ...opt("arguments", step.arguments), ...opt("output", step.output) })),
    ...opt("output", trial.output),
    ...(trial.error === undefined ? {} : { error: { ...trial.error, message: redact(trial.error.message) } }),
  };
}
