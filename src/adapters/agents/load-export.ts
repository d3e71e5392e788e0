import { existsSync, statSync } from "node:fs";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { CasebookError } from "../../core/base/error.ts";

/** An export of a user's file, called or not by the caller. Throws `usage` where it cannot be loaded. */
export async function loadExport(ref: string, cwd: string, flag: string): Promise<unknown> {
  const [, file = "", name = ""] = /^(.+?)(?:#([\w$]+))?$/.exec(ref) ?? [];
  const path = resolve(cwd, file);
  if (!existsSync(path) || !statSync(path).isFile())
    throw new CasebookError("usage", `There is no file ${file}.`, { hint: `${flag} FILE#EXPORT, the file relative to where you are` });
  const features = process.features as { readonly typescript?: string | false };
  if (/^\.[cm]?tsx?$/.test(extname(path)) && !features.typescript)
    throw new CasebookError("usage", `${file} is TypeScript, which Node ${process.versions.node} cannot load.`, {
      hint: "Point at the built .js or .mjs, or run casebook with Node 22.18 or later.",
    });
  let loaded: Record<string, unknown>;
  try {
    loaded = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (error) {
    throw new CasebookError("usage", `${file} could not be loaded: ${error instanceof Error ? `${error.name}: ${error.message.split("\n")[0]}` : "it threw"}`, {
      hint: `Try it alone: node ${file}`,
      cause: error,
    });
  }
  const value = loaded[name === "" ? "default" : name];
  if (value === undefined)
    throw new CasebookError("usage", `${file} exports no ${name === "" ? "default" : name}.`, {
      hint: `It exports ${Object.keys(loaded).filter((key) => key !== "module.exports").join(", ") || "nothing"}; name one after #.`,
    });
  return value;
}
