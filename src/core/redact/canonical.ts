import { isoDate } from "./detect/dates.ts";

const cache = new Map<string, string>();

/** One character as matching sees it: lower-case, accents off, every separator a space. */
export function foldChar(char: string): string {
  const known = cache.get(char);
  if (known !== undefined) return known;
  const bare = char.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const made = /^[\s_\-.]$/.test(char) || /^\p{Zs}$/u.test(char) ? " " : bare.length === 1 ? bare : char.toLowerCase().slice(0, 1);
  cache.set(char, made);
  return made;
}

/** A value with case, accents and separators folded: `Mia  Li`, `mia_li` and `MIA-LI` are `mia li`. */
export function foldText(text: string): string {
  if (ascii.test(text)) {
    const small = text.toLowerCase();
    return separated.test(small) ? small.replace(separators, " ").trim() : small;
  }
  let out = "";
  // Asking what has grown so far how it ends would copy all of it every time.
  let last = " ";
  for (let i = 0; i < text.length; i += 1) {
    const char = foldChar(text[i] ?? "");
    if (char === " " && last === " ") continue;
    out += char;
    last = char;
  }
  return out.trimEnd();
}

// oxlint-disable-next-line no-control-regex -- all of ASCII, control characters too
const ascii = /^[\u0000-\u007f]*$/;
const separated = /[\s_\-.]/;
const separators = /[\s_\-.]+/g;

/** The words of a name: what each has a token of its own, so that `Mia` alone and `Mia Li` agree. */
export const wordsOfName = (name: string): string[] => name.match(nameWord) ?? [];
export const nameWord = /[\p{L}\p{M}\p{N}'’]+/gu;

const numeric = new Set(["PHONE", "CARD", "IBAN", "ID", "ACCOUNT"]);
const exact = new Set(["SECRET", "PASSWORD", "BLOB", "BINARY"]);

/**
 * The form of a value that its token is made of, so that writings of the same thing share one token: dates as ISO,
 * numbers without separators, a North American phone without its 1, names and addresses folded, secrets as they are.
 */
export function canonicalOf(kind: string, value: string): string {
  if (exact.has(kind)) return value;
  if (kind === "DOB") return isoDate(value.trim()) ?? foldText(value);
  if (numeric.has(kind)) {
    const compact = value.replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();
    return kind === "PHONE" && /^1\d{10}$/.test(compact) ? compact.slice(1) : compact;
  }
  return kind === "EMAIL" ? value.trim().toLowerCase() : foldText(value);
}
