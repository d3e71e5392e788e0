import { CasebookError } from "./error.ts";

/** Whoever talks to an API asks here first: may a key go there, and is another attempt worth it. */

/** Whether a host, as a URL spells it (numbers made plain, IPv6 in brackets) or bare, is this machine and nobody else's. */
export const isLoopback = (host: string): boolean => /^(?:localhost\.?|127(?:\.\d{1,3}){3}|\[?(?:::1|::ffff:7f[\da-f]{2}:[\da-f]{1,4})\]?)$/i.test(host);

/**
 * Refuses a base URL over which a key would travel in the clear, or that carries credentials itself. Throws `usage`.
 */
export function checkBaseUrl(base: string, hasKey: boolean): URL {
  let url: URL;
  try {
    url = new URL(base);
  } catch {
    throw new CasebookError("usage", "The base URL is not a URL.", { hint: "Give it like --base-url https://host" });
  }
  if (url.username !== "" || url.password !== "")
    throw new CasebookError("usage", "The base URL holds credentials.", { hint: "Put the key into its environment variable." });
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw new CasebookError("usage", "The base URL should begin with https:// (http:// for this machine).", { hint: "Give it whole, like https://host or http://localhost:3000" });
  if (url.protocol === "http:" && hasKey && !isLoopback(url.hostname))
    throw new CasebookError("usage", `A key would travel to ${url.host} in the clear.`, { hint: "Use https://, or an address of this machine." });
  return url;
}

/** Statuses that may pass: asked too early, too often, or the server is in trouble. Any other refusal is an answer. */
export const mayPass = (status: number): boolean => [408, 409, 425, 429].includes(status) || (status >= 500 && status !== 501);

/**
 * Milliseconds to wait before attempt `attempt + 1`. `Retry-After` wins, in seconds or as an HTTP date (RFC 9110, 10.2.3); else
 * half a second doubled each time and spread by ±50 %, so that many clients do not come back together. Never above `max`.
 */
export function waitBeforeRetry(trouble: {
  readonly attempt: number;
  readonly retryAfter: string | null;
  readonly now: number;
  readonly random: number;
  readonly max: number;
}): number {
  const asked = retryAfterMs(trouble.retryAfter, trouble.now);
  return Math.min(Math.max(0, asked ?? 500 * 2 ** (trouble.attempt - 1) * (0.5 + trouble.random)), trouble.max);
}

function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : date - now;
}
