import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { CasebookError } from "../../core/base/error.ts";
import type { PromptReader } from "../../core/ports.ts";
import { parsePrompt, type PromptFile } from "../../core/prompt/parse.ts";
import type { PromptVersion } from "../../core/prompt/prompt.ts";

/**
 * Prompt versions of a workspace: `name@version` under `folder` (a file `name/version.md` or a folder `name/version/`), or
 * any path relative to `cwd`. A ref that names nothing is refused with what there is.
 */
export function openPrompts(folder: string, cwd: string): PromptReader {
  return {
    prompt(ref) {
      const id = /^([\w.-]+)@([\w.-]+)$/.exec(ref);
      if (id?.[1] !== undefined && id[2] !== undefined && !isDots(id[1]) && !isDots(id[2])) {
        const file = join(folder, id[1], `${id[2]}.md`);
        if (isFile(file)) return readPrompt(file, { name: id[1], version: id[2] });
        const parts = join(folder, id[1], id[2]);
        if (isFolder(parts)) return readPrompt(parts, { name: id[1], version: id[2] });
      }
      const path = resolve(cwd, ref);
      if (isFile(path) || isFolder(path)) return readPrompt(path, nameOf(path));
      throw unknown(ref, folder);
    },
  };
}

const byName = new Intl.Collator("en", { numeric: true });

/** Every version there is, as `name@version`, sorted, v2 before v10. */
export function listPrompts(folder: string): readonly string[] {
  return names(folder)
    .filter((name) => isFolder(join(folder, name)))
    .flatMap((name) =>
      names(join(folder, name)).flatMap((entry) => {
        const path = join(folder, name, entry);
        if (isFile(path)) return extname(entry) === ".md" ? [`${name}@${entry.slice(0, -3)}`] : [];
        return names(path).some((file) => file.endsWith(".md")) ? [`${name}@${entry}`] : [];
      }),
    )
    .sort((a, b) => byName.compare(a, b));
}

function readPrompt(path: string, id: { name: string; version: string }): PromptVersion {
  if (isFile(path)) return parsePrompt([fileOf(path)], { ...id, folder: false });
  const files = names(path).filter((file) => file.endsWith(".md") && isFile(join(path, file)));
  if (files.length === 0)
    throw new CasebookError("usage", `${basename(path)}: a folder without .md files is no prompt version.`, {
      hint: "Put one file per agent into it: AGENT.md",
    });
  return parsePrompt(files.map((file) => fileOf(join(path, file))), { ...id, folder: true });
}

const fileOf = (path: string): PromptFile => ({
  where: join(basename(dirname(path)), basename(path)),
  stem: basename(path, ".md"),
  text: readFileSync(path, "utf8"),
});

/** `prompts/support/v2.md` → support, v2; so does any other `…/support/v2.md`. */
const nameOf = (path: string): { name: string; version: string } => ({
  name: basename(dirname(path)),
  version: isFile(path) ? basename(path, extname(path)) : basename(path),
});

function unknown(ref: string, folder: string): CasebookError {
  const all = listPrompts(folder);
  const name = ref.split("@")[0] ?? "";
  const near = all.filter((one) => one.startsWith(`${name}@`));
  const there = near.length > 0 ? near : all;
  return new CasebookError("usage", `There is no prompt version ${ref}.`, {
    hint:
      there.length > 0
        ? `There is ${there.slice(0, 8).join(", ")}${there.length > 8 ? ", …" : ""}.`
        : `Write one: ${relative(dirname(folder), folder) || "prompts"}/NAME/VERSION.md, then --prompt NAME@VERSION`,
  });
}

const names = (folder: string): readonly string[] =>
  existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith(".")).sort() : [];
const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;
const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
const isDots = (name: string): boolean => /^\.+$/.test(name);
