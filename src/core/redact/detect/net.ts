import type { Emit } from "../hit.ts";
import { before, matchAt, type Survey } from "../survey.ts";

const v4 = /(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\w|\.\d)/y;
const v6 = /(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])|(?=[0-9a-f:]{3,45}(?![\w:]))(?=[0-9a-f:]*::)[0-9a-f:]{3,45}/iy;
const mac = /[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}(?![\w:-])/iy;

/** Addresses that name nobody: this machine, nothing, broadcast, masks, clouds' metadata, public resolvers. */
const nobody = /^(?:127\.|0\.|255\.|169\.254\.169\.254$|1\.1\.1\.1$|8\.8\.[48]\.[48]$)/;
const version = /(?:version|ver|release|chrome|firefox|safari|edg|v|==|>=|<=|~=|@)\W?\s?$/i;

/** IPv4, IPv6 and MAC addresses. Loopback and masks are left; private ranges are only likely. */
export function findAddresses(survey: Survey, emit: Emit): void {
  const { text, numbers, signs, runs } = survey;
  findPlaces(survey, emit);
  for (let i = 0; i < numbers.length; i += 3) {
    const start = numbers[i] ?? 0;
    if (!dotted(text, start) || /[\w.]/.test(text[start - 1] ?? "")) continue;
    const raw = matchAt(v4, text, start)?.[0];
    if (raw === undefined || nobody.test(raw) || (!raw.startsWith("10.") && raw.split(".").every((part) => Number(part) < 30)) || version.test(before(text, start, 10))) continue;
    emit({ start, end: start + raw.length, kind: "IP", tier: /^(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./.test(raw) ? "likely" : "certain", rule: "ipv4" });
  }
  let last = -1;
  for (const sign of signs) {
    if (sign < last || text.charCodeAt(sign) !== 58) continue;
    const next = text.charCodeAt(sign + 1);
    if (next !== 58 && !isHex(next)) continue;
    let start = sign;
    while (start > 0 && sign - start < 4 && isHex(text.charCodeAt(start - 1))) start -= 1;
    if (/[\w:.-]/.test(text[start - 1] ?? "")) continue;
    const address = matchAt(mac, text, start) ?? matchAt(v6, text, start);
    if (address === null) continue;
    const raw = address[0];
    last = start + raw.length;
    if (!raw.includes("::") && raw.length === 17) emitMac(raw, start, emit);
    else if (/\d/.test(raw) && raw.split(":").filter((group) => group !== "").length >= 3 && !/:::|[0-9a-f]{5}/i.test(raw)) emit({ start, end: last, kind: "IP", tier: "certain", rule: "ipv6" });
  }
  // With dashes it is one run of seventeen.
  for (let i = 0; i < runs.length; i += 3) {
    const start = runs[i] ?? 0;
    if ((runs[i + 1] ?? 0) - start === 17 && matchAt(mac, text, start) !== null) emitMac(text.slice(start, start + 17), start, emit);
  }
}

const isHex = (code: number): boolean => (code >= 48 && code <= 57) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);
/** Whether a point follows one to three digits. */
const dotted = (text: string, at: number): boolean => text.charCodeAt(at + 1) === 46 || text.charCodeAt(at + 2) === 46 || text.charCodeAt(at + 3) === 46;

function emitMac(raw: string, start: number, emit: Emit): void {
  if (!/^(?:00[:-]){5}00$|^(?:ff[:-]){5}ff$/i.test(raw)) emit({ start, end: start + raw.length, kind: "MAC", tier: "certain", rule: "mac" });
}

const place = /-?\d{1,2}\.\d{4,12},\s?-?\d{1,3}\.\d{4,12}(?![\d.]|,\s?-?\d)/y;
const placeNear = /(?:near|at|location|coord\w*|gps|lat\w*|position|geo\w*|around|pin|map|site|tower|from|to|is|in)\W{1,4}$/i;
/** Latitude and longitude where prose says that they are a place. */
function findPlaces({ text, numbers }: Survey, emit: Emit): void {
  for (let i = 0; i < numbers.length; i += 3) {
    const number = numbers[i] ?? 0;
    if (text.charCodeAt(numbers[i + 1] ?? 0) !== 44) continue;
    const at = number - (text[number - 1] === "-" ? 1 : 0);
    const found = matchAt(place, text, at)?.[0];
    if (found === undefined || !placeNear.test(before(text, at, 24))) continue;
    const [latitude = 0, longitude = 0] = found.split(",").map((part) => Math.abs(Number(part)));
    if (latitude <= 90 && longitude <= 180 && (latitude >= 1 || longitude >= 1)) emit({ start: at, end: at + found.length, kind: "GEO", tier: "likely", rule: "coordinates" });
  }
}

