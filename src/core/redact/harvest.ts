import { canonicalOf, foldText } from "./canonical.ts";
import { isNoName } from "./detect/persons.ts";
import { longestPattern, type Matcher, type Pattern } from "./matcher.ts";

/**
 * What a trace (or a batch) revealed: values that identify somebody, to be masked wherever else they stand. Each is kept in
 * memory only, folded, with the forms derived from it.
 */
export type Harvest = {
  /** Folded text of a pattern → the pattern. */
  readonly patterns: Map<string, Pattern>;
  /** Canonical digits of phones, cards, ids → kind. */
  readonly digits: Map<string, string>;
  /** ISO dates of birth. */
  readonly dates: Set<string>;
};

export const emptyHarvest = (): Harvest => ({ patterns: new Map(), digits: new Map(), dates: new Set() });

const common = new Set(
  `root admin user guest test node app default system assistant anonymous none runner postgres ubuntu public private main master home work male female other visa mastercard amex discover paypal
  credit debit card cash mr mrs ms dr usa true false null active inactive pending open closed new old primary secondary name first last full email phone address string number value key token secret password economy
  business basic gold silver regular customer passenger agent member manager support service team the and for with from this that not are was has have can will may might must date time day week month year flight order
  city state street country lane road drive avenue suite unit apt floor north south east west upper lower good great best hello thanks please yes okay sure april june august august rose will mark bill grant chase`.split(/\s+/),
);

/** Numbers that a year, a price or a counter could be as well. */
const yearLike = /^(?:19|20)\d\d$/;

