import { closeSync, fchmodSync, fstatSync, fsyncSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { dirname, extname } from "node:path";

export type Rotation = {
  /** A file per day (UTC): `traces-2026-11-22.jsonl`. */
  readonly daily?: boolean;
  /** A file is left for the next one (`traces.2.jsonl`) once it holds this many bytes. */
  readonly maxBytes?: number;
};

/** An append-only file of lines. Any number of processes may write to the same one. */
export type LineFile = {
  /** In the hands of the system when it returns: a crash of this process loses nothing. Throws what the system says. */
  append(line: string): void;
  /** On the disk when it returns. */
  sync(): void;
  close(): void;
};

/**
 * Opens nothing until the first line. Files are readable by their owner only (0600). Each line is one `write` to a file opened
 * for appending, which the system never mixes with another's; a line torn by a crash or a full disk is closed off with
 * a newline before the next one. Rotation picks names and never renames, so processes need not agree.
 */
export function openLineFile(path: string, { daily = false, maxBytes = Infinity }: Rotation): LineFile {
  let fd: number | undefined;
  let opened = "";
  let today = "";
  let part = 1;
  let torn = false;

  const close = (): void => {
    if (fd !== undefined) closeSync(fd);
    fd = undefined;
  };
  const open = (name: string): number => {
    if (fd !== undefined && opened === name) return fd;
    close();
    mkdirSync(dirname(name), { recursive: true, mode: 0o700 });
    fd = openSync(name, "a+", 0o600);
    tighten(fd);
    opened = name;
    torn = endsTorn(fd);
    return fd;
  };
  /** The first part of the day that has room. */
  const current = (): number => {
    const day = daily ? `-${new Date().toISOString().slice(0, 10)}` : "";
    if (day !== today) part = 1;
    today = day;
    for (; ; part += 1) {
      const file = open(nameOf(path, day, part));
      if (maxBytes === Infinity || fstatSync(file).size < maxBytes) return file;
    }
  };
  return {
    append(line) {
      const file = current();
      const bytes = Buffer.from(`${torn ? "\n" : ""}${line}\n`);
      torn = true;
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
      torn = false;
    },
    sync() {
      if (fd !== undefined) fsyncSync(fd);
    },
    close,
  };
}

function nameOf(path: string, day: string, part: number): string {
  const end = extname(path);
  return `${path.slice(0, path.length - end.length)}${day}${part === 1 ? "" : `.${part}`}${end}`;
}

/** A file that was there before may have been readable by others. */
function tighten(fd: number): void {
  try {
    if ((fstatSync(fd).mode & 0o077) !== 0) fchmodSync(fd, 0o600);
  } catch {
    // Somebody else's file, or a system without modes.
  }
}

function endsTorn(fd: number): boolean {
  const { size } = fstatSync(fd);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
}
