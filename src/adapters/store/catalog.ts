import { CasebookError } from "../../core/base/error.ts";
import { briefOf } from "../../core/redact/brief.ts";
import { keysOf, type StoredTrace } from "../../core/redact/stored.ts";
import { pullMarkFormat, type PullMark } from "../../core/sources/pull-mark.ts";
import { ownIdOf } from "../../core/trace/identity.ts";
import { linesOf, listSegments, sizeOfSegment, type Line, type Place } from "./segments.ts";
import type { Database } from "./sqlite.ts";

/** Raised when the tables below change, or what a brief or an identity says of a trace: an index of another version is rebuilt. */
const version = 5;

const tables = `
  CREATE TABLE meta (version INTEGER NOT NULL);
  INSERT INTO meta VALUES (${version});
  CREATE TABLE segments (name TEXT PRIMARY KEY, size INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE traces (
    arrival INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, revision INTEGER NOT NULL,
    segment TEXT NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL, brief TEXT NOT NULL
  );
  CREATE TABLE pulls (id INTEGER PRIMARY KEY, done INTEGER NOT NULL, sources TEXT NOT NULL);
  CREATE TABLE identities (key TEXT NOT NULL, arrival INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (key, arrival, kind, id)) WITHOUT ROWID;
  CREATE TABLE damage (segment TEXT NOT NULL, offset INTEGER NOT NULL, PRIMARY KEY (segment, offset)) WITHOUT ROWID;
  CREATE TABLE kinds (kind TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE records (digest TEXT PRIMARY KEY, arrival INTEGER NOT NULL, pull INTEGER NOT NULL) WITHOUT ROWID;
`;

/**
 * The index over the segments: an SQLite database that holds nothing the segments do not. It knows the latest revision of each
 * trace, what is counted about it, and which raw records are stored.
 */
export type Catalog = {
  /** Takes in a revision or a mark that stands in a segment. Throws where the line is neither. */
  index(line: Line): void;
  indexed(place: Place, stored: StoredTrace): void;
  /** A known trace was made again, unchanged, out of these records. */
  seen(id: string, records: readonly string[]): void;
  together(work: () => void): void;
  readonly db: Database;
};

export function createTables(db: Database): void {
  db.exec(tables);
}

