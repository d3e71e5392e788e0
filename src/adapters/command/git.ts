import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { CasebookError } from "../../core/base/error.ts";
import { pathsUnder, type FileTree } from "../../core/dataset/tree.ts";

/** One version of one file in git: its object, and the path it has (from the top of the repository). */
export type Blob = { readonly oid: string; readonly path: string };

const most = 1024 * 1024 * 1024;

/** Runs git without a shell, in `cwd`. Throws `usage` where git is missing or says no. */
function git(cwd: string, args: readonly string[], input?: string): Buffer {
  const { status, stdout, error } = spawnSync("git", ["-c", "core.quotepath=off", ...args], { cwd, input, maxBuffer: most, stdio: ["pipe", "pipe", "pipe"] });
  if (error !== undefined || status !== 0)
    throw new CasebookError("usage", `git ${args[0]} did not work here${error === undefined ? "" : ` (${(error as NodeJS.ErrnoException).code ?? error.name})`}.`, {
      hint: "This needs a git repository that has what you named: git status",
      cause: error,
    });
  return stdout;
}

const words = (bytes: Buffer): string[] => bytes.toString("utf8").split("\0").filter((word) => word !== "");

/** Contents of objects (or `:path`, for what is staged) in one go, in the order asked for. */
function contents(cwd: string, names: readonly string[]): Buffer[] {
  if (names.length === 0) return [];
  const out = git(cwd, ["cat-file", "--batch"], `${names.join("\n")}\n`);
  const bodies: Buffer[] = [];
  for (let at = 0; bodies.length < names.length; ) {
    const end = out.indexOf(0x0a, at);
    const size = Number(/ blob (\d+)$/.exec(out.toString("utf8", at, end))?.[1] ?? Number.NaN);
    if (Number.isNaN(size)) throw new CasebookError("usage", "git does not have a file it listed.", { hint: "git fsck" });
    bodies.push(out.subarray(end + 1, end + 1 + size));
    at = end + 2 + size;
  }
  return bodies;
}

/** A dataset folder (path from `cwd`) as it was in a commit. Throws `usage` for a name git does not know. */
export function treeAt(cwd: string, ref: string, folder: string): FileTree {
  const listed = words(git(cwd, ["ls-tree", "-r", "-z", "--end-of-options", `${ref}^{tree}`, "--", `${folder}/`])).map((line) => {
    const [head = "", path = ""] = line.split("\t");
    const [mode = "", , oid = ""] = head.split(" ");
    return { plain: mode.startsWith("100"), oid, path: path.slice(folder.length + 1) };
  });
  const plain = listed.filter((entry) => entry.plain);
  const bodies = contents(cwd, plain.map((entry) => entry.oid));
  const files = new Map(plain.map((entry, index) => [entry.path, bodies[index] ?? Buffer.alloc(0)]));
  const sorted = [...files.keys()].sort();
  return {
    name: folder,
    paths: (under) => pathsUnder(sorted, under),
    odd: () => listed.filter((entry) => !entry.plain).map((entry) => entry.path),
    read: (path) => files.get(path) ?? Buffer.alloc(0),
  };
}

/** A file of a commit, if it has it. */
export function fileAt(cwd: string, ref: string, path: string): string | undefined {
  const [line] = words(git(cwd, ["ls-tree", "-z", "--end-of-options", `${ref}^{tree}`, "--", path]));
  const oid = line?.split("\t")[0]?.split(" ")[2];
  return oid === undefined ? undefined : contents(cwd, [oid])[0]?.toString("utf8");
}

/** What is staged for the next commit below `cwd`, added or changed, with its bytes. Paths from the top of the repository. */
export function stagedFiles(cwd: string): { readonly path: string; readonly bytes: Uint8Array }[] {
  const paths = words(git(cwd, ["diff", "--cached", "--name-only", "-z", "--diff-filter=ACMR", "--no-renames", "--", "."])).filter((path) => !path.includes("\n"));
  const bodies = contents(cwd, paths.map((path) => `:${path}`));
  return paths.map((path, index) => ({ path, bytes: bodies[index] ?? Buffer.alloc(0) }));
}

/** Every version of every file that any commit has below these paths, each once. */
export function blobsBelow(cwd: string, paths: readonly string[]): Blob[] {
  const named = git(cwd, ["rev-list", "--objects", "--all", "--filter=object:type=blob", "--", ...paths]).toString("utf8").split("\n");
  return named.flatMap((line) => {
    const space = line.indexOf(" ");
    return space > 0 && line.length > space + 1 ? [{ oid: line.slice(0, space), path: line.slice(space + 1) }] : [];
  });
}

/** The bytes of blobs, a few at a time, so that a long history takes bounded memory. */
export function* readBlobs(cwd: string, blobs: readonly Blob[]): Iterable<{ readonly blob: Blob; readonly bytes: Uint8Array }> {
  const some = 200;
  for (let at = 0; at < blobs.length; at += some) {
    const batch = blobs.slice(at, at + some);
    const bodies = contents(cwd, batch.map((blob) => blob.oid));
    for (const [index, blob] of batch.entries()) yield { blob, bytes: bodies[index] ?? Buffer.alloc(0) };
  }
}

/** Short names of the commits that brought this version of a file in or took it away, oldest first. */
export const commitsOf = (cwd: string, oid: string): string[] =>
  git(cwd, ["log", "--all", "--reverse", "--format=%h", `--find-object=${oid}`]).toString("utf8").split("\n").filter((line) => line !== "");

/** Objects of the present commit below these paths; none before the first commit. */
export function presentBelow(cwd: string, paths: readonly string[]): Set<string> {
  if (spawnSync("git", ["rev-parse", "--verify", "-q", "HEAD"], { cwd }).status !== 0) return new Set();
  return new Set(words(git(cwd, ["ls-tree", "-r", "-z", "HEAD", "--", ...paths])).flatMap((line) => line.split("\t")[0]?.split(" ")[2] ?? []));
}

/** The name git signs commits with here, if it has one. */
export function gitUserName(cwd: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { status, stdout } = spawnSync("git", ["config", "user.name"], { cwd, env: { ...env }, stdio: ["ignore", "pipe", "ignore"] });
  return status === 0 ? stdout.toString("utf8").trim() : undefined;
}

/** Where git looks for hooks, as an absolute path. Throws `usage` outside a repository. */
export const hooksFolder = (cwd: string): string => resolve(cwd, git(cwd, ["rev-parse", "--git-path", "hooks"]).toString("utf8").trim());
