/**
 * One way to read a file: its text as it lies there, or a part of it decoded. `lineAt` gives the line of the file for an
 * offset of `text`.
 */
export type View = { readonly text: string; readonly lineAt: (offset: number) => number };

const deepest = 5;
const placeholder = /\[[A-Z][A-Z0-9_]{1,31}:[a-z2-7]{16}\]/g;

/**
 * The text itself and everything decoded out of it, to five levels: JSON string literals (JSON in JSON too), base64, hex,
 * percent, mail and HTML escapes, look-alike and invisible characters. Our own placeholders are blanked where they are
 * exactly that, so that one with something else inside is looked at.
 */
export function viewsOf(text: string): View[] {
  const starts = lineStarts(text);
  const views: View[] = [];
  grow(views, { text, lineAt: (offset) => lineOf(starts, offset) }, 0);
  return views;
}

function grow(into: View[], view: View, depth: number): void {
  const text = view.text.replace(placeholder, (token) => " ".repeat(token.length));
  into.push({ ...view, text });
  if (depth >= deepest) return;
  const inner = (offset: number, decoded: string): void => {
    const line = view.lineAt(offset);
    grow(into, { text: decoded, lineAt: () => line }, depth + 1);
  };
  for (const [at, literal] of escapedLiterals(text)) inner(at, literal);
  for (const match of text.matchAll(/[A-Za-z0-9+/_-]{16,}={0,2}/g)) {
    const decoded = fromBase64(match[0]) ?? fromHex(match[0]);
    if (decoded !== undefined) inner(match.index, decoded);
  }
  if (/[%=][0-9A-Fa-f]{2}|&(?:#|[a-z])/i.test(text)) {
    let at = 0;
    for (const line of text.split("\n")) {
      const decoded = fromEntities(fromPercent(line));
      if (decoded !== line) inner(at, decoded);
      at += line.length + 1;
    }
  }
  if (/\P{ASCII}/u.test(text)) {
    const plain = toLatin(text.replace(/\p{Default_Ignorable_Code_Point}/gu, "").normalize("NFKC"));
    // Line for line: neither step adds or removes a line end.
    const starts = lineStarts(plain);
    if (plain !== text) grow(into, { text: plain, lineAt: (offset) => lineOf(starts, offset) }, depth + 1);
  }
}

/** String literals that hold an escape, decoded; the others are read as they are in the text around them. */
function* escapedLiterals(text: string): Iterable<[number, string]> {
  if (!text.includes("\\")) return;
  // The last quote is optional so that no literal left open is tried again from each quote inside it.
  for (const match of text.matchAll(/"(?:[^"\\\n]|\\.)*"?/g)) {
    if (!match[0].includes("\\")) continue;
    const decoded = quietly(() => JSON.parse(match[0]) as unknown);
    if (typeof decoded === "string") yield [match.index, decoded];
  }
  // Escapes outside any literal: what a YAML block or a note holds of JSON.
  const loose = text.replace(/\\+u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  if (loose !== text) yield [0, loose];
}

function fromBase64(text: string): string | undefined {
  const body = text.replace(/=+$/, "").replaceAll("-", "+").replaceAll("_", "/");
  if (body.length % 4 === 1) return undefined;
  return printable(quietly(() => atob(body)));
}

function fromHex(text: string): string | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]+$/.test(text)) return undefined;
  return printable((text.match(/../g) ?? []).map((pair) => String.fromCharCode(Number.parseInt(pair, 16))).join(""));
}

/** Decoded bytes, if they are text: UTF-8 with no control characters to speak of. */
function printable(binary: string | undefined): string | undefined {
  if (binary === undefined || binary.length < 8) return undefined;
  const text = quietly(() => new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(binary, (char) => char.charCodeAt(0))));
  return text === undefined || /(?![\t\n\v\f\r])\p{Cc}/u.test(text) ? undefined : text;
}

/** Percent signs of URLs, equals signs of mail. */
const fromPercent = (text: string): string =>
  text.replace(/(?:%[0-9A-Fa-f]{2})+|(?:=[0-9A-F]{2})+/g, (run) => quietly(() => decodeURIComponent(run.replaceAll("=", "%"))) ?? run);

const alike = "аaвbеeкkмmнhоoрpсcтtуyхxіiјjѕsԁdһhӏlԛqԝwАAВBЕEКKМMНHОOРPСCТTУYХXІIЈJЅSΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXοoνvα\u0061ρp‐-‑-‒-–-—-−-․.⁄/∶:";
const latin = new Map(Array.from({ length: alike.length / 2 }, (_, at) => [alike.charAt(2 * at), alike.charAt(2 * at + 1)]));
const zeros = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50];

/** Letters that pass for Latin ones and digits of other scripts, as a reader takes them. */
const toLatin = (text: string): string =>
  text.replace(/\P{ASCII}/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    const zero = zeros.find((first) => code >= first && code < first + 10);
    return latin.get(char) ?? (zero === undefined ? char : String(code - zero));
  });

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", commat: "@", period: ".", nbsp: " " };

const fromEntities = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return named[name.toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

function quietly<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function lineOf(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
