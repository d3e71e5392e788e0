import { parseJson, type Json } from "../base/json.ts";

/** Something read from the beginning of a text, and what is left of it. */
export type Rest<T> = { readonly value: T; readonly rest: string };

/**
 * A name: quoted, or plain. Plain it is one word (`word`), or all there is (an agent's name may have spaces), up to
 * ` from ` where asked. A full stop at the very end of the line is not part of it.
 */
export function readName(text: string, until: "word" | "from" | "end" = "end"): Rest<string> | undefined {
  if (/^["“'‘]/.test(text)) return readQuoted(text);
  const plain = { word: /^[^\s"{[]+/, from: /^.+?(?=\s+from\s|$)/i, end: /^.+$/ }[until].exec(text)?.[0];
  if (plain === undefined) return undefined;
  const rest = text.slice(plain.length);
  const value = rest.trim() === "" ? plain.replace(/[.,;]\s*$/, "").trim() : plain.trim();
  return value === "" || /["“”]/.test(value) ? undefined : { value, rest };
}

/** Text in quotes (`"…"` as JSON, else `'…'`, `“…”`, `‘…’` as they stand), or without quotes all there is. */
export function readQuoted(text: string): Rest<string> | undefined {
  const json = /^"(?:[^"\\]|\\.)*"/s.exec(text)?.[0];
  if (json !== undefined) {
    const value = parseJson(json);
    return typeof value === "string" ? { value, rest: text.slice(json.length) } : { value: json.slice(1, -1), rest: text.slice(json.length) };
  }
  const other = /^(?:'([^']*)'|“([^”]*)”|‘([^’]*)’)/.exec(text);
  if (other !== null) return { value: other[1] ?? other[2] ?? other[3] ?? "", rest: text.slice(other[0].length) };
  return /^["“”'‘’]/.test(text) || text.trim() === "" ? undefined : { value: text.trim(), rest: "" };
}

/** A JSON object, array or string at the beginning of a text. */
export function readJson(text: string): Rest<Json> | undefined {
  const end = endOfJson(text);
  const value = end === undefined ? undefined : parseJson(text.slice(0, end));
  return value === undefined || end === undefined ? undefined : { value, rest: text.slice(end) };
}

function endOfJson(text: string): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (quoted && char === "\\") at++;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && (char === "{" || char === "[")) depth++;
    else if (!quoted && (char === "}" || char === "]")) depth--;
    if (!quoted && depth === 0) return at + 1;
  }
  return undefined;
}

/** ` at most 2 times`, ` once`, ` between 1 and 3 times`. */
export function readTimes(text: string): Rest<{ min?: number; max?: number }> | undefined {
  const match =
    /^\s+(?:(at most|at least|exactly) (\d{1,9}|once|twice)(?: times?)?|between (\d{1,9}) and (\d{1,9}) times|(\d{1,9}) times|(once|twice))\b/i.exec(text);
  if (match === null) return undefined;
  const [whole, how, n, low, high, plain, word] = match;
  const rest = text.slice(whole.length);
  if (low !== undefined) return { value: { min: Number(low), max: Number(high) }, rest };
  const times = numberOf(n ?? plain ?? word ?? "");
  if (how?.toLowerCase() === "at most") return { value: { max: times }, rest };
  if (how?.toLowerCase() === "at least") return { value: { min: times }, rest };
  return { value: { min: times, max: times }, rest };
}

const numberOf = (word: string): number => ({ once: 1, twice: 2 })[word.toLowerCase()] ?? Number(word);
