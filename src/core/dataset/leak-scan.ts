import type { Leak, LeakGate, Scanned } from "./leak.ts";
import { personRules, type Hit, type Rule } from "./leak-people.ts";
import { viewsOf } from "./leak-views.ts";

export type ScanOptions = {
  /** The keyed name of a value. */
  readonly name: (value: string) => string;
  /** Redaction puts plausible values from reserved ranges (test cards) in place of real ones: those are let through. */
  readonly surrogates?: boolean;
};

/**
 * The gate that needs nothing but the bytes: e-mail addresses, card numbers, IBANs, tokens with the prefixes services give
 * them, keys in PEM and URLs, values beside a word for a secret, numbers of people, and anything that looks machine-made.
 */
export function scanGate(options: ScanOptions): LeakGate {
  return { scan: (file) => Promise.resolve(scanText(file, options)) };
}

/** The same without waiting, for one text. */
export function scanText({ path, text }: Scanned, { name, surrogates = false }: ScanOptions): Leak[] {
  const seen = new Set<string>();
  const leaks: Leak[] = [];
  for (const view of viewsOf(text))
    for (const rule of rules)
      for (const { rule: id, value, at } of rule(view.text)) {
        if (surrogates && isSurrogate(id, value)) continue;
        const line = view.lineAt(at);
        const key = `${line}\0${id}\0${value}`;
        if (seen.has(key)) continue;
        seen.add(key);
        leaks.push({ gate: "scan", rule: id, path, line, token: name(value) });
      }
  return leaks;
}

const pattern =
  (rule: string, regex: RegExp, group = 0): Rule =>
  function* (text) {
    for (const match of text.matchAll(regex)) {
      const value = match[group] ?? "";
      if (value !== "") yield { rule, value, at: match.index };
    }
  };

/** Tokens that say whose they are. */
const prefixed = [
  "sk-[A-Za-z0-9_-]{20,}", "sk_(?:live|test)_[A-Za-z0-9]{16,}", "[rp]k_live_[A-Za-z0-9]{16,}", "whsec_[A-Za-z0-9+/]{20,}",
  "gh[pousr]_[A-Za-z0-9]{30,}", "github_pat_[A-Za-z0-9_]{30,}", "gl(?:pat|cbt|rt|dt)-[A-Za-z0-9_-]{20,}",
  "xox[abeprs]-[A-Za-z0-9-]{10,}", "xapp-[A-Za-z0-9-]{20,}", "(?:AKIA|ASIA|AGPA|AROA)[A-Z0-9]{16}", "AIza[A-Za-z0-9_-]{35}", "ya29\\.[A-Za-z0-9_-]{20,}",
  "hf_[A-Za-z0-9]{30,}", "npm_[A-Za-z0-9]{36}", "pypi-[A-Za-z0-9_-]{40,}", "SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}",
  "dop_v1_[a-f0-9]{40,}", "shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}", "lsv2_[a-z]{2}_[a-f0-9_]{30,}", "dapi[a-f0-9]{32}", "key-[a-f0-9]{32}",
  "AGE-SECRET-KEY-1[A-Z0-9]{50,}", "eyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}", "(?:pul|rubygems|sbp|vercel|figd|lin_api|phc|phx|tvly|gsk|r8|nvapi|xai|pplx|AC|SK)[-_][A-Za-z0-9_-]{28,}",
];

const secretWord = "(?:pass(?:word|wd|phrase)?|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|client[_-]?secret|credentials?|authorization)";

const rules: readonly Rule[] = [
  emails,
  pattern("prefixed-token", new RegExp(`(?<![A-Za-z0-9])(?:${prefixed.join("|")})`, "g")),
  pattern("private-key", /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/g),
  pattern("url-credentials", /[a-z][a-z0-9+.-]{1,15}:\/\/[^\s:@/"']{1,100}:([^\s@/"']{3,200})@/gi, 1),
  pattern("bearer", /\bBearer\s+([A-Za-z0-9._~+/-]{16,}=*)/g, 1),
  assigned,
  cards,
  ibans,
  ...personRules,
  machineMade,
];

/** From the ranges kept free for documentation and drama, which redaction takes its surrogates from. */
const isSurrogate = (rule: string, value: string): boolean =>
  (rule === "card" && testCards.has(value)) || (rule === "phone" && /55501\d\d$/.test(value)) || (rule === "ip" && /^(?:192020|19851100|2030113)\d{1,3}$/.test(value));

/** In the form their tokens are made of: lower case. What redaction made of an address (`….@example.com`) is none. */
function* emails(text: string): Iterable<Hit> {
  const host = /(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62})\.){1,6}\p{L}{2,24}/uy;
  let from = 0;
  // From each @ outwards: looking for what may stand before one would begin at every letter of the text.
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
    const [before] = /[\p{L}\p{N}._%+-]{1,64}$/u.exec(text.slice(Math.max(from, at - 128), at)) ?? [];
    host.lastIndex = at + 1;
    const [after] = (before === undefined ? undefined : host.exec(text)) ?? [];
    if (before === undefined || after === undefined) continue;
    from = at + 1 + after.length;
    const value = `${before}@${after}`.toLowerCase();
    if (!/^[a-z2-7]{16}@example\.com$/.test(value)) yield { rule: "email", value, at: at - before.length };
  }
}

