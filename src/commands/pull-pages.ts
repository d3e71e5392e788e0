import { CasebookError } from "../core/base/error.ts";
import type { Problem } from "../core/base/problem.ts";
import type { CheckpointStore, Clock, PageReader, RawRecord } from "../core/ports.ts";
import type { Source } from "../core/sources/source.ts";
import { planPull, reachedBy, type PlanOptions, type Window } from "./pull-plan.ts";
import { readAll, type PullPorts } from "./pull.ts";

export type PullPagesOptions = PlanOptions & {
  readonly source: Source;
  /** Names the endpoint and what is asked of it, without the window: the same words go on from the same checkpoint. */
  readonly name: string;
};

export type PullPagesPorts = Omit<PullPorts, "reader"> & {
  /** Pages of a window, from a cursor on. */
  readonly pages: PageReader;
  readonly checkpoints: CheckpointStore;
  readonly clock: Clock;
  readonly record: (json: string, name: string) => RawRecord;
  /** Told before a window that broke off is finished. */
  readonly finishing?: (window: Window) => void;
};

export type PagesSummary = {
  readonly schema: "casebook/pull-pages-summary@1";
  /** What was asked for last. */
  readonly window: Window;
  /** Whether a window that broke off was finished first, and which. */
  readonly resumed: boolean;
  readonly finished?: Window;
  /** What lies between the pulls before and this one; the next pull without `--since` begins there. */
  readonly gap?: Window;
  readonly pages: number;
  readonly records: number;
  /** What each stored group of pages came to, added up. */
  readonly objects: number;
  readonly traces: { readonly new: number; readonly updated: number };
  readonly problem_counts: Readonly<Record<string, number>>;
  /** The first hundred, each with its page, counted from the first of this pull. */
  readonly problems: readonly Problem[];
};

/** Bytes of pages read before they are stored and the checkpoint moves on. */
const groupBytes = 1024 * 1024;
const problemsShown = 100;

type Sums = { pages: number; records: number; objects: number; new: number; updated: number; readonly counts: Record<string, number>; readonly problems: Problem[] };

/**
 * Pulls a window of an API, page by page. The checkpoint is written after the pages it covers are durably stored, so a kill at any
 * moment repeats pages and never skips one; repeated records are known again and add nothing. An interrupted window is finished
 * first, with its own bounds, then what is asked for. Throws what the pages throw, with what was stored kept.
 */
export async function pullPages(options: PullPagesOptions, ports: PullPagesPorts): Promise<PagesSummary> {
  const { finish, ask, gap, reached } = planPull(options, ports.checkpoints.read(options.name), ports.clock.now());
  const sums: Sums = { pages: 0, records: 0, objects: 0, new: 0, updated: 0, counts: {}, problems: [] };
  if (finish !== undefined) {
    ports.finishing?.(finish);
    await pullWindow({ ...finish, reached }, sums, options, ports);
  }
  if (ask !== undefined) await pullWindow({ ...ask, reached: finish === undefined ? reached : reachedBy(finish, reached) }, sums, options, ports);
  const bounds = ({ from, to }: Window): Window => ({ from, to });
  return {
    schema: "casebook/pull-pages-summary@1",
    window: bounds((ask ?? finish) as Window),
    resumed: finish !== undefined,
    ...(finish === undefined ? {} : { finished: bounds(finish) }),
    ...(gap === undefined ? {} : { gap }),
    pages: sums.pages,
    records: sums.records,
    objects: sums.objects,
    traces: { new: sums.new, updated: sums.updated },
    problem_counts: sums.counts,
    problems: sums.problems,
  };
}

async function pullWindow(asked: Window & { readonly cursor?: string | undefined; readonly reached: string | undefined }, sums: Sums, options: PullPagesOptions, ports: PullPagesPorts): Promise<void> {
  const { from, to, reached } = asked;
  const window = { from, to };
  const unfinished = (cursor: string | undefined): void =>
    ports.checkpoints.write(options.name, { ...window, ...(cursor === undefined ? { open: true } : { cursor }), ...(reached === undefined ? {} : { reached }) });
  let group: RawRecord[] = [];
  let bytes = 0;
  let begun = asked.cursor !== undefined;
  let next: string | null = null;
  const store = async (): Promise<void> => {
    const held = group;
    group = [];
    bytes = 0;
    if (held.length > 0) await storeGroup(held, sums, options, ports);
  };

  try {
    for await (const page of ports.pages(window, asked.cursor)) {
      // From the first answer on, this window is one that has begun: a kill before anything is stored does not lose it.
      if (!begun) unfinished(undefined);
      begun = true;
      next = page.next;
      sums.pages += 1;
      sums.records += page.rows;
      const text = JSON.stringify(page.value);
      if (page.rows > 0) group.push({ ...ports.record(text, options.source.name), where: { file: options.source.name, record: sums.pages } });
      bytes += text.length;
      ports.progress.tick(sums.records, undefined, "records");
      if (next === null) continue;
      if (bytes >= groupBytes) {
        await store();
        unfinished(next);
      }
      if (ports.signal?.aborted === true) throw new CasebookError("interrupted", "Stopped. What was read so far is stored.", { hint: "Run the same command again to go on from there." });
    }
  } catch (error) {
    // Empty where storing is what failed.
    if (group.length > 0 && next !== null) {
      await store();
      unfinished(next);
    }
    throw error;
  } finally {
    ports.progress.end();
  }
  await store();
  // A window may end in the future; what comes then was not pulled.
  const now = new Date(ports.clock.now()).toISOString();
  const whole = reachedBy({ from, to: to < now ? to : now }, reached);
  ports.checkpoints.write(options.name, { from: from < whole ? from : whole, to: whole });
}

async function storeGroup(records: readonly RawRecord[], sums: Sums, options: PullPagesOptions, ports: PullPagesPorts): Promise<void> {
  const reader = {
    async *batches() {
      yield { file: options.source.name, records, problems: [], read: 0 };
    },
  };
  // Without the signal: what was read is stored whole, and the checkpoint says so.
  const { signal: _, ...rest } = ports;
  const summary = await readAll({ source: options.source, remember: [] }, { ...rest, reader, progress: { tick() {}, end() {} } });
  sums.objects += summary.objects;
  sums.new += summary.traces.new;
  sums.updated += summary.traces.updated;
  for (const [code, count] of Object.entries(summary.problem_counts)) sums.counts[code] = (sums.counts[code] ?? 0) + count;
  sums.problems.push(...summary.problems.slice(0, problemsShown - sums.problems.length));
}
