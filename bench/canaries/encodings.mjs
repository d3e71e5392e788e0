/**
 * Seventeen ways, and three of one in another, in which a text with a value in it is written. Each takes `{before, value, after, key}` and a die, and answers the text and
 * `cores`: what the value itself became in it. Transport encodings hide the context, too; disguises only the value.
 */
const each = (text, write) => Array.from(text, write).join("");
const hexOf = (char) => char.codePointAt(0).toString(16);
const bytes = (char, write) => Array.from(Buffer.from(char), (byte) => write(byte.toString(16).padStart(2, "0").toUpperCase())).join("");
const escaped = (text, levels) => (levels === 0 ? text : escaped(JSON.stringify(text).slice(1, -1), levels - 1));

/** As it would be said: `full_name = "…"` for what a key gives away. */
export const spoken = ({ before, value, after, key }) => (key === undefined ? [before, value, after] : [`${key} = "`, value, '"']);
/** As data: a member. */
export const member = ({ before, value, after, key }) => (key === undefined ? { detail: before + value + after } : { [key]: value });

const nested = (levels) => (made) => {
  let text = JSON.stringify(member(made));
  for (let level = 1; level < levels; level += 1) text = JSON.stringify({ payload: text });
  return { text, cores: [escaped(made.value, levels)] };
};
const transport = (write) => (made, dice) => {
  const [before, value, after] = spoken(made);
  const core = write(value, dice);
  return { text: write(before, dice) + core + write(after, dice), cores: [core] };
};
const disguise = (write) => (made, dice) => {
  const [before, value, after] = spoken(made);
  const core = write(value, dice, made);
  return { text: before + core + after, cores: [core] };
};
const base64 = (name) => (made) => {
  const [before, value, after] = spoken(made);
  const text = Buffer.from(before + value + after).toString(name);
  const from = Buffer.byteLength(before);
  // The letters that depend on the value's bytes alone.
  return { text, cores: [text.slice(Math.ceil((from * 4) / 3), Math.floor(((from + Buffer.byteLength(value)) * 4) / 3))] };
};
const within64 = (write) => (made, dice) => {
  const { text, cores: [core] } = write(made, dice);
  return base64("base64")({ before: text.slice(0, text.indexOf(core)), value: core, after: text.slice(text.indexOf(core) + core.length) });
};
const percent = (char) => bytes(char, (byte) => `%${byte}`);
const invisible = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad"];
const alike = { a: "а", e: "е", o: "о", p: "р", c: "с", x: "х", y: "у", i: "і", s: "ѕ", j: "ј", A: "А", B: "В", C: "С", E: "Е", H: "Н", K: "К", M: "М", O: "О", P: "Р", T: "Т", X: "Х", I: "І", S: "Ѕ", "-": "‐", ".": "．", "@": "＠", ":": "：", "/": "／" };
const arabic = (char) => (/\d/.test(char) ? String.fromCharCode(0x660 + Number(char)) : char);

function lookAlike(value) {
  let count = 0;
  // Every other letter: a word that mixes scripts.
  const out = each(value, (char) => (alike[char] !== undefined && (!/[A-Za-z]/.test(char) || (count += 1) % 2 === 1) ? alike[char] : char));
  return out === value ? each(value, arabic) : out;
}

/** The same value as other people type it. */
function respelt(value, dice, { kind }) {
  switch (kind.twist) {
    case "case":
      return value === value.toUpperCase() ? value.toLowerCase() : value.toUpperCase();
    case "digits":
      return /[ -]/.test(value) ? value.replace(/[()]/g, "").replace(/[ -]/g, dice.pick(["-", ".", " "]) === "." && !/^\d{4} \d{4}/.test(value) ? "." : "-") : value.match(/.{1,2}/g).join(" ");
    case "date": {
      const [year, month, day] = value.split("-");
      return dice.pick([`${day}/${month}/${year}`, `${months[Number(month) - 1]} ${day}, ${year}`]);
    }
    case "nir":
      return value.replace(/^(.)(..)(..)(..)(...)(...)(..)$/, "$1 $2 $3 $4 $5 $6 $7");
    default:
      return value;
  }
}
const padded = ({ text, cores }) => ({ text: `  ${text} \t`, cores });
const months = "January February March April May June July August September October November December".split(" ");

/** In two texts that follow each other. */
export function split(made, dice) {
  const [before, value, after] = spoken(made);
  const at = Math.max(2, Math.min(value.length - 2, Math.floor(value.length * (0.35 + dice.next() * 0.3))));
  const halves = [value.slice(0, at), value.slice(at)];
  return { parts: [before + halves[0], halves[1] + after], cores: halves.filter((half) => half.length >= 8) };
}

export const encodings = [
  { name: "plain", write: disguise((value) => value) },
  { name: "JSON string", write: nested(1) },
  { name: "JSON in JSON", write: nested(2) },
  { name: "JSON, three levels", write: nested(3) },
  { name: "base64", write: base64("base64") },
  { name: "base64url", write: base64("base64url") },
  { name: "hex", write: transport((text) => Buffer.from(text).toString("hex")) },
  { name: "percent", write: transport((text) => each(text, percent)) },
  { name: "\\u escapes", write: transport((text) => each(text, (char) => `\\u${hexOf(char).padStart(4, "0")}`)) },
  { name: "entities, decimal", write: transport((text) => each(text, (char) => `&#${char.codePointAt(0)};`)) },
  { name: "entities, hex", write: transport((text) => each(text, (char) => `&#x${hexOf(char)};`)) },
  { name: "quoted-printable", write: transport((text) => each(text, (char) => bytes(char, (byte) => `=${byte}`))) },
  { name: "zero-width joined", write: disguise((value, dice) => each(value, (char) => char + dice.pick(invisible)).slice(0, -1)) },
  { name: "full-width", write: disguise((value) => each(value, (char) => (char === " " ? "\u3000" : char > " " && char < "\u007f" ? String.fromCharCode(char.charCodeAt(0) + 0xfee0) : char))) },
  { name: "homoglyph", write: disguise(lookAlike) },
  { name: "case, spacing", write: (made, dice) => padded(disguise(respelt)(made, dice)) },
  { name: "split in two", write: split },
  { name: "base64 of percent", write: within64(transport((text) => each(text, percent))) },
  { name: "base64 of nested data", write: within64(nested(2)) },
  { name: "percent of base64", write: (made) => {
    const { text, cores } = base64("base64")(made);
    return { text: each(text, percent), cores: cores.map((core) => each(core, percent)) };
  } },
];
