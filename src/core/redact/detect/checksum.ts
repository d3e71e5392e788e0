/** Check digits. Each takes the compact form (no spaces, upper-case) and says whether its own arithmetic holds. */

const digitsOf = (text: string): number[] => Array.from(text, Number);
const weighted = (digits: readonly number[], weights: readonly number[]): number => weights.reduce((sum, weight, i) => sum + weight * (digits[i] ?? 0), 0);

/** Luhn, ISO/IEC 7812-1: cards, IMEI, Canadian SIN, Swedish personnummer, French SIRET. */
export function luhn(text: string): boolean {
  let sum = 0;
  for (let i = text.length - 1, twice = false; i >= 0; i -= 1, twice = !twice) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return false;
    sum += twice ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return sum % 10 === 0;
}

/** Countries that have IBANs and how long theirs are (registry of ISO 13616). */
const ibanSizes = new Map(
  "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20"
    .split(" ")
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** ISO 7064 mod 97-10 as IBANs use it, over the length that the country has. */
export function iban(text: string): boolean {
  if (ibanSizes.get(text.slice(0, 2)) !== text.length) return false;
  const turned = text.slice(4) + text.slice(0, 4);
  let rest = 0;
  for (const char of turned) {
    const value = /\d/.test(char) ? Number(char) : char.charCodeAt(0) - 55;
    if (value < 0 || value > 35) return false;
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

const d = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const dihedral = (a: number, b: number): number => (a < 5 ? (b < 5 ? (a + b) % 5 : ((a + b) % 5) + 5) : b < 5 ? ((a - b + 5) % 5) + 5 : (a - b + 5) % 5);
const turn = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
/** Verhoeff: Aadhaar. */
export function verhoeff(text: string): boolean {
  let check = 0;
  digitsOf(text)
    .reverse()
    .forEach((digit, i) => {
      let turned = d[digit] ?? 0;
      for (let n = 0; n < i % 8; n += 1) turned = turn[turned] ?? 0;
      check = dihedral(check, turned);
    });
  return check === 0;
}

/** Brazil: CPF. */
export function cpf(text: string): boolean {
  const n = digitsOf(text);
  if (n.length !== 11 || n.every((digit) => digit === n[0])) return false;
  const check = (length: number): number => ((n.slice(0, length).reduce((sum, digit, i) => sum + digit * (length + 1 - i), 0) * 10) % 11) % 10;
  return check(9) === n[9] && check(10) === n[10];
}

/** Brazil: CNPJ. */
export function cnpj(text: string): boolean {
  const n = digitsOf(text);
  if (n.length !== 14 || n.every((digit) => digit === n[0])) return false;
  const check = (length: number): number => {
    const rest = n.slice(0, length).reduce((sum, digit, i) => sum + digit * (((length - 1 - i) % 8) + 2), 0) % 11;
    return rest < 2 ? 0 : 11 - rest;
  };
  return check(12) === n[12] && check(13) === n[13];
}

const dniLetters = "TRWAGMYFPDXBNJZSQVHLCKE";
/** Spain: DNI and NIE. */
export const dni = (text: string): boolean =>
  dniLetters[Number(text.slice(0, -1).replace("X", "0").replace("Y", "1").replace("Z", "2")) % 23] === text.at(-1);

/** Netherlands: BSN. */
export const bsn = (text: string): boolean => text.length === 9 && !/^0+$/.test(text) && weighted(digitsOf(text), [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0;

/** Poland: PESEL. */
export const pesel = (text: string): boolean =>
  /^\d{4}[0-3]\d{6}$/.test(text) && (10 - (weighted(digitsOf(text), [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 === Number(text[10]);

/** United Kingdom: NHS number. */
export function nhs(text: string): boolean {
  const check = 11 - (weighted(digitsOf(text), [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return check !== 10 && (check === 11 ? 0 : check) === Number(text[9]);
}

/** France: NIR (numéro de sécurité sociale), Corsica included. */
export function nir(text: string): boolean {
  const body = text.slice(0, 13).replace("2A", "19").replace("2B", "18");
  return /^\d{13}$/.test(body) && 97 - Number(BigInt(body) % 97n) === Number(text.slice(13));
}

const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
/** Italy: codice fiscale. */
export function codiceFiscale(text: string): boolean {
  let sum = 0;
  for (let i = 0; i < 15; i += 1) {
    const char = text.charCodeAt(i);
    const value = char < 58 ? char - 48 : char - 65;
    sum += i % 2 === 0 ? (odd[value] ?? 0) : value;
  }
  return String.fromCharCode(65 + (sum % 26)) === text[15];
}

/** Germany: Steuer-ID (ISO 7064 mod 11,10). */
export function steuerId(text: string): boolean {
  const n = digitsOf(text);
  if (n[0] === 0 || new Set(n.slice(0, 10)).size > 9 || new Set(n.slice(0, 10)).size < 8) return false;
  let product = 10;
  for (const digit of n.slice(0, 10)) {
    const sum = (digit + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === n[10];
}

/** Belgium: national number. */
export function belgian(text: string): boolean {
  const body = Number(text.slice(0, 9));
  const check = Number(text.slice(9));
  return 97 - (body % 97) === check || 97 - ((2_000_000_000 + body) % 97) === check;
}

/** Finland: henkilötunnus. */
export const hetu = (text: string): boolean =>
  "0123456789ABCDEFHJKLMNPRSTUVWXY"[Number(text.slice(0, 6) + text.slice(7, 10)) % 31] === text[10];

/** Norway: fødselsnummer. */
export function norwegian(text: string): boolean {
  const n = digitsOf(text);
  return weighted(n, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 && weighted(n, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
}

/** China: resident identity card (ISO 7064 mod 11-2). */
export const chinese = (text: string): boolean =>
  "10X98765432"[weighted(digitsOf(text.slice(0, 17)), [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11] === text[17];

/** Australia: tax file number. */
export const tfn = (text: string): boolean => weighted(digitsOf(text), [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0;

/** Singapore: NRIC and FIN. */
export function nric(text: string): boolean {
  const sum = weighted(digitsOf(text.slice(1, 8)), [2, 7, 6, 5, 4, 3, 2]) + (/[TG]/.test(text[0] ?? "") ? 4 : 0);
  return (/[ST]/.test(text[0] ?? "") ? "JZIHGFEDCBA" : "XWUTRQPNMLK")[sum % 11] === text[8];
}

/** Turkey: T.C. kimlik no. */
export function turkish(text: string): boolean {
  const n = digitsOf(text);
  const at = (i: number): number => n[i] ?? 0;
  const oddSum = at(0) + at(2) + at(4) + at(6) + at(8);
  const evenSum = at(1) + at(3) + at(5) + at(7);
  return at(0) !== 0 && (((oddSum * 7 - evenSum) % 10) + 10) % 10 === at(9) && n.slice(0, 10).reduce((a, b) => a + b, 0) % 10 === at(10);
}

/** South Africa: identity number, Sweden: personnummer (last ten digits). Both are Luhn over a date of birth. */
export const birthLuhn = (text: string): boolean => /^\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])/.test(text) && luhn(text);

/** United States: routing number of a bank. */
export const aba = (text: string): boolean => weighted(digitsOf(text), [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0 && !/^0{9}$/.test(text);
