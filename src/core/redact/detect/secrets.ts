import type { Emit } from "../hit.ts";
import { matchAt, placesOf, type Survey } from "../survey.ts";

const jwt = /eyJ[\w-]{8,4000}\.(?:eyJ)?[\w-]{8,8000}(?:\.[\w-]{0,2000}){0,3}/y;
const pem = /-----BEGIN ([A-Z0-9 ]{0,40}(?:PRIVATE KEY|PGP MESSAGE|OPENSSH)[A-Z0-9 ]{0,20})-----/y;
const authorization = /authorization["'\\]{0,6}\s{0,3}[:=,]\s{0,3}["'`\\[]{0,6}(?:([A-Za-z][\w-]{1,20})\s{1,4})?([^\s"'`\\,}\]\f]{6,4096})/iy;
const scheme = /(?:bearer|basic|digest|negotiate|apikey|token|ssws)\s{1,4}["']?([A-Za-z0-9+/_.~=-]{16,4096})/iy;
const header = /(x-[a-z-]{0,30}(?:key|token|secret|auth|signature)|api-key|apikey|private-token|ocp-apim-subscription-key)["'\\]{0,6}\s{0,3}[:=]\s{0,3}["'`\\]{0,6}([^\s"'`\\,;\f]{6,4096})/iy;
const cookie = /cookie["'\\]{0,6}\s{0,3}[:=]\s{0,3}["'`\\]{0,6}([^\n"'`\\\f]{6,4096})/iy;
const shellUser = /(?:-u|--user(?:name)?)[ =]["']?([^\s:"']{1,64}):([^\s"'@\f]{3,128})/y;
const shellSecret = /--?(?:password|passwd|pass|token|api-?key|secret|access-?key|secret-?key|auth-?token|private-?token|client-?secret|credential)[ =]["']?([^\s"'-][^\s"'\f]{4,512})/iy;

const placeholder = /^(?:\u00a4|\$|<|\{|%[({]|\*{3}|\.{3}|x{4,}$|your|my[-_]|\[|null$|none$|undefined$|true$|false$|string$|token$|redacted|os\.|process\.|env\.|hidden|masked)/i;
/** Whether a value is only a stand-in: a variable, a template, stars, `your-key-here`. */
export const isStandIn = (value: string): boolean =>
  placeholder.test(value) || /^[~^<>=v]{0,3}\d+(?:\.[\dx*]+){1,3}(?:-[a-z]+[\d.]*)?$/.test(value) || /^(.)\1{3,}$/.test(value) || /^(?:example|sample|dummy|placeholder|changeme|insert|enter|todo|fixme|n\/a|abc|foo|bar|baz|test)$/i.test(value);

/** JWTs, private keys, Authorization and key headers, cookies, credentials on a command line. */
export function findSecrets({ text, cues, heads }: Survey, emit: Emit): void {
  const put = (start: number, length: number, rule: string, tier: "certain" | "likely" = "certain", kind = "SECRET"): void => emit({ start, end: start + length, kind, tier, rule });
  const last = (at: number, found: RegExpExecArray, group: number): readonly [number, string] => {
    const value = found[group] ?? "";
    return [at + found[0].length - value.length, value];
  };
  for (const at of heads) {
    const found = text.startsWith("eyJ", at) ? matchAt(jwt, text, at) : null;
    if (found !== null) put(at, found[0].length, "jwt");
  }
  let keyEnd = 0;
  for (const at of placesOf(text, "-----BEGIN")) {
    if (at < keyEnd) continue;
    const found = matchAt(pem, text, at);
    if (found === null) continue;
    const closing = text.indexOf(`-----END ${found[1]}-----`, at);
    // A key that was cut off runs to where its base64 ends.
    const end = closing >= 0 && closing - at < 40_000 ? closing + `-----END ${found[1]}-----`.length : endOfKey(text, at + found[0].length);
    put(at, end - at, "private-key");
    keyEnd = end;
  }
  for (const at of cues.authorization) {
    const found = matchAt(authorization, text, at);
    if (found === null) continue;
    const [start, value] = last(at, found, 2);
    if (!isStandIn(value) && /\d|[A-Z]{2}|[=+/]/.test(value)) put(start, value.length, "authorization");
  }
  for (const at of cues.scheme) {
    const found = matchAt(scheme, text, at);
    if (found === null) continue;
    const [start, value] = last(at, found, 1);
    if (!isStandIn(value) && /\d/.test(value)) put(start, value.length, "auth-scheme");
  }
  for (const at of cues.header) {
    const found = matchAt(header, text, at);
    if (found === null) continue;
    const [start, value] = last(at, found, 2);
    if (!isStandIn(value) && /\d/.test(value)) put(start, value.length, "secret-header");
  }
  for (const at of cues.cookie) {
    const found = matchAt(cookie, text, at);
    if (found === null) continue;
    const [start, value] = last(at, found, 1);
    for (const pair of value.matchAll(/=([^\s;,]{8,2048})/g)) put(start + pair.index + 1, (pair[1] ?? "").length, "cookie");
  }
  for (const at of placesOf(text, " -")) {
    shell(at + 1, shellUser, 2, "certain");
    shell(at + 1, shellSecret, 1, "likely");
  }

  function shell(at: number, pattern: RegExp, group: number, tier: "certain" | "likely"): void {
    const found = matchAt(pattern, text, at);
    if (found === null) return;
    const [start, value] = last(at, found, group);
    if (!isStandIn(value) && (group === 2 || /\d|[^\w-]/.test(value))) put(start, value.length, "shell", tier, group === 2 ? "PASSWORD" : "SECRET");
  }
}

const keyBody = /(?:[A-Za-z0-9+/=\s\\:,-]){0,20000}/y;
function endOfKey(text: string, from: number): number {
  keyBody.lastIndex = from;
  keyBody.exec(text);
  return keyBody.lastIndex;
}
