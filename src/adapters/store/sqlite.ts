import { closeSync, openSync } from "node:fs";

/** The little of `node:sqlite` that the store uses; `@photostructure/sqlite` has the same. */
export type Statement = {
  run(...values: readonly Value[]): unknown;
  get(...values: readonly Value[]): Row | undefined;
  all(...values: readonly Value[]): Row[];
};
export type Database = { exec(sql: string): void; prepare(sql: string): Statement; close(): void };
export type Value = string | number | null;
export type Row = Readonly<Record<string, Value>>;

type Engine = { readonly DatabaseSync: new (path: string) => Database };

let engine: Promise<Engine> | undefined;

/** Opens (or makes, 0600) a database. `:memory:` is one that is never written. */
export async function openDatabase(path: string): Promise<Database> {
  engine ??= loadEngine();
  const { DatabaseSync } = await engine;
  if (path !== ":memory:") closeSync(openSync(path, "a", 0o600));
  return new DatabaseSync(path);
}

/** Node's own SQLite, without its notice that it is experimental; where Node has none, the same from npm. */
async function loadEngine(): Promise<Engine> {
  const builtin = "node:sqlite";
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => {};
  try {
    return (await import(builtin)) as Engine;
  } catch {
    return (await import("@photostructure/sqlite")) as unknown as Engine;
  } finally {
    process.emitWarning = emitWarning;
  }
}
