import { setTimeout as sleep } from "node:timers/promises";
import { checkBaseUrl, mayPass, waitBeforeRetry } from "../../core/base/endpoint.ts";
import { CasebookError } from "../../core/base/error.ts";
import { parseJson, pruned, type Json } from "../../core/base/json.ts";

/** How to reach one API. `secret` is the header that carries a key and the environment variable the user sets it in. */
export type Api = {
  readonly base: string;
  readonly secret?: { readonly header: string; readonly value: string; readonly variable: string };
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds without a byte before giving up on an attempt. Default 30,000. */
  readonly idle?: number;
  /** Milliseconds one attempt may take in all, however steadily it drips. Default 600,000. */
  readonly longest?: number;
  /** Bytes one answer may have. Default 64 MiB. */
  readonly maxBytes?: number;
  /** Attempts in all. Default 6. */
  readonly attempts?: number;
  /** Longest wait between two attempts, milliseconds. Default 60,000. */
  readonly maxWait?: number;
  readonly signal?: AbortSignal;
  /** Told before each wait, for progress. */
  readonly onWait?: (milliseconds: number, why: string) => void;
};

export type Ask = { readonly path: string; readonly method?: "GET" | "POST"; readonly body?: unknown };

/** `status` is 2xx, 404, 422 or 501: the ones a caller decides about. Everything else became an error or was retried. */
export type Answered = { readonly status: number; readonly json: Json };

/**
 * One request, made until it is answered. Retries 408, 409, 425, 429, 5xx (but 501) and network failures with `Retry-After` in
 * seconds or as a date, else exponential waits; never another 4xx. Follows redirects on the same origin only, so that no key
 * reaches another host. Throws `remote`, never with the key, the query or the body in the message.
 */
export async function ask(api: Api, { path, method = "GET", body }: Ask): Promise<Answered> {
  const base = checkBaseUrl(api.base, api.secret !== undefined);
  const url = new URL(base.href.replace(/\/+$/, "") + path);
  const place = `${method} ${url.origin}${url.pathname}`;
  const attempts = api.attempts ?? 6;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await once(api, { url, method, body, place });
    if ("answer" in outcome) return outcome.answer;
    if (attempt >= attempts)
      throw new CasebookError("remote", `${place}: ${outcome.why}, ${attempts} times.`, {
        hint: outcome.nobody === true ? `Is ${base.origin} the right base URL, and can this machine reach it?` : "Run the same command again later: what was stored is kept, and it goes on from there.",
      });
    const wait = waitBeforeRetry({ attempt, retryAfter: outcome.retryAfter, now: Date.now(), random: Math.random(), max: api.maxWait ?? 60_000 });
    api.onWait?.(wait, outcome.why);
    await sleep(wait, undefined, api.signal ? { signal: api.signal } : undefined).catch(() => {
      throw new CasebookError("interrupted", `${place}: stopped while waiting to try again.`);
    });
  }
}

/** `nobody`: no server was reached at all. */
type Outcome = { readonly answer: Answered } | { readonly why: string; readonly retryAfter: string | null; readonly nobody?: boolean };

async function once(
  api: Api,
  request: { readonly url: URL; readonly method: string; readonly body: unknown; readonly place: string },
): Promise<Outcome> {
  const { place } = request;
  const idle = new AbortController();
  const late = AbortSignal.timeout(api.longest ?? 600_000);
  let timer: NodeJS.Timeout | undefined;
  const alive = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => idle.abort(), api.idle ?? 30_000);
  };
  try {
    alive();
    const response = await follow(api, request, AbortSignal.any([...(api.signal ? [api.signal] : []), idle.signal, late]));
    const { status } = response;
    if (status === 401 || status === 403)
      throw new CasebookError("remote", `${place}: answered ${status}, the key was not accepted.`, {
        hint: api.secret ? `Set ${api.secret.variable} to a key that may read here.` : "This endpoint wants a key.",
      });
    if (mayPass(status)) {
      await response.body?.cancel();
      return { why: `answered ${status}`, retryAfter: response.headers.get("retry-after") };
    }
    const text = await read(response, { max: api.maxBytes ?? 64 * 1024 * 1024, place, alive });
    if (status === 404 || status === 422 || status === 501) return { answer: { status, json: pruned(parseJson(text) ?? null) } };
    if (status < 200 || status > 299) throw new CasebookError("remote", `${place}: answered ${status}.`);
    const json = parseJson(text);
    if (json === undefined)
      throw new CasebookError("remote", `${place}: answered ${status} with something that is not JSON${text.trimStart().startsWith("<") ? " (an HTML page)" : ""}.`, {
        hint: "Is the base URL that of the API, not of its web pages? A proxy or a login page may stand between.",
      });
    return { answer: { status, json: pruned(json) } };
  } catch (error) {
    if (error instanceof CasebookError) throw error;
    if (api.signal?.aborted) throw new CasebookError("interrupted", `${place}: stopped.`);
    if (idle.signal.aborted || late.aborted) return { why: idle.signal.aborted ? "sent nothing for too long" : "took too long", retryAfter: null };
    return { ...brokenBy(error), retryAfter: null };
  } finally {
    clearTimeout(timer);
  }
}

/** Why there is no answer, from what the network said. */
function brokenBy(error: unknown): { readonly why: string; readonly nobody?: boolean } {
  const { code = "" } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return { why: "no host of that name was found", nobody: true };
  if (code === "ECONNREFUSED") return { why: "nothing is listening there", nobody: true };
  if (/CERT|SSL|TLS|SELF_SIGNED|ISSUER/.test(code)) return { why: `its certificate was not accepted (${code})`, nobody: true };
  return { why: "could not be reached or broke off" };
}

async function follow(
  api: Api,
  { url, method, body, place }: { readonly url: URL; readonly method: string; readonly body: unknown; readonly place: string },
  signal: AbortSignal,
): Promise<Response> {
  let at = url;
  for (let hops = 0; ; hops += 1) {
    const response = await fetch(at, {
      method,
      redirect: "manual",
      signal,
      headers: {
        accept: "application/json",
        ...api.headers,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(api.secret ? { [api.secret.header]: api.secret.value } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const location = response.headers.get("location");
    if (response.status < 300 || response.status > 399 || location === null) return response;
    await response.body?.cancel();
    const next = new URL(location, at);
    if (next.origin !== at.origin)
      throw new CasebookError("remote", `${place}: sends us on to another host, ${next.host}; the key stays here.`, {
        hint: "If that host is the right one, give it as the base URL.",
      });
    if (hops >= 5) throw new CasebookError("remote", `${place}: sends us round in circles.`);
    at = next;
  }
}

async function read(
  response: Response,
  { max, place, alive }: { readonly max: number; readonly place: string; readonly alive: () => void },
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    alive();
    size += (chunk as Uint8Array).byteLength;
    if (size > max)
      throw new CasebookError("remote", `${place}: the answer is larger than ${Math.round(max / 1048576)} MiB.`, {
        hint: "Ask for fewer records a page (--page-size) or a shorter window.",
      });
    chunks.push(chunk as Uint8Array);
  }
  try {
    // A byte order mark goes; a byte that is no UTF-8 is never replaced in silence.
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new CasebookError("remote", `${place}: the answer is not UTF-8.`, { hint: "A proxy between may have changed it. Is the base URL that of the API?" });
  }
}
