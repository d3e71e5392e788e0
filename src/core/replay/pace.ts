/** How many requests may be in flight, and when it was last cut. Times are milliseconds of any one clock. */
export type Pace = { readonly limit: number; readonly max: number; readonly cutAt: number };

export const startPace = (max: number): Pace => ({ limit: max, max, cutAt: Number.NEGATIVE_INFINITY });

/**
 * After an answer: a 429 halves the limit, once per episode (requests sent before the last cut tell nothing new);
 * a success grows it by one per limit's worth of successes; a 5xx is the server's trouble, not our pace. (AIMD, as TCP does.)
 */
export function nextPace(pace: Pace, answer: { readonly status: number; readonly sentAt: number; readonly now: number }): Pace {
  if (answer.status === 429) return answer.sentAt < pace.cutAt ? pace : { ...pace, limit: Math.max(1, pace.limit / 2), cutAt: answer.now };
  return answer.status < 400 ? { ...pace, limit: Math.min(pace.max, pace.limit + 1 / pace.limit) } : pace;
}
