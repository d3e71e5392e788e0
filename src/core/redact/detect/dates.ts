import type { Emit } from "../hit.ts";
import { before, type Survey } from "../survey.ts";
import { dateSource } from "./plausible.ts";

const birth = /\b(?:d\.?o\.?b\b\.?|date\s+of\s+birth|birth\s?da(?:te|y)|born|geboren|naissance|nacimiento|nacida|nato)\b/i;
const dates = new RegExp(`(?<![\\w-])${dateSource}(?![\\w-])`, "gi");

/** A date near before which somebody is born, on the same line or table row. */
export function findBirthDates({ text, cues }: Survey, emit: Emit): void {
  for (const at of cues.birth)
    for (const match of text.slice(at, at + 80).matchAll(dates)) {
      const head = before(text, at + match.index, 48 + 12);
      if (birth.test(head.slice(head.lastIndexOf("\n") + 1)))
        emit({ start: at + match.index, end: at + match.index + match[0].length, kind: "DOB", tier: "certain", rule: "birth-date" });
    }
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** `YYYY-MM-DD` of a date in any form we find, else undefined. `4/5/1990` is read month first, as most that write it do. */
export function isoDate(text: string): string | undefined {
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})/.exec(text) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (iso !== null) return join(iso[1], iso[2], iso[3]);
  const called = /\((\d{4}), ?(\d{1,2}), ?(\d{1,2})/.exec(text);
  if (called !== null) return join(called[1], called[2], called[3]);
  const named = /([a-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})/i.exec(text);
  if (named !== null) return join(named[3], String(months.indexOf((named[1] ?? "").toLowerCase()) + 1), named[2]);
  const turned = /(\d{1,2})(?:st|nd|rd|th)?\s(?:of\s)?([a-z]{3})[a-z]*\.?,?\s(\d{4})/i.exec(text);
  if (turned !== null) return join(turned[3], String(months.indexOf((turned[2] ?? "").toLowerCase()) + 1), turned[1]);
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
  // Every form has a year or a day in digits; a month's name stands at most 12 characters before them.
  for (const number of text.matchAll(/\d{1,8}/g)) {
    if (number.index < last) continue;
    const from = Math.max(last, number.index - 12);
    dateHere.lastIndex = number.index;
    const match = dateHere.exec(text) ?? named(text, from, number.index);
    if (match === null || /[\w-]/.test(text[match.index - 1] ?? "")) continue;
    last = match.index + match[0].length;
    const iso = isoDate(match[0]);
    if (iso !== undefined) yield { start: match.index, end: last, iso };
  }
}
const dateHere = new RegExp(`${dateSource}(?![\\w-])`, "iy");
const lettersBefore = /[A-Za-z]{3,9}\.?\s{1,2}$/;
function named(text: string, from: number, at: number): RegExpExecArray | null {
  const word = lettersBefore.exec(text.slice(from, at));
  if (word === null) return null;
  dateHere.lastIndex = from + word.index;
  return dateHere.exec(text);
}