const withPassword = /:\/\/([^\s/?#@"'<>:\f]{0,128}):([^\s/?#@"'<>\f]{1,256})@/y;
const withUser = /:\/\/([^\s/?#@"'<>:\f]{8,256})@/y;
const placeholder = /^(?:\$|&lt;|%24|\{|%7B|<|%3C|\*{3}|x{3,}|your|\[|true$|false$|null$|undefined$)/i;
const anyUser = /^(?:user(?:name)?|root|admin|postgres|git|oauth2?|x-access-token|default|guest|redis|mysql|mongo)$/i;
const secretName = /(?:^|[_.\-[])(?:token|key|apikey|api_key|secret|sig|signature|password|passwd|pwd|pass|auth|code|access_token|refresh_token|id_token|session|sessionid|sid|jwt|credential|otp|hmac|state|nonce|ticket|assertion)\]?$/i;
const personName = /^(?:e?mail|user(?:name|_?id)?|phone|name|first_?name|last_?name|dob|ssn|login|account)$/i;
/** Oracle's way: the user, a slash, the password, and where. */
const slashed = /:([^\s/:@"'\f]{1,64})\/([^\s/@"'<>\f]{3,128})@/y;
const value = /[^\s&#"'<>`\\)\f]{1,2048}/y;

const isQueryName = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code === 45 || code === 46 || code === 91 || code === 93;

/** User and password in a URL, and query parameters whose name says secret or person. */
export function findUrlSecrets({ text, signs }: Survey, emit: Emit): void {
  for (const at of signs) {
    if (text.charCodeAt(at - 1) === 110 && text.startsWith("thin:", at - 4)) {
      const password = matchAt(slashed, text, at)?.[2];
      if (password !== undefined && !placeholder.test(password)) emit({ start: slashed.lastIndex - 1 - password.length, end: slashed.lastIndex - 1, kind: "PASSWORD", tier: "certain", rule: "url-password" });
    }
    if (text.charCodeAt(at + 1) !== 47 || text.charCodeAt(at + 2) !== 47 || text.charCodeAt(at) !== 58) continue;
    const both = matchAt(withPassword, text, at);
    if (both !== null) {
      const [whole, user = "", password = ""] = both;
      const end = at + whole.length - 1;
      if (!placeholder.test(password)) emit({ start: end - password.length, end, kind: "PASSWORD", tier: "certain", rule: "url-password" });
      if (user.length > 3 && !placeholder.test(user) && !anyUser.test(user)) emit({ start: at + 3, end: at + 3 + user.length, kind: "USER_ID", tier: "likely", rule: "url-user" });
      continue;
    }
    const user = matchAt(withUser, text, at)?.[1];
    if (user !== undefined && !placeholder.test(user)) emit({ start: at + 3, end: at + 3 + user.length, kind: "SECRET", tier: "certain", rule: "url-user" });
  }
  for (const sign of signs) {
    if (text.charCodeAt(sign) !== 61) continue;
    let from = sign;
    while (from > 0 && sign - from < 64 && isQueryName(text.charCodeAt(from - 1))) from -= 1;
    if (from === sign || !/[?&#;]/.test(text[from - 1] ?? "")) continue;
    const name = text.slice(from, sign);
    const found = matchAt(value, text, sign + 1)?.[0];
    if (found === undefined || found.length < 3 || placeholder.test(found) || (/^state$/i.test(name) && /^(?:%2F|\/)/i.test(found))) continue;
    const start = sign + 1;
    if (secretName.test(name) && (found.length >= 8 || /pass|pwd|secret|otp/i.test(name)) && /[\d%A-Z]/.test(found)) emit({ start, end: start + found.length, kind: "SECRET", tier: "certain", rule: "url-query" });
    else if (personName.test(name)) emit({ start, end: start + found.length, kind: /mail/i.test(name) ? "EMAIL" : /phone/i.test(name) ? "PHONE" : /name/i.test(name) ? "NAME" : "USER_ID", tier: "likely", rule: "url-query" });
  }
}
