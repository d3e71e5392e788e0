import { isAscii, isUtf8 } from "node:buffer";
import type { Problem, Where } from "../../core/base/problem.ts";
import type { Parsed } from "../../core/ports.ts";
import { scanValue, startScan } from "./scan.ts";
import type { Framed } from "./split.ts";

/** Deeper values overflow the stack of whoever walks them. Real records stay under thirty. */
const deepest = 500;

/** UTF-8 as text, or undefined where it is not UTF-8. Never replaces a byte silently. */
export function decode(bytes: Buffer): string | undefined {
  if (isAscii(bytes)) return bytes.toString("latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : undefined;
}

/** The JSON values of one record (several where they are written one after another), and what is wrong with it. */
export function parseFramed(framed: Framed, file: string, parse: (bytes: Buffer) => unknown = parseBytes): Parsed {
  const where: Where = { file, line: framed.line, byte: framed.byte };
  if (framed.trouble === "too-long") return bad(problems.tooLong(where));
  let value: unknown;
  try {
    value = parse(framed.bytes);
  } catch {
    const text = decode(framed.bytes);
    if (text === undefined) return bad(framed.bytes.includes(0) ? problems.binary(where) : problems.utf8(where));
    return severalOr(framed, text, where);
  }
  return tooDeep(value) ? bad(problems.deep(where)) : { values: [value], problems: [] };
}

/** The JSON value of some bytes. Throws where they are not UTF-8 or not JSON. */
export function parseBytes(bytes: Buffer): unknown {
  const text = decode(bytes);
  if (text === undefined) throw new SyntaxError("not UTF-8");
  return JSON.parse(text);
}

const bad = (problem: Problem): Parsed => ({ values: [], problems: [problem] });

/** Records written without a newline between them, or why the text is no JSON. */
function severalOr(framed: Framed, text: string, where: Where): Parsed {
  const values: unknown[] = [];
  const found: Problem[] = [];
  let at = 0;
  while (at < framed.bytes.length) {
    const scan = startScan();
    const rest = framed.bytes.subarray(at);
    const answer = scanValue(scan, rest);
    if (answer === "open" && framed.trouble === "cut") return { values, problems: [...found, problems.cut({ ...where, byte: framed.byte + at })] };
    if (answer !== "closed" || rest[0] !== 0x7b) break;
    try {
      const value: unknown = JSON.parse(decode(rest.subarray(0, scan.at)) as string);
      if (tooDeep(value)) found.push(problems.deep({ ...where, byte: framed.byte + at }));
      else values.push(value);
    } catch {
      break;
    }
    at += scan.at;
    // A comma after each record is what is left of an array somebody took the brackets off.
    while (at < framed.bytes.length && ((framed.bytes[at] as number) <= 0x20 || framed.bytes[at] === 0x2c)) at += 1;
  }
  if (at < framed.bytes.length) found.push(diagnose(at === 0 ? text : text.slice(-(framed.bytes.length - at)), { ...where, byte: framed.byte + at }));
  return { values, problems: found };
}

function diagnose(text: string, where: Where): Problem {
  if (/^\s*</.test(text)) return problems.page(where);
  if (text.includes("\0")) return /^(?:[^\0]\0){4}|^(?:\0[^\0]){4}/.test(text) ? problems.utf16(where) : problems.binary(where);
  if (!/^\s*[[{]/.test(text)) return problems.words(where);
  if (/^\s*[[{]\s*'/.test(text)) return problems.python(where);
  const outside = text.slice(0, 1_000_000).replace(/"(?:[^"\\]|\\.)*"/g, '""');
  if (/[:[,]\s*(?:NaN|-?Infinity)\b/.test(outside)) return problems.notANumber(where);
  return problems.json(where);
}

/** Whether a value is nested deeper than we follow. Iterative: the value may be as deep as the parser allows. */
function tooDeep(value: unknown): boolean {
  let level: object[] = typeof value === "object" && value !== null ? [value] : [];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) return true;
    const next: object[] = [];
    for (const holder of level)
      for (const key in holder) {
        const inner = (holder as Record<string, unknown>)[key];
        if (typeof inner === "object" && inner !== null) next.push(inner);
      }
    level = next;
  }
  return false;
}

const problem =
  (code: string, message: string, remedy: string) =>
  (where: Where): Problem => ({ code, where, message, remedy });

const problems = {
  tooLong: problem("line-too-long", "this record is longer than 64 MB and was skipped.", "Split the file into one record a line, or export without attachments."),
  utf8: problem("bad-utf8", "these bytes are not UTF-8, so the record was skipped.", "Export again as UTF-8, or convert the file with iconv."),
  utf16: problem("bad-utf8", "this is UTF-16 text, not UTF-8.", "Convert it first: iconv -f UTF-16LE -t UTF-8 FILE | casebook pull -"),
  binary: problem("not-text", "these bytes are not text.", "casebook reads JSON and JSONL exports of traces, plain or gzip. Is this the right file?"),
  page: problem("web-page", "this is a web page or XML, not JSON.", "Was it saved from a browser, or is it an answer to \"sign in first\"? Fetch the export again with a key."),
  words: problem("not-json", "this is text, not a JSON record.", "casebook reads JSON and JSONL exports of traces. Is this the right file? Other lines in it do no harm."),
  cut: problem("cut-line", "the last record ends in the middle (the writer stopped while writing); it was skipped.", "Nothing to do if the writer is still running: pull again later."),
  deep: problem("too-deep", `this record is nested deeper than ${deepest} levels and was skipped.`, "Look at what wrote it: real records stay under thirty levels."),
  python: problem("python-repr", "this is Python's print(dict), not JSON.", "Write it with json.dumps(span.export())."),
  notANumber: problem("not-a-number", "this record holds NaN or Infinity, which JSON does not know.", "Write it with json.dumps(…, allow_nan=False), or replace these values by null."),
  json: problem("bad-json", "this is not JSON, so the record was skipped.", "Look at that line; the records before and after it were read."),
};
