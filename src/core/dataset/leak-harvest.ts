import { parseJson, type Json } from "../base/json.ts";
import type { Leak, LeakGate } from "./leak.ts";
import { viewsOf } from "./leak-views.ts";

/** Values of raw records that must not be in what is committed, as sequences of lower-case words. In memory only. */
export type Harvest = { add(record: unknown): void; readonly size: number; readonly gate: LeakGate };

const telling = /(?:^|_)(?:e_?mail|(?:phone|mobile)(?:_number)?|ssn|passport(?:_n(?:o|umber))?|tax_(?:id|number)|national_id|(?:ip|mac)(?:_address)?|(?:user|customer|member|patient|employee)_id|(?:customer|passenger|guest|patient|employee|contact|holder)_name|iban|card_number|account_number|dob|date_of_birth|birth_?da(?:te|y)|full_name|first_name|last_name|surname|street|address_?(?:line_?)?[12]|password|passwd|secret|api_?key|access_?token|refresh_?token|authorization|user_?name)$/;
const email = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}.-]{1,200}\.\p{L}{2,24}/gu;

/**
 * Collects what is sensitive in raw records by the names of their members (JSON inside strings too) and every e-mail
 * address, and looks for it in other texts, whatever case and punctuation it has there. `name` gives the keyed name of a value.
 */
export function startHarvest(name: (value: string) => string): Harvest {
  const values: Values = { phrases: new Map(), numbers: new Set() };
  let size = 0;
  const keep = (value: string, under: string): void => {
    const digits = value.replace(/\D/g, "");
    // The last nine digits: with or without a country's prefix, however grouped.
    if (digits.length >= 9 && !/\p{L}/u.test(value)) values.numbers.add(digits.slice(-9));
    const words = wordsOf(value).map((word) => word.text);
    const [first] = words;
    if (first === undefined || words.length > 40 || !distinctive(words, under)) return;
    const phrases = values.phrases.get(first) ?? new Set();
    values.phrases.set(first, phrases);
    if (!phrases.has(words.join(" "))) size += 1;
    phrases.add(words.join(" "));
  };
  /** A person's whole name: from its two halves, or a `name` beside an address, a number or a day of birth. */
  const keepName = (members: ReadonlyMap<string, Json>): void => {
    const [first, last, name] = [members.get("first_name"), members.get("last_name"), members.get("name")];
    if (typeof first === "string" && typeof last === "string") keep(`${first} ${last}`, "full_name");
    if (typeof name === "string" && [...members.keys()].some((key) => /^(?:e_?mail|phone|dob|date_of_birth|address)/.test(key))) keep(name, "full_name");
  };
  const walk = (value: Json, key: string, depth: number): void => {
    if (depth > 60) return;
    if (typeof value === "string") {
      const inner = /^\s*[[{"]/.test(value) ? parseJson(value) : undefined;
      if (inner !== undefined && typeof inner !== "number") return walk(inner, key, depth + 1);
      for (const match of value.matchAll(email)) keep(match[0], "email");
      if (telling.test(key)) keep(value, key);
    } else if (typeof value === "number") {
      if (telling.test(key)) keep(String(value), key);
    } else if (Array.isArray(value)) for (const item of value as readonly Json[]) walk(item, key, depth + 1);
    else if (value !== null && typeof value === "object") {
      const members = Object.entries(value).map(([member, item]) => [snake(member), item] as const);
      keepName(new Map<string, Json>(members));
      for (const [member, item] of members) walk(item, member, depth + 1);
    }
  };
  return {
    add: (record) => walk(record as Json, "", 0),
    get size() {
      return size;
    },
    gate: { scan: ({ path, text }) => Promise.resolve(look(values, path, text, name)) },
  };
}

type Values = { readonly phrases: Map<string, Set<string>>; readonly numbers: Set<string> };

const snake = (key: string): string => key.replace(/([a-z\d])([A-Z])/g, "$1_$2").replace(/[\s.-]+/g, "_").toLowerCase();

/** Not a word that anybody may write: two words or more, or one that is long and has a digit in it, or a user's name. */
function distinctive(words: readonly string[], under: string): boolean {
  const [only = ""] = words;
  if (words.length > 1) return words.join("").length >= (under.endsWith("_name") ? 5 : 7);
  if (/user_?name$/.test(under)) return only.length >= 5;
  if (under.endsWith("name")) return false;
  return only.length >= 6 && /\d/.test(only);
}

function look({ phrases, numbers }: Values, path: string, text: string, name: (value: string) => string): Leak[] {
  const leaks = new Map<string, Leak>();
  const keep = (line: number, value: string): void => void leaks.set(`${line} ${value}`, { gate: "harvest", rule: "raw-value", path, line, token: name(value) });
  for (const view of viewsOf(text)) {
    if (numbers.size > 0)
      for (const match of view.text.matchAll(/(?<!\d)\d(?:[ ().+-]{0,3}\d){8,18}(?!\d)/g)) {
        const digits = match[0].replace(/\D/g, "").slice(-9);
        if (numbers.has(digits)) keep(view.lineAt(match.index), digits);
      }
    const words = wordsOf(view.text);
    for (const [at, word] of words.entries())
      for (const phrase of phrases.get(word.text) ?? []) {
        const length = phrase.split(" ").length;
        const there = words.slice(at, at + length).map((one) => one.text).join(" ");
        if (there === phrase) keep(view.lineAt(word.at), phrase);
      }
  }
  return [...leaks.values()];
}

const wordsOf = (text: string): { text: string; at: number }[] =>
  [...text.matchAll(/[\p{L}\p{N}]+/gu)].map((match) => ({ text: match[0].normalize("NFKC").toLowerCase(), at: match.index }));