export function openCatalog(db: Database): Catalog {
  const upsert = db.prepare(`INSERT INTO traces (id, revision, segment, offset, length, brief) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, segment = excluded.segment, offset = excluded.offset,
    length = excluded.length, brief = excluded.brief WHERE excluded.revision >= revision`);
  const arrivalOf = db.prepare("SELECT arrival FROM traces WHERE id = ?");
  // A record that an ended pull stored stays known, whatever later pulls do.
  const record = db.prepare(`INSERT INTO records (digest, arrival, pull) VALUES (?, ?, ?) ON CONFLICT (digest) DO UPDATE
    SET arrival = excluded.arrival, pull = CASE WHEN pull IN (SELECT id FROM pulls WHERE done = 1) THEN pull ELSE excluded.pull END`);
  const identity = db.prepare("INSERT OR IGNORE INTO identities (key, arrival, kind, id) VALUES (?, ?, ?, ?)");
  const kind = db.prepare("INSERT OR IGNORE INTO kinds (kind) VALUES (?)");
  const absorb = db.prepare("DELETE FROM traces WHERE id = ? AND arrival <> ?");
  const open = db.prepare("SELECT id FROM pulls WHERE done = 0 ORDER BY id DESC");
  const begin = db.prepare("INSERT INTO pulls (done, sources) VALUES (0, '[]')");
  const end = db.prepare("UPDATE pulls SET done = 1, sources = ? WHERE id = ?");
  const grow = db.prepare("INSERT INTO segments (name, size) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET size = excluded.size");

  let pull: number | undefined;
  const present = (): number => {
    if (pull === undefined) {
      begin.run();
      pull = Number(open.get()?.["id"]);
    }
    return pull;
  };
  const seen: Catalog["seen"] = (id, records) => {
    const arrival = Number(arrivalOf.get(id)?.["arrival"]);
    // A record of several objects is always read again, so that its objects can be counted.
    for (const digest of records) if (!digest.includes("x")) record.run(digest, arrival, present());
  };
  const indexed: Catalog["indexed"] = ({ segment, offset, length }, stored) => {
    upsert.run(stored.trace.id, stored.revision, segment, offset, length, JSON.stringify(briefOf(stored.trace, stored.findings)));
    const arrival = Number(arrivalOf.get(stored.trace.id)?.["arrival"]);
    for (const [key, view] of keysOf(stored)) identity.run(key, arrival, view.kind, view.id);
    for (const { source } of [stored.trace, ...(stored.views ?? []).map(({ trace }) => trace)]) kind.run(source.kind);
    // A trace that turned out to be a view of this run is no trace of its own any more.
    if (stored.views !== undefined) for (const id of [ownIdOf(stored.trace), ...stored.views.map(({ trace }) => trace.id)]) absorb.run(id, arrival);
    seen(stored.trace.id, stored.records);
    grow.run(segment, offset + length + 1);
  };
  const marked = (mark: PullMark): void => {
    if (mark.state === "ended") end.run(JSON.stringify(mark.sources), present());
    pull = undefined;
  };
  return {
    db,
    index(line) {
      const value = JSON.parse(line.text) as { schema?: unknown };
      if (typeof value.schema === "string" && value.schema.startsWith(`${pullMarkFormat.name}@`)) marked(pullMarkFormat.read(value, `.casebook/traces/${line.segment} (byte ${line.offset})`));
      else indexed(line, value as StoredTrace);
      grow.run(line.segment, line.offset + line.length + 1);
    },
    indexed,
    seen,
    together(work) {
      db.exec("BEGIN IMMEDIATE");
      try {
        work();
        db.exec("COMMIT");
      } catch (error) {
        undo(db);
        throw error;
      }
    },
  };
}

/** How an index stands to its segments: as they are, behind (a writer died before the index was told), or not to be trusted. */
export function stateOf(db: Database, folder: string): "current" | "behind" | "unusable" {
  try {
    if (db.prepare("SELECT version FROM meta").get()?.["version"] !== version) return "unusable";
    const known = new Map(db.prepare("SELECT name, size FROM segments").all().map((row) => [row["name"], Number(row["size"])]));
    const present = listSegments(folder);
    if ([...known.keys()].some((name) => !present.includes(String(name)))) return "unusable";
    const gaps = present.map((name) => sizeOfSegment(folder, name) - (known.get(name) ?? 0));
    return gaps.some((gap) => gap < 0) ? "unusable" : gaps.some((gap) => gap > 0) ? "behind" : "current";
  } catch {
    return "unusable";
  }
}

/** Takes in every complete line that the index does not know yet. Lines that are no records of ours are passed over, and remembered. */
export function catchUp(catalog: Catalog, folder: string): void {
  const sizeOf = catalog.db.prepare("SELECT size FROM segments WHERE name = ?");
  const damage = catalog.db.prepare("INSERT OR IGNORE INTO damage (segment, offset) VALUES (?, ?)");
  catalog.together(() => {
    for (const segment of listSegments(folder))
      for (const line of linesOf(folder, segment, Number(sizeOf.get(segment)?.["size"] ?? 0)))
        try {
          catalog.index(line);
        } catch (error) {
          if (!(error instanceof SyntaxError || error instanceof TypeError || (error instanceof CasebookError && error.code === "bad-file"))) throw error;
          damage.run(segment, line.offset);
        }
  });
}

/** Where SQLite has undone it already (a full disk, say), there is nothing to undo, and what went wrong first is what counts. */
function undo(db: Database): void {
  try {
    db.exec("ROLLBACK");
  } catch {
    return;
  }
}
