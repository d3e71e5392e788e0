import type { Model, OpenAIProvider } from "@openai/agents";
import { checkBaseUrl } from "../../core/base/endpoint.ts";
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

/** Where a run asks, as it may be written into its header: no query, no credentials. Throws `usage` where a key must not go. */
export function checkEndpoint(baseUrl: string, hasKey: boolean): string {
  const url = checkBaseUrl(baseUrl, hasKey);
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
