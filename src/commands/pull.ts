import { CasebookError } from "../core/base/error.ts";
import { hmacSha256 } from "../core/base/hash.ts";
import { placeOf, type Problem } from "../core/base/problem.ts";
import { oneLine } from "../core/base/text.ts";
import type { Progress, RawRecord, RecordReader, TraceWriter } from "../core/ports.ts";
import { carryFindings, sortFindings } from "../core/redact/carry.ts";
import type { Redactor } from "../core/redact/redactor.ts";
import type { Origin, StoredTrace, View } from "../core/redact/stored.ts";
import type { Source } from "../core/sources/source.ts";
import { guessKind, sniffSource } from "../core/sources/sources.ts";
import { assembleTrace } from "../core/trace/assemble.ts";
import type { Piece } from "../core/trace/piece.ts";
import { joinRuns, viewIn, type Incoming } from "./join-runs.ts";
import { createTally, type PullSummary } from "./pull-tally.ts";

export type PullOptions = {
  /** The source every record is read by; else each file is looked at. */
  readonly source?: Source;
  /** Names to remember for `--again`. */
  readonly remember: readonly string[];
  /** Read records again that are stored already. */
  readonly again?: boolean;
  /** Nothing is kept of it. */
  readonly dry?: boolean;
  /** Raw bytes (and some for each trace) held before the traces longest untouched are stored. */
  readonly held?: number;
};

export type PullPorts = {
  readonly reader: RecordReader;
  readonly store: TraceWriter;
  readonly redactor: Redactor;
  /** Key of the digests by which a record is known again. */
  readonly key: Uint8Array;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
};

type Pending = { readonly id: string; readonly kind: Piece["source"]["kind"]; readonly pieces: Piece[]; bytes: number; readonly records: Set<string>; readonly origins: Map<string, Origin>; readonly first: number };

const defaultHeld = 8 * 1024 * 1024;
/** What a trace takes in hand besides its text, in bytes: counts where traces are small. */
const perTrace = 8 * 1024;
/** A trace that takes this part of what is held is a large one. */
const large = 1 / 8;
/** A file whose first records are all of no kind we know is given up after so many. */
const strangersAllowed = 200;

/** Reads all there is. Throws `bad-file`, with the first problem and its place, when nothing at all could be read. */
export async function pull(options: PullOptions, ports: PullPorts): Promise<PullSummary> {
  const summary = await readAll(options, ports);
  const [first] = summary.problems;
  if (summary.objects === 0 && first !== undefined)
    throw new CasebookError("bad-file", `${oneLine(placeOf(first.where))}: ${first.message}`, { hint: first.remedy });
  return summary;
}

/**
 * Reads records, puts traces together, redacts and stores them. Memory is bounded: when the traces in hand hold more than
 * `held` raw bytes, those longest untouched are stored, and what comes for them later is joined to what is stored.
 * Records stored by an earlier pull are passed over unread. Nothing raw leaves this function but into the redactor.
 * Throws `interrupted` when the signal fires (what was read is stored).
 */
