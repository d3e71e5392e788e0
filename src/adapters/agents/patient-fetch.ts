import { setTimeout as rest } from "node:timers/promises";
import { mayPass, waitBeforeRetry } from "../../core/base/endpoint.ts";
import { CasebookError } from "../../core/base/error.ts";
import { nextPace, startPace } from "../../core/replay/pace.ts";

export type Patience = {
  /** Requests in flight at most; less after a 429, until it goes well again. */
  readonly concurrency: number;
  readonly signal: AbortSignal | undefined;
  /** Attempts in all. */
  readonly attempts?: number;
  /** Longest wait between two attempts, milliseconds. */
  readonly maxWait?: number;
  /** The variable the key comes from, for the hint where it is refused. */
  readonly keyFrom: string;
};

export type PatientFetch = {
  readonly fetch: typeof fetch;
  /** What no retry and no other trial will mend: a refused key, a wrong address, a redirect. */
  readonly fatal: () => CasebookError | undefined;
};

/**
 * `fetch` that waits its turn and tries again: 408, 409, 425, 429, 5xx (but 501) and broken connections, with `Retry-After` in
 * seconds or as a date. After the last attempt the answer is handed on as it is; an endpoint that never answered anything is `fatal`. Follows no redirect, because a key is
 * sent along.
 */
export function patientFetch(patience: Patience): PatientFetch {
  let pace = startPace(patience.concurrency);
  let inFlight = 0;
  let fatal: CasebookError | undefined;
  let reached = false;
  const waiting: (() => void)[] = [];
  const admit = (): void => {
    while (waiting.length > 0 && inFlight < Math.max(1, Math.floor(pace.limit))) {
      inFlight += 1;
      waiting.shift()?.();
    }
  };
  const turn = async (): Promise<void> => new Promise((resolve) => (waiting.push(resolve), admit()));
  const attempts = patience.attempts ?? 6;

  const ask = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const place = placeOf(input);
    for (let attempt = 1; ; attempt += 1) {
      await turn();
      const sentAt = performance.now();
      let response: Response | undefined;
      let broken: unknown;
      try {
        response = await fetch(input, { ...init, redirect: "manual" });
        reached = true;
        pace = nextPace(pace, { status: response.status, sentAt, now: performance.now() });
      } catch (error) {
        if (init.signal?.aborted === true || patience.signal?.aborted === true) throw error;
        broken = error;
      } finally {
        inFlight -= 1;
        admit();
      }
      if (response !== undefined && !mayPass(response.status)) {
        fatal ??= fatalOf(response, place, patience.keyFrom);
        return response;
      }
      if (attempt >= attempts) {
        if (response !== undefined) return response;
        if (!reached) fatal ??= new CasebookError("remote", `${place} could not be reached.`, { hint: "Is the base URL right, and is anything listening there?" });
        throw broken;
      }
      await response?.body?.cancel();
      const wait = waitBeforeRetry({ attempt, retryAfter: response?.headers.get("retry-after") ?? null, now: Date.now(), random: Math.random(), max: patience.maxWait ?? 60_000 });
      await rest(wait, undefined, patience.signal ? { signal: patience.signal } : undefined);
    }
  };
  return { fetch: ask, fatal: () => fatal };
}

function placeOf(input: string | URL | Request): string {
  const { origin, pathname } = new URL(input instanceof Request ? input.url : input);
  return `${origin}${pathname}`;
}

function fatalOf({ status }: Response, place: string, keyFrom: string): CasebookError | undefined {
  const later = "What was finished is kept: go on with casebook replay --resume";
  if (status === 401 || status === 403) return new CasebookError("remote", `${place}: answered ${status}, the key was not accepted.`, { hint: `Set ${keyFrom} to a key that may use this model. ${later}` });
  if (status === 404) return new CasebookError("remote", `${place}: answered 404.`, { hint: `Is the model's name right (--model), and the base URL that of the API, /v1 included? ${later}` });
  if (status >= 300 && status < 400) return new CasebookError("remote", `${place}: sends us elsewhere; the key stays here.`, { hint: "Give the right host as --base-url." });
  return undefined;
}
