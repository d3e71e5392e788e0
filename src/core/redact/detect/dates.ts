import type { Emit } from "../hit.ts";
import { before, type Survey } from "../survey.ts";
import { dateSource } from "./plausible.ts";

const birth = /(?<![\p{L}])(?:d\.?o\.?b\b\.?|date\s+of\s+birth|birth\s?da(?:te|y)|born|geboren|geburts\p{L}*|geb\.|naissance|nacimiento|nacid[ao]|nascit\p{L}*|nascid[ao]|nasc\.?|nat[ao]|urodz\p{L}*|ur\.)(?!\p{L})/iu;
const beside = /(?<!\p{L})(?:(?:son|daughter|child|baby|wife|husband) (?:\p{Lu}[\p{L}-]{1,16} ){0,2}\(|n[ée]e?(?:\(e\))? le|nac[ií](?: el)?|nasci em|f[öo]dd|syntynyt|do[gğ]um\p{L}*|ur(?:odzon[ya])?\.?)\s{0,2}:?\s{0,2}$/iu;
/** Asked for in one line and said in the next. */
const asked = /(?:birth|birthday|born|dob)\?\s{0,2}\n[^\n:]{0,24}:? ?$/i;
const dates = new RegExp(`(?<![\\w-])${dateSource}(?![\\w-])`, "gi");

/** A date near before which somebody is born, on the same line or table row. */
export function findBirthDates(survey: Survey, emit: Emit): void {
  const { text, cues } = survey;
  findBesides(survey, emit);
  for (const at of cues.birth) {
    const around = text.slice(at, at + 80);
    // A date begins at most a month's name before its digits, and ends in one.
    const digits = around.search(/\d/);
    if (digits < 0) continue;
    dates.lastIndex = Math.max(0, digits - 16);
    for (let match = dates.exec(around); match !== null; match = dates.exec(around)) {
      const head = before(text, at + match.index, 48 + 12);
      if (birth.test(head.slice(head.lastIndexOf("\n") + 1)) || asked.test(head))
        emit({ start: at + match.index, end: at + match.index + match[0].length, kind: "DOB", tier: "certain", rule: "birth-date" });
    }
  }
}

/** A date whose word of birth does not begin in ASCII, or comes after it (`28.06.1980 geboren`): looked for where numbers may be dates. */
function findBesides({ text, numbers }: Survey, emit: Emit): void {
  for (let i = 0; i < numbers.length; i += 3) {
    const at = numbers[i] ?? 0;
    const size = (numbers[i + 1] ?? 0) - at;
    if (size < 8 || size > 10 || !/^\d{1,4}[-./]\d{1,2}[-./]\d{2,4}$/.test(text.slice(at, at + size))) continue;
    if (beside.test(before(text, at, 32)) || /^,? (?:in \p{Lu}\p{L}+ )?geboren/u.test(text.slice(at + size, at + size + 32))) emit({ start: at, end: at + size, kind: "DOB", tier: "certain", rule: "birth-date" });
  }
}

/** Months by how their names begin, in the languages of `dateSource`. */
const months = ["jan|gen|ene", "feb|fev|fév", "mar|mär|maa", "apr|avr|abr", "may|mai|mei|mag", "jun|jui|giu", "jul|lug", "aug|aoû|aou|ago", "sep|set", "oct|okt|out|ott", "nov", "dec|dez|déc|dic"].map((names) => names.split("|"));
const monthOf = (name: string): string => (name.startsWith("juil") ? "7" : String(months.findIndex((names) => names.includes(name.slice(0, 3))) + 1));

/** `YYYY-MM-DD` of a date in any form we find, else undefined. `4/5/1990` is read month first, as most that write it do. */
export function isoDate(text: string): string | undefined {
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})/.exec(text) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (iso !== null) return join(iso[1], iso[2], iso[3]);
  const called = /\((\d{4}), ?(\d{1,2}), ?(\d{1,2})/.exec(text);
  if (called !== null) return join(called[1], called[2], called[3]);
  const named = /(\p{L}{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})/iu.exec(text);
  if (named !== null) return join(named[3], monthOf((named[1] ?? "").toLowerCase()), named[2]);
  const turned = /(\d{1,2})(?:st|nd|rd|th|er|\.)?(?:\s(?:of\s|de\s|den\s)?|-)(\p{L}{3,10})\.?,?(?:\s(?:de\s)?|-)(\d{4})/iu.exec(text);
  if (turned !== null) return join(turned[3], monthOf((turned[2] ?? "").toLowerCase()), turned[1]);
  const slashed = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})$/.exec(text);
  if (slashed === null) return undefined;
  const [, a = "", b = "", year = ""] = slashed;
  const full = year.length === 4 ? year : Number(year) > 30 ? `19${year}` : `20${year}`;
  return Number(a) > 12 ? join(full, b, a) : join(full, a, b);
}

const join = (year = "", month = "", day = ""): string | undefined =>
  Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31 ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : undefined;

/** All dates of a text with their ISO form, for matching what was harvested. */
export function* datesOf(text: string): Generator<{ readonly start: number; readonly end: number; readonly iso: string }> {
  let last = 0;
  let end = 0;
  // Every form has a year or a day in digits; a month's name stands at most 12 characters before them.
  for (;;) {
    figures.lastIndex = end;
    if (!figures.test(text)) return;
    const from = end;
    end = figures.lastIndex;
    let at = end - 1;
    while (at > from && end - at < 8 && isDigit(text.charCodeAt(at - 1))) at -= 1;
    if (at < last || !mayBeDate(end - at, text.charCodeAt(end))) continue;
    dateHere.lastIndex = at;
    const match = dateHere.exec(text) ?? (end - at < 3 ? named(text, Math.max(last, at - 12), at) : null);
    if (match === null || /[\w-]/.test(text[match.index - 1] ?? "")) continue;
    last = match.index + match[0].length;
    const iso = isoDate(match[0]);
    if (iso !== undefined) yield { start: match.index, end: last, iso };
  }
}
const figures = /\d{1,8}/g;
const isDigit = (code: number): boolean => code >= 48 && code <= 57;
/** Whether a date may begin with so many digits, or have its day in them, when this character follows. */
const mayBeDate = (size: number, next: number): boolean => size === 8 || ((size < 3 || size === 4) && !Number.isNaN(next) && (next === 45 || next === 46 || next === 47 || (size < 3 && (next === 32 || next === 44 || (next > 8 && next < 14) || next > 64))));
const dateHere = new RegExp(`${dateSource}(?![\\w-])`, "iy");
const lettersBefore = /[A-Za-z]{3,9}\.?\s{1,2}$/;
function named(text: string, from: number, at: number): RegExpExecArray | null {
  // A blank of some kind must stand between.
  const blank = text.charCodeAt(at - 1);
  if (blank > 32 && blank < 128) return null;
  const word = lettersBefore.exec(text.slice(from, at));
  if (word === null) return null;
  dateHere.lastIndex = from + word.index;
  return dateHere.exec(text);
}
