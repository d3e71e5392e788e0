import { randomBytes } from "node:crypto";
import { dirname, resolve } from "node:path";
import { checkEndpoint } from "../adapters/agents/remote-model.ts";
import { openPrompts, listPrompts } from "../adapters/files/prompts.ts";
import { openRuns } from "../adapters/files/runs.ts";
import { loadKey, openWorkspace, type Workspace } from "../adapters/files/workspace.ts";
import { findRun } from "../commands/find-run.ts";
import type { ReplayOptions, ReplayPorts } from "../commands/replay.ts";
import { CasebookError } from "../core/base/error.ts";
import type { RunLog } from "../core/ports.ts";
import type { PromptVersion } from "../core/prompt/prompt.ts";
import { matchRulesOf } from "../core/replay/read-rules.ts";
import type { RunHeader } from "../core/replay/run.ts";
import type { MatchRule } from "../core/replay/match-rule.ts";
import type { AgentRunner } from "../core/replay/trial.ts";
import type { ReplayFlags } from "./commands/replay.ts";
import { openDataset } from "./datasets.ts";
import type { Io } from "./io.ts";
import { progressFor } from "./progress.ts";

/** The prompt version that changes nothing. */
const recorded: PromptVersion = { name: "recorded", version: "as-is", hash: "recorded", parts: [] };

/** What was typed, with what a resumed run was begun with filled in, as what it means. */
export async function openReplay(io: Io, named: string | undefined, flags: ReplayFlags): Promise<{ options: ReplayOptions; ports: ReplayPorts }> {
  const workspace = openWorkspace(io.cwd);
  const runs = openRuns(workspace.paths.runs);
  const resume = resumed(runs, flags);
  const [name, version] = resume !== undefined && named === undefined ? [resume.dataset.name, resume.dataset.version] : splitRef(named);
  if (flags.unreleased === true && version !== undefined && version !== "unreleased")
    throw new CasebookError("usage", "--unreleased and a version say two things.", { hint: `casebook replay ${name ?? ""} --unreleased` });
  const dataset = openDataset(workspace, name);
  const model = modelOf(io, flags, resume);
  const target = targetOf(flags.target, resume);
  const options: ReplayOptions = {
    dataset: dataset.name,
    version: flags.unreleased === true ? "unreleased" : version,
    prompts: promptsOf(workspace, io, flags, resume),
    target,
    depth: model.depth,
    model: model.header,
    onMiss: flags.onMiss ?? resume?.on_miss ?? "fail",
    repeat: flags.repeat ?? resume?.repeat ?? 1,
    maxTurns: flags.maxTurns ?? numberOf(resume?.settings["max_turns"]),
    minFidelity: flags.minFidelity ?? numberOf(resume?.settings["min_fidelity"]) ?? 0,
    api: model.api,
    rules: matchRulesOf(workspace.config),
    selection: {
      filter: flags.filter,
      only: flags.only === undefined ? undefined : ({ failed: "fail", errored: "error", invalid: "invalid", flaky: "flaky" } as const)[flags.only],
      from: flags.only === undefined ? undefined : findRun(runs, flags.from ?? lastRun(runs, dataset.name)),
      sample: flags.sample,
      limit: flags.limit,
      seed: flags.seed ?? resume?.seed ?? 1,
    },
    concurrency: flags.maxConcurrency ?? 4,
    resume,
  };
  const ports: ReplayPorts = {
    tree: dataset.tree,
    runs,
    clock: { now: () => Date.now() },
    newId: (prompt) => idOf(prompt, new Date()),
    runner: (prompt) => openRunner(io, { prompt, options, flags: model, rules: options.rules }),
    // A frozen replay of the recording itself says nothing that was not redacted already.
    redact: model.depth === "frozen" && target.kind === "trace" ? undefined : await redactorOf(workspace, io),
    progress: progressFor(io),
    signal: io.signal,
  };
  return { options, ports };
}

