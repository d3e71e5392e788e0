const row = /^(?:.{0,14}[\s>|+-])?(?:[0-9a-f]{6,16}|[0-9a-f]{4,16}:)\s{1,3}(?:[0-9a-f]{2}(?:[0-9a-f]{2})?\s{1,2}){4}|(?:(?:^|\s)[0-9a-fA-F]{2}(?=\s)){8}|(?:(?:^|\s)[0-9a-f]{4}(?=\s)){6}/;

/** Whether a place stands in a hex dump: rows of an offset and bytes, where every digit is a byte's. Looks at its line, at most 160 characters of it. */
export function inDump(text: string, at: number): boolean {
  const head = text.slice(Math.max(0, at - 80), at);
  const tail = text.slice(at, at + 80);
  const end = tail.indexOf("\n");
  return row.test(head.slice(head.lastIndexOf("\n") + 1) + (end < 0 ? tail : tail.slice(0, end)));
}
