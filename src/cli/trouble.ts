import { isAbsolute, relative } from "node:path";
import { CasebookError } from "../core/base/error.ts";

/** What the operating system said, in words, and whose it is to mend. */
const words: Readonly<Record<string, readonly [code: "usage" | "remote", message: string, hint: string]>> = {
  EACCES: ["usage", "permission denied", "Check who owns it and what its mode allows: ls -ld"],
  EPERM: ["usage", "not permitted", "Check who owns it and what its mode allows: ls -ld"],
  EROFS: ["usage", "this file system is read-only", "Work in a folder that may be written."],
  EEXIST: ["usage", "something of this name is in the way", "Move it away, then run this again."],
  EISDIR: ["usage", "a folder stands where a file should be", "Name a file, or move the folder away."],
  ENOTDIR: ["usage", "a file stands where a folder should be", "Check the path, or move the file away."],
  ENAMETOOLONG: ["usage", "this name is too long", "Choose a shorter one."],
  ELOOP: ["usage", "links that lead in a circle", "Check the path."],
  ENOSPC: ["remote", "the disk is full", "Make room, then run this again: what was finished is kept."],
  EDQUOT: ["remote", "the disk quota is used up", "Make room, then run this again: what was finished is kept."],
  EMFILE: ["remote", "too many open files", "Raise the limit: ulimit -n 4096"],
  ENFILE: ["remote", "too many open files", "Close other programs, then run this again."],
  EIO: ["remote", "the disk failed", "Check the disk, then run this again."],
};

/** SQLite's primary result codes that say the same. */
const sqlite: Readonly<Record<number, string>> = { 3: "EACCES", 8: "EROFS", 10: "EIO", 13: "ENOSPC", 14: "EACCES" };

/**
 * The error for something the operating system (or SQLite, on its behalf) refused, or `undefined` for an error that is none
 * of these and so a bug. Paths are told from `cwd`, as somebody standing there would type them.
 */
export function troubleOf(error: unknown, cwd: string): CasebookError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = "", path, errcode = 0 } = error as NodeJS.ErrnoException & { readonly errcode?: number };
  const known = words[code] ?? words[sqlite[errcode & 0xff] ?? ""];
  if (known === undefined) return undefined;
  const [kind, message, hint] = known;
  const what = path !== undefined ? near(path, cwd) : errcode !== 0 ? "The index of the store" : "A file that is needed";
  return new CasebookError(kind, `${what}: ${message}.`, { hint, cause: error });
}

function near(path: string, cwd: string): string {
  // A file is written under a name for the moment; its own is what people know.
  const from = relative(cwd, path.replace(/\.([^/\\]+)\.[0-9a-f]{8}\.tmp$/, "$1"));
  return from === "" ? "." : from.startsWith("..") || isAbsolute(from) ? path : from;
}
