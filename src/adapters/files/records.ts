import { statSync } from "node:fs";
import type { Readable } from "node:stream";
import { CasebookError } from "../../core/base/error.ts";
import type { Problem } from "../../core/base/problem.ts";
import type { RawRecord, RecordBatch, RecordReader } from "../../core/ports.ts";
import { fileBytes, unpacked } from "./bytes.ts";
import { findFiles } from "./glob.ts";
import { parseFramed } from "./parse.ts";
import { createSharedParse } from "./share.ts";
import { createSplitter, type Framed } from "./split.ts";

/** A record longer than this is skipped: no string could hold ten of them. */
const recordCap = 64 * 1024 * 1024;

type Input = { readonly name: string; readonly open: () => Readable; readonly size?: number };

/**
 * Records of files, folders, globs and stdin (`-`): JSONL, JSON arrays, JSON documents, plain or gzip. Streams, so memory does
 * not grow with the file. Throws `usage` at once where a name stands for nothing; trouble inside a file is a problem of a batch.
 */
export function readRecords(args: readonly string[], world: { cwd: string; stdin: Readable & { readonly isTTY?: boolean }; recordCap?: number }): RecordReader {
  if (args.includes("-") && world.stdin.isTTY === true)
    throw new CasebookError("usage", "There is nothing to read: standard input is a terminal.", { hint: "Name a file, or pipe an export into it: my-exporter | casebook pull -" });
  const inputs = args.flatMap((arg): Input[] =>
    arg === "-"
      ? [{ name: "stdin", open: () => world.stdin }]
      : findFiles([arg], world.cwd).map(({ path, name }) => ({ name, open: () => fileBytes(path), size: statSync(path).size })),
  );
  const unique = [...new Map(inputs.map((input) => [input.name, input])).values()];
  return {
    async *batches() {
      for (const input of unique) yield* batchesOf(input, world.recordCap ?? recordCap);
    },
  };
}

/** Bytes that came from elsewhere (a page of an API, a post) as one record, read with the same care as a file's. */
export function recordOf(data: string | Uint8Array, name: string, parse?: (bytes: Buffer) => unknown): RawRecord {
  const bytes = Buffer.from(data);
  return { where: { file: name }, bytes, parse: () => parseFramed({ bytes, line: 1, byte: 0 }, name, parse) };
}

async function* batchesOf(input: Input, cap: number): AsyncGenerator<RecordBatch> {
  const { name, size } = input;
  const splitter = createSplitter(cap);
  const parse = createSharedParse();
  let read = 0;
  const raw = input.open();
  raw.on("data", (chunk: Buffer) => (read += chunk.length)).pause();
  const batch = (framed: readonly Framed[], problems: readonly Problem[] = []): RecordBatch => ({
    file: name,
    records: framed.map((one) => ({
      where: { file: name, line: one.line, byte: one.byte },
      bytes: one.bytes,
      parse: () => parseFramed(one, name, parse),
    })),
    problems,
    read,
    ...(size === undefined ? {} : { size }),
  });
  for await (const chunk of unpacked(raw, name))
    if ("problem" in chunk) yield batch([], [chunk.problem]);
    else yield batch(splitter.push(chunk.bytes));
  yield batch(splitter.end());
}
