/** The part of a text that can be a value of a kind: offsets into it. */
export type Part = { readonly start: number; readonly end: number };

const nothing = /^(?:null|none|nil|undefined|unknown|n\/?a|not (?:provided|available|set|specified)|true|false|yes|no|string|number|integer|boolean|object|array|any|str|int|float|bool|test|tbd|todo|-+|\*+|\.+|x+|redacted|hidden|required|optional|default|empty|self|this|me|you|user|admin|root|guest|system|assistant|anonymous|nobody|everyone|all|other|none given)$/i;
const token = /^\[[A-Z][A-Z0-9_]*(?::[a-z2-7]{16})?\]$/;
const month =
  "(?:jan(?:uar[yi]?)?|feb(?:ruar[yi]?)?|mar(?:ch|zo|s|ço)?|m(?:ä|aa)rz?t?|apr(?:il|ile)?|may|ma[iy]o?|mei|maggio|june?|juni|july?|juli|aug(?:ust|ustus)?|sept?(?:ember|embre|iembre)?|o[ck]t(?:ober|obre)?|nov(?:ember|embre|iembre)?|de[cz](?:ember|embre|iembre)?|janvier|f[ée]vrier|avril|juin|juillet|ao[uû]t|d[ée]cembre|enero|febrero|abril|junio|julio|agosto|octubre|diciembre|janeiro|fevereiro|junho|julho|setembro|outubro|novembro|dezembro|gennaio|febbraio|giugno|luglio|settembre|ottobre|dicembre)";
export const dateSource = `(?:(?:19|20)\\d{2}[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\\d|3[01])|(?:0?[1-9]|[12]\\d|3[01])[-/.](?:0?[1-9]|[12]\\d|3[01])[-/.](?:(?:19|20)\\d{2}|\\d{2})|${month}\\.?\\s{1,2}\\d{1,2}(?:st|nd|rd|th)?,?\\s{1,2}(?:19|20)\\d{2}|\\d{1,2}(?:st|nd|rd|th|er|\\.)?(?:\\s(?:of\\s|de\\s|den\\s)?|-)${month}\\.?,?(?:\\s(?:de\\s)?|-)(?:19|20)\\d{2}|(?:19|20)\\d{6}(?!\\d))`;
const date = new RegExp(`(?<!\\w)${dateSource}(?!\\w)`, "i");
const lead = /^(?:(?:now|actually|also|the|a|an|my|is|are|currently|registered|listed|under|as|it's|its)\s+){0,3}/i;

const forms: Readonly<Record<string, RegExp>> = {
  NAME: /^\p{Lu}[\p{L}'’.-]{0,30}(?: (?:de|da|van|von|der|bin|bint|al|el|la|di|den|dos|\p{Lu}[\p{L}'’.-]{0,30})){0,4}(?=$|[\s,.;:!?()*/|-])/u,
  EMAIL: /^[^\s@]{1,64}@[^\s@,;]{2,200}[^\s@,;.!?)*]/,
  PHONE: /^\+?\(?\d[\d\s().\-/]{5,20}\d/,
  DOB: date,
  ZIP: /^(?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4} ?[A-Z]{2}|\d{3,6}|\d{2}-\d{3}|\d{5}-\d{3})(?![\w-])/i,
  ADDRESS: /^\d{1,6}[A-Za-z]?[ ,/-]{1,2}[\p{L}\p{N} .,'#-]{4,90}/u,
  CITY: /^\p{Lu}[\p{L}'’.-]{1,30}(?: \p{Lu}[\p{L}'’.-]{1,30}){0,3}/u,
  ID: /^[A-Z]{1,3}[- ][A-Z]{1,3}[- ]?\d{1,4}(?!\w)|^(?=[^\s]{0,30}\d)[A-Za-z0-9][A-Za-z0-9./-]{1,30}(?: \d{1,6}){0,3}(?: [A-Z]{1,3} ?\d{1,6}| [A-Z]{2,3})?(?![A-Za-z])/,
  IBAN: /^[A-Z]{2}\d{2}[A-Z\d -]{10,36}/i,
  ACCOUNT: /^(?=[^\s]{0,40}\d)[A-Za-z0-9][A-Za-z0-9-]{4,64}/,
  CARD: /^(?:\d[\d -]{2,22}\d|\d{3,4}|\d{1,2}\/\d{2,4})(?!\d)/,
  USER_ID: /^@[\p{L}_][\p{L}\p{N}_.]{2,38}[\p{L}\p{N}]|^[A-Z]{2,4} \d{5,}(?![\p{L}\p{N}])|^@?(?=[^\s]{0,64}[\d_.-])[\p{L}\p{N}][\p{L}\p{N}_.@#-]{2,62}[\p{L}\p{N}]/u,
  PAYMENT_ID: /^(?=[^\s]{0,64}\d)[A-Za-z0-9][A-Za-z0-9_-]{5,63}/,
  IP: /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]{6,39})/i,
  GEO: /^-?\d{1,3}\.\d{3,15}(?:\s?,\s?-?\d{1,3}\.\d{3,15})?/,
  SALARY: /^[$€£]?\s?\d[\d.,]{2,14}k?/i,
};