/** Notes one value of a kind; `strong` values only are kept when `strongOnly` (for a whole corpus). */
export function note(harvest: Harvest, kind: string, value: string, tier: "certain" | "likely"): void {
  const folded = foldText(value);
  if (folded.length < 2 || folded.length > longestPattern || /^\[[a-z]/.test(folded)) return;
  switch (kind) {
    case "NAME":
      return noteName(harvest, value, tier);
    case "DOB": {
      const iso = canonicalOf("DOB", value);
      if (/^\d{4}-\d\d-\d\d$/.test(iso)) harvest.dates.add(iso);
      return;
    }
    case "EMAIL": {
      add(harvest, kind, folded, tier, { bounded: true });
      const local = value.split("@")[0] ?? "";
      if (/[._\d]/.test(local) && local.length >= 6) add(harvest, "USER_ID", foldText(local), "likely", { bounded: true });
      return;
    }
    case "PHONE":
    case "CARD":
    case "IBAN":
    case "ID":
    case "ACCOUNT": {
      const digits = value.replace(/\D/g, "");
      if (/^(\d)\1*$/.test(digits)) return;
      if (digits.length >= 6) {
        const canonical = canonicalOf(kind, value);
        harvest.digits.set(canonical, kind);
        if (kind === "PHONE" && digits.length > 10) harvest.digits.set(digits.slice(-10), kind);
      }
      if (digits.length === folded.length && digits.length < 6) return noteNumber(harvest, kind, folded, tier);
      if (folded.length >= 5) add(harvest, kind, folded, tier, { bounded: true });
      return;
    }
    case "ZIP":
      if (/^\d+$/.test(folded)) return noteNumber(harvest, kind, folded, tier);
      if (folded.length >= 5) add(harvest, kind, folded, tier, { bounded: true });
      return;
    case "CITY":
      if (folded.length >= 4 && !common.has(folded)) add(harvest, kind, folded, tier, { bounded: true, care: "capital" });
      return;
    case "ADDRESS":
      if (folded.length >= 6 && (/\d/.test(folded) ? /\p{L}/u.test(folded) : folded.includes(" "))) add(harvest, kind, folded, tier, { bounded: true });
      return;
    case "USER_ID":
    case "PAYMENT_ID":
      if (/^\d+$/.test(folded) ? folded.length >= 6 : folded.length >= 4 && !common.has(folded) && (/\d|[^a-z]/.test(folded) || folded.length >= 7)) add(harvest, kind, folded, tier, { bounded: true });
      return;
    case "SECRET":
    case "PASSWORD":
      if (value.length >= 6 && !common.has(folded) && (/[\d\W_]/.test(value) || value.length >= 12)) add(harvest, kind, folded, tier, { bounded: value.length < 10 });
      return;
    case "IP":
    case "MAC":
      if (value.length >= 7) add(harvest, kind, folded, tier, { bounded: true });
      return;
    default:
      if (folded.length >= 6 && /\d/.test(folded)) add(harvest, kind, folded, tier, { bounded: true });
  }
}

function noteNumber(harvest: Harvest, kind: string, folded: string, tier: "certain" | "likely"): void {
  if (folded.length < 4 || yearLike.test(folded) || /^(\d)\1+$/.test(folded) || folded.endsWith("000")) return;
  add(harvest, kind, folded, tier, { bounded: true, care: "digits" });
}

/** A name whole, its parts alone, joined, turned round, and as the initial with the last name. */
function noteName(harvest: Harvest, value: string, tier: "certain" | "likely"): void {
  const words = value.replace(/\b(?:Mr|Mrs|Ms|Mx|Dr|Prof|Jr|Sr|II|III)\b\.?/g, "").split(/[\s,]+/).filter((word) => /\p{L}/u.test(word));
  if (words.length === 0 || words.length > 6) return;
  const folded = words.map(foldText).filter((word) => word !== "");
  for (const [i, word] of folded.entries())
    if (word.length >= 2 && !common.has(word) && !isNoName(words[i] ?? "")) add(harvest, "NAME", word, tier, { bounded: true, care: "capital" });
  const first = folded[0] ?? "";
  const last = folded.at(-1) ?? "";
  if (folded.length < 2) return;
  const joined = (text: string): void => add(harvest, "NAME", text, tier, { bounded: true });
  joined(folded.join(" "));
  joined(`${last} ${first}`);
  if (first.length + last.length >= 6) joined(first + last);
  joined(`${last}, ${first}`);
  // What logins are made of: `mli`.
  if (last.length >= 5) joined(first.slice(0, 1) + last);
  if (last.length >= 3) add(harvest, "NAME", `${first.slice(0, 1)} ${last}`, tier, { bounded: true, care: "capital" });
}

function add(harvest: Harvest, kind: string, text: string, tier: "certain" | "likely", how: { readonly bounded: boolean; readonly care?: "capital" | "digits" }): void {
  addPattern(harvest, { text, kind, tier, rule: "seen-elsewhere", ...how });
}

/** The surer of two patterns of one text stays, and the one that is looked for with less care. */
function addPattern({ patterns }: Harvest, pattern: Pattern): void {
  const known = patterns.get(pattern.text);
  if (known !== undefined && (known.tier === "certain" || pattern.tier === "likely") && (known.care === undefined || pattern.care !== undefined)) return;
  patterns.set(pattern.text, pattern);
}

/** What a harvest holds, to be kept for long and added to others: lists, which take a tenth of the room. */
export type Notes = { readonly patterns: readonly Pattern[]; readonly digits: readonly (readonly [value: string, kind: string])[]; readonly dates: readonly string[] };
const none: readonly never[] = [];

/** The notes of a harvest. */
export const notesOf = ({ patterns, digits, dates }: Harvest): Notes => ({
  patterns: patterns.size === 0 ? none : [...patterns.values()],
  digits: digits.size === 0 ? none : [...digits],
  dates: dates.size === 0 ? none : [...dates],
});

/** Adds what was noted elsewhere. */
export function merge(into: Harvest, { patterns, digits, dates }: Notes): void {
  for (const pattern of patterns) addPattern(into, pattern);
  for (const [value, kind] of digits) into.digits.set(value, kind);
  for (const date of dates) into.dates.add(date);
}

/** What several traces revealed and is not looked for anyway, each text once: with no more care than the least careful of them takes. */
export function unionOf(harvests: Iterable<Harvest>, anyway: Pick<Matcher, "covers">): Iterable<Pattern> {
  const union = new Map<string, Pattern>();
  for (const { patterns } of harvests)
    for (const pattern of patterns.values()) {
      const known = union.get(pattern.text);
      if (known === pattern) continue;
      if (known === undefined) {
        if (!anyway.covers(pattern)) union.set(pattern.text, pattern);
      } else if (known.bounded !== pattern.bounded || known.care !== pattern.care) union.set(pattern.text, { ...known, bounded: known.bounded && pattern.bounded, care: known.care === pattern.care ? known.care : undefined });
    }
  return union.values();
}

/** Whether a pattern identifies somebody in other traces, too: long, and no name that thousands bear. */
export function isStrong(pattern: Pattern): boolean {
  if (pattern.care !== undefined) return false;
  const { text, kind } = pattern;
  if (kind === "NAME") return text.includes(" ") && text.length >= 5;
  if (kind === "ADDRESS") return text.length >= 10 && /^\d/.test(text);
  if (kind === "USER_ID" || kind === "PAYMENT_ID") return text.length >= 7 && /\d/.test(text);
  return text.length >= 8;
}
