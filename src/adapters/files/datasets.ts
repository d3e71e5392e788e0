import { copyFileSync, existsSync, linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { kill, pid as ownPid } from "node:process";
import { CasebookError } from "../../core/base/error.ts";
import { pathsUnder, type DatasetStage, type FileTree } from "../../core/dataset/tree.ts";
import { fsyncFolder, makePrivateFolder, writeFileAtomic } from "./atomic.ts";

/** Names of the datasets of a workspace, sorted. */
export function listDatasets(datasets: string): string[] {
  if (!existsSync(datasets)) return [];
  return readdirSync(datasets, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map((entry) => entry.name)
    .sort();
}

/**
 * The files of a dataset folder as they are when first asked for; none where there is no folder. What a crash left half
 * exchanged is put back first. `name` is how messages call the folder.
 */
export function openDatasetTree(folder: string, name = `datasets/${basename(folder)}`): FileTree {
  recover(folder);
  const known = new Map<string, Listing>();
  const listing = (under: string): Listing => {
    const found = known.get(under) ?? list(folder, under);
    known.set(under, found);
    return found;
  };
  return {
    name,
    // A whole dataset is never walked for the sake of one of its folders.
    paths: (under) => (under === undefined || known.has("") ? pathsUnder(listing("").paths, under) : listing(under).paths),
    odd: () => listing("").odd,
    read: (path) => readFileSync(join(folder, path)),
  };
}

type Listing = { readonly paths: readonly string[]; readonly odd: readonly string[] };

/** Every file under a folder of a dataset, by path inside the dataset, sorted. */
function list(folder: string, under: string): Listing {
  const paths: string[] = [];
  const odd: string[] = [];
  const walk = (at: string): void => {
    for (const entry of readdirSync(join(folder, at), { withFileTypes: true })) {
      const path = at === "" ? entry.name : `${at}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else (entry.isFile() ? paths : odd).push(path);
    }
  };
  if (existsSync(join(folder, under))) walk(under);
  return { paths: paths.sort(), odd: odd.sort() };
}

/**
 * A place beside a dataset (`.NAME.staging`, for its owner only) where its next state is put together. `cases` starts as what
 * is there (by hard link, so it costs nothing) and takes the old one's place in one go at `commit`; other files follow
 * one by one in the order they were written. Until then, and after a crash at any point, the old state stands.
 */
export function stageDataset(folder: string): DatasetStage {
  const staging = stagingOf(folder);
  recover(folder);
  mkdirSync(dirname(folder), { recursive: true });
  try {
    mkdirSync(staging, { mode: 0o700 });
  } catch (cause) {
    throw busy(folder, cause);
  }
  writeFileSync(join(staging, "pid"), String(ownPid));
  const next = join(staging, "next");
  makePrivateFolder(next);
  const loose: string[] = [];
  let cases = false;
  const touchCases = (): void => {
    if (cases) return;
    cases = true;
    mkdirSync(join(next, "cases"), { mode: 0o755 });
    if (existsSync(join(folder, "cases"))) linkTree(join(folder, "cases"), join(next, "cases"));
  };
  return {
    write(path, text) {
      if (path.startsWith("cases/")) touchCases();
      else loose.push(path);
      rmSync(join(next, path), { force: true });
      writeFileAtomic(join(next, path), text);
    },
    remove(path) {
      touchCases();
      rmSync(join(next, path), { recursive: true, force: true });
    },
    read: (path) => readFileSync(join(next, path)),
    commit() {
      mkdirSync(folder, { recursive: true });
      if (cases) {
        if (existsSync(join(folder, "cases"))) renameSync(join(folder, "cases"), join(staging, "old-cases"));
        renameSync(join(next, "cases"), join(folder, "cases"));
        fsyncFolder(folder);
      }
      for (const path of loose) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        renameSync(join(next, path), join(folder, path));
        fsyncFolder(dirname(join(folder, path)));
      }
      rmSync(staging, { recursive: true, force: true });
    },
    discard: () => rmSync(staging, { recursive: true, force: true }),
  };
}

const stagingOf = (folder: string): string => join(dirname(folder), `.${basename(folder)}.staging`);

const busy = (folder: string, cause?: unknown): CasebookError =>
  new CasebookError("usage", `${basename(folder)} is being written by another casebook.`, { cause, hint: "Wait for it to finish, then try again." });

/** Puts back what a crash took away, and clears what it left. Another process still at work is left alone. */
function recover(folder: string): void {
  const staging = stagingOf(folder);
  if (!existsSync(staging) || isAlive(staging)) return;
  const old = join(staging, "old-cases");
  if (existsSync(old) && !existsSync(join(folder, "cases"))) renameSync(old, join(folder, "cases"));
  rmSync(staging, { recursive: true, force: true });
}

function isAlive(staging: string): boolean {
  const path = join(staging, "pid");
  const pid = existsSync(path) ? Number(readFileSync(path, "utf8")) : 0;
  // A number may long be another process's: nobody writes for ten minutes.
  if (!Number.isInteger(pid) || pid <= 0 || Date.now() - statSync(path).mtimeMs > 600_000) return false;
  try {
    kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function linkTree(from: string, to: string): void {
  for (const name of readdirSync(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    if (lstatSync(source).isDirectory()) {
      mkdirSync(target, { mode: 0o755 });
      linkTree(source, target);
      continue;
    }
    try {
      linkSync(source, target);
    } catch {
      copyFileSync(source, target);
    }
  }
}
