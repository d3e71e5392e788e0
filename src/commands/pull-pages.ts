import { CasebookError } from "../core/base/error.ts";
import type { CheckpointStore, Clock, PageReader, RawRecord } from "../core/ports.ts";
import type { Source } from "../core/sources/source.ts";
import { pull, type PullPorts } from "./pull.ts";
import type { PullSummary } from "./pull-tally.ts";

export type PullPagesOptions = {
  readonly source: Source;
  /** Names the endpoint and what is asked of it, without the window: the same words go on from the same checkpoint. */
  readonly name: string;
  /** ISO times. Without `since`: where the last pull ended, less the overlap; the first time, `firstDays` back. */
  readonly since?: string;
  readonly until?: string;
  /** Minutes asked for again, because vendors store late. */
  readonly overlap: number;
  readonly firstDays: number;
};

export type PullPagesPorts = Omit<PullPorts, "reader"> & {
  /** Pages of a window, from a cursor on. */
  readonly pages: PageReader;
  readonly checkpoints: CheckpointStore;
  readonly clock: Clock;
  readonly record: (json: string, name: string) => RawRecord;
};

export type PagesSummary = {
  readonly schema: "casebook/pull-pages-summary@1";
  readonly window: { readonly from: string; readonly to: string };
  readonly resumed: boolean;
  readonly pages: number;
  readonly records: number;
  /** What each stored group of pages came to, added up. */
  readonly objects: number;
  readonly traces: { readonly new: number; readonly updated: number };
  readonly problem_counts: Readonly<Record<string, number>>;
};

/** Bytes of pages read before they are stored and the checkpoint moves on. */
const groupBytes = 1024 * 1024;

/**
 * Pulls a window of an API, page by page. The checkpoint is written after the pages it covers are durably stored, so a kill at any
 * moment repeats pages and never skips one; repeated records are known again and add nothing. An interrupted window is finished
 * first, with its own bounds. Throws what the pages throw, with what was stored kept.
 */
export async function pullPages(options: PullPagesOptions, ports: PullPagesPorts): Promise<PagesSummary> {
  const saved = ports.checkpoints.read(options.name);
  const unfinished = options.since === undefined && saved?.cursor !== undefined ? saved : undefined;
  const window = unfinished === undefined ? windowOf(options, ports, saved?.to) : { from: unfinished.from, to: unfinished.to };
  const sums = { pages: 0, records: 0, objects: 0, new: 0, updated: 0 };
  const problems: Record<string, number> = {};
  let group: RawRecord[] = [];
  let bytes = 0;

  const store = async (cursor: string | undefined): Promise<void> => {
    if (group.length > 0) {
      const summary = await storeGroup(group, options, ports);
      if (summary !== undefined) {
        sums.objects += summary.objects;
        sums.new += summary.traces.new;
        sums.updated += summary.traces.updated;
        for (const [code, count] of Object.entries(summary.problem_counts)) problems[code] = (problems[code] ?? 0) + count;
      }
    }
    group = [];
    bytes = 0;
    ports.checkpoints.write(options.name, { ...window, ...(cursor === undefined ? {} : { cursor }) });
  };

  try {
    for await (const page of ports.pages(window, unfinished?.cursor)) {
      sums.pages += 1;
      sums.records += page.rows;
      const text = JSON.stringify(page.value);
      if (page.rows > 0) group.push(ports.record(text, options.source.name));
      bytes += text.length;
      if (page.next !== null && bytes >= groupBytes) await store(page.next);
      ports.progress.tick(sums.records, undefined, "records");
      if (ports.signal?.aborted === true) {
        await store(page.next ?? undefined);
        throw new CasebookError("interrupted", "Stopped. What was read so far is stored.", { hint: "Run the same command again to go on from there." });
      }
    }
  } finally {
    ports.progress.end();
  }
  await store(undefined);
  return {
    schema: "casebook/pull-pages-summary@1",
    window,
    resumed: unfinished !== undefined,
    pages: sums.pages,
    records: sums.records,
    objects: sums.objects,
    traces: { new: sums.new, updated: sums.updated },
    problem_counts: problems,
  };
}

function windowOf(options: PullPagesOptions, ports: PullPagesPorts, reached: string | undefined): { readonly from: string; readonly to: string } {
  const minutes = (count: number): number => count * 60_000;
  const now = ports.clock.now();
  const to = options.until ?? new Date(now).toISOString();
  const start = reached === undefined ? now - minutes(options.firstDays * 24 * 60) : Date.parse(reached) - minutes(options.overlap);
  const from = options.since ?? new Date(start).toISOString();
  if (from >= to) throw new CasebookError("usage", "The window is empty: --since is not before --until.", { hint: "Give both as ISO times, like 2026-11-01 or 2026-11-01T12:00:00Z." });
  return { from, to };
}

async function storeGroup(records: readonly RawRecord[], options: PullPagesOptions, ports: PullPagesPorts): Promise<PullSummary | undefined> {
  const reader = {
    async *batches() {
      yield { file: options.source.name, records, problems: [], read: 0 };
    },
  };
  return pull({ source: options.source, remember: [] }, { ...ports, reader, progress: { tick() {}, end() {} } });
}
