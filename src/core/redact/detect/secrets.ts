import type { Emit } from "../hit.ts";

const jwt = /(?<![\w.-])eyJ[\w-]{8,4000}\.(?:eyJ)?[\w-]{8,8000}(?:\.[\w-]{0,2000}){0,3}/g;
const pem = /-----BEGIN ([A-Z0-9 ]{0,40}(?:PRIVATE KEY|PGP MESSAGE|OPENSSH)[A-Z0-9 ]{0,20})-----/g;
const authorization = /\b(?:proxy-)?authorization["'\\]{0,3}\s{0,3}[:=,]\s{0,3}["'`\\[]{0,3}(?:([A-Za-z][\w-]{1,20})\s{1,4})?([^\s"'`\\,}\]]{6,4096})/gi;
const scheme = /\b(bearer|basic|digest|negotiate|apikey|token|ssws)\s{1,4}["']?([A-Za-z0-9+/_.~=-]{16,4096})/gi;
const headerNames = /\b((?:x-[a-z-]{0,30}(?:key|token|secret|auth|signature)|api-key|apikey|set-cookie|cookie|private-token|ocp-apim-subscription-key)["'\\]{0,3}\s{0,3}[:=]\s{0,3}["'`\\]{0,2})([^\n"'`\\]{6,4096})/gi;
const shellUser = /(?:^|\s)(?:-u|--user(?:name)?)[ =]["']?([^\s:"']{1,64}):([^\s"'@]{3,128})/g;
const shellSecret = /(?:^|\s)--?(?:password|passwd|pass|token|api-?key|secret|access-?key|secret-?key|auth-?token|private-?token|client-?secret|credential)[ =]["']?([^\s"'-][^\s"']{4,512})/gi;

const placeholder = /^(?:\$|<|\{|%|\*{3}|\.{3}|x{4,}$|your|my[-_]|\[|null$|none$|undefined$|true$|false$|string$|token$|redacted|os\.|process\.|env\.)/i;
/** Whether a value is only a stand-in: a variable, a template, stars, `your-key-here`. */
export const isStandIn = (value: string): boolean => placeholder.test(value) || /^(.)\1{3,}$/.test(value) || /^(?:example|sample|dummy|placeholder|changeme|insert|enter|todo|fixme|n\/a|abc|foo|bar|baz|test)$/i.test(value);

/** JWTs, private keys, Authorization and key headers, cookies, credentials on a command line. */
export function findSecrets(text: string, emit: Emit): void {
  const put = (start: number, length: number, rule: string, tier: "certain" | "likely" = "certain", kind = "SECRET"): void => emit({ start, end: start + length, kind, tier, rule });
  if (text.includes("eyJ")) for (const match of text.matchAll(jwt)) put(match.index, match[0].length, "jwt");
  if (text.includes("-----BEGIN"))
    for (const match of text.matchAll(pem)) {
      const closing = text.indexOf(`-----END ${match[1]}-----`, match.index);
      // A key that was cut off runs to where its base64 ends.
      const end = closing >= 0 && closing - match.index < 40_000 ? closing + `-----END ${match[1]}-----`.length : endOfKey(text, match.index + match[0].length);
      put(match.index, end - match.index, "private-key");
    }
  if (/authorization/i.test(text))
    for (const match of text.matchAll(authorization)) {
      const value = match[2] ?? "";
      if (!isStandIn(value)) put(match.index + match[0].length - value.length, value.length, "authorization");
    }
  for (const match of text.matchAll(scheme)) {
    const value = match[2] ?? "";
    if (isStandIn(value) || !/\d/.test(value)) continue;
    put(match.index + match[0].length - value.length, value.length, "auth-scheme");
  }
  for (const match of text.matchAll(headerNames)) {
    const value = match[2] ?? "";
    const name = (match[1] ?? "").toLowerCase();
    if (isStandIn(value)) continue;
    if (!name.includes("cookie")) put(match.index + (match[1] ?? "").length, /^\S*/.exec(value)?.[0].length ?? 0, "secret-header");
    else for (const pair of value.matchAll(/=([^\s;,]{8,2048})/g)) put(match.index + (match[1] ?? "").length + pair.index + 1, (pair[1] ?? "").length, "cookie");
  }
  if (!text.includes("-")) return;
  for (const match of text.matchAll(shellUser)) {
    const value = match[2] ?? "";
    if (!isStandIn(value)) put(match.index + match[0].length - value.length, value.length, "shell-user", "certain", "PASSWORD");
  }
  for (const match of text.matchAll(shellSecret)) {
    const value = match[1] ?? "";
    if (!isStandIn(value) && /\d|[^\w-]/.test(value)) put(match.index + match[0].length - value.length, value.length, "shell-secret", "likely");
  }
}

const keyBody = /(?:[A-Za-z0-9+/=\s\\:,-]|\\n){0,20000}/y;
function endOfKey(text: string, from: number): number {
  keyBody.lastIndex = from;
  keyBody.exec(text);
  return keyBody.lastIndex;
}
