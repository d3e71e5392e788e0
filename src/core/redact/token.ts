import { hmacSha256 } from "../base/hash.ts";

/**
 * What stands instead of a value. `[EMAIL:<13><3>]`: thirteen base32 characters (65 bits) of an HMAC of the value's
 * canonical form, then three that prove the first thirteen were made with this key: text that merely looks like a token of
 * ours is not trusted. The kind is no part of the digest, so one value has one name whatever saw it.
 */
export type Tokens = {
  /** The sixteen characters for a canonical value. */
  digest(value: string): string;
  /** The first thirteen of them, which name the value; half the work where nothing has to be written. */
  head(value: string): string;
  /** Whether sixteen characters were made with this key. */
  isOurs(digest: string): boolean;
  token(kind: string, value: string): string;
  /** A whole number below `bound` that depends on the value and the key. */
  number(value: string, bound: number): number;
  hmac(value: string): string;
};

const base32 = "abcdefghijklmnopqrstuvwxyz234567";

/** Values whose digests are remembered. */
const remembered = 10_000;

/** Tokens of one key. HMACs are remembered (bounded): the same names come again and again. */
export function tokensOf(key: Uint8Array): Tokens {
  const known = new Map<string, string>();
  const hmac = (value: string): string => hmacSha256(key, value);
  const checks = new Map<string, string>();
  const check = (head: string): string => {
    const before = checks.get(head);
    if (before !== undefined) return before;
    const made = encode(hmac(`check\u0000${head}`), 3);
    if (checks.size > remembered) checks.clear();
    checks.set(head, made);
    return made;
  };
  const digest = (value: string): string => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const head = encode(hmac(`value\u0000${value}`), 13);
    const made = head + check(head);
    if (known.size > remembered) known.clear();
    if (value.length < 200) known.set(value, made);
    return made;
  };
  return {
    digest,
    head: (value) => known.get(value)?.slice(0, 13) ?? encode(hmac(`value\u0000${value}`), 13),
    isOurs: (made) => made.length === 16 && check(made.slice(0, 13)) === made.slice(13),
    token: (kind, value) => `[${kind}:${digest(value)}]`,
    number: (value, bound) => remainder(hmac(`number\u0000${value}`).slice(0, 24), bound),
    hmac,
  };
}

/** The low bits of a number of 24 hexadecimal digits, five to a character, the lowest first. */
function encode(hex: string, length: number): string {
  let out = "";
  for (let end = 24; out.length < length; end -= 5) {
    // Five digits are twenty bits are four characters.
    let bits = Number.parseInt(hex.slice(Math.max(0, end - 5), end), 16);
    for (let i = 0; i < 4 && out.length < length; i += 1) {
      out += base32[bits & 31] ?? "";
      bits >>= 5;
    }
  }
  return out;
}

/** What is left of a number in hexadecimal digits, divided by `bound` (below 2^37). */
function remainder(hex: string, bound: number): number {
  let left = 0;
  for (let at = 0; at < hex.length; at += 4) left = (left * 65_536 + Number.parseInt(hex.slice(at, at + 4), 16)) % bound;
  return left;
}

/** Kinds that our own placeholders name. A placeholder without a digest (`[EMAIL]`) holds nothing, so it may be trusted. */
const kinds = "NAME EMAIL PHONE CARD IBAN ID ACCOUNT DOB ADDRESS CITY ZIP IP MAC GEO SALARY USER_ID PAYMENT_ID SECRET PASSWORD BLOB BINARY PLACEHOLDER DROPPED ENCODED VALUE";
const bare = new RegExp(`\\[(?:${kinds.replaceAll(" ", "|")})\\]`, "g");

const noPlaceholders: { readonly ours: readonly (readonly [number, number])[]; readonly foreign: readonly (readonly [number, number])[] } = { ours: [], foreign: [] };
/** Where placeholders of ours stand in a text: with a digest of this key, or with none. `foreign`: those that only look like it. */
export function placeholdersIn(text: string, tokens: Tokens): { readonly ours: readonly (readonly [number, number])[]; readonly foreign: readonly (readonly [number, number])[] } {
  if (!text.includes("[")) return noPlaceholders;
  const ours: [number, number][] = [];
  const foreign: [number, number][] = [];
  for (const match of text.matchAll(tokenPattern)) (tokens.isOurs(match[2] ?? "") ? ours : foreign).push([match.index, match.index + match[0].length]);
  for (const match of text.matchAll(bare)) ours.push([match.index, match.index + match[0].length]);
  ours.sort((a, b) => a[0] - b[0]);
  return { ours, foreign };
}

const hushed = "\u00a4";
/** A date that stands for another one: nobody alive was born then. */
const standInDate = /(?<![\w-])1[78]\d\d-\d\d-\d\d(?![\w-])/g;

/** What a detector should not see: placeholders of any kind, dates that stand for others, and `more`. */
export function silenced(text: string, tokens: Tokens, more: readonly (readonly [number, number])[] = []): string {
  const { ours, foreign } = placeholdersIn(text, tokens);
  const dates = /1[78]\d\d-/.test(text) ? Array.from(text.matchAll(standInDate), ({ index, 0: date }) => [index, index + date.length] as const) : [];
  return ours.length + foreign.length + dates.length + more.length === 0 ? text : hush(text, [...ours, ...foreign, ...dates, ...more]);
}

/** A text in which some ranges say nothing (`[PASSWORD:…]` is no label), at the same offsets. */
function hush(text: string, ranges: readonly (readonly [number, number])[]): string {
  let out = "";
  let from = 0;
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (start < from) continue;
    out += text.slice(from, start) + hushed.repeat(end - start);
    from = end;
  }
  return out + text.slice(from);
}

/** A token as it stands in text: kind and digest. */
export const tokenPattern = /\[([A-Z][A-Z0-9_]{1,31}):([a-z2-7]{16})\]/g;
