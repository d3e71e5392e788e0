import type { Emit } from "../hit.ts";
import { matchAt, type Survey } from "../survey.ts";
import { commonWords } from "./common-words.ts";
import { isNoName } from "./persons.ts";

const suffixes =
  "Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Way|Terrace|Ter|Square|Sq|Circle|Cir|Parkway|Pkwy|Highway|Hwy|Trail|Trl|Close|Crescent|Cres|Mews|Row|Alley|Plaza|Loop|Run|Gardens|Gdns|Parade|Pde|Grove|Walk|Hill|Rise|Esplanade|Wharf|Quay|Turnpike|Crossing|Marg|Nagar|Colony|Layout|STREET|AVENUE|AVE|ROAD|BOULEVARD|BLVD|LANE|DRIVE|COURT|TERRACE|SQUARE|PARKWAY|HIGHWAY|CRESCENT";
const word = "\\p{Lu}[\\p{L}'’.-]{1,24}";
/** `123B N. Main St W`: number, words, what kind of street. */
const street = new RegExp(`[1-9]\\d{0,5}[A-Za-z]?(?:[/-]\\d{1,4})?,? (?:(?:[NSEW]|N[EW]|S[EW])\\.? )?(?:${word} |\\d{1,3}(?:st|nd|rd|th) ){1,4}(?:${suffixes})(?![\\p{L}\\d])\\.?(?: (?:[NSEW]|N[EW]|S[EW])(?![\\p{L}\\d]))?`, "uy");
/** `Hauptstraße 12`, `Keizersgracht 4-2`, `Drottninggatan 5`: the kind of street is the word's end. */
const joined = /\p{Lu}[\p{L}-]{2,24}(?:straße|strasse|str\.|weg|allee|platz|gasse|ring|damm|ufer|markt|gracht|laan|plein|straat|singel|kade|dijk|steeg|baan|gatan|vägen|gränd|torget|katu|kuja|ntie|veien|gata|vej|gade|utca) \d{1,4}(?: ?[A-Za-z](?: \d{1,3})?(?![\p{L}\d]))?(?:-(?:\d{1,4}|[IVX]{1,4}(?!\p{L})))?(?![\d.,]\d)/uy;
/** `Am Alten Markt 18b`, before a code. */
const germanLead = /^(?:Am|Im|An|Auf|In|Unter|Zum|Zur|Alter?|Neuer?)$/;
const worded = /(?:Am|Im|An der|Auf der|Auf dem|In der|Unter den|Zum|Zur|Alte[rn]?|Neue[rn]?) (?:(?:\p{Lu}|alten |neuen )[\p{L}-]{1,20} ){1,3}\d{1,4} ?[a-z]?(?=,? ?\n?\d{5} \p{Lu})/uy;
/** `12 bis, rue des Lilas`, `Calle de Alcalá 5, 3º B`, `ul. Długa 4/12`. */
const before = /(?<![\p{L}\d])(?:\d{1,4}(?: ?(?:bis|ter|quater))?,? )?$/u;
const kinds = "(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Cc]alle|C/|[Aa]venida|[Aa]v\\.|[Pp]laza|[Pp]aseo|[Vv]ia|[Vv]iale|[Cc]orso|[Pp]iazza|[Rr]ua|[Tt]ravessa|[Cc]hemin|[Pp]lace|[Aa]llée|[Qq]uai|[Ii]mpasse|[Uu]l\\.|[Aa]l\\.|[Uu]lica|[Oo]s\\.)";
const named = new RegExp(`${kinds} (?:(?:d[aeou]s?|del|della|dei|degli|las?|los|le|les) |d[’']|l[’'])*(?:\\p{Lu}[\\p{L}'’.-]{1,24}|[XVI]{1,5})(?:[ -](?:(?:de|do|da|di|la|las|los|e|y|et|du|des) )?(?:\\p{Lu}|di\\b)[\\p{L}'’.-]{0,24}){0,4}`, "uy");
const houseAfter = /,? (?:[nN][º°.]? ?|No\.? )?\d{1,5}[A-Za-z]?(?:[/-](?:\d{1,4}|[A-Z](?![\w])))?(?:(?:,? (?:apto|apt|appartement|appt|app|piso|lokal|lok|m)\.? ?\d{1,4}|, \d{1,2}\.?[ºª°]\.?(?: ?(?:dto|dcha|drt|esq|izq|izda|izquierda|derecha|[A-Z](?![A-Za-z]))\.?)?))?(?![\d.,]\d)/iy;
const turkish = /(?:\p{Lu}[\p{L}]{2,20} (?:Mah(?:allesi|\.)?|Mh\.) )?\p{Lu}[\p{L}]{1,20} (?:Sok(?:ak|ağı|\.)?|Sk\.|Cad(?:desi|\.)?|Bulvarı)\.?,? No: ?\d{1,4}(?:[ ,/]{1,2}(?:D|Daire|Kat|K): ?\d{1,3}){0,2}(?:,? \p{Lu}[\p{L}]{2,20}(?:\/\p{Lu}[\p{L}]{2,20})?)?/uy;
const flatLetter = /(?:^|[^\w/.-])([A-Z]-?\d{1,4}[A-Z]?, )$/;
/** `Hinter den Gärten 3`, `Karl Johans gate 22`, `plac Wolności 4`: words and a number, told by the code and town that follow. */
const small = "(?:de|du|des|la|le|les|den|der|dem|het|van|von|di|da|do|dos|del|della|an|am|auf|aan|zum|zur|in|op|ten|ter)";
const anyStreet = new RegExp(`(?<![\\p{L}\\d.-])(?:(?:plac|pl\\.|avinguda|largo|praça|calçada|via|rue|ul\\.) )?\\p{Lu}[\\p{L}'’.-]{1,24}(?: (?:${small}|\\p{Lu}[\\p{L}'’.-]{1,24})){0,3}(?: \\p{Ll}{2,9})? \\d{1,4}(?: ?[A-Za-z])?(?:[/-](?:\\d{1,4}|[IVX]{1,4})){0,2}(?: bis)?, $`, "u");
/** What is counted, and no street. */
const counted = new Set("Release Version Sprint Build Batch Phase Grade Chapter Figure Appendix Article Volume Issue Episode Season Round Lot Tier Quarter Attempt Iteration Scenario Question Exercise Paragraph Clause".split(" "));
const flat = /(?:Flat|Unit|H\.? ?No\.?|House No\.?|Plot No\.?|Door No\.?),? ?#?\d{1,4}[A-Z]?(?:[/-]\d{1,4}){0,3},? /iy;
const building = new RegExp(`(?:${word} ){1,3}(?:Apartments|Towers?|House|Heights|Residency|Enclave|Court), `, "uy");
const indian = new RegExp(`(?:\\d{1,4}/\\d{1,4}, )?(?:${word} ){1,3}(?:Road|Street|Marg|Nagar|Colony|Layout|Chowk|Lane|Cross)(?![\\p{L}])`, "uy");
const name = "\\p{Lu}[\\p{L}'’-]{1,24}";
/** What ends in an Indian town and its code, with or without a road. */
const indianTown = new RegExp(`(?:${name}(?: (?:${name}|No\\.|\\d{1,3})){0,3}, ){1,4}${name}(?: ${name})?[ -]{1,3}[1-9]\\d{5}(?!\\d)`, "uy");
const japanese = /\d{1,3}(?:-\d{1,3}){1,2},? \p{Lu}[\p{L}-]{2,20}, \p{Lu}[\p{L}]{2,20}-(?:ku|shi|cho|machi|gun)(?:, \p{Lu}\p{L}{2,14})?/uy;
const japaneseCode = /\d{3}-\d{4} ?[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]{3,30}[\d０-９丁目番地号-]{1,16}/uy;