/**
 * Whether a value under a name of this kind is one, and which part of it: `exact` for a whole JSON string or quoted
 * value (looked at more kindly), else the beginning of the rest of a line.
 */
export function plausible(kind: string, value: string, { exact }: { exact: boolean }): Part | undefined {
  const text = value.trim();
  if (text === "" || text.includes("\u00a4") || nothing.test(text) || token.test(text)) return undefined;
  const offset = value.indexOf(text);
  if (exact && whole(kind, text)) return { start: offset, end: offset + text.length };
  const skipped = exact ? 0 : (lead.exec(text)?.[0].length ?? 0);
  const rest = text.slice(skipped);
  const found = forms[kind]?.exec(rest);
  if (found === null || found === undefined || nothing.test(found[0])) return undefined;
  // A sentence ends where a point follows a word that is no initial.
  const body = (kind === "NAME" ? found[0].replace(/(?<=\p{Ll}{2})\.\s.*$/su, "") : found[0]).replace(/[\s.,;:!?*)-]+$/, "");
  if (body.length < 2) return undefined;
  const start = offset + skipped + found.index;
  return { start, end: start + body.length };
}

/** Values that stand alone in a member: kinder than in prose, where anything may follow. */
function whole(kind: string, text: string): boolean {
  switch (kind) {
    case "NAME":
      return text.length <= 60 && !/^[\w-]+\.[a-z]{1,5}$/.test(text) && /^[\p{L}\p{M}'’. ,()-]+$/u.test(text) && text.split(/\s+/).length <= 5 && /\p{L}/u.test(text);
    case "EMAIL":
      return text.length <= 254 && /^[^\s@]+@[^\s@]+$/.test(text);
    case "PHONE":
      return text.length <= 30 && text.replace(/\D/g, "").length >= 6 && /^[+\d\s().\-/extEXT#,]+$/.test(text);
    case "DOB":
      return text.length <= 40 && (date.test(text) || /^\d{4}$|\(\d{4}, ?\d{1,2}, ?\d{1,2}/.test(text));
    case "ADDRESS":
      return text.length <= 120 && /[\p{L}\d]/u.test(text) && !/[{}<>=;]/.test(text);
    case "CITY":
      return text.length <= 40 && /^[\p{L}\p{M}'’. -]+$/u.test(text);
    case "ZIP":
      return text.length <= 12 && /\d/.test(text);
    case "USER_ID":
      return text.length <= 64 && text.length >= 3 && (/^\S+$/.test(text) || /^[A-Z]{1,4} \d{4,}$/.test(text)) && !/[{}<>=;()]/.test(text);
    case "IP":
      return text.length <= 64 && /^[\da-f.:/%]+$/i.test(text) && /\d/.test(text);
    case "GEO":
    case "SALARY":
      return text.length <= 40 && /\d/.test(text);
    case "CARD":
      return text.length <= 24 && /^[\d\s*xX•/-]+$/.test(text) && /\d/.test(text);
    default:
      return text.length <= 64 && /\d/.test(text) && text.split(/\s+/).length <= 8;
  }
}
