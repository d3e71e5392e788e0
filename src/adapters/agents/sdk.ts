import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type * as Agents from "@openai/agents";
import { CasebookError } from "../../core/base/error.ts";

export type Sdk = typeof Agents;

/** The SDK a replay runs on, and how to load what that copy itself depends on. */
export type LoadedSdk = { readonly sdk: Sdk; readonly load: NodeJS.Require };

/**
 * Loads the user's own copy of the Agents SDK, found from `folder` as an import there would find it, else the one beside casebook. Always as the
 * ES module, so that agents made by the user's modules are of the same classes. Tracing is switched off and its
 * exporter taken out: a replay sends nothing anywhere but to the model it was pointed at. `coreOnly`: where nobody will
 * ask a model over the network, the half of that copy which runs agents, which loads in half the time.
 */
export async function loadSdk(folder: string, { coreOnly = false } = {}): Promise<LoadedSdk> {
  const whole = resolveEntry("@openai/agents", join(folder, "from-here.js")) ?? resolveEntry("@openai/agents", import.meta.filename);
  if (whole === undefined)
    throw new CasebookError("usage", "A replay runs your agents on @openai/agents, which is not installed here.", {
      hint: "npm install --save-dev @openai/agents",
    });
  const entry = (coreOnly ? resolveEntry("@openai/agents-core", whole) : undefined) ?? whole;
  const sdk = (await import(pathToFileURL(entry).href)) as Sdk;
  quiet(sdk);
  return { sdk, load: createRequire(entry) };
}

/** Nothing is traced. Again after user code was loaded, which may have switched it on. */
export function quiet(sdk: Sdk): void {
  sdk.setTracingDisabled(true);
  sdk.setTraceProcessors([]);
}

/** The ES module that a package is imported by from somewhere. */
function resolveEntry(packageName: string, from: string): string | undefined {
  let path: string;
  try {
    path = createRequire(from).resolve(packageName);
  } catch {
    return undefined;
  }
  for (let at = dirname(path); dirname(at) !== at; at = dirname(at)) {
    const manifest = join(at, "package.json");
    if (!existsSync(manifest)) continue;
    const { name, exports } = JSON.parse(readFileSync(manifest, "utf8")) as { name?: string; exports?: Record<string, { import?: unknown } | undefined> };
    if (name !== packageName) continue;
    const esm = exports?.["."]?.import;
    return typeof esm === "string" ? join(at, esm) : path;
  }
  return path;
}
