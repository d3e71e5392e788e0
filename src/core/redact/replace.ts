import { canonicalOf, foldText, nameWord } from "./canonical.ts";
import { testCards } from "./detect/identifiers.ts";
import type { Leaf } from "./leaf.ts";
import type { Tokens } from "./token.ts";

export type Style = "token" | "type" | "surrogate";

export type Replace = (kind: string, value: string, role: Leaf["role"]) => string;

/** A name as long as this is no name of one person; its words have no tokens of their own. */
const longestName = 400;
const isoOnly = /^\d{4}-\d\d-\d\d$/;

/**
 * What is written instead of a value. The type of what stood there is kept: a number gives a number, an ISO date an ISO
 * date (in a century in which nobody alive was born), a key a key no other value has.
 */
export function replacerOf(tokens: Tokens, style: Style): Replace {
  const make = makerOf(tokens, style);
  const made = new Map<string, string>();
  return (kind, value, role) => {
    if (value.length > 100) return make(kind, value, role);
    const name = `${kind} ${role} ${value}`;
    const before = made.get(name);
    if (before !== undefined) return before;
    const put = make(kind, value, role);
    if (made.size > 20_000) made.clear();
    made.set(name, put);
    return put;
  };
}

function makerOf(tokens: Tokens, style: Style): Replace {
  return (kind, value, role) => {
    if (role === "number") return style === "type" ? "0" : numberFor(tokens, value);
    if (kind === "DOB" && isoOnly.test(value)) return style === "type" ? "1800-01-01" : dateFor(tokens, value);
    if (style === "type" && role !== "key") return `[${kind}]`;
    if (style === "surrogate" && role !== "key") {
      const made = surrogate(tokens, kind, value);
      if (made !== undefined) return made;
    }
    // A line end between the words would have to be escaped in JSON.
    if (kind === "NAME" && value.length <= longestName) return value.replace(/\s/g, " ").replace(nameWord, (word) => tokens.token(kind, foldText(word)));
    return tokens.token(kind, canonicalOf(kind, value));
  };
}

/** `8`, nine digits of the value, six that prove them: sixteen digits, a safe integer, known again and never real. */
export function numberFor(tokens: Tokens, value: string): string {
  const body = String(tokens.number(value, 1_000_000_000)).padStart(9, "0");
  return `8${body}${proof(tokens, body)}`;
}
const proof = (tokens: Tokens, body: string): string => String(tokens.number(`proof ${body}`, 1_000_000)).padStart(6, "0");
export const isNumberOfOurs = (tokens: Tokens, text: string): boolean => /^8\d{15}$/.test(text) && proof(tokens, text.slice(1, 10)) === text.slice(10);

/** A day of 1700 to 1899. */
function dateFor(tokens: Tokens, value: string): string {
  const day = tokens.number(`day ${value}`, 73_000);
  const at = new Date(Date.UTC(1700, 0, 1) + day * 86_400_000);
  return at.toISOString().slice(0, 10);
}

const firstNames = "Robin Alex Sam Kim Jordan Casey Jamie Morgan Taylor Drew Avery Quinn Riley Skyler Rowan Charlie".split(" ");
const lastNames = "Example Sample Specimen Placeholder Testcase Fictional Pseudonym Standin".split(" ");
const fictional = new Set([...firstNames, ...lastNames]);

/** Text that a surrogate may consist of, so that redacting twice changes nothing. */
function isSurrogate(tokens: Tokens, kind: string, value: string): boolean {
  switch (kind) {
    case "EMAIL":
      return /^[a-z2-7]{16}@example\.com$/.test(value) && tokens.isOurs(value.slice(0, 16));
    case "NAME":
      return value.split(/\s+/).every((word) => fictional.has(word));
    case "PHONE":
      return /^\+1-\d{3}-555-01\d\d$/.test(value);
    case "CARD":
      return testCards.includes(value);
    case "IP":
      return /^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3}$/.test(value);
    default:
      return false;
  }
}

/** A plausible value from a range reserved for documentation or fiction; undefined where none is reserved. */
function surrogate(tokens: Tokens, kind: string, value: string): string | undefined {
  // Whatever saw it this time (`Bearer +1-737-555-0154`): what belongs to nobody may stay.
  if (isSurrogate(tokens, kind, value) || ["EMAIL", "PHONE", "CARD", "IP"].some((other) => isSurrogate(tokens, other, value))) return value;
  const canonical = canonicalOf(kind, value);
  switch (kind) {
    case "EMAIL":
      return `${tokens.digest(canonical)}@example.com`;
    case "NAME": {
      const words = value.trim().split(/\s+/);
      return words
        .map((word, i) => {
          const list = i === 0 ? firstNames : lastNames;
          return fictional.has(word) ? word : (list[tokens.number(foldText(word), list.length)] ?? word);
        })
        .join(" ");
    }
    case "PHONE":
      return `+1-${200 + tokens.number(`area ${canonical}`, 790)}-555-01${String(tokens.number(canonical, 100)).padStart(2, "0")}`;
    case "CARD":
      return canonical.length < 12 ? undefined : testCards[tokens.number(canonical, testCards.length)];
    case "IP":
      return value.includes(":") ? undefined : `203.0.113.${1 + tokens.number(canonical, 254)}`;
    default:
      return undefined;
  }
}
