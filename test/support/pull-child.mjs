// One pull in a process of its own, to be killed: node pull-child.mjs DIST FILE STORE HELD. Flushes whenever HELD raw bytes are in hand.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [dist, file, store, held] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(dist, path)).href);
const [{ readRecords }, { openStore }, { pull }, { createRedactor }, { defaultPolicy }] = await Promise.all(
  ["adapters/files/records.js", "adapters/store/store.js", "commands/pull.js", "core/redact/create.js", "core/redact/policy.js"].map(load),
);
const opened = await openStore(store, { write: true });
const summary = await pull(
  { remember: [file], held: Number(held) },
  {
    reader: readRecords([file], { cwd: process.cwd(), stdin: process.stdin }),
    store: opened,
    redactor: createRedactor({ policy: defaultPolicy, key: new Uint8Array(32), keyId: "child" }),
    key: new Uint8Array(32),
    progress: { tick() {}, end() {} },
  },
);
opened.close();
process.stdout.write(JSON.stringify(summary.traces));
