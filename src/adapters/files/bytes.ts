import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { Problem } from "../../core/base/problem.ts";

/** Output of a gzip past so many bytes must not be more than `bombRatio` times its input: text never is. */
const defaultBombFrom = 256 * 1024 * 1024;
const bombRatio = 400;

const kinds: readonly { readonly magic: readonly number[]; readonly looks: string; readonly remedy: string }[] = [
  { magic: [0x50, 0x41, 0x52, 0x31], looks: "a Parquet file", remedy: "Export it as JSONL first (for example with DuckDB: COPY … TO 'x.jsonl')." },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], looks: "zstd", remedy: "Unpack it first: zstd -dc FILE | casebook pull -" },
  { magic: [0x50, 0x4b, 0x03, 0x04], looks: "a zip archive", remedy: "Unpack it first: unzip -p FILE | casebook pull -" },
  { magic: [0x42, 0x5a, 0x68], looks: "bzip2", remedy: "Unpack it first: bzip2 -dc FILE | casebook pull -" },
  { magic: [0xfd, 0x37, 0x7a, 0x58], looks: "xz", remedy: "Unpack it first: xz -dc FILE | casebook pull -" },
  { magic: [0xff, 0xfe], looks: "UTF-16 text", remedy: "Convert it first: iconv -f UTF-16 -t UTF-8 FILE | casebook pull -" },
  { magic: [0xfe, 0xff], looks: "UTF-16 text", remedy: "Convert it first: iconv -f UTF-16 -t UTF-8 FILE | casebook pull -" },
];

/** Bytes as they come, or the problem that ends them. */
export type Chunk = { readonly bytes: Buffer } | { readonly problem: Problem };

/** The bytes of a file. */
export const fileBytes = (path: string): Readable => createReadStream(path, { highWaterMark: 1 << 18 });

/**
 * A stream of bytes, unpacked if it is gzip (told by its first bytes, not its name). Other packings and kinds are named in a
 * problem, and so are a broken archive, a bomb and a read error; what came before them is kept.
 */
export async function* unpacked(raw: Readable, file: string, bombFrom = defaultBombFrom): AsyncGenerator<Chunk> {
  const chunks = raw[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const problem = (code: string, message: string, remedy: string): Chunk => ({ problem: { code, where: { file }, message, remedy } });
  try {
    let head = Buffer.alloc(0);
    let ended = false;
    while (head.length < 4 && !ended) {
      const next = await chunks.next();
      if (next.done === true) ended = true;
      else head = Buffer.concat([head, next.value]);
    }
    const kind = kinds.find(({ magic }) => magic.every((byte, at) => head[at] === byte));
    if (kind !== undefined) {
      yield problem("unknown-format", `this is ${kind.looks}, which casebook does not read.`, kind.remedy);
      return;
    }
    const gzip = head[0] === 0x1f && head[1] === 0x8b;
    if (head.length > 0 && !gzip) yield { bytes: head };
    if (!gzip) {
      for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield { bytes: next.value };
      return;
    }
    yield* gunzipped({ head, rest: chunks, bombFrom }, problem);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code.startsWith("Z_"))
      yield problem("bad-gzip", "the gzip data is broken or cut off; what came before was read.", "Fetch the file again.");
    else yield problem("unreadable", `reading failed (${code || "unknown error"}).`, "Check that the file is there and may be read.");
  } finally {
    raw.destroy();
  }
}

async function* gunzipped(
  { head, rest, bombFrom }: { readonly head: Buffer; readonly rest: AsyncIterator<Buffer>; readonly bombFrom: number },
  problem: (code: string, message: string, remedy: string) => Chunk,
): AsyncGenerator<Chunk> {
  const gunzip = createGunzip({ chunkSize: 1 << 20 });
  let read = head.length;
  const feed = async (): Promise<void> => {
    gunzip.write(head);
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
      read += next.value.length;
      if (!gunzip.write(next.value) && !gunzip.destroyed)
        await new Promise<void>((go) => {
          gunzip.once("drain", go);
          gunzip.once("close", go);
        });
      if (gunzip.destroyed) return;
    }
    gunzip.end();
  };
  const fed = feed().catch((error: unknown) => gunzip.destroy(error as Error));
  let written = 0;
  try {
    for await (const bytes of gunzip as AsyncIterable<Buffer>) {
      written += bytes.length;
      yield { bytes };
      if (written > bombFrom && written > read * bombRatio) {
        yield problem("gzip-bomb", "the archive unpacks to far more than text does; the rest was not read.", "Unpack it yourself if you trust it: gzip -dc FILE | casebook pull -");
        return;
      }
    }
  } finally {
    gunzip.destroy();
    await fed;
  }
}
