import { CasebookError } from "../core/base/error.ts";
import type { Api } from "../adapters/http/client.ts";
import type { Window } from "../commands/pull-plan.ts";
import type { PageReader } from "../core/ports.ts";
import type { Io } from "./io.ts";

/** Flags of `pull` that speak of an API. */
export type VendorFlags = {
  readonly baseUrl?: string;
  readonly project?: string;
  /** Milliseconds since 1970. */
  readonly since?: number;
  readonly until?: number;
  readonly pageSize?: number;
  readonly restart?: boolean;
};

export type Vendor = "langfuse" | "langsmith" | "phoenix";

/** How a vendor is reached with these flags and this environment, and the words its checkpoint is kept under. */
export type Endpoint = { readonly pages: PageReader; readonly name: string };

/** An environment variable, or `usage` that names it. */
function need(io: Io, variable: string, what: string): string {
  const value = io.env[variable];
  if (value === undefined || value === "") throw new CasebookError("usage", `${variable} is not set.`, { hint: `Set it to ${what}: export ${variable}=…` });
  return value;
}

/**
 * The endpoint of a vendor. Keys come from the environment only, under the names the vendor's own SDK uses. Throws `usage`
 * where one is missing, naming it.
 */
export async function endpointOf(vendor: Vendor, flags: VendorFlags, io: Io): Promise<Endpoint> {
  const { say } = await import("./render.ts");
  const common = {
    ...(io.signal === undefined ? {} : { signal: io.signal }),
    onWait: (ms: number, why: string) => {
      if (ms >= 1000) say(io, `The server ${why}; trying again in ${Math.round(ms / 1000)} s.`);
    },
  };
  const pageSize = (otherwise: number): number => flags.pageSize ?? otherwise;
  const named = (base: string, project = ""): string => `${vendor} ${base} ${project}`;
  switch (vendor) {
    case "langfuse": {
      const { langfusePages } = await import("../adapters/http/langfuse.ts");
      const base = flags.baseUrl ?? io.env["LANGFUSE_BASE_URL"] ?? io.env["LANGFUSE_HOST"] ?? "https://cloud.langfuse.com";
      const pair = `${need(io, "LANGFUSE_PUBLIC_KEY", "the project's public key (pk-lf-…)")}:${need(io, "LANGFUSE_SECRET_KEY", "the project's secret key (sk-lf-…)")}`;
      const secret = { header: "authorization", value: `Basic ${Buffer.from(pair).toString("base64")}`, variable: "LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY" };
      const api: Api = { base, secret, ...common };
      return { name: named(base), pages: (window, cursor) => langfusePages(api, window, pageSize(1000))(cursor) };
    }
    case "langsmith": {
      const { langsmithPages, langsmithProject } = await import("../adapters/http/langsmith.ts");
      // Self-hosted ones are told to the SDK with their path.
      const base = (flags.baseUrl ?? io.env["LANGSMITH_ENDPOINT"] ?? "https://api.smith.langchain.com").replace(/\/api(\/v\d)?\/*$/, "");
      const secret = { header: "x-api-key", value: need(io, "LANGSMITH_API_KEY", "an API key of LangSmith"), variable: "LANGSMITH_API_KEY" };
      const tenant = io.env["LANGSMITH_WORKSPACE_ID"];
      const api: Api = { base, secret, ...common, ...(tenant ? { headers: { "x-tenant-id": tenant } } : {}) };
      const project = await langsmithProject(api, flags.project ?? io.env["LANGSMITH_PROJECT"] ?? "default");
      return { name: named(base, project), pages: (window, cursor) => langsmithPages(api, { project, window, limit: pageSize(100) })(cursor) };
    }
    case "phoenix": {
      const { phoenixPages } = await import("../adapters/http/phoenix.ts");
      const base = (flags.baseUrl ?? io.env["PHOENIX_COLLECTOR_ENDPOINT"] ?? "http://localhost:6006").replace(/\/v1\/traces\/*$/, "");
      const key = io.env["PHOENIX_API_KEY"];
      const api: Api = { base, ...common, ...(key ? { secret: { header: "authorization", value: `Bearer ${key}`, variable: "PHOENIX_API_KEY" } } : {}) };
      const project = flags.project ?? io.env["PHOENIX_PROJECT_NAME"] ?? "default";
      return { name: named(base, project), pages: (window, cursor) => phoenixPages(api, { project, window, limit: pageSize(1000) })(cursor) };
    }
  }
}

/** Runs a pull from an API and says what came of it. Answers whether anything was refused. */
export async function pullVendor(vendor: Vendor, flags: VendorFlags & { readonly json?: boolean }, io: Io): Promise<boolean> {
  const { openWorkspace } = await import("../adapters/files/workspace.ts");
  const { openCheckpoints } = await import("../adapters/files/checkpoint.ts");
  const { recordOf } = await import("../adapters/files/records.ts");
  const { openStore } = await import("../adapters/store/store.ts");
  const { pullPages } = await import("../commands/pull-pages.ts");
  const { sources } = await import("../core/sources/sources.ts");
  const { openRedactor } = await import("./redactor.ts");
  const { progressFor } = await import("./progress.ts");
  const { minute } = await import("../commands/pull-plan.ts");
  const { plural, printJson, say, sayProblems } = await import("./render.ts");
  const now = Date.now();
  const since = flags.since === undefined ? {} : { since: new Date(flags.since).toISOString() };
  const until = flags.until === undefined ? {} : { until: new Date(flags.until).toISOString() };
  const source = sources.find(({ name }) => name === vendor);
  if (source === undefined) throw new CasebookError("usage", `No reader for ${vendor}.`);
  const endpoint = await endpointOf(vendor, flags, io);
  const workspace = openWorkspace(io.cwd);
  const store = await openStore(workspace.paths.traces, { write: true });
  try {
    const { redactor, key } = openRedactor(workspace, io);
    const spoken = ({ from, to }: Window): string => `${minute(from)} to ${minute(to)}`;
    const summary = await pullPages(
      { source, name: endpoint.name, overlap: 30, firstDays: 7, restart: flags.restart === true, ...since, ...until },
      {
        pages: endpoint.pages,
        checkpoints: openCheckpoints(workspace.paths.home),
        clock: { now: () => now },
        record: recordOf,
        store,
        redactor,
        key,
        progress: progressFor(io),
        finishing: (window) => say(io, `First, what broke off: ${spoken(window)}. To leave it: --restart`),
        ...(io.signal === undefined ? {} : { signal: io.signal }),
      },
    );
    if (flags.json === true) printJson(io, summary);
    sayProblems(io, summary.problems.map((one) => ({ ...one, where: { file: `${one.where.file}, page ${one.where.record ?? 1}` } })));
    const refused = Object.values(summary.problem_counts).reduce((sum, count) => sum + count, 0);
    const { window, finished = window, gap } = summary;
    const whole = { from: finished.from < window.from ? finished.from : window.from, to: finished.to > window.to ? finished.to : window.to };
    say(io, `${plural(summary.records, "record")} in ${plural(summary.pages, "page")} of ${vendor}, ${spoken(whole)}: ${plural(summary.traces.new, "trace")} new, ${summary.traces.updated} updated${refused > 0 ? `, ${plural(refused, "problem")}` : ""}.`);
    if (gap !== undefined) say(io, `Not asked for: ${spoken(gap)}. To have it too: casebook pull ${vendor} without --since`);
    say(io, summary.records === 0 ? "Nothing in this window. A longer one: --since 30d" : "Next: casebook ls");
    return refused > 0;
  } finally {
    store.close();
  }
}
