import { compose, type View } from "./view.ts";

// oxlint-disable-next-line no-misleading-character-class -- the characters are listed one by one on purpose
const invisible = /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]|\udb40[\udc00-\uddef]/;
const alike: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ["аАΑ𝐀", "aAAA"], ["еЕΕ", "eEE"], ["оОΟο", "oOOo"], ["рРΡρ", "pPPp"], ["сС", "cC"], ["хХΧ", "xXX"], ["уУΥ", "yYY"], ["іІΙ", "iII"], ["ѕЅ", "sS"], ["јЈ", "jJ"], ["кКΚκ", "kKKk"], ["мМΜ", "mMM"], ["тТΤ", "tTT"],
    ["нН", "hH"], ["вВΒ", "bBB"], ["ԁɡ", "dg"], ["ԛԝ", "qw"], ["ո", "n"], ["ս", "u"], ["һ", "h"], ["ӏ", "l"], ["ΖΝ", "ZN"], ["ν", "v"], ["ı", "i"], ["ℓ", "l"], ["‐‑‒–−", "-----"], ["＠﹫", "@@"], ["．。․", "..."], ["：∶", "::"], ["／⁄", "//"],
  ].flatMap(([from = "", to = ""]) => Array.from(from).map((char, i) => [char, to[i] ?? char])),
);
const mixed = /[a-z\d][\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}]|[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}][a-z\d@]/iu;
/** Where Greek, Cyrillic and Armenian letters are. */
const scripts = /[\u0370-\u058f\u1c80-\u1c8f\u1f00-\u1fff\u2de0-\u2dff\ua640-\ua69f\u1d26-\u1d2b\u1d5d-\u1d6a\u1d78\u1dbf\u2126\uab65\ufb13-\ufb17]/;
const wide = /[\uff01-\uff5e\u3000\u2010-\u2015\u2212\u2024\ufe52\ufe6b\u2100-\u214f\u2460-\u24ff\ufb00-\ufb06\u00b2\u00b3\u00b9\u2070-\u209f\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]|\ud835[\udc00-\udfff]/;

/**
 * What a text says to a reader: invisible and direction characters gone, full-width and mathematical letters plain,
 * letters of other scripts that pass for Latin turned Latin inside a word that mixes scripts. The view leads back.
 */
export function foldView(view: View): View {
  const { text } = view;
  if (!/[\u00ad\u0100-\uffff]/.test(text)) return view;
  const hides = invisible.test(text);
  const spread = wide.test(text);
  const foreign = scripts.test(text) && mixed.test(text);
  if (!hides && !spread && !foreign) return view;
  // One letter may stand for several (`ﬁ`): where the text grows, so do the marks.
  let marks = new Int32Array(text.length + 1);
  let size = 0;
  let out = "";
  let from = 0;
  const keep = (to: number): void => {
    for (let i = from; i < to; i += 1) marks[size++] = i;
    out += text.slice(from, to);
  };
  for (let i = 0; i < text.length; ) {
    const code = text.charCodeAt(i);
    if (code < 128) {
      i += 1;
      continue;
    }
    const char = String.fromCodePoint(text.codePointAt(i) ?? 0);
    const plain = foldOne(char, foreign, text, i);
    if (plain !== char) {
      keep(i);
      if (size + plain.length + text.length - i + 1 > marks.length) {
        const wider = new Int32Array(marks.length + plain.length + 64);
        wider.set(marks);
        marks = wider;
      }
      for (let n = 0; n < plain.length; n += 1) marks[size++] = i;
      out += plain;
      from = i + char.length;
    }
    i += char.length;
  }
  keep(text.length);
  marks[size] = text.length;
  return compose(view, { text: out, base: 0, marks: marks.subarray(0, size + 1) });
}

function foldOne(char: string, foreign: boolean, text: string, at: number): string {
  if (char.length === 1 && char <= "\u007f") return char;
  if (invisible.test(char)) return "";
  const like = alike[char];
  if (like !== undefined && (!/\p{L}/u.test(like) || (foreign && mixed.test(text.slice(Math.max(0, at - 12), at + 12))))) return like;
  if (!wide.test(char) && !/^\p{Nd}$/u.test(char)) return char;
  const plain = char.normalize("NFKD").replace(/\p{M}/gu, "");
  if (/^[\u0021-\u007e ]+$/.test(plain)) return plain;
  const digit = /^\p{Nd}$/u.test(char) ? digitOf(char) : undefined;
  return digit ?? char;
}

/** Decimal digits of any script: ten in a row each, so the distance to the run's zero is the value. */
function digitOf(char: string): string | undefined {
  const code = char.codePointAt(0) ?? 0;
  for (const zero of [0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xff10]) if (code >= zero && code <= zero + 9) return String(code - zero);
  return undefined;
}
