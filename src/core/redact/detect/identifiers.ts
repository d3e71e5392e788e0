import type { Emit } from "../hit.ts";
import * as check from "./checksum.ts";

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

const start = "(?<![\\w.-])";
const end = "(?![\\w]|[-.]\\d)";
const rows: readonly Row[] = [
  { rule: "iban", kind: "IBAN", pattern: /(?<![\w])[A-Z]{2}\d{2}(?:[ -]?[A-Z\d]{4}){2,7}(?:[ -]?[A-Z\d]{1,4})?(?![A-Za-z\d])/gi, holds: check.iban },
  { rule: "us-ssn", kind: "ID", pattern: new RegExp(`${start}(?!000|666|9\\d\\d)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}${end}`, "g") },
  { rule: "us-ssn", kind: "ID", pattern: new RegExp(`${start}(?!000|666|9\\d\\d)\\d{3} ?(?!00)\\d{2} ?(?!0000)\\d{4}${end}`, "g"), near: /\bssn|social\s+security/i },
  { rule: "us-itin", kind: "ID", pattern: new RegExp(`${start}9\\d{2}-(?:5\\d|6[0-5]|7\\d|8[0-8]|9[0-24-9])-\\d{4}${end}`, "g") },
  { rule: "us-ein", kind: "ID", pattern: new RegExp(`${start}\\d{2}-\\d{7}${end}`, "g"), near: /\bein\b|employer|tax/i, tier: "likely" },
  { rule: "us-routing", kind: "ACCOUNT", pattern: new RegExp(`${start}\\d{9}${end}`, "g"), holds: check.aba, near: /routing|\baba\b/i },
  { rule: "bank-account", kind: "ACCOUNT", pattern: new RegExp(`${start}\\d{6,17}${end}`, "g"), near: /account\s*(?:number|no|#|num)|acct|sort\s*code/i, tier: "likely" },
  { rule: "passport", kind: "ID", pattern: /(?<![\w-])[A-Z]{0,2}\d{6,9}[A-Z]?(?![\w-])/gi, near: /passport/i, tier: "likely" },
  { rule: "driver-license", kind: "ID", pattern: /(?<![\w-])[A-Z]{0,3}\d[\dA-Z-]{4,17}(?![\w-])/gi, near: /driv(?:er|ing)\S*\s+licen[cs]e|\bdl\s*(?:no|number|#)/i, tier: "likely" },
  { rule: "medical-record", kind: "ID", pattern: /(?<![\w-])[A-Z]{0,4}-?\d{5,12}(?![\w-])/gi, near: /\bmrn\b|medical\s+record|patient\s+(?:id|number)/i, tier: "likely" },
  { rule: "uk-nino", kind: "ID", pattern: /(?<![\w-])(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![\w-])/gi },
  { rule: "uk-nhs", kind: "ID", pattern: new RegExp(`${start}\\d{3}[ -]?\\d{3}[ -]?\\d{4}${end}`, "g"), holds: check.nhs, near: /\bnhs\b/i },
  { rule: "uk-sort-code", kind: "ACCOUNT", pattern: new RegExp(`${start}\\d{2}-\\d{2}-\\d{2}${end}`, "g"), near: /sort\s*code/i },
  { rule: "br-cpf", kind: "ID", pattern: new RegExp(`${start}\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}${end}`, "g"), holds: check.cpf },
  { rule: "br-cpf", kind: "ID", pattern: new RegExp(`${start}\\d{11}${end}`, "g"), holds: check.cpf, near: /\bcpf\b/i },
  { rule: "br-cnpj", kind: "ID", pattern: new RegExp(`${start}\\d{2}\\.\\d{3}\\.\\d{3}/\\d{4}-\\d{2}${end}`, "g"), holds: check.cnpj },
  { rule: "es-dni", kind: "ID", pattern: /(?<![\w-])[XYZ\d]\d{7}-?[A-Z](?![\w-])/g, holds: check.dni },
  { rule: "nl-bsn", kind: "ID", pattern: new RegExp(`${start}\\d{9}${end}`, "g"), holds: check.bsn, near: /\bbsn\b|burger/i },
  { rule: "pl-pesel", kind: "ID", pattern: new RegExp(`${start}\\d{11}${end}`, "g"), holds: check.pesel, near: /pesel/i },
  { rule: "fr-nir", kind: "ID", pattern: /(?<![\w.-])[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}(?![\w]|[-.]\d)/g, holds: check.nir },
  { rule: "it-codice-fiscale", kind: "ID", pattern: /(?<![\w-])[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?![\w-])/gi, holds: check.codiceFiscale },
  { rule: "de-steuer-id", kind: "ID", pattern: /(?<![\w.-])\d{2} ?\d{3} ?\d{3} ?\d{3}(?![\w]|[-.]\d)/g, holds: check.steuerId, near: /steuer|\bidnr\b|tax/i },
  { rule: "be-national", kind: "ID", pattern: /(?<![\w.-])\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}(?![\w]|[-.]\d)/g, holds: check.belgian },
  { rule: "fi-hetu", kind: "ID", pattern: /(?<![\w-])\d{6}[-+A-FU-Y]\d{3}[\dA-FHJ-NPR-Y](?![\w-])/g, holds: check.hetu },
  { rule: "no-fodselsnummer", kind: "ID", pattern: /(?<![\w.-])\d{6} ?\d{5}(?![\w]|[-.]\d)/g, holds: check.norwegian, near: /f(?:ø|o)dsels|personnummer|national/i },
  { rule: "se-personnummer", kind: "ID", pattern: /(?<![\w.-])(?:19|20)?\d{6}[-+]\d{4}(?![\w]|[-.]\d)/g, holds: (text) => check.birthLuhn(text.replace(/[-+]/, "").slice(-10)) },
  { rule: "za-id", kind: "ID", pattern: new RegExp(`${start}\\d{13}${end}`, "g"), holds: check.birthLuhn, near: /\bid\b|identity|south\s+africa/i },
  { rule: "cn-resident", kind: "ID", pattern: /(?<![\w.-])\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX](?![\w]|[-.]\d)/gi, holds: check.chinese },
  { rule: "kr-rrn", kind: "ID", pattern: /(?<![\w.-])\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-[1-8]\d{6}(?![\w]|[-.]\d)/g },
  { rule: "in-aadhaar", kind: "ID", pattern: /(?<![\w.-])[2-9]\d{3}[ -]\d{4}[ -]\d{4}(?![\w]|[ -.]\d)/g, holds: check.verhoeff },
  { rule: "in-pan", kind: "ID", pattern: /(?<![\w-])[A-Z]{3}[ABCFGHLJPT][A-Z]\d{4}[A-Z](?![\w-])/g },
  { rule: "au-tfn", kind: "ID", pattern: /(?<![\w.-])\d{3} ?\d{3} ?\d{3}(?![\w]|[-.]\d)/g, holds: check.tfn, near: /\btfn\b|tax\s+file/i },
  { rule: "ca-sin", kind: "ID", pattern: /(?<![\w.-])\d{3}[ -]\d{3}[ -]\d{3}(?![\w]|[-.]\d)/g, holds: check.luhn, near: /\bsin\b|social\s+insurance/i },
  { rule: "sg-nric", kind: "ID", pattern: /(?<![\w-])[STFG]\d{7}[A-Z](?![\w-])/g, holds: check.nric },
  { rule: "tr-kimlik", kind: "ID", pattern: new RegExp(`${start}[1-9]\\d{10}${end}`, "g"), holds: check.turkish, near: /kimlik|\btc\b|turk/i },
  { rule: "mx-curp", kind: "ID", pattern: /(?<![\w-])[A-Z][AEIOUX][A-Z]{2}\d{6}[HM][A-Z]{5}[A-Z\d]\d(?![\w-])/g },
  { rule: "imei", kind: "ID", pattern: new RegExp(`${start}\\d{15}${end}`, "g"), holds: check.luhn, near: /imei/i },
  { rule: "btc-address", kind: "ACCOUNT", pattern: /(?<![\w])(?:bc1[ac-hj-np-z02-9]{25,59})(?![\w])/g, tier: "likely" },
  { rule: "eth-address", kind: "ACCOUNT", pattern: /(?<![\w])0x[0-9a-fA-F]{40}(?![\w])/g, near: /wallet|address|eth|send|transfer|account/i, tier: "likely" },
];

/** Test numbers that payment providers publish: nobody's card, and what our own surrogates use. */
export const testCards: readonly string[] = ["4242424242424242", "5555555555554444", "378282246310005", "6011111111111117", "4000056655665556", "5200828282828210", "3056930009020004", "3566002020360505"];
const card = /(?<![\w.$-])(?:\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{1,7}|\d{4}[ -]\d{6}[ -]\d{5}|\d{13,19})(?![\w]|[-.]\d)/g;
const cardStart = /^(?:4|5[1-5]|2[2-7]|3[47]|3(?:0[0-5]|[68])|6(?:011|5|4[4-9]|2)|35|50|5[6-9]|6[37])/;
const fragment = /\b(?:card|visa|mastercard|amex|discover|debit|credit|account)\b[^\n\d]{0,40}?(?:ending|ends|ended|last\s+(?:four|4)(?:\s+digits)?|\bx{2,}|\*{2,})[^\n\d]{0,20}?(\d{4})(?!\d)|\b(?:ending|ends)\s+(?:in|with)[\s:*#]{1,4}(\d{4})(?!\d)|\blast\s+(?:four|4)(?:\s+digits)?[^\n\d]{0,20}?(\d{4})(?!\d)|(?:\*{4}|[xX•]{4})[\s*xX•-]{0,14}(\d{4})(?!\d)/gi;
const cvv = /\b(?:cvv2?|cvc2?|security\s+code)\b[^\n\d]{0,12}?(\d{3,4})(?!\d)/gi;

/** Payment cards (Luhn and a real issuer range; the published test numbers too, as they stand for real ones), their last four digits and codes. */
export function findCards(text: string, emit: Emit): void {
  for (const match of text.matchAll(card)) {
    const compact = match[0].replace(/\D/g, "");
    if (cardStart.test(compact) && check.luhn(compact)) emit({ start: match.index, end: match.index + match[0].length, kind: "CARD", tier: "certain", rule: "card" });
  }
  for (const [pattern, rule] of [[fragment, "card-last-four"], [cvv, "card-code"]] as const)
    for (const match of text.matchAll(pattern)) {
      const value = match.slice(1).find((group) => group !== undefined) ?? "";
      const at = match.index + match[0].length - value.length;
      emit({ start: at, end: at + value.length, kind: "CARD", tier: "certain", rule });
    }
}

/** National, bank and device identifiers of many countries: by check digit where there is one, else by a word near. */
export function findIdentifiers(text: string, emit: Emit): void {
  for (const row of rows) {
    if (row.near !== undefined && !row.near.test(text)) continue;
    for (const match of text.matchAll(row.pattern)) {
      if (row.near !== undefined && !row.near.test(text.slice(Math.max(0, match.index - 60), match.index + match[0].length + 20))) continue;
      const compact = match[0].replace(row.rule === "fi-hetu" || row.rule === "se-personnummer" ? / /g : /[ .\-/]/g, "").toUpperCase();
      if (row.holds !== undefined && !row.holds(compact)) continue;
      emit({ start: match.index, end: match.index + match[0].length, kind: row.kind, tier: row.tier ?? "certain", rule: row.rule });
    }
  }
}
