/** A place in something we read: a file (as the user named it), 1-based line, 0-based byte offset, 1-based record. */
export type Where = {
  readonly file: string;
  readonly line?: number;
  readonly byte?: number;
  readonly record?: number;
};

/**
 * Trouble inside data, as data: collected, counted and shown, never thrown. `message` and `remedy` are sentences for a
 * person and never quote what the file holds; `code` is stable and kebab-case (`bad-json`, `line-too-long`, …).
 */
export type Problem = {
  readonly code: string;
  readonly where: Where;
  readonly message: string;
  readonly remedy: string;
};

/** `file:line (byte n)`, as editors and terminals understand it. */
export function placeOf(where: Where): string {
  const line = where.line === undefined ? "" : `:${where.line}`;
  const byte = where.byte === undefined ? "" : ` (byte ${where.byte})`;
  return `${where.file}${line}${byte}`;
}
