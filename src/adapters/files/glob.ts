import { existsSync, readdirSync, statSync } from "node:fs";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { CasebookError } from "../../core/base/error.ts";

const exports = /\.(jsonl|json|ndjson|gz)$/i;
const wild = /[*?[{]/;

/** A file to read: its path, and its name as the user would know it. */
export type FoundFile = { readonly path: string; readonly name: string };

/**
 * The files that paths, folders and globs stand for, each once, sorted within each argument. A folder stands for every
 * .jsonl, .json, .ndjson and .gz below it, dot folders and node_modules left out. Throws `usage` where there is nothing.
 */
export function findFiles(args: readonly string[], cwd: string): FoundFile[] {
  const found = new Map<string, FoundFile>();
  for (const arg of args) {
    if (arg === "") throw new CasebookError("usage", "The name of a file is empty.", { hint: "Is a variable of your shell not set? For all of this folder: casebook pull ." });
    const path = resolve(cwd, arg);
    const paths = existsSync(path)
      ? statSync(path).isDirectory()
        ? filesUnder(path).filter((file) => exports.test(file))
        : [path]
      : wild.test(arg)
        ? matches(arg, cwd)
        : undefined;
    if (paths === undefined)
      throw new CasebookError("usage", `${arg}: no such file or folder.`, { hint: /^\w+$/.test(arg) ? "Check the path. What is pulled from an API: langfuse, langsmith, phoenix." : "Check the path; quote a glob if your shell should not expand it." });
    if (paths.length === 0)
      throw existsSync(path)
        ? new CasebookError("usage", `${arg}: nothing to read there.`, { hint: "A folder is searched for .jsonl, .json, .ndjson and .gz files." })
        : new CasebookError("usage", `${arg}: no file is like that.`, { hint: "Check the pattern; folders that begin with a dot and node_modules are left out." });
    for (const file of paths) if (!found.has(file)) found.set(file, { path: file, name: nameOf(file, arg, cwd) });
  }
  return [...found.values()];
}

/** As the user would write it: below the current folder relative, else as it was asked for. */
function nameOf(file: string, arg: string, cwd: string): string {
  const short = relative(cwd, file);
  return isAbsolute(arg) && short.startsWith("..") ? file : short.replaceAll(sep, "/");
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.name.startsWith(".") || entry.name === "node_modules") return [];
      if (entry.isDirectory()) return filesUnder(path);
      return entry.isFile() || (entry.isSymbolicLink() && existsSync(path) && statSync(path).isFile()) ? [path] : [];
    });
}

/** Walks from the last folder of the pattern that has no wildcard. */
function matches(pattern: string, cwd: string): string[] {
  const parts = resolve(cwd, pattern).split(sep);
  const fixed = parts.findIndex((part) => wild.test(part));
  const base = parts.slice(0, fixed).join(sep) || sep;
  if (!existsSync(base)) return [];
  const matcher = globPattern(parts.slice(fixed).join("/"));
  return filesUnder(base).filter((file) => matcher.test(relative(base, file).replaceAll(sep, "/")));
}

/** `*` and `?` stay inside a folder, `**` crosses folders, `{a,b}` is either, `[a-z]` a class. */
export function globPattern(glob: string): RegExp {
  let out = "";
  let braces = 0;
  for (let at = 0; at < glob.length; at += 1) {
    const char = glob[at] as string;
    if (char === "*" && glob[at + 1] === "*") {
      const folder = glob[at + 2] === "/";
      out += folder ? "(?:[^/]+/)*" : ".*";
      at += folder ? 2 : 1;
    } else if (char === "*") out += "[^/]*";
    else if (char === "?") out += "[^/]";
    else if (char === "{") [out, braces] = [`${out}(?:`, braces + 1];
    else if (char === "}" && braces > 0) [out, braces] = [`${out})`, braces - 1];
    else if (char === "," && braces > 0) out += "|";
    else if (char === "[" && glob.indexOf("]", at + 2) > 0) {
      const end = glob.indexOf("]", at + 2);
      out += `[${glob.slice(at + 1, end).replace(/^!/, "^").replaceAll("\\", "\\\\")}]`;
      at = end;
    } else out += char.replace(/[\\^$.|+()[\]{}]/, "\\$&");
  }
  return new RegExp(`^${out}${")".repeat(braces)}$`);
}
