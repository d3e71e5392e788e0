/**
 * Reads the YAML that `writeYaml` usually writes: nested block maps and lists, one scalar a line, literal blocks. Twenty times
 * as quick as a whole YAML reader, and strict: at the first thing that is not plainly that (comments, anchors, flow
 * collections with something in them, folded lines, doubtful scalars, a key twice) it answers undefined, and the text
 * is for the real reader. What it does answer is what YAML 1.2 says.
 */
export function readPlainYaml(text: string): { readonly value: unknown } | undefined {
  // Carriage returns, control characters and a byte order mark are the real reader's; so is a last line without an end.
  if (!text.endsWith("\n") || /[^\n\x20-\x7e\x85\xa0-\ufefe\uff00-\uffff]/.test(text)) return undefined;
  const reading = { lines: text.slice(0, -1).split("\n"), at: 0 };
  try {
    const value = block(reading, 0, 0);
    return reading.at === reading.lines.length ? { value } : undefined;
  } catch (error) {
    if (error === notPlain) return undefined;
    throw error;
  }
}

const notPlain = Symbol("not plain");
const give = (): never => {
  throw notPlain;
};

/** Where the reading is. Inside a list item the line in hand has its `- ` blanked, so that it reads as a line of the item. */
type Reading = { readonly lines: string[]; at: number };

const deepest = 60;

/** The map or list whose lines start at column `indent`. */
function block(reading: Reading, indent: number, depth: number): unknown {
  if (depth > deepest) return give();
  return reading.lines[reading.at]?.startsWith("- ", indent) === true ? list(reading, indent, depth) : map(reading, indent, depth);
}

function list(reading: Reading, indent: number, depth: number): unknown[] {
  const items: unknown[] = [];
  for (let line = lineAt(reading, indent); line !== undefined; line = lineAt(reading, indent)) {
    if (!line.startsWith("- ", indent)) return give();
    const rest = line.slice(indent + 2);
    if (!rest.startsWith("- ") && keyOf(rest) === undefined) items.push(valueOf(reading, rest, indent));
    else {
      reading.lines[reading.at] = " ".repeat(indent + 2) + rest;
      items.push(block(reading, indent + 2, depth + 1));
    }
  }
  return items;
}

function map(reading: Reading, indent: number, depth: number): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (let line = lineAt(reading, indent); line !== undefined; line = lineAt(reading, indent)) {
    const found = keyOf(line.slice(indent));
    if (found === undefined || found.key === "__proto__" || Object.hasOwn(members, found.key)) return give();
    if (found.rest !== "") {
      members[found.key] = valueOf(reading, found.rest, indent);
      continue;
    }
    reading.at += 1;
    const inner = indentOf(reading.lines[reading.at] ?? "");
    if (inner <= indent) return give();
    members[found.key] = block(reading, inner, depth + 1);
  }
  return members;
}

/** The line in hand where it belongs to the block at `indent`; undefined where that block is over. */
function lineAt({ lines, at }: Reading, indent: number): string | undefined {
  const line = lines[at];
  if (line === undefined) return undefined;
  const found = indentOf(line);
  if (found > indent || found === line.length) return give();
  return found === indent ? line : undefined;
}

function indentOf(line: string): number {
  let indent = 0;
  while (line.charCodeAt(indent) === 0x20) indent += 1;
  return indent;
}

/** `key: rest` or `key:`; undefined where the text is no member of a map. */
function keyOf(text: string): { readonly key: string; readonly rest: string } | undefined {
  const quote = text[0];
  const quoted = quote === '"' || quote === "'" ? /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')(?=:(?: |$))/.exec(text)?.[0] : undefined;
  if (quoted === undefined && (quote === '"' || quote === "'")) return undefined;
  const end = quoted?.length ?? /:(?: |$)/.exec(text)?.index;
  if (end === undefined) return undefined;
  const key = scalar(text.slice(0, end));
  // Longer keys may not be written so.
  if (typeof key !== "string" || end > 1000) return give();
  const rest = text.slice(end + 2);
  return rest === "" && text.length > end + 1 ? give() : { key, rest };
}

/** What stands behind a key or a dash, with the lines of a literal block. Moves on. */
function valueOf(reading: Reading, text: string, indent: number): unknown {
  reading.at += 1;
  if (text === "|" || text === "|-") return literal(reading, indent) + (text === "|" ? "\n" : "");
  if (text === "[]") return [];
  if (text === "{}") return {};
  return scalar(text);
}

/** A literal block without its last line end. Its first line is not empty, and no line is of spaces only. */
function literal(reading: Reading, indent: number): string {
  const { lines } = reading;
  const inner = indentOf(lines[reading.at] ?? "");
  const body: string[] = [];
  for (let line = lines[reading.at]; line !== undefined; line = lines[(reading.at += 1)]) {
    const found = indentOf(line);
    if (found === line.length && found > 0) return give();
    if (line !== "" && found < inner) break;
    body.push(line.slice(inner));
  }
  while (body.at(-1) === "") body.pop();
  return inner > indent && body[0] !== "" && body.length > 0 ? body.join("\n") : give();
}

const integer = /^(?:0|-?[1-9]\d{0,14})$/;
const decimal = /^-?(?:0|[1-9]\d{0,9})\.\d{1,6}$/;
const otherNumber = /^(?:0[ox][\da-f]+|\d+\.?\d*(?:e[-+]?\d+)?)$/i;
/** Words that some case of means something else. */
const word = /^(?:null|true|false)$/i;
const words = new Map<string, unknown>([["null", null], ["true", true], ["false", false]]);

function scalar(text: string): unknown {
  const first = text[0] ?? "";
  if (first === '"') return /^"(?:[^"\\]|\\.)*"$/.test(text) ? unescaped(text) : give();
  if (first === "'") return /^'(?:[^']|'')*'$/.test(text) ? text.slice(1, -1).replaceAll("''", "'") : give();
  if (words.has(text)) return words.get(text);
  if (integer.test(text) || decimal.test(text)) return Number(text);
  // No indicator of YAML first, no comment, no second colon, nothing that a reader would trim.
  const plain = /^[A-Za-z0-9_/($^\u00a0-\uffff]/.test(text) && !/: |:$| #| $/.test(text);
  return plain && !word.test(text) && !otherNumber.test(text) ? text : give();
}

/** The escapes of JSON mean the same in YAML; others are for the real reader. */
function unescaped(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    return give();
  }
}