const town = "(?:St\\. )?\\p{Lu}[\\p{L}'’-]{1,24}";
const city = `${town}(?:[ -](?:(?:am|an der|upon|sur|de|la|del|do|da|aan den) )?${town}){0,2}`;
const code = "(?:\\d{5}-\\d{3,4}|\\d{4}-\\d{3}(?!\\d)|\\d{2}-\\d{3}|\\d{3}-\\d{4}|\\d{3} \\d{2}(?!\\d)|\\d{4} ?[A-Z]{2}(?![\\p{L}\\d])|\\d{4,6}(?![\\d-])|[A-Z]{1,2}\\d[A-Z\\d]? ?\\d[A-Z]{2}(?![\\p{L}\\d])|[A-Z]\\d[A-Z] ?\\d[A-Z]\\d(?![\\p{L}\\d])|[AC-FHKNPRTV-Y](?:\\d\\d|6W) [A-Z\\d]{4}(?![\\p{L}\\d]))";
const region = "(?:[A-Z]{2,3}(?![\\p{L}\\d])|\\([A-Z]{2}\\))";
const gap = "(?:,?[ ]|,?\\s?\\n[ \\t]{0,8}|[ ][-–][ ])";
/** The next line's label is no town. */
const noLabel = "(?!(?:Tel|Phone|Fax|Mobile|Cell|E-?mail|Mail|Total|Date|Born|DOB|Name|Attn)\\b|\\p{Lu}[\\p{L} -]{1,24}:)";
const unit = "(?:,? (?:Apt|Suite|Ste|Unit|Floor|Fl|Apartment|#)\\.? ?[\\w-]{1,8})?";
/** What follows a street: unit, town, region, code, in the orders of many countries. Only with a code, or a region that is one of a country's. */
const tail = new RegExp(`${unit}(?:${gap}${code}(?: |\\s?\\n)${noLabel}${city}(?: ${region})?|${gap}${noLabel}${city}(?:(?:,? ?|[ ][-–][ ]|/)${region})?(?:,?${gap}${code})|,? ${city}, ?[A-Z]{2}(?![\\p{L}\\d])|(?: [-–]|,) ${city}/[A-Z]{2}(?![\\p{L}\\d])|(?:,? ${region})?${gap}${code}(?![.,]\\d))?(?:, (?:USA|UK|Germany|Deutschland|France|España|Spain|Italia|Italy|Brasil|Brazil|India|Canada|Australia|Nederland|Polska|Japan))?`, "uy");

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
/** `12B Main Street`, `12 N Main Street`: a letter that belongs to the number before it, or says where the street lies. */
const isLetterOfNumber = (code: number, before: number): boolean => isDigit(before) || ((code === 78 || code === 83 || code === 69 || code === 87) && (before === 32 || before === 78 || before === 83));
const leads = "AIUZN";
const turkishKinds = new Set(["Ma", "Mh", "So", "Sk", "Ca", "Bu"]);