export async function readAll(options: PullOptions, ports: PullPorts): Promise<PullSummary> {
  const { store, redactor, progress } = ports;
  const tally = createTally(store);
  const pending = new Map<string, Pending>();
  const names = new Map<string, string>();
  const shown = shownBy(redactor);
  const problem = ({ trace_ids, ...one }: Problem): void =>
    tally.problem({ ...one, where: { ...one.where, file: shown(one.where.file) }, ...(trace_ids === undefined ? {} : { trace_ids: trace_ids.map((id) => redactor.safeId(id, "trace_")) }) });
  let bytes = 0;
  let arrivals = 0;

  /** Bytes of large traces that are stored already. */
  const parts = new Map<string, number>();
  const limit = options.held ?? defaultHeld;
  const flush = (until: number): void => {
    const batch: Pending[] = [];
    for (const [view, held] of pending) {
      if (bytes <= until) break;
      const before = parts.get(view) ?? 0;
      // Storing a part is as much work as storing all of it: the next part of a large trace waits until it is as large as what is stored.
      if (until >= 0 && held.bytes < before) continue;
      if (held.bytes > limit * large) parts.set(view, before + held.bytes);
      batch.push(held);
      pending.delete(view);
      bytes -= held.bytes;
    }
    if (batch.length > 0) storeBatch(batch.sort((a, b) => a.first - b.first), ports, tally);
  };

  const add = (record: RawRecord, digest: string, pieces: readonly Piece[]): void => {
    const traces = new Map<string, number>();
    for (const raw of pieces) {
      const piece = safePiece(raw, redactor);
      // One id may be met at two kinds of source: each is a view of its own.
      const view = `${piece.source.kind}\n${piece.trace_id}`;
      let held = pending.get(view);
      if (held === undefined) {
        held = { id: piece.trace_id, kind: piece.source.kind, pieces: [], bytes: perTrace, records: new Set(), origins: new Map(), first: arrivals++ };
        bytes += perTrace;
      }
      held.pieces.push(piece);
      // Re-entered at the end: the first entries of the map are the ones longest untouched.
      pending.delete(view);
      pending.set(view, held);
      const counts = piece.piece === "span" || piece.recorded;
      traces.set(view, (traces.get(view) ?? 0) + (counts ? 1 : 0));
      if (counts) tally.object(piece);
    }
    let objects = 0;
    for (const count of traces.values()) objects += count;
    for (const id of traces.keys()) {
      const held = pending.get(id) as Pending;
      const share = Math.ceil(record.bytes.length / traces.size);
      held.bytes += share;
      bytes += share;
      held.records.add(objects === 1 ? digest : `${digest}x${traces.get(id)}`);
      const { file, line } = record.where;
      const name = names.get(file) ?? redactor.redactText(shown(file)).text;
      names.set(file, name);
      if (!held.origins.has(name)) held.origins.set(name, { file: name, ...(line === undefined ? {} : { line }) });
    }
  };

  let file: string | undefined;
  let source: Source | undefined;
  let strangers: Problem[] = [];
  const endFile = (): void => {
    if (source === undefined) for (const one of strangers.slice(0, 1)) problem(one);
    strangers = [];
  };

  for await (const batch of ports.reader.batches()) {
    if (batch.file !== file) {
      endFile();
      file = batch.file;
      source = options.source;
      tally.file();
    }
    for (const one of batch.problems) problem(one);
    for (const record of batch.records) {
      if (strangers.length >= strangersAllowed) break;
      const digest = hmacSha256(ports.key, record.bytes).slice(0, 32);
      const known = options.again === true ? undefined : store.traceOf(digest);
      if (known !== undefined) {
        tally.known(known, digest);
        continue;
      }
      const parsed = record.parse();
      for (const one of parsed.problems) problem(one);
      for (const value of parsed.values) {
        // Exports of several kinds may stand in one file, one after another.
        if (options.source === undefined && source?.recognises(value) !== true) source = sniffSource(value) ?? source;
        if (source === undefined) {
          if (value !== null) strangers.push(stranger(value, record));
          continue;
        }
        const read = source.read(value, record.where);
        for (const one of read.problems) problem(one);
        add(record, digest, read.pieces);
      }
      if (bytes > limit) flush(limit / 2);
    }
    progress.tick(batch.read, batch.size, "bytes");
    if (ports.signal?.aborted === true) {
      flush(-1);
      progress.end();
      throw options.dry === true
        ? new CasebookError("interrupted", "Stopped. Nothing was stored.")
        : new CasebookError("interrupted", "Stopped. What was read so far is stored.", { hint: "Run the same pull again to read the rest." });
    }
  }
  endFile();
  flush(-1);
  progress.end();
  const summary = tally.summary();
  if (summary.objects > 0) store.finish(options.remember);
  return summary;
}

/** Paths for people: a name in one that gives somebody away is masked, the folders it lies in stay readable. */
function shownBy(redactor: Redactor): (path: string) => string {
  const known = new Map<string, string>();
  return (path) => {
    const before = known.get(path);
    if (before !== undefined) return before;
    const made = path.split(/([/\\])/).map((name) => redactor.redactText(name).text).join("");
    known.set(path, made);
    return made;
  };
}

/** Ids are made safe before pieces are joined to what is stored, because stored ids are. */
function safePiece(piece: Piece, redactor: Redactor): Piece {
  const trace_id = redactor.safeId(piece.trace_id, "trace_");
  if (piece.piece === "trace") return { ...piece, trace_id };
  const { span } = piece;
  const id = redactor.safeId(span.id, "span_");
  const parent_id = span.parent_id === null ? null : redactor.safeId(span.parent_id, "span_");
  if (trace_id === piece.trace_id && id === span.id && parent_id === span.parent_id) return piece;
  const notes = piece.notes?.map((note) => (note.span_id === span.id ? { ...note, span_id: id } : note));
  return { ...piece, trace_id, span: { ...span, id, parent_id }, ...(notes === undefined ? {} : { notes }) };
}

function storeBatch(batch: readonly Pending[], { store, redactor }: PullPorts, tally: ReturnType<typeof createTally>): void {
  const made = batch.map((held) => {
    const { home, previous, namesake } = knownAs(held, store);
    return { held, home, previous, namesake, trace: assembleTrace(held.pieces, previous?.trace) };
  });
  for (const { trace } of made) redactor.learn(trace);
  const views = made.map(({ held, home, previous, namesake, trace }): Incoming => {
    const redacted = redactor.redactTrace(trace);
    const findings = previous === undefined ? sortFindings(redacted.findings) : carryFindings(previous, redacted);
    return { view: { trace: redacted.trace, findings }, home, namesake, records: held.records, origins: held.origins };
  });
  const runs = joinRuns(views, { store, redactor });
  for (const run of runs) tally.stored(run);
  store.put(runs.map(({ put }) => put));
}

/** What is stored of a view already: the run it is in, and itself. */
function knownAs({ id, kind }: Pending, store: TraceWriter): { readonly home: StoredTrace | undefined; readonly previous: View | undefined; readonly namesake: boolean } {
  const stored = store.get(id);
  const direct = viewIn(stored, kind, id);
  if (stored === undefined || direct !== undefined) return { home: stored, previous: direct, namesake: false };
  const run = store.known(`id:${id}`).find((view) => view.kind === kind && view.id === id)?.run;
  const home = run === undefined ? undefined : store.get(run);
  return { home, previous: viewIn(home, kind, id), namesake: home === undefined };
}

function stranger(value: unknown, record: RawRecord): Problem {
  const { looks, remedy } = guessKind(value);
  return { code: "unknown-format", where: record.where, message: `this looks like ${looks}.`, remedy };
}
