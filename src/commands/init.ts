import { attributeLines, configText, ignoreLines, promptText, workflowText } from "../core/config/starter.ts";
import { defaultTaxonomyText } from "../core/label/codes.ts";

/** One file of a new workspace. `keep`: it is there already and stays as it is. `append`: lines it lacks are added at its end. */
export type InitStep = { readonly path: string; readonly action: "create" | "append" | "keep"; readonly text: string };

/**
 * What `init` would write. `read` gives the text of a file of the workspace, undefined where there is none; `has` says whether a
 * folder has anything in it. A file that is there is never changed, except that the two git files get lines they lack.
 */
export function planInit(options: { readonly dataset: string; readonly read: (path: string) => string | undefined; readonly has: (folder: string) => boolean }): InitStep[] {
  const { dataset, read, has } = options;
  const create = (path: string, text: string): InitStep => ({ path, action: read(path) === undefined ? "create" : "keep", text });
  const withLines = (path: string, lines: readonly string[]): InitStep => {
    const before = read(path);
    const missing = lines.filter((line) => !(before ?? "").split(/\r?\n/).includes(line));
    if (before === undefined) return { path, action: "create", text: `${missing.join("\n")}\n` };
    const gap = before === "" || before.endsWith("\n") ? "" : "\n";
    return { path, action: missing.length === 0 ? "keep" : "append", text: missing.length === 0 ? before : `${before}${gap}${missing.join("\n")}\n` };
  };
  return [
    create("casebook.yaml", configText(dataset)),
    create("taxonomy.yaml", defaultTaxonomyText()),
    ...(has("prompts") ? [] : [create("prompts/support/v1.md", promptText)]),
    withLines(".gitignore", ignoreLines),
    withLines(".gitattributes", attributeLines),
    create(".github/workflows/casebook.yml", workflowText),
  ];
}
