import { Document, parseDocument, visit } from "yaml";
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
 * What one reader or another takes for something else although the `yaml` package writes it plain: octals of YAML 1.2,
 * 1.1's value and merge keys, document marks, tabs (PyYAML), and line separators that count as line ends.
 */
const trap = /^(?:[-+]?0o[0-7_]+|=|<<|(?:---|\.\.\.)(?:\s.*)?)$|[\u2028\u2029\ufeff]|^[^\n]*\t[^\n]*$/;

/**
 * YAML for people: block strings for text of several lines, no folding, keys in the order given, strings that another
 * YAML reader could take for something else (`no`, `1.20`, `2026-11-22`, `0o14`) quoted. Same value, same bytes.
 */
export function writeYaml(value: unknown): string {
  const document = new Document(value, {
    version: "1.1",
    // Without the merge tag, which would print a `<<` unquoted whatever its type says.
    customTags: (tags) => tags.filter((tag) => typeof tag === "string" || !tag.tag.endsWith(":merge")),
    aliasDuplicateObjects: false,
  });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === "string" && trap.test(node.value)) node.type = "QUOTE_DOUBLE";
    },
  });
  return document
    .toString({ lineWidth: 0, blockQuote: "literal", defaultStringType: "PLAIN" })
    .replace(/[\u2028\u2029\ufeff]/g, (char) => `\\u${char.charCodeAt(0).toString(16)}`);
}
