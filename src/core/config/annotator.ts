const yamlWords = new Set(["true", "false", "null", "yes", "no", "on", "off", "y", "n"]);

/** A login or full name as an annotator's: what stands before an `@`, without accents, words joined by dashes. Empty where nothing is left. */
export const annotatorFrom = (name: string): string =>
  name
    .replace(/@.*$/, "")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9._]+/g, "-")
    .slice(0, 40)
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "");

/** The text of a `casebook.yaml` with this annotator in it: in the place of the line that is there (remark or not), else at its end. */
export function withAnnotator(text: string, name: string): string {
  const line = `annotator: ${/^[a-z][a-z0-9._-]*$/.test(name) && !yamlWords.has(name) ? name : JSON.stringify(name)}`;
  const there = /^(?:#[ \t]*)?annotator:[^\r\n]*/m;
  if (there.test(text)) return text.replace(there, line);
  return `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${line}\n`;
}
