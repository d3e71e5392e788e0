import { parseDocument, stringify } from "yaml";
import { CasebookError } from "./error.ts";

/**
 * YAML 1.2 as JSON-like data. Throws `bad-file` naming file, line and column. Aliases are capped, so a small file
 * cannot grow without bound; `__proto__` is a key like another and never sets a prototype.
 */
export function readYaml(text: string, where: string): unknown {
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const before = text.slice(0, error.pos[0]);
    const line = before.split("\n").length;
    throw new CasebookError("bad-file", `${where}:${line}: not readable as YAML (${error.code.toLowerCase().replaceAll("_", " ")}).`, {
      hint: "Check the indentation and quotes around that line.",
    });
  }
  return document.toJS({ maxAliasCount: 100 }) as unknown;
}

/**
 * YAML for people: block strings for text of several lines, no folding, keys in the order given, strings that another
 * YAML reader could take for something else (`no`, `1.20`, `2026-11-22`) quoted. Same value, same bytes.
 */
export function writeYaml(value: unknown): string {
  return stringify(value, {
    lineWidth: 0,
    blockQuote: "literal",
    defaultStringType: "PLAIN",
    version: "1.1",
    aliasDuplicateObjects: false,
  });
}
