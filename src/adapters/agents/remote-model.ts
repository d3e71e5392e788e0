import type { Model, OpenAIProvider } from "@openai/agents";
import { CasebookError } from "../../core/base/error.ts";
import { notStreamed, type Brain } from "./brain.ts";
import { patientFetch, type PatientFetch } from "./patient-fetch.ts";
import type { LoadedSdk } from "./sdk.ts";

export type Endpoint = {
  readonly baseUrl: string;
  readonly api: "responses" | "chat";
  readonly key: string | undefined;
  readonly keyFrom: string;
  /** Stands over what the prompt version and the recording say. */
  readonly model: string | undefined;
  readonly concurrency: number;
  readonly signal: AbortSignal | undefined;
};

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Checks where a key would go. Throws `usage` for what is no URL, holds credentials, or is `http://` elsewhere than on this
 * machine while there is a key. Answers the address as it may be written into a run: no query, no credentials.
 */
export function checkEndpoint(baseUrl: string, hasKey: boolean): string {
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch {
    throw new CasebookError("usage", "The base URL is not a URL.", { hint: "Give it like --base-url https://host/v1" });
  }
  if (url.username !== "" || url.password !== "") throw new CasebookError("usage", "The base URL holds credentials.", { hint: "Put the key into an environment variable: --api-key-env NAME" });
  if (url.protocol !== "https:" && url.protocol !== "http:") throw new CasebookError("usage", "The base URL should start with https://.");
  if (url.protocol === "http:" && hasKey && !loopback.test(url.hostname))
    throw new CasebookError("usage", `A key would travel to ${url.host} in the clear.`, { hint: "Use https://, or an endpoint on this machine." });
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

/** Models at a Responses- or Chat-compatible endpoint, through the SDK's own client. One client for a whole run. */
export function remoteBrain({ sdk, load }: LoadedSdk, endpoint: Endpoint): { readonly brain: Brain; readonly fatal: PatientFetch["fatal"] } {
  const { fetch, fatal } = patientFetch({ concurrency: endpoint.concurrency, signal: endpoint.signal, keyFrom: endpoint.keyFrom });
  type Client = NonNullable<NonNullable<ConstructorParameters<typeof OpenAIProvider>[0]>["openAIClient"]>;
  const openai = load("openai") as { readonly OpenAI: new (options: object) => Client };
  const client = new openai.OpenAI({ apiKey: endpoint.key ?? "none", baseURL: endpoint.baseUrl, maxRetries: 0, timeout: 1_800_000, fetch });
  const models = new Map<string, Model>();
  const named = (name: string): Model => {
    const known = models.get(name);
    if (known !== undefined) return known;
    const model = endpoint.api === "responses" ? new sdk.OpenAIResponsesModel(client, name) : new sdk.OpenAIChatCompletionsModel(client, name);
    models.set(name, model);
    return model;
  };
  return {
    fatal,
    brain: ({ agent, model }) => {
      const name = endpoint.model ?? model;
      if (name !== undefined) return named(name);
      const missing = new CasebookError("usage", `Nothing says which model ${agent} should run on.`, { hint: "--model NAME, or model: NAME in the prompt's front matter" });
      return { getResponse: async () => Promise.reject(missing), getStreamedResponse: notStreamed };
    },
  };
}
