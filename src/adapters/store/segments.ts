import { closeSync, fsyncSync, fstatSync, ftruncateSync, openSync, readSync, readdirSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Where a line is: its segment's file name, its first byte, its length without the newline. */
export type Place = { readonly segment: string; readonly offset: number; readonly length: number };
/** A complete line of a segment. */
export type Line = Place & { readonly text: string };

const segmentName = /^traces-(\d{6})\.jsonl$/;
/** A segment is closed when it is this long, so that copying and reading one stays quick. */
const fullAt = 256 * 1024 * 1024;

/** Names of the segments of a store, oldest first. */
export const listSegments = (folder: string): string[] => readdirSync(folder).filter((name) => segmentName.test(name)).sort();

export const sizeOfSegment = (folder: string, name: string): number => statSync(join(folder, name)).size;

/** Every complete line from `from` on. A last line without its newline (a writer died) is no line. */
export function* linesOf(folder: string, segment: string, from = 0): Generator<Line> {
  const fd = openSync(join(folder, segment), "r");
  try {
    let pending: Buffer = Buffer.alloc(0);
    let offset = from;
    for (let at = from; ; ) {
      const chunk = Buffer.allocUnsafe(1 << 20);
      const read = readSync(fd, chunk, 0, chunk.length, at);
      if (read === 0) return;
      at += read;
      pending = Buffer.concat([pending, chunk.subarray(0, read)]);
      let start = 0;
      for (let end = pending.indexOf(10); end >= 0; end = pending.indexOf(10, start)) {
        yield { segment, offset, length: end - start, text: pending.toString("utf8", start, end) };
        offset += end - start + 1;
        start = end + 1;
      }
      pending = pending.subarray(start);
    }
  } finally {
    closeSync(fd);
  }
}

/** Reads single lines; keeps segments open. */
export function createLineReader(folder: string): { read(place: Place): string; close(): void } {
  const open = new Map<string, number>();
  return {
    read({ segment, offset, length }) {
      let fd = open.get(segment);
      if (fd === undefined) open.set(segment, (fd = openSync(join(folder, segment), "r")));
      const bytes = Buffer.allocUnsafe(length);
      let read = 0;
      while (read < length) {
        const more = readSync(fd, bytes, read, length - read, offset + read);
        if (more === 0) break;
        read += more;
      }
      return bytes.toString("utf8", 0, read);
    },
    close() {
      for (const fd of open.values()) closeSync(fd);
      open.clear();
    },
  };
}

/** Appends lines to the newest segment, or to a new one when that is full; durable when it returns. A failed write leaves nothing. */
export function appendLines(folder: string, lines: readonly string[]): Place[] {
  const newest = listSegments(folder).at(-1);
  const full = newest !== undefined && sizeOfSegment(folder, newest) >= fullAt;
  const number = newest === undefined ? 1 : Number(segmentName.exec(newest)?.[1]) + (full ? 1 : 0);
  const segment = `traces-${String(number).padStart(6, "0")}.jsonl`;
  const fd = openSync(join(folder, segment), "a", 0o600);
  const before = fstatSync(fd).size;
  try {
    let offset = before;
    const places: Place[] = [];
    for (const line of lines) {
      const bytes = Buffer.from(`${line}\n`);
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
      places.push({ segment, offset, length: bytes.length - 1 });
      offset += bytes.length;
    }
    fsyncSync(fd);
    return places;
  } catch (error) {
    ftruncateSync(fd, before);
    throw error;
  } finally {
    closeSync(fd);
  }
}

/** Cuts the half line a dead writer left at the end of the newest segment, so that the next line starts clean. */
export function cutTornTail(folder: string): void {
  const newest = listSegments(folder).at(-1);
  if (newest === undefined) return;
  const fd = openSync(join(folder, newest), "r+");
  try {
    const { size } = fstatSync(fd);
    const window = Buffer.alloc(64 * 1024);
    for (let end = size; end > 0; ) {
      const start = Math.max(0, end - window.length);
      const read = readSync(fd, window, 0, end - start, start);
      const newline = window.subarray(0, read).lastIndexOf(10);
      if (newline >= 0 || start === 0) {
        const keep = newline < 0 ? 0 : start + newline + 1;
        if (keep < size) ftruncateSync(fd, keep);
        return;
      }
      end = start;
    }
  } finally {
    closeSync(fd);
  }
}