async function redactorOf(workspace: Workspace, io: Io): Promise<ReplayPorts["redact"]> {
  const { createRedactor } = await import("../core/redact/create.ts");
  const { readPolicy } = await import("../core/redact/policy.ts");
  const { key, id } = loadKey(workspace, io.env);
  const redactor = createRedactor({ policy: readPolicy(workspace.config.redact ?? {}, "casebook.yaml"), key, keyId: id });
  return (text, known) => redactor.redactText(text, known).text;
}

function resumed(runs: RunLog, flags: ReplayFlags): RunHeader | undefined {
  if (flags.resume === undefined || flags.resume === false) return undefined;
  if (typeof flags.resume === "string") return findRun(runs, flags.resume).header;
  const open = runs.list().findLast(({ id }) => {
    const run = runs.read(id);
    return !run.complete || run.trials.some((trial) => trial.outcome === "error");
  });
  if (open === undefined) throw new CasebookError("usage", "Every run is finished, so there is none to go on with.", { hint: "Start one: casebook replay --prompt NAME@VERSION" });
  return open;
}

function splitRef(ref: string | undefined): [string | undefined, string | undefined] {
  const [, name, version] = /^([^@]+)(?:@(.+))?$/.exec(ref ?? "") ?? [];
  return [name, version];
}

function promptsOf(workspace: Workspace, io: Io, flags: ReplayFlags, resume: RunHeader | undefined): readonly PromptVersion[] {
  const refs = flags.prompt ?? (resume === undefined ? [] : [resume.prompt.name === recorded.name ? recorded.name : `${resume.prompt.name}@${resume.prompt.version}`]);
  const prompts = openPrompts(workspace.paths.prompts, io.cwd);
  if (refs.length === 0 && flags.list === true) return [recorded];
  if (refs.length === 0) {
    const there = listPrompts(workspace.paths.prompts);
    throw new CasebookError("usage", "Which prompt version?", {
      hint: there.length > 0 ? `--prompt ${there[0]}; there is ${there.slice(0, 8).join(", ")}; \`recorded\` changes nothing.` : "--prompt recorded, or write prompts/NAME/VERSION.md and give --prompt NAME@VERSION",
    });
  }
  if (resume !== undefined && refs.length > 1) throw new CasebookError("usage", "A run has one prompt version.", { hint: `casebook replay --resume ${resume.id}` });
  return refs.map((ref) => (ref === recorded.name ? recorded : prompts.prompt(ref)));
}

function targetOf(target: string | undefined, resume: RunHeader | undefined): RunHeader["target"] {
  if (target === undefined) return resume?.target ?? { kind: "trace" };
  if (target === "trace") return { kind: "trace" };
  if (target.startsWith("module:") && target.length > 7) return { kind: "module", ref: target.slice(7) };
  throw new CasebookError("usage", "A target is trace or module:FILE#EXPORT.", { hint: "--target module:./agents/support.mjs#createAgent" });
}

type ModelFlags = {
  readonly depth: RunHeader["depth"];
  readonly header: RunHeader["model"];
  readonly api: "responses" | "chat" | undefined;
  readonly keyFrom: string;
  readonly key: string | undefined;
};