/** Postal addresses of many countries: a street by its form, before it a flat, after it town and code. `certain`. */
export function findStreets({ text, cues, numbers, capitals }: Survey, emit: Emit): void {
  let last = -1;
  const put = (start: number, end: number): void => {
    const rest = matchAt(tail, text, end)?.[0].length ?? 0;
    const raw = text.slice(start, end + rest).replace(/[ .,\n-]+$/, "");
    if (raw.includes("\f") || /^(?:51 Franklin|59 Temple|675 Mass)/.test(raw)) return;
    last = start + raw.length;
    emit({ start, end: last, kind: "ADDRESS", tier: "certain", rule: "postal-address" });
  };
  for (const at of cues.flat) {
    const head = matchAt(flat, text, at)?.[0];
    if (head === undefined) continue;
    let from = at + head.length;
    from += matchAt(building, text, from)?.[0].length ?? 0;
    const found = matchAt(street, text, from)?.[0] ?? matchAt(indian, text, from)?.[0];
    const whole = matchAt(indianTown, text, at + head.length)?.[0];
    if (whole !== undefined) put(at, at + head.length + whole.length);
    else if (found !== undefined) put(at, from + found.length);
  }
  last = -1;
  for (let i = 0; i < capitals.length; i += 2) {
    const at = capitals[i] ?? 0;
    const end = capitals[i + 1] ?? 0;
    if (at < last) continue;
    const next = text.charCodeAt(end);
    // `12 Main Street`, `4/12, MG Road`: the number stands before the first word.
    const digit = text.charCodeAt(at - 2);
    if (text.charCodeAt(at - 1) === 32 && (isDigit(digit) || digit === 44 || isLetterOfNumber(digit, text.charCodeAt(at - 3)))) {
      const head = /(?:^|[^\w.$/-]|(?<!\d)\/)((?:[1-9]\d{0,5}[A-Za-z]?(?:[/-]\d{1,4}){0,2}),? (?:(?:[NSEW]|N[EW]|S[EW])\.? )?)$/.exec(text.slice(Math.max(0, at - 20), at))?.[1];
      if (head !== undefined) {
        const from = at - head.length;
        const found = matchAt(street, text, from)?.[0] ?? matchAt(japanese, text, from)?.[0] ?? (head.includes("/") ? matchAt(indian, text, from)?.[0] : undefined);
        if (found !== undefined) {
          put(from, from + found.length);
          continue;
        }
      }
    }
    if (next !== 32 && next !== 46) continue;
    // `B-204, Shanti Apartments, MG Road`.
    if (digit === 44 && isDigit(text.charCodeAt(at - 3))) {
      const head = flatLetter.exec(text.slice(Math.max(0, at - 10), at))?.[1];
      const house = head === undefined ? undefined : matchAt(building, text, at)?.[0];
      const found = house === undefined ? undefined : (matchAt(indian, text, at + house.length)?.[0] ?? matchAt(street, text, at + house.length)?.[0]);
      if (head !== undefined && house !== undefined && found !== undefined) {
        put(at - head.length, at + house.length + found.length);
        continue;
      }
    }
    if (end - at < 6 && leads.includes(text.charAt(at)) && germanLead.test(text.slice(at, end))) {
      const found = matchAt(worded, text, at)?.[0];
      if (found !== undefined) put(at, at + found.trimEnd().length);
      continue;
    }
    const after = text.charCodeAt(end + (next === 46 ? 2 : 1));
    if (isDigit(after)) {
      const found = matchAt(joined, text, at)?.[0];
      if (found !== undefined) put(at, at + found.length);
    } else if ((after === 77 || after === 83 || after === 67 || after === 66) && turkishKinds.has(text.slice(end + (next === 46 ? 2 : 1), end + (next === 46 ? 4 : 3)))) {
      const found = matchAt(turkish, text, at)?.[0];
      if (found !== undefined) put(at, at + found.length);
    }
  }
  for (let i = 0; i < numbers.length; i += 3) {
    const at = numbers[i] ?? 0;
    const digits = numbers[i + 2] ?? 0;
    // `…, 72070 Tübingen`, `…, 1060 Wien`; four digits that could be a year are none.
    if (digits > 7 || text.charCodeAt(at - 1) !== 32 || text.charCodeAt(at - 2) !== 44 || text.charCodeAt(numbers[i + 1] ?? 0) !== 32 || !(text.charCodeAt((numbers[i + 1] ?? 0) + 1) > 64)) continue;
    if (digits === 4 && /^(?:19|20)\d\d \p{Lu}\p{Ll}/u.test(text.slice(at, at + 8))) continue;
    const head = text.slice(Math.max(0, at - 72), at);
    const found = anyStreet.exec(head)?.[0];
    if (found === undefined) continue;
    // `Page 3, 12000 Words`: everyday words and no street.
    const words = found.split(/[ ,\d]+/).filter((one) => one.length > 1);
    if (words.some(isNoName) || words.every((one) => commonWords.has(one.toLowerCase())) || counted.has(words[0] ?? "")) continue;
    const end = at - 2;
    const rest = matchAt(tail, text, end)?.[0] ?? "";
    if (/\d \p{Lu}|\p{Lu}{2} \p{Lu}/u.test(rest)) put(at - found.length, end);
  }
  last = -1;
  for (const at of cues.road) {
    if (at < last) continue;
    const found = matchAt(named, text, at)?.[0];
    if (found === undefined) continue;
    const house = before.exec(text.slice(Math.max(0, at - 12), at))?.[0] ?? "";
    const end = at + found.length;
    const number = matchAt(houseAfter, text, end)?.[0] ?? "";
    const behind = /\d$/.test(found) || number !== "" ? number : "";
    // A name alone is none: there is a number before it, or after it.
    if (house === "" && behind === "" && !/ \d{1,4}$/.test(found)) continue;
    put(at - house.length, end + (house === "" ? behind.length : 0));
  }
  for (let i = 0; i < numbers.length; i += 3) {
    const at = numbers[i] ?? 0;
    if (text.charCodeAt((numbers[i + 1] ?? 0)) < 0x3000 && text.charCodeAt((numbers[i + 1] ?? 0) + 1) < 0x3000) continue;
    const found = matchAt(japaneseCode, text, at)?.[0];
    if (found !== undefined) put(text[at - 1] === "〒" ? at - 1 : at, at + found.length);
  }
}
