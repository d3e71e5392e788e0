import type { Emit } from "../hit.ts";
import { before, matchAt, placesOf, type Survey } from "../survey.ts";
import { inDump } from "./dump.ts";

const local = /[\p{L}\p{N}._%+\-']/u;
const domain = /(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}(?:\p{L}{2,24}|xn--[a-z0-9-]{2,59})/uy;
/** Ends of names that look like a host and are a file or a package version. */
const notHost = /\.(?:png|jpe?g|gif|svg|webp|css|js|mjs|ts|tsx|jsx|py|json|md|html?|map|txt|ya?ml|toml|lock|so|dll)$/i;

/** `@zzyzx45`: a name in a message, told from scopes and decorators by its digits. */
const handle = /@[A-Za-z][A-Za-z._]{2,28}\d{2,6}(?![\w/(@-]|\.\w)/y;

/** E-mail addresses, found from their `@`: at most 64 characters to the left, a domain to the right. */
export function findEmails({ text }: Survey, emit: Emit): void {
  for (const at of placesOf(text, "@")) {
    let start = at;
    while (start > 0 && at - start < 64 && isLocal(text, start - 1)) start -= 1;
    while (start < at && /[.'\-+%]/.test(text[start] ?? "")) start += 1;
    if (start === at) {
      const user = /[\p{L}\p{N}_.@/]/u.test(text[at - 1] ?? "") ? undefined : matchAt(handle, text, at)?.[0];
      if (user !== undefined) emit({ start: at, end: at + user.length, kind: "USER_ID", tier: "likely", rule: "handle" });
      continue;
    }
    const host = matchAt(domain, text, at + 1)?.[0];
    if (host === undefined) continue;
    const end = at + 1 + host.length;
    const name = text.slice(start, at);
    // `git@github.com:org/repo` and files such as `logo@2x.png` name nobody.
    if (notHost.test(host) || (/^(?:git|ssh|hg)$/i.test(name) && /[:/]/.test(text[end] ?? ""))) continue;
    emit({ start, end, kind: "EMAIL", tier: "certain", rule: "email" });
  }
}

function isLocal(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 46 || code === 95 || code === 45 || code === 43 || code === 37 || code === 39;
  return local.test(text[at] ?? "");
}

const spelled = /(?<![\p{L}\p{N}._%+-])(?:[\p{L}\p{N}_-]{1,32}\s+dot\s+){0,2}[\p{L}\p{N}._%+-]{1,64}\s{0,2}(?:\(at\)|\[at\]|\{at\}|\s+at\s+)\s{0,2}[\p{L}\p{N}-]{1,63}(?:\s{0,2}(?:\(dot\)|\[dot\]|\{dot\}|\s+dot\s+)\s{0,2}[\p{L}\p{N}-]{2,24}){1,4}/giu;

/** `mia dot li at example dot com`, `mia(at)example(dot)com`. */
export function findSpelledEmails({ text, cues }: Survey, emit: Emit): void {
  for (const at of cues.dot) {
    const from = Math.max(0, at - 160);
    for (const match of text.slice(from, at + 120).matchAll(spelled))
      if (!match[0].includes("\f")) emit({ start: from + match.index, end: from + match.index + match[0].length, kind: "EMAIL", tier: "likely", rule: "email-spelled" });
  }
}

const near = /(?:phone|tel|mobile|cell|call|text|fax|whats\s?app|sms|dial|reach|contact|number|ring|num[eé]ro|n[uú]mero|nummer|numer|celular|m[oó]vil|handy|gsm|erreich|bereik|code to)[^\w\u00a4]{0,3}(?:[^\W\d]{1,12}[^\w\u00a4]{1,3}){0,4}$/i;
/** `M: …` in a signature. */
const signed = /(?:^|[\n|] ?)[MTP]: ?$/;
const northAmerican = /^(?:\+?1[\s.-]?)?(?:\([2-9]\d{2}\)[\s.-]?|[2-9]\d{2}[\s.-])[2-9]?\d{2}[\s.-]?\d{4}$/;

/**
 * Phone numbers: with a plus (certain), in the American form (certain), in groups after a word such as `call` (likely).
 * Dates, versions, amounts and bare long numbers are not phones.
 */
export function findPhones({ text, numbers }: Survey, emit: Emit): void {
  for (let i = 0; i < numbers.length; i += 3) {
    const digits = numbers[i + 2] ?? 0;
    if (digits < 7 || digits > 15) continue;
    const from = numbers[i] ?? 0;
    const end = numbers[i + 1] ?? 0;
    if ( /^0[0 .-]*$/.test(text.slice(from, end))) continue;
    // A bracket that closes after the number is none of it.
    const start = from - (text[from - 1] === "+" || (text[from - 1] === "(" && text.slice(from, end).includes(")")) ? (text[from - 2] === "+" ? 2 : 1) : 0);
    // Behind a slash a bare number is a part of a path; `(415) 555-0142` and `+33 …` are what they are.
    if ((/[\w.#$€£-]/.test(text[start - 1] ?? "") || (text[start - 1] === "/" && start === from)) || /[\w%]/.test(text[end] ?? "")) continue;
    const raw = text.slice(start, end);
    if (/^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}/.test(raw) || /^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}$/.test(raw)) continue;
    if (/^\d{3}-\d{2}-\d{4}$|^1[0-7]\d{4} 1[0-7]\d{4}$/.test(raw) || /^(?!0\d{2,4}\.\d{5,8}$)\d+\.\d+$/.test(raw) || (/^\d+(?:\.\d+){2,}$/.test(raw) && digits < 10)) continue;
    const hit = (tier: "certain" | "likely", rule: string): void => {
      if (!inDump(text, start)) emit({ start, end, kind: "PHONE", tier, rule });
    };
    // `~++20220123085548`: a version's day.
    if (/^\+20\d{12}$/.test(raw) || /[+~]/.test(text[start - 1] ?? "")) continue;
    if (raw.includes("+") && digits >= 8) hit("certain", "phone-international");
    else if (northAmerican.test(raw)) hit("certain", "phone-american");
    else if ((near.test(before(text, start, 60)) || signed.test(before(text, start, 5))) && !/^\d{4} \d{4} \d{4} \d{4}$/.test(raw)) hit("likely", "phone-near-word");
    else if (/^\(?0[\d(][\d ().-]{7,15}$/.test(raw) && /[ ().-]/.test(raw) && digits >= 9 && digits <= 12 && !/(?:00[ .]){2}|(?:\b\d\d[ .]){6}|(?:\b\d\d[ .]){5}\d\d\b/.test(raw)) hit("likely", "phone-national");
    else if (/^0[1-9]\d{8,9}$/.test(raw) && /[\s,:;(|]/.test(text[start - 1] ?? " ") && /\p{L}[\s,:;(|]{1,3}$/u.test(before(text, start, 12))) hit("likely", "phone-national");
  }
}