/** Which model answers, and nothing of the key but where it is. */
function modelOf(io: Io, flags: ReplayFlags, resume: RunHeader | undefined): ModelFlags {
  const asks = flags.model ?? flags.baseUrl ?? flags.api ?? flags.modelModule;
  const depth = flags.depth ?? resume?.depth ?? "frozen";
  const keyFrom = flags.apiKeyEnv ?? "OPENAI_API_KEY";
  const key = io.env[keyFrom] === "" ? undefined : io.env[keyFrom];
  if (depth === "frozen") {
    if (asks !== undefined) throw new CasebookError("usage", "At depth frozen no model is asked.", { hint: "Add --depth tape, or leave the model's flags out." });
    return { depth, header: {}, api: undefined, keyFrom, key: undefined };
  }
  const name = flags.model ?? resume?.model.name;
  const module = flags.modelModule ?? (flags.baseUrl === undefined ? resume?.model.module : undefined);
  if (module !== undefined) return { depth, header: { module, ...(name === undefined ? {} : { name }) }, api: undefined, keyFrom, key: undefined };
  const endpoint = checkEndpoint(flags.baseUrl ?? resume?.model.endpoint ?? (io.env["OPENAI_BASE_URL"] || "https://api.openai.com/v1"), key !== undefined);
  const api = flags.api ?? (resume?.settings["api"] === "chat" ? "chat" : "responses");
  return { depth, header: { endpoint, ...(name === undefined ? {} : { name }) }, api, keyFrom, key };
}

const numberOf = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

function lastRun(runs: RunLog, dataset: string): string {
  const last = runs.list().findLast((run) => run.dataset.name === dataset);
  if (last === undefined) throw new CasebookError("usage", `No run of ${dataset} to look at.`, { hint: "Run it once without --only." });
  return last.id;
}

/** `20261122-174501-support-v2-3f9a` */
function idOf(prompt: PromptVersion, now: Date): string {
  const stamp = now.toISOString().replace(/[-:]|\.\d+Z$/g, "").replace("T", "-");
  const words = `${prompt.name}-${prompt.version}`.replace(/[^\w.-]+/g, "-");
  return `${stamp}-${words}-${randomBytes(2).toString("hex")}`;
}

type Opening = { readonly prompt: PromptVersion; readonly options: ReplayOptions; readonly flags: ModelFlags; readonly rules: readonly MatchRule[] };

async function openRunner(io: Io, { prompt, options, flags, rules }: Opening): Promise<AgentRunner> {
  const { loadSdk } = await import("../adapters/agents/sdk.ts");
  const { agentRunner } = await import("../adapters/agents/runner.ts");
  const { loadModule } = await import("../adapters/agents/load-module.ts");
  // The user's module and the replay must be on one copy of the SDK: the one that module finds.
  const loaded = await loadSdk(dirname(resolve(io.cwd, options.target.ref ?? "here")), { coreOnly: options.depth === "frozen" && options.target.ref === undefined });
  const { sdk } = loaded;
  const module = options.target.ref === undefined ? undefined : await loadModule(options.target.ref, { sdk, cwd: io.cwd, prompt });
  const { brain, fatal } = await brainOf();
  return agentRunner({ sdk, prompt, depth: options.depth, onMiss: options.onMiss, rules, maxTurns: options.maxTurns, module, brain, fatal });

  async function brainOf(): Promise<{ brain: Parameters<typeof agentRunner>[0]["brain"]; fatal: () => CasebookError | undefined }> {
    const never = (): undefined => undefined;
    if (options.depth === "frozen") return { brain: undefined, fatal: never };
    if (options.model.module !== undefined) {
      const { moduleBrain } = await import("../adapters/agents/module-model.ts");
      return { brain: await moduleBrain(options.model.module, { cwd: io.cwd, prompt }), fatal: never };
    }
    if (flags.key === undefined && new URL(options.model.endpoint ?? "").protocol === "https:")
      throw new CasebookError("usage", `${flags.keyFrom} is not set, and the model's endpoint wants a key.`, {
        hint: `Set ${flags.keyFrom}, name another variable with --api-key-env, or replay without a model: --depth frozen`,
      });
    const { remoteBrain } = await import("../adapters/agents/remote-model.ts");
    return remoteBrain(loaded, {
      baseUrl: options.model.endpoint ?? "",
      api: flags.api ?? "responses",
      key: flags.key,
      keyFrom: flags.keyFrom,
      model: options.model.name,
      concurrency: options.concurrency,
      signal: io.signal,
    });
  }
}
