import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CasebookError } from "../../core/base/error.ts";
import type { Where } from "../../core/base/problem.ts";
import type { KnownView, TraceReader, TraceWriter } from "../../core/ports.ts";
import type { Brief } from "../../core/redact/brief.ts";
import { storedTraceFormat, type StoredTrace } from "../../core/redact/stored.ts";
import type { PullMark } from "../../core/sources/pull-mark.ts";
import { catchUp, createTables, openCatalog, stateOf } from "./catalog.ts";
import { takeLock, type Lock } from "./lock.ts";
import { appendLines, createLineReader, cutTornTail, type Place } from "./segments.ts";
import { openDatabase, type Database, type Row } from "./sqlite.ts";

/** One line of a list of traces. */
export type Listed = { readonly id: string; readonly revision: number; readonly brief: Brief };
export type StoreReader = TraceReader & {
  readonly list: () => Iterable<Listed>;
  readonly sources: () => readonly string[];
  /** Complete lines of the segments that are no records of ours: somebody else wrote there, or the disk did. */
  readonly damaged: () => readonly Where[];
  readonly close: () => void;
};
export type StoreWriter = TraceWriter & StoreReader;

/**
 * The traces pulled so far: append-only JSONL segments (`traces-000001.jsonl`, one `casebook/stored-trace` a line, the last
 * revision of an id stands) and `index.sqlite` beside them, which is made again from the segments whenever it is missing,
 * of another version, or does not fit them. Reading works beside a writer and sees whole pulled batches; `write` takes
 * the one writer's lock (freed by the system if the process dies) and throws `usage` when another holds it.
 */
export async function openStore(path: string, options: { readonly write: true }): Promise<StoreWriter>;
export async function openStore(path: string, options?: { readonly write?: boolean }): Promise<StoreReader>;
export async function openStore(path: string, options: { readonly write?: boolean } = {}): Promise<StoreReader | StoreWriter> {
  if (options.write === true) return openWriter(path);
  return reader(path, await readableIndex(path), () => {});
}

