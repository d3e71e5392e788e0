/**
 * Milliseconds to wait before the next attempt. `Retry-After` wins, in seconds or as an HTTP date (RFC 9110, 10.2.3);
 * else half a second doubled each time, spread over ±50 % so that many clients do not come back together. Never above `max`.
 */
export function waitFor(trouble: {
  readonly attempt: number;
  readonly retryAfter: string | null;
  readonly now: number;
  readonly random: number;
  readonly max: number;
}): number {
  const asked = retryAfterMs(trouble.retryAfter, trouble.now);
  const wait = asked ?? 500 * 2 ** (trouble.attempt - 1) * (0.5 + trouble.random);
  return Math.min(Math.max(0, wait), trouble.max);
}

/** `Retry-After` in milliseconds from `now`, or undefined where it is absent or unreadable. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
