import { CasebookError } from "../core/base/error.ts";
import type { Checkpoint } from "../core/ports.ts";

/** Records that started in [from, to), ISO times in UTC. */
export type Window = { readonly from: string; readonly to: string };

export type PlanOptions = {
  /** ISO times. Without `since`: where the pulls before came to, less the overlap; the first time, `firstDays` back. */
  readonly since?: string;
  readonly until?: string;
  /** Minutes asked for again, because vendors store late. */
  readonly overlap: number;
  readonly firstDays: number;
  /** Leave an unfinished window as it is. */
  readonly restart?: boolean;
};

export type Plan = {
  /** The window that broke off, to be finished first. */
  readonly finish?: Window & { readonly cursor?: string | undefined };
  /** What is asked for then; absent where finishing covers it. */
  readonly ask?: Window;
  /** What lies between the pulls before and this one, and is asked for by neither. */
  readonly gap?: Window;
  /** Where the pulls that ended had come to. */
  readonly reached?: string;
};

/**
 * What a pull has to ask for, given what the one before left: a window that broke off is finished first, whatever is asked for
 * now, so that nothing is passed over in silence; what it covers is not asked for twice. Throws `usage` where the window is empty.
 */
export function planPull(options: PlanOptions, saved: Checkpoint | undefined, now: number): Plan {
  const broken = saved !== undefined && (saved.cursor !== undefined || saved.open === true);
  const finish = broken && options.restart !== true ? { from: saved.from, to: saved.to, cursor: saved.cursor } : undefined;
  const reached = broken ? saved.reached : saved?.to;
  const known = finish === undefined ? reached : reachedBy(finish, reached);
  const before = (time: number, minutes: number): string => new Date(time - minutes * 60_000).toISOString();
  const to = options.until ?? new Date(now).toISOString();
  const from = options.since ?? (known === undefined ? before(now, options.firstDays * 24 * 60) : before(Date.parse(known), options.overlap));
  const base = { ...(finish === undefined ? {} : { finish }), ...(reached === undefined ? {} : { reached }) };
  if (from >= to) {
    if (finish !== undefined && options.since === undefined) return base;
    throw options.since === undefined
      ? new CasebookError("usage", `Everything before ${minute(to)} was pulled already.`, { hint: "To ask for it again, say from when: --since 2026-11-01" })
      : new CasebookError("usage", "The window is empty: --since is not before --until.", { hint: "Give both as ISO times, like 2026-11-01 or 2026-11-01T12:00:00Z." });
  }
  if (finish === undefined || from < finish.from || from >= finish.to) return { ...base, ask: { from, to }, ...(known !== undefined && from > known ? { gap: { from: known, to: from } } : {}) };
  const late = before(Date.parse(finish.to), options.overlap);
  return to <= finish.to ? base : { ...base, ask: { from: from > late ? from : late, to } };
}

/** Where the pulls that ended have come to with this one: further only where nothing was left out between. */
export const reachedBy = (window: Window, before: string | undefined): string =>
  before === undefined || (window.from <= before && window.to > before) ? window.to : before;

/** A time as people are told it. */
export const minute = (time: string): string => `${time.slice(0, 16)}Z`;
