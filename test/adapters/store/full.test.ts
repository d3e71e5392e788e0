import { expect, test } from "vitest";
import { createTables, openCatalog } from "../../../src/adapters/store/catalog.ts";
import { openDatabase, type Database } from "../../../src/adapters/store/sqlite.ts";

test("a full disk is what is told, also where SQLite has undone the work by itself and there is nothing left to undo", async () => {
  const real = await openDatabase(":memory:");
  createTables(real);
  const full = Object.assign(new Error("raw"), { code: "ERR_SQLITE_ERROR", errcode: 13 });
  const db: Database = {
    prepare: (sql) => real.prepare(sql),
    close: () => real.close(),
    exec(sql) {
      real.exec(sql);
      // As SQLite does when a write finds the disk full.
      if (sql === "ROLLBACK") throw new Error("cannot rollback - no transaction is active");
    },
  };
  const work = (): never => {
    throw full;
  };
  expect(() => openCatalog(db).together(work)).toThrow(full);
});