async function openWriter(path: string): Promise<StoreWriter> {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const lock = await takeLock(path);
  if (lock === undefined)
    throw new CasebookError("usage", "Another casebook is writing to this store.", { hint: "Wait until it ends (a casebook collect: until you stop it), then run this again." });
  try {
    cutTornTail(path);
    const db = await currentIndex(path);
    return writer(path, db, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

const indexFile = (path: string): string => join(path, "index.sqlite");

/** The index on disk, brought up to the segments. Only under the lock. */
async function currentIndex(path: string): Promise<Database> {
  if (existsSync(indexFile(path))) {
    const db = await openDatabase(indexFile(path));
    const state = stateOf(db, path);
    if (state !== "unusable") {
      db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000");
      if (state === "behind") catchUp(openCatalog(db), path);
      return db;
    }
    closeQuietly(db);
  }
  return rebuilt(path);
}

/** A new index made from the segments alone, put in place of the old one when it is whole. */
async function rebuilt(path: string): Promise<Database> {
  const fresh = `${indexFile(path)}.new`;
  for (const end of ["", "-wal", "-shm", "-journal"]) rmSync(fresh + end, { force: true });
  const db = await openDatabase(fresh);
  db.exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = NORMAL");
  createTables(db);
  catchUp(openCatalog(db), path);
  db.close();
  for (const end of ["-wal", "-shm", "-journal"]) rmSync(indexFile(path) + end, { force: true });
  renameSync(fresh, indexFile(path));
  const opened = await openDatabase(indexFile(path));
  opened.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000");
  return opened;
}

/** What a reader reads from: the index if it can be trusted (repaired if nobody writes), else (also where nothing may be written) one in memory. */
async function readableIndex(path: string): Promise<Database> {
  try {
    return await indexOnDisk(path);
  } catch (error) {
    // SQLite writes even to read: beside a log it makes a file of its own.
    if (!isRefused(error)) throw error;
    return inMemory(path);
  }
}

/** Whether the operating system, or SQLite on its behalf, will not have something written. */
function isRefused(error: unknown): boolean {
  const { code = "", errcode = 0 } = error as NodeJS.ErrnoException & { readonly errcode?: number };
  return ["EACCES", "EPERM", "EROFS"].includes(code) || [3, 8, 14].includes(errcode & 0xff);
}

async function indexOnDisk(path: string): Promise<Database> {
  if (!existsSync(path)) {
    const empty = await openDatabase(":memory:");
    createTables(empty);
    return empty;
  }
  if (existsSync(indexFile(path))) {
    const db = await openDatabase(indexFile(path));
    try {
      db.exec("PRAGMA busy_timeout = 5000");
      if (stateOf(db, path) === "current") return db;
    } catch {
      // Not a database: made again below.
    }
    closeQuietly(db);
  }
  const lock = await takeLock(path);
  if (lock !== undefined)
    try {
      return await currentIndex(path);
    } finally {
      lock.release();
    }
  if (existsSync(indexFile(path))) {
    const db = await openDatabase(indexFile(path));
    if (stateOf(db, path) !== "unusable") return db;
    closeQuietly(db);
  }
  return inMemory(path);
}

async function inMemory(path: string): Promise<Database> {
  const memory = await openDatabase(":memory:");
  createTables(memory);
  catchUp(openCatalog(memory), path);
  return memory;
}

function closeQuietly(db: Database): void {
  try {
    db.close();
  } catch {
    // It was never open.
  }
}

function reader(path: string, db: Database, closing: () => void): StoreReader {
  const lines = createLineReader(path);
  const one = db.prepare("SELECT segment, offset, length FROM traces WHERE id = ?");
  const holders = db.prepare("SELECT i.kind, i.id, t.id AS run, t.arrival FROM identities i JOIN traces t ON t.arrival = i.arrival WHERE i.key = ? ORDER BY i.arrival LIMIT 64");
  const named = db.prepare("SELECT DISTINCT t.id FROM identities i JOIN traces t ON t.arrival = i.arrival WHERE i.key >= ? AND i.key < ? ORDER BY t.arrival");
  const kinds = db.prepare("SELECT kind FROM kinds");
  const known = (key: string): KnownView[] =>
    holders.all(key).map((row) => ({ kind: row["kind"] as KnownView["kind"], id: String(row["id"]), run: String(row["run"]), arrival: Number(row["arrival"]) }));
  const everyId = db.prepare("SELECT id FROM traces ORDER BY arrival");
  const page = db.prepare("SELECT * FROM traces WHERE arrival > ? ORDER BY arrival LIMIT 200");
  function* rows(): Generator<Row> {
    for (let batch = page.all(0); batch.length > 0; batch = page.all((batch.at(-1) as Row)["arrival"] ?? 0)) yield* batch;
  }
  const load = (row: Row): StoredTrace => {
    const place = { segment: String(row["segment"]), offset: Number(row["offset"]), length: Number(row["length"]) } satisfies Place;
    const where = `${place.segment} (byte ${place.offset})`;
    let value: unknown;
    try {
      value = JSON.parse(lines.read(place));
    } catch (cause) {
      throw new CasebookError("bad-file", `${where}: not what the index says.`, { hint: "Delete index.sqlite beside it; it is made again.", cause });
    }
    return storedTraceFormat.read(value, where);
  };
  return {
    ids: () => everyId.all().map((row) => String(row["id"])),
    get(id) {
      const row = one.get(id) ?? one.get(known(`id:${id}`)[0]?.run ?? null);
      return row === undefined ? undefined : load(row);
    },
    alias: (prefix) => named.all(`id:${prefix}`, `id:${prefix}\u{10ffff}`).map((row) => String(row["id"])),
    known,
    kinds: () => kinds.all().map((row) => row["kind"] as KnownView["kind"]),
    *all() {
      for (const row of rows()) yield load(row);
    },
    *list() {
      for (const row of rows())
        yield { id: String(row["id"]), revision: Number(row["revision"]), brief: JSON.parse(String(row["brief"])) as Brief };
    },
    damaged: () => db.prepare("SELECT segment, offset FROM damage ORDER BY segment, offset").all().map((row) => ({ file: `.casebook/traces/${String(row["segment"])}`, byte: Number(row["offset"]) })),
    sources() {
      const pulls = db.prepare("SELECT sources FROM pulls WHERE done = 1 ORDER BY id").all();
      return [...new Set(pulls.flatMap((row) => JSON.parse(String(row["sources"])) as string[]))];
    },
    close() {
      lines.close();
      closeQuietly(db);
      closing();
    },
  };
}

function writer(path: string, db: Database, lock: Lock): StoreWriter {
  const catalog = openCatalog(db);
  const known = db.prepare(`SELECT t.id FROM records r JOIN pulls p ON p.id = r.pull AND p.done = 1
    JOIN traces t ON t.arrival = r.arrival WHERE r.digest = ?`);
  // Nothing becomes known before `finish`, which is the last thing a pull does.
  const nothingKnown = db.prepare("SELECT 1 AS one FROM pulls WHERE done = 1 LIMIT 1").get() === undefined;
  const briefRow = db.prepare("SELECT brief FROM traces WHERE id = ?");
  const append = (values: readonly unknown[]): Place[] => {
    try {
      return appendLines(path, values.map((value) => JSON.stringify(value)));
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? "unknown error";
      throw new CasebookError("incomplete", `The store could not be written (${code}).`, { hint: "Make room or check the permissions, then run this again: what was stored stays.", cause });
    }
  };
  const mark = (state: PullMark["state"], sources: readonly string[]): void => {
    const value: PullMark = { schema: "casebook/pull@1", state, sources: [...sources] };
    const [place] = append([value]) as [Place];
    catalog.together(() => catalog.index({ ...place, text: JSON.stringify(value) }));
  };
  let begun = false;
  return {
    ...reader(path, db, lock.release),
    traceOf: (digest) => (nothingKnown ? undefined : (known.get(digest)?.["id"] as string | undefined)),
    brief(id) {
      const row = briefRow.get(id);
      return row === undefined ? undefined : (JSON.parse(String(row["brief"])) as Brief);
    },
    put(traces) {
      if (!begun) mark("begun", []);
      begun = true;
      const changed = traces.flatMap(({ stored }) => (stored === undefined ? [] : [stored]));
      const places = changed.length === 0 ? [] : append(changed);
      catalog.together(() => {
        changed.forEach((stored, at) => catalog.indexed(places[at] as Place, stored));
        for (const { id, stored, records } of traces) if (stored === undefined) catalog.seen(id, records);
      });
    },
    finish(sources) {
      mark("ended", sources);
      begun = false;
    },
  };
}
