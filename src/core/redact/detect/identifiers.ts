import type { Emit } from "../hit.ts";
import { before, matchAt, placesOf, type Survey } from "../survey.ts";
import * as check from "./checksum.ts";
import { inDump } from "./dump.ts";

type Row = {
  readonly rule: string;
  readonly kind: string;
  /** Over the text; bounded, so linear. */
  readonly pattern: RegExp;
  readonly holds?: (compact: string) => boolean;
  /** Without one of these words near before it, the number is too common a shape to be sure of. */
  readonly near?: RegExp;
  readonly tier?: "certain" | "likely";
};

const end = "(?![\\w]|[-.]\\d)";
const rows: readonly Row[] = [
  { rule: "iban", kind: "IBAN", pattern: /[A-Z]{2}\d{2}(?:[ -]?(?:[A-Z]{4}(?=[ -]?\d)|(?=[A-Z]{0,3}\d)[A-Z\d]{4})){2,7}(?:[ -]?(?=[A-Z]{0,3}\d)[A-Z\d]{1,4})?(?![A-Za-z\d])/iy, holds: check.iban },
  { rule: "us-ssn", kind: "ID", pattern: new RegExp(`(?!000|666|9\\d\\d)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}${end}`, "y") },
  { rule: "us-ssn", kind: "ID", pattern: new RegExp(`(?!000|666|9\\d\\d)\\d{3} ?(?!00)\\d{2} ?(?!0000)\\d{4}${end}`, "y"), near: /\bssn|social\s+security/i },
  { rule: "us-itin", kind: "ID", pattern: new RegExp(`9\\d{2}-(?:5\\d|6[0-5]|7\\d|8[0-8]|9[0-24-9])-\\d{4}${end}`, "y") },
  { rule: "us-ein", kind: "ID", pattern: new RegExp(`\\d{2}-\\d{7}${end}`, "y"), near: /\bein\b|employer|tax/i, tier: "likely" },
  { rule: "us-routing", kind: "ACCOUNT", pattern: new RegExp(`\\d{9}${end}`, "y"), holds: check.aba, near: /routing|\baba\b/i },
  { rule: "bank-account", kind: "ACCOUNT", pattern: new RegExp(`\\d{6,17}${end}`, "y"), near: /account\s*(?:number|no|#|num)|acct|sort\s*code/i, tier: "likely" },
  { rule: "passport", kind: "ID", pattern: /[A-Z]{0,2}\d{6,9}[A-Z]?(?![\w-])/iy, near: /passport/i, tier: "likely" },
  { rule: "driver-license", kind: "ID", pattern: /[A-Z]{0,3}\d[\dA-Z-]{4,17}(?![\w-])/iy, near: /driv(?:er|ing)\S*\s+licen[cs]e|\bdl\s*(?:no|number|#)/i, tier: "likely" },
  { rule: "medical-record", kind: "ID", pattern: /[A-Z]{0,4}-?\d{5,12}(?![\w-])/iy, near: /\bmrn\b|medical\s+record|patient\s+(?:id|number)/i, tier: "likely" },
  { rule: "uk-nino", kind: "ID", pattern: /(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![\w-])/iy },
  { rule: "uk-nhs", kind: "ID", pattern: new RegExp(`\\d{3}[ -]?\\d{3}[ -]?\\d{4}${end}`, "y"), holds: check.nhs, near: /\bnhs\b/i },
  { rule: "uk-sort-code", kind: "ACCOUNT", pattern: new RegExp(`\\d{2}-\\d{2}-\\d{2}${end}`, "y"), near: /sort\s*code/i },
  { rule: "br-cpf", kind: "ID", pattern: new RegExp(`\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}${end}`, "y"), holds: check.cpf },
  { rule: "br-cpf", kind: "ID", pattern: new RegExp(`\\d{11}${end}`, "y"), holds: check.cpf, near: /\bcpf\b/i },
  { rule: "br-cnpj", kind: "ID", pattern: new RegExp(`\\d{2}\\.\\d{3}\\.\\d{3}/\\d{4}-\\d{2}${end}`, "y"), holds: check.cnpj },
  { rule: "es-dni", kind: "ID", pattern: /[XYZ\d]\d{7}-?[A-Z](?![\w-])/y, holds: check.dni },
  { rule: "nl-bsn", kind: "ID", pattern: new RegExp(`\\d{9}${end}`, "y"), holds: check.bsn, near: /\bbsn\b|burger/i },
  { rule: "pl-pesel", kind: "ID", pattern: new RegExp(`\\d{11}${end}`, "y"), holds: check.pesel, near: /pesel/i },
  { rule: "fr-nir", kind: "ID", pattern: /[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}(?![\w]|[-.]\d)/y, holds: check.nir },
  { rule: "it-codice-fiscale", kind: "ID", pattern: /[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?![\w-])/iy, holds: check.codiceFiscale },
  { rule: "de-steuer-id", kind: "ID", pattern: /\d{2} ?\d{3} ?\d{3} ?\d{3}(?![\w]|[-.]\d)/y, holds: check.steuerId, near: /steuer|\bidnr\b|tax/i },
  { rule: "be-national", kind: "ID", pattern: /\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}(?![\w]|[-.]\d)/y, holds: check.belgian },
  { rule: "fi-hetu", kind: "ID", pattern: /\d{6}[-+A-FU-Y]\d{3}[\dA-FHJ-NPR-Y](?![\w-])/y, holds: check.hetu },
  { rule: "no-fodselsnummer", kind: "ID", pattern: /\d{6} ?\d{5}(?![\w]|[-.]\d)/y, holds: check.norwegian, near: /f(?:ø|o)dsels|personnummer|national/i },
  { rule: "se-personnummer", kind: "ID", pattern: /(?:19|20)?\d{6}[-+]\d{4}(?![\w]|[-.]\d)/y, holds: (text) => check.birthLuhn(text.replace(/[-+]/, "").slice(-10)) },
  { rule: "za-id", kind: "ID", pattern: new RegExp(`\\d{13}${end}`, "y"), holds: check.birthLuhn, near: /\bid\b|identity|south\s+africa/i },
  { rule: "cn-resident", kind: "ID", pattern: /\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX](?![\w]|[-.]\d)/iy, holds: check.chinese },
  { rule: "kr-rrn", kind: "ID", pattern: /\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-[1-8]\d{6}(?![\w]|[-.]\d)/y },
  { rule: "in-aadhaar", kind: "ID", pattern: /[2-9]\d{3}[ -]\d{4}[ -]\d{4}(?![\w]|[ -.]\d)/y, holds: check.verhoeff },
  { rule: "in-pan", kind: "ID", pattern: /[A-Z]{3}[ABCFGHLJPT][A-Z]\d{4}[A-Z](?![\w-])/y },
  { rule: "au-tfn", kind: "ID", pattern: /\d{3} ?\d{3} ?\d{3}(?![\w]|[-.]\d)/y, holds: check.tfn, near: /\btfn\b|tax\s+file/i },
  { rule: "ca-sin", kind: "ID", pattern: /\d{3}[ -]\d{3}[ -]\d{3}(?![\w]|[-.]\d)/y, holds: check.luhn, near: /\bsin\b|social\s+insurance/i },
  { rule: "sg-nric", kind: "ID", pattern: /[STFG]\d{7}[A-Z](?![\w-])/y, holds: check.nric },
  { rule: "tr-kimlik", kind: "ID", pattern: new RegExp(`[1-9]\\d{10}${end}`, "y"), holds: check.turkish, near: /kimlik|\btc\b|turk/i },
  { rule: "mx-curp", kind: "ID", pattern: /[A-Z][AEIOUX][A-Z]{2}\d{6}[HM][A-Z]{5}[A-Z\d]\d(?![\w-])/y },
  { rule: "imei", kind: "ID", pattern: new RegExp(`\\d{15}${end}`, "y"), holds: check.luhn, near: /imei/i },
  { rule: "btc-address", kind: "ACCOUNT", pattern: /(?:bc1[ac-hj-np-z02-9]{25,59})(?![\w])/y, tier: "likely" },
  { rule: "eth-address", kind: "ACCOUNT", pattern: /0x[0-9a-fA-F]{40}(?![\w])/y, near: /wallet|address|eth|send|transfer|account/i, tier: "likely" },
];

/** Rows by what a candidate looks like: digits with separators, or a word of letters and digits. */
const words = new Set("iban passport driver-license medical-record uk-nino es-dni it-codice-fiscale fi-hetu cn-resident in-pan sg-nric mx-curp btc-address eth-address".split(" "));
const both = new Set("es-dni passport driver-license medical-record fi-hetu cn-resident".split(" "));
const ofWords = rows.filter((row) => words.has(row.rule));
const ofNumbers = rows.filter((row) => !words.has(row.rule) || both.has(row.rule));

/** Test numbers that payment providers publish: nobody's card, and what our own surrogates use. */
export const testCards: readonly string[] = ["4242424242424242", "5555555555554444", "378282246310005", "6011111111111117", "4000056655665556", "5200828282828210", "3056930009020004", "3566002020360505"];
const card = /(?:\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{1,7}|\d{4}[ -]\d{6}[ -]\d{5}|\d{13,19})(?!\w|[-.]\d)/y;
const cardStart = /^(?:4|5[1-5]|2[2-7]|3[47]|3(?:0[0-5]|[68])|6(?:011|5|4[4-9]|2)|35|50|5[6-9]|6[37])/;
const fragment = /(?:end(?:ing|s|ed)(?:\s+(?:in|with|on))?|last[\s-](?:four|4)(?:\s+digits)?(?:\s+(?:are|is|of)){0,2}|(?:\*{4}|x{4}|•{4}))[^\n\d]{0,20}?(\d{4})(?!\d)/iy;
const code = /(?:cvv2?|cvc2?|security\s+code)[^\n\d]{0,12}?(\d{3,4})(?!\d)/iy;

/** Payment cards (Luhn and a real issuer range), their last four digits and codes. */
export function findCards({ text, cues, numbers }: Survey, emit: Emit): void {
  for (let i = 0; i < numbers.length; i += 3) {
    const start = numbers[i] ?? 0;
    if ((numbers[i + 2] ?? 0) < 13) continue;
    for (const at of startsIn(text, start, numbers[i + 1] ?? 0)) {
      if (/[\w.$-]/.test(text[at - 1] ?? "")) continue;
      const raw = matchAt(card, text, at)?.[0];
      if (raw === undefined) continue;
      const compact = raw.replace(/\D/g, "");
      if (cardStart.test(compact) && check.luhn(compact) && !inDump(text, at)) emit({ start: at, end: at + raw.length, kind: "CARD", tier: "certain", rule: "card" });
    }
  }
  const stars = text.includes("****") || text.includes("••••") ? [...placesOf(text, "****"), ...placesOf(text, "••••")] : [];
  for (const [places, pattern, rule] of [[cues.ending, fragment, "card-last-four"], [stars, fragment, "card-last-four"], [cues.cardCode, code, "card-code"]] as const)
    for (const at of places) {
      const found = matchAt(pattern, text, at);
      const value = found?.[1];
      if (found === null || value === undefined) continue;
      const end = at + found[0].length;
      // `ending` alone ends many things: a card must be near.
      if (/^end/i.test(found[0]) && !/card|visa|mastercard|amex|discover|account|certificate|paypal|\b(?:in|with)\b/i.test(before(text, end, 60))) continue;
      emit({ start: end - value.length, end, kind: "CARD", tier: "certain", rule });
    }
}

const isWord = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95;

/** The places inside a number where a group of digits begins. */
function startsIn(text: string, start: number, end: number): number[] {
  const starts = [start];
  for (let i = start + 1; i < end && starts.length < 12; i += 1) {
    const code = text.charCodeAt(i);
    const back = text.charCodeAt(i - 1);
    if (code >= 48 && code <= 57 && (back === 32 || back === 40 || back === 47)) starts.push(i);
  }
  return starts;
}

/** National, bank and device identifiers of many countries: by check digit where there is one, else by a word near. */
export function findIdentifiers({ text, numbers, mixed }: Survey, emit: Emit): void {
  const tryRows = (candidates: readonly Row[], at: number): void => {
    const back = text.charCodeAt(at - 1);
    if (isWord(back) || ((back === 46 || back === 45) && isWord(text.charCodeAt(at - 2)))) return;
    let context: string | undefined;
    for (const row of candidates) {
      const raw = matchAt(row.pattern, text, at)?.[0];
      if (raw === undefined) continue;
      context ??= before(text, at, 60) + text.slice(at, at + 60).split("\f")[0];
      if (row.near !== undefined && !row.near.test(context)) continue;
      const compact = raw.replace(row.rule === "fi-hetu" || row.rule === "se-personnummer" ? / /g : /[ .\-/]/g, "").toUpperCase();
      if ((row.holds !== undefined && !row.holds(compact)) || (row.rule !== "us-ssn" && inDump(text, at))) continue;
      emit({ start: at, end: at + raw.length, kind: row.kind, tier: row.tier ?? "certain", rule: row.rule });
    }
  };
  for (let i = 0; i < numbers.length; i += 3) {
    const digits = numbers[i + 2] ?? 0;
    if (digits < 6) continue;
    const start = numbers[i] ?? 0;
    if (digits === 8 && /^(?:19|20)\d\d-\d\d-\d\d/.test(text.slice(start, start + 10))) continue;
    for (const at of startsIn(text, start, numbers[i + 1] ?? 0)) tryRows(ofNumbers, at);
    if (text.charCodeAt(start - 1) === 32 && /^[A-Z]{2} $/i.test(text.slice(start - 3, start))) tryRows(ofWords, start - 3);
  }
  for (let i = 0; i < mixed.length; i += 2) {
    const start = mixed[i] ?? 0;
    const size = (mixed[i + 1] ?? 0) - start;
    if (size >= 7 || /^[A-Za-z]{2}\d\d$/.test(text.slice(start, start + size))) tryRows(ofWords, start);
  }
}
