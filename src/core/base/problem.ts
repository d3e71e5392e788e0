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
  /** The traces it is in, where that is known: a few of many. */
  readonly trace_ids?: readonly string[];
};

/** `, trace a` or `, traces a, b`: what is said behind a problem's place. */
export const tracesOf = ({ trace_ids: ids = [] }: Problem): string => (ids.length === 0 ? "" : `, ${ids.length === 1 ? "trace" : "traces"} ${ids.join(", ")}`);

/** `file:line (byte n)`, as editors and terminals understand it. */
export function placeOf(where: Where): string {
  const line = where.line === undefined ? "" : `:${where.line}`;
  const byte = where.byte === undefined ? "" : ` (byte ${where.byte})`;
  return `${where.file}${line}${byte}`;
}
