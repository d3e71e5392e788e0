import { diceOf } from "./dice.mjs";

/**
 * Kinds of sensitive values, forty of them. `by` says what gives a value away: its own `format`, the `context` around it
 * (a word, a URL, an assignment) or the member `key` it stands under. `make` answers the value, what stands right before and after it, and the pieces of it
 * that must not be seen alone. `twist`: how people write the same value otherwise. Everything is invented; numbers are
 * of ranges reserved for documentation or drama wherever there are such.
 */
const luhn = (body) => {
  let sum = 0;
  for (let i = 0; i < body.length; i += 1) {
    const digit = Number(body[body.length - 1 - i]);
    sum += i % 2 === 0 ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return body + String((10 - (sum % 10)) % 10);
};
const mod97 = (text) => [...text].reduce((rest, char) => Number(BigInt(`${rest}${Number.parseInt(char, 36)}`) % 97n), 0);
const iban = (country, body) => `${country}${String(98 - mod97(`${body}${country}00`)).padStart(2, "0")}${body}`;
const sum = (digits, weights) => weights.reduce((all, weight, i) => all + weight * Number(digits[i]), 0);
const until = (make) => {
  for (;;) {
    const made = make();
    if (made !== undefined) return made;
  }
};
const groups = (text, size, by = " ") => text.match(new RegExp(`.{1,${size}}`, "g")).join(by);

function dni(d) {
  const number = d.digits(8);
  return number + "TRWAGMYFPDXBNJZSQVHLCKE"[Number(number) % 23];
}
function cpf(d) {
  const body = d.digits(9);
  const check = (text) => String(((sum(text, [...text].map((_, i) => text.length + 1 - i)) * 10) % 11) % 10);
  const all = body + check(body) + check(body + check(body));
  return `${all.slice(0, 3)}.${all.slice(3, 6)}.${all.slice(6, 9)}-${all.slice(9)}`;
}
function nir(d) {
  const body = `${1 + d.below(2)}${d.digits(2)}${String(1 + d.below(12)).padStart(2, "0")}${String(10 + d.below(85))}${d.digits(6)}`;
  return body + String(97 - Number(BigInt(body) % 97n)).padStart(2, "0");
}
function codiceFiscale(d) {
  const body = `${d.upper(6)}${d.digits(2)}${d.pick([..."ABCDEHLMPRST"])}${String(1 + d.below(28)).padStart(2, "0")}${d.upper(1)}${d.digits(3)}`;
  const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
  const at = (char) => (char < "A" ? Number(char) : char.charCodeAt(0) - 65);
  const total = [...body].reduce((all, char, i) => all + (i % 2 === 0 ? odd[at(char)] : at(char)), 0);
  return body + String.fromCharCode(65 + (total % 26));
}
function aadhaar(d) {
  const times = (a, b) => (a < 5 ? (b < 5 ? (a + b) % 5 : ((a + b) % 5) + 5) : b < 5 ? ((a - b + 5) % 5) + 5 : (a - b + 5) % 5);
  const turned = (digit, n) => Array.from({ length: n % 8 }).reduce((to) => [1, 5, 7, 6, 2, 8, 3, 0, 9, 4][to], digit);
  const body = `${2 + d.below(8)}${d.digits(10)}`;
  return until(() => {
    const all = body + d.digits(1);
    const check = [...all].reverse().reduce((to, digit, i) => times(to, turned(Number(digit), i)), 0);
    return check === 0 ? groups(all, 4) : undefined;
  });
}
const bsn = (d) => until(() => {
  const all = `1${d.digits(8)}`;
  return sum(all, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 ? all : undefined;
});
const base64url = (text) => Buffer.from(text).toString("base64url");
const person = (d) => `${d.name(2)} ${d.name(3)}`;
const nameOf = (value) => ({ value, pieces: [value, ...value.split(" ").filter((word) => word.length >= 7)] });
const password = (d) => `${d.name(2)}${d.pick([..."!%_+~"])}${d.digits(3)}${d.alnum(6)}`;

export const kinds = [
  { name: "e-mail", by: "format", twist: "case", make: (d) => {
    const [first, last] = [d.name(2).toLowerCase(), d.name(3).toLowerCase()];
    const local = `${first}.${last}${d.digits(2)}`;
    const value = `${local}@${d.name(2).toLowerCase()}.example`;
    return { value, pieces: [value, local] };
  } },
  { name: "phone, American", by: "format", twist: "digits", make: (d) => ({ value: `(${2 + d.below(8)}${d.digits(2)}) 555-01${d.digits(2)}` }) },
  { name: "phone, international", by: "format", twist: "digits", make: (d) => ({ value: d.pick([() => `+33 6 39 98 ${d.digits(2)} ${d.digits(2)}`, () => `+44 7700 900${d.digits(3)}`, () => `+49 30 23125 ${d.digits(3)}`, () => `+1 ${2 + d.below(8)}${d.digits(2)} 555 01${d.digits(2)}`])() }) },
  { name: "phone, national", by: "context", twist: "digits", make: (d) => ({ before: "call me on ", value: d.pick([() => `06 39 98 ${d.digits(2)} ${d.digits(2)}`, () => `030 23125 ${d.digits(3)}`, () => `07700 900${d.digits(3)}`])(), after: "" }) },
  { name: "card", by: "format", twist: "digits", make: (d) => ({ value: groups(luhn(`400000${d.digits(9)}`), 4) }) },
  { name: "IBAN", by: "format", twist: "case", make: (d) => ({ value: iban("DE", `99999999${d.digits(10)}`) }) },
  { name: "IPv4", by: "format", twist: "pad", make: (d) => ({ value: `${241 + d.below(13)}.${10 + d.below(240)}.${10 + d.below(240)}.${10 + d.below(240)}` }) },
  { name: "IPv6", by: "format", twist: "case", make: (d) => ({ value: `2001:db8:${d.hex(4)}:${d.hex(4)}:${d.hex(4)}:${d.hex(4)}:${d.hex(4)}:${d.hex(3)}1` }) },
  { name: "MAC", by: "format", twist: "case", make: (d) => ({ value: groups(`02${d.hex(10)}`, 2, ":") }) },
  { name: "name under a key", by: "key", key: ["full_name", "customer_name", "lastName", "passenger_name"], twist: "case", make: (d) => nameOf(person(d)) },
  { name: "name, introduced", by: "context", twist: "case", make: (d) => ({ before: d.pick(["my name is ", "Dear Mrs. ", "I spoke to "]), after: "", ...nameOf(person(d)) }) },
  { name: "date of birth", by: "key", key: ["date_of_birth", "dob", "birthDate"], twist: "date", make: (d) => ({ value: `19${2 + d.below(7)}${d.digits(1)}-${String(1 + d.below(12)).padStart(2, "0")}-${String(13 + d.below(15))}` }) },
  { name: "postal address", by: "format", twist: "case", make: (d) => ({ value: `${100 + d.below(9899)} ${d.name(3)} ${d.pick(["Street", "Avenue", "Road", "Lane"])}` }) },
  { name: "US SSN", by: "format", twist: "pad", make: (d) => ({ value: `${734 + d.below(16)}-${String(1 + d.below(99)).padStart(2, "0")}-${1000 + d.below(9000)}` }) },
  { name: "UK NINO", by: "format", twist: "digits", make: (d) => ({ value: `ZY${d.digits(6)}${d.pick([..."ABCD"])}` }) },
  { name: "Spanish DNI", by: "format", twist: "pad", make: (d) => ({ value: dni(d) }) },
  { name: "Brazilian CPF", by: "format", twist: "pad", make: (d) => ({ value: cpf(d) }) },
  { name: "French NIR", by: "format", twist: "nir", make: (d) => ({ value: nir(d) }) },
  { name: "Italian codice fiscale", by: "format", twist: "case", make: (d) => ({ value: codiceFiscale(d) }) },
  { name: "Indian Aadhaar", by: "format", twist: "digits", make: (d) => ({ value: aadhaar(d) }) },
  { name: "Dutch BSN", by: "context", twist: "pad", make: (d) => ({ before: "BSN ", value: bsn(d), after: "" }) },
  { name: "passport under a key", by: "key", key: ["passport_number", "passportNo"], twist: "pad", make: (d) => ({ value: `${d.upper(2)}${d.digits(7)}` }) },
  { name: "tax id under a key", by: "key", key: ["tax_id", "taxNumber"], twist: "pad", make: (d) => ({ value: `${d.digits(3)}/${d.digits(4)}/${d.digits(4)}` }) },
  { name: "user id under a key", by: "key", key: ["user_id", "username", "customerId"], twist: "pad", make: (d) => ({ value: `${d.name(3).toLowerCase()}_${d.digits(4)}` }) },
  { name: "OpenAI key", by: "format", twist: "pad", make: (d) => ({ value: `sk-proj-${d.alnum(48)}` }) },
  { name: "GitHub token", by: "format", twist: "pad", make: (d) => ({ value: `ghp_${d.alnum(36)}` }) },
  { name: "AWS access key", by: "format", twist: "pad", make: (d) => ({ value: `AKIA${d.capitals(16)}` }) },
  { name: "Slack token", by: "format", twist: "pad", make: (d) => ({ value: `xoxb-${d.digits(12)}-${d.digits(12)}-${d.alnum(24)}` }) },
  { name: "Google key", by: "format", twist: "pad", make: (d) => ({ value: `AIza${d.alnum(35)}` }) },
  { name: "Stripe key", by: "format", twist: "pad", make: (d) => ({ value: `sk_live_${d.alnum(24)}` }) },
  { name: "npm token", by: "format", twist: "pad", make: (d) => ({ value: `npm_${d.alnum(36)}` }) },
  { name: "JWT", by: "format", twist: "pad", make: (d) => {
    const body = base64url(JSON.stringify({ sub: d.digits(10), iat: 1700000000 + d.below(9999999) }));
    const signature = d.alnum(43);
    const value = `${base64url('{"alg":"HS256","typ":"JWT"}')}.${body}.${signature}`;
    return { value, pieces: [value, signature] };
  } },
  { name: "private key (PEM)", by: "context", twist: "pad", make: (d) => ({ before: `-----BEGIN PRIVATE KEY-----\n${d.base64(64)}\n`, value: d.base64(64), after: `\n${d.base64(40)}\n-----END PRIVATE KEY-----` }) },
  { name: "password, key=value", by: "context", twist: "pad", make: (d) => ({ before: d.pick(["DB_PASSWORD=", "password: ", "export SMTP_PASSWORD="]), value: password(d), after: "" }) },
  { name: "URL credentials", by: "context", twist: "pad", make: (d) => ({ before: "https://deploy:", value: `${d.name(2)}-${d.alnum(10)}`, after: `@git.${d.name(1).toLowerCase()}.example/app` }) },
  { name: "query token", by: "context", twist: "pad", make: (d) => ({ before: `https://api.example/v1/items?limit=5&${d.pick(["access_token", "api_key", "sig"])}=`, value: d.alnum(28), after: "&page=2" }) },
  { name: "Authorization header", by: "context", twist: "pad", make: (d) => ({ before: `Authorization: ${d.pick(["Bearer", "Basic"])} `, value: d.alnum(36), after: "" }) },
  { name: "cookie", by: "context", twist: "pad", make: (d) => ({ before: "Cookie: theme=dark; session=", value: d.alnum(32), after: "; lang=en" }) },
  { name: "connection string", by: "context", twist: "pad", make: (d) => ({ before: "Server=db1;Database=shop;User Id=app;Password=", value: `${d.name(2)}_${d.alnum(9)}`, after: ";Encrypt=true" }) },
  { name: "home directory", by: "context", twist: "pad", make: (d) => ({ before: d.pick(["/home/", "/Users/", "C:\\Users\\"]), value: `${d.name(2).toLowerCase()}.${d.name(2).toLowerCase()}`, after: d.pick(["/app/main.py", "/jobs/run.py"]) }) },
];

/** What nobody would mask: fills the places of a control. */
const phrases = ["the parcel has come", "order 20417 is late", "the hose leaks at the tap end", "please send it again", "version 2.14.3 of the app", "two boxes of twine, 12.50 each", "it was shipped on 2026-11-02", "error E42 while saving", "the blade came bent", "thank you for the help"];
export const innocent = { name: "innocent", by: "format", twist: "pad", make: (d) => ({ value: d.pick(phrases) }) };

/** Values of a kind, each made once. */
export function makerOf(seed) {
  const dice = diceOf(seed);
  const seen = new Set();
  return (kind) => {
    for (let tries = 0; ; tries += 1) {
      const made = { before: "", after: "", ...kind.make(dice) };
      const key = kind.key === undefined ? undefined : dice.pick(kind.key);
      const whole = { ...made, pieces: made.pieces ?? [made.value], key };
      if (kind === innocent || tries > 50 || whole.pieces.every((piece) => !seen.has(piece))) {
        for (const piece of whole.pieces) seen.add(piece);
        return whole;
      }
    }
  };
}