/** A value that follows a word for a secret, with letters and digits, as nobody writes prose. */
function* assigned(text: string): Iterable<Hit> {
  const near = new RegExp(`${secretWord}["']?\\s{0,3}[:=]\\s{0,3}["']?([^\\s"',;<>{}()\\[\\]]{8,200})`, "gi");
  for (const match of text.matchAll(near)) {
    const value = match[1] ?? "";
    if (/\d/.test(value) && /[A-Za-z]/.test(value) && !isId(value) && !/^(?:bearer|basic|digest|negotiate)(?![a-z\d])/i.test(value)) yield { rule: "assigned-secret", value, at: match.index };
  }
}

/** Thirteen to nineteen digits with the head and length of a card network and a right check digit. */
function* cards(text: string): Iterable<Hit> {
  for (const match of text.matchAll(/(?<![\w.+-])\d(?:[ -]?\d){12,18}(?![\w-]|\.\d)/g)) {
    const digits = match[0].replace(/\D/g, "");
    const network = /^(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d)\d{12}|35\d{14})$/;
    if (network.test(digits) && luhn(digits)) yield { rule: "card", value: digits, at: match.index };
  }
}

/** Numbers that card networks and processors publish for tests. */
const testCards = new Set("4111111111111111 4242424242424242 4000056655665556 4012888888881881 4222222222222 5555555555554444 5105105105105100 2223003122003222 378282246310005 371449635398431 6011111111111117 6011000990139424 3056930009020004 30569309025904 38520000023237 3530111333300000 3566002020360505".split(" "));

function luhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

function* ibans(text: string): Iterable<Hit> {
  for (const match of text.matchAll(/(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])/g)) {
    const iban = match[0].replaceAll(" ", "");
    const moved = iban.slice(4) + iban.slice(0, 4);
    let rest = 0;
    for (const char of moved) rest = Number(`${rest}${Number.parseInt(char, 36)}`) % 97;
    if (iban.length >= 15 && rest === 1) yield { rule: "iban", value: iban.toLowerCase(), at: match.index };
  }
}

/**
 * Letters of both cases and digits well mixed over twenty characters or more: what people do not write and identifiers in
 * code rarely are. Ids by their form (UUIDs, `call_…`, hex digests) and by their place (a member called id, hash, …) are not meant.
 */
function* machineMade(text: string): Iterable<Hit> {
  for (const match of text.matchAll(/[A-Za-z0-9_-]{20,}/g)) {
    const value = match[0];
    if (value.length > 4096 || isId(value) || !mixed(value) || inIdPlace(text, match.index, value.length)) continue;
    yield { rule: "high-entropy", value, at: match.index };
  }
}

const isId = (value: string): boolean =>
  /^(?:[0-9a-fA-F-]+|(?:trace|span|resp|msg|call|fc|rs|group|conv|item|run|thread|chatcmpl|tool|toolu|asst|req|ws|mcp|mcpl|mcpr)_?[-_][A-Za-z0-9_-]+)$/.test(value);

function mixed(value: string): boolean {
  const body = value.replace(/[_-]/g, "");
  const digits = body.replace(/\D/g, "").length;
  if (digits < 3 || !/[a-z]/.test(body) || !/[A-Z]/.test(body)) return false;
  let turns = 0;
  for (let at = 1; at < body.length; at += 1) if (classOf(body.charAt(at)) !== classOf(body.charAt(at - 1))) turns += 1;
  return turns / body.length >= 0.3 && entropy(body) >= 3.5;
}

const classOf = (char: string): number => (char >= "0" && char <= "9" ? 0 : char >= "a" ? 1 : 2);

/** Bits a character, of the text itself. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}

/** The value is all there is to a member whose name ends in id, in pretty JSON or YAML. */
function inIdPlace(text: string, at: number, length: number): boolean {
  const start = text.lastIndexOf("\n", at - 1) + 1;
  const end = text.indexOf("\n", at + length);
  return /^\s*(?:- )?"?(?:[a-z_]*_)?(?:ids?|span|digest)"?:\s*"?$/.test(text.slice(Math.max(start, at - 80), at)) && /^"?,?\s*$/.test(text.slice(at + length, end < 0 ? text.length : Math.min(end, at + length + 4)));
}
