import type { Emit } from "../hit.ts";

const local = /[\p{L}\p{N}._%+\-']/u;
const domain = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}(?:\p{L}{2,24}|xn--[a-z0-9-]{2,59})/u;
/** Ends of names that look like a host and are a file or a package version. */
const notHost = /\.(?:png|jpe?g|gif|svg|webp|css|js|mjs|ts|tsx|jsx|py|json|md|html?|map|txt|ya?ml|toml|lock|so|dll)$/i;

/** E-mail addresses, found from their `@`: at most 64 characters to the left, a domain to the right. */
export function findEmails(text: string, emit: Emit): void {
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    let start = at;
    while (start > 0 && at - start < 64 && local.test(text[start - 1] ?? "")) start -= 1;
    while (start < at && /[.'\-+%]/.test(text[start] ?? "")) start += 1;
    if (start === at) continue;
    const host = domain.exec(text.slice(at + 1, at + 255))?.[0];
    if (host === undefined) continue;
    const after = text[at + 1 + host.length] ?? "";
    // `git@github.com:org/repo` and `user@host:` of a shell are addresses of machines.
    const name = text.slice(start, at);
    if (notHost.test(host) || (/^(?:git|ssh|hg)$/i.test(name) && /[:/]/.test(after))) continue;
    // `pkg@1.2.3`, decorators and `user:pass@host` (found as URL credentials) are not addresses.
    if (/^\d+(?:\.\d+)*$/.test(host)) continue;
    emit({ start, end: at + 1 + host.length, kind: "EMAIL", tier: "certain", rule: "email" });
  }
}

const dotted = /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}\s{0,2}(?:\(at\)|\[at\]|\{at\}|\s+at\s+)\s{0,2}[\p{L}\p{N}-]{1,63}(?:\s{0,2}(?:\(dot\)|\[dot\]|\{dot\}|\s+dot\s+)\s{0,2}[\p{L}\p{N}-]{2,24}){1,4}/giu;
/** `mia dot li at example dot com`, `mia(at)example(dot)com`. */
export function findSpelledEmails(text: string, emit: Emit): void {
  if (!/[([{ ]dot[)\]} ]/i.test(text)) return;
  for (const match of text.matchAll(dotted))
    emit({ start: match.index, end: match.index + match[0].length, kind: "EMAIL", tier: "likely", rule: "email-spelled" });
}

const phone = /(?<![\w.+/#-])(?:\+|\(?0{2}|\()?\d[\d\s().\-/]{5,22}\d(?![\w]|[-/.]\d|\.\w)/g;
const near = /(?:phone|tel|mobile|cell|call|text|fax|whats\s?app|sms|dial|reach|contact|number|ring)\W{0,3}(?:\w{1,12}\W{1,3}){0,4}$/i;
const northAmerican = /^(?:\+?1[\s.-]?)?(?:\([2-9]\d{2}\)[\s.-]?|[2-9]\d{2}[\s.-])[2-9]\d{2}[\s.-]?\d{4}$/;

/**
 * Phone numbers: with a plus (certain), in the American form (certain), in groups after a word such as `call` (likely).
 * Dates, versions, amounts and bare long numbers are not phones.
 */
export function findPhones(text: string, emit: Emit): void {
  for (const match of text.matchAll(phone)) {
    const raw = match[0];
    const digits = raw.replace(/\D/g, "");
    if (digits.length < 7 || digits.length > 15 || /\n/.test(raw)) continue;
    if (/^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}/.test(raw) || /^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}$/.test(raw)) continue;
    if (/^\d{3}-\d{2}-\d{4}$/.test(raw) || /^\d+\.\d+$/.test(raw) || /^\d+(?:\.\d+){2,}$/.test(raw) && digits.length < 10) continue;
    const end = match.index + raw.length;
    const plus = raw.startsWith("+");
    const hit = (tier: "certain" | "likely", rule: string): void => emit({ start: match.index, end, kind: "PHONE", tier, rule });
    if (plus && digits.length >= 8) hit("certain", "phone-international");
    else if (northAmerican.test(raw)) hit("certain", "phone-american");
    else if (near.test(text.slice(Math.max(0, match.index - 60), match.index)) && !/^\d{4} \d{4} \d{4} \d{4}$/.test(raw)) hit("likely", "phone-near-word");
    else if (/^0\d[\d ().-]{7,14}$/.test(raw) && /[ ().-]/.test(raw) && digits.length >= 9 && digits.length <= 11) hit("likely", "phone-national");
  }
}
