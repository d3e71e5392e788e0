import type { Emit } from "../hit.ts";

const v4 = /(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w]|\.\d)/g;
const v6 = /(?<![\w:.])(?:[0-9a-f]{1,4}:){2,7}(?::|[0-9a-f]{1,4})(?::[0-9a-f]{1,4}){0,6}(?![\w:])|(?<![\w:.])(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}(?![\w:])|(?<![\w:.])::(?:[0-9a-f]{1,4}:){1,6}[0-9a-f]{1,4}(?![\w:])/gi;
const mac = /(?<![\w:-])[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}(?![\w:-])/gi;

/** Addresses that name nobody: this machine, nothing, broadcast, masks, clouds' metadata, public resolvers. */
const nobody = /^(?:127\.|0\.|255\.|169\.254\.169\.254$|1\.1\.1\.1$|8\.8\.[48]\.[48]$)/;
const versionBefore = /(?:version|ver|release|chrome|firefox|safari|edg|v|==|>=|<=|~=|@)\W?\s?$/i;

/** IPv4, IPv6 and MAC addresses. Loopback and masks are left; private ranges are only likely. */
export function findAddresses(text: string, emit: Emit): void {
  for (const match of text.matchAll(v4)) {
    const raw = match[0];
    if (nobody.test(raw) || versionBefore.test(text.slice(Math.max(0, match.index - 10), match.index))) continue;
    if (/^\d\.\d\.\d\.\d$/.test(raw)) continue;
    emit({ start: match.index, end: match.index + raw.length, kind: "IP", tier: /^(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./.test(raw) ? "likely" : "certain", rule: "ipv4" });
  }
  if (!text.includes(":") && !text.includes("-")) return;
  for (const match of text.matchAll(mac))
    if (!/^(?:00[:-]){5}00$|^(?:ff[:-]){5}ff$/i.test(match[0]))
      emit({ start: match.index, end: match.index + match[0].length, kind: "MAC", tier: "certain", rule: "mac" });
  if (!text.includes(":")) return;
  for (const match of text.matchAll(v6)) {
    const raw = match[0];
    const groups = raw.split(":").filter((group) => group !== "");
    // `12:30:45` is a time and `std::vector` is code: an address is long, or has a hex letter and `::`.
    if (/^(?:\d{1,2}:){1,2}\d{1,2}$/.test(raw) || groups.length < 3) continue;
    if (groups.length < 8 && !raw.includes("::")) continue;
    if (!/\d/.test(raw)) continue;
    emit({ start: match.index, end: match.index + raw.length, kind: "IP", tier: "certain", rule: "ipv6" });
  }
}

const credentials = /\b[a-z][a-z0-9+.-]{1,30}:\/\/([^\s/?#@"'<>:]{0,128}):([^\s/?#@"'<>]{1,256})@/gi;
const userOnly = /\b(?:https?|ftp|git|ssh|postgres(?:ql)?|mysql|mongodb(?:\+srv)?|redis|amqps?):\/\/([^\s/?#@"'<>:]{8,256})@/gi;
const query = /[?&#;]([\w.[\]-]{1,64})=([^\s&#"'<>`\\)]{1,2048})/g;
const secretQuery = /(?:^|[_.\-[])(?:token|key|apikey|api_key|secret|sig|signature|password|passwd|pwd|pass|auth|code|access_token|refresh_token|id_token|session|sessionid|sid|jwt|credential|otp|hmac|state|nonce|ticket|assertion)\]?$/i;
const personQuery = /^(?:e?mail|user(?:name|_?id)?|phone|name|first_?name|last_?name|dob|ssn|login|account)$/i;
const placeholder = /^(?:\$|%24|\{|%7B|<|%3C|\*{3}|x{3,}|your|\[|true$|false$|null$|undefined$)/i;

/** User and password in a URL, and query parameters whose name says secret or person. */
export function findUrlSecrets(text: string, emit: Emit): void {
  if (text.includes("://")) {
    for (const match of text.matchAll(credentials)) {
      const [whole, user = "", password = ""] = match;
      const end = match.index + whole.length - 1;
      if (!placeholder.test(password)) emit({ start: end - password.length, end, kind: "PASSWORD", tier: "certain", rule: "url-password" });
      if (user.length > 3 && !placeholder.test(user) && !/^(?:user(?:name)?|root|admin|postgres|git|oauth2?|x-access-token|default|guest|redis|mysql|mongo)$/i.test(user))
        emit({ start: end - password.length - 1 - user.length, end: end - password.length - 1, kind: "USER_ID", tier: "likely", rule: "url-user" });
    }
    for (const match of text.matchAll(userOnly)) {
      const [whole, user = ""] = match;
      const end = match.index + whole.length - 1;
      if (!placeholder.test(user)) emit({ start: end - user.length, end, kind: "SECRET", tier: "certain", rule: "url-user" });
    }
  }
  if (!text.includes("=")) return;
  for (const match of text.matchAll(query)) {
    const [whole, name = "", value = ""] = match;
    const start = match.index + whole.length - value.length;
    if (placeholder.test(value) || value.length < 3) continue;
    if (secretQuery.test(name) && (value.length >= 8 || /pass|pwd|secret|otp/i.test(name)) && /[\d%]|[A-Z]/.test(value)) emit({ start, end: start + value.length, kind: "SECRET", tier: "certain", rule: "url-query" });
    else if (personQuery.test(name)) emit({ start, end: start + value.length, kind: /mail/i.test(name) ? "EMAIL" : /phone/i.test(name) ? "PHONE" : /name/i.test(name) ? "NAME" : "USER_ID", tier: "likely", rule: "url-query" });
  }
}
