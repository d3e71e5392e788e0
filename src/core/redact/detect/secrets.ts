import type { Emit } from "../hit.ts";
import { senseOfKey } from "../keys.ts";
import { matchAt, placesOf, type Survey } from "../survey.ts";
import { shapeOf } from "./randomness.ts";

/** Three parts where it is signed, five where it is encrypted; the second of five may be empty. */
const jwt = /eyJ[\w-]{8,4000}\.(?:\.[\w-]{8,200}|(?:eyJ)?[\w-]{8,8000})(?:\.[\w-]{0,8000}){0,3}/y;
const pem = /-----BEGIN ([A-Z0-9 ]{0,40}(?:PRIVATE KEY|PGP MESSAGE|OPENSSH)[A-Z0-9 ]{0,20})-----/y;
const authorization = /authorization["'\\]{0,6}(?:\s{0,3}[:=]\s{0,3}["'`\\[]{0,6}|["'\\]{0,6},\s{0,2}["'`\\]{1,6})(?:([A-Za-z][\w-]{1,20})\s{1,4})?([^\s"'`\\,}\]\f]{6,4096})/iy;
const scheme = /(?:bearer|basic|digest|negotiate|apikey|token|ssws)\s{1,4}["']?([A-Za-z0-9+/_.~=-]{16,4096})/iy;
const header = /(x-[a-z-]{0,30}(?:key|token|secret|auth|signature)|api-key|apikey|private-token|ocp-apim-subscription-key)["'\\]{0,6}\s{0,3}[:=]\s{0,3}["'`\\]{0,6}([^\s"'`\\,;\f]{6,4096})/iy;
const cookie = /cookie["'\\]{0,6}\s{0,3}[:=]\s{0,3}["'`\\]{0,6}([^\n"'`\\\f]{6,4096})/iy;
const shellUser = /(?:-u|--user(?:name)?)[ =]["']?([^\s:"']{1,64}):([^\s"'@\f]{3,128})/y;
/** `-u app -p …`, whatever the command. */
const shellBoth = /-(?:[uU]|-?user(?:name)?)[ =]["']?[^\s"':]{1,64}["']?\s-[pPw][ =]?["']?(?!\d{1,5}(?::\d{1,5})?["']?(?:\s|$))([^\s"'/.-][^\s"'\f]{3,128})/y;
const shellSecret = /--?(?:[a-z]{1,16}-){0,3}(?:password|passwd|passphrase|storepass|keypass|dbpass|pass|token|api-?key|secret(?:-string)?|access-?key|secret-?key|auth-?token|private-?token|client-?secret|credential)[ =]["']?([^\s"'-][^\s"'\f]{4,512})/iy;

/** What follows a name in quotes: `, "…"`, and `).type("…")` of what drives a page. */
const argument = /["'](?:\]["'])?\)?(?:,\s{0,2}|\.(?:type|fill|send_?keys|setvalue|presssequentially)\()["'`]([^"'`\\\n\f]{4,512})["'`]/iy;
/** A constant with a sign before its quote: `= @"…"`, `= b"…"`. */
const constant = /=\s{0,2}(?:@|[brufBRUF]{0,2})["'`]([^"'`\\\s\f]{4,512})["'`]/y;
const namedBefore = /([\w.-]{3,64})["'\])]{0,3}\s?(?:\|\||\?\?)?$/;
const typedBefore = /([A-Za-z_]\w{2,64})\s?:?\s(?:&\s?(?:'\w{1,10}\s)?)?(?:[sS]tring|str)\s?$/;
/** `DBPassword:` and, some lines on, its `Default`. */
const parameter = /(?:^|\n)[ \t]{0,12}(\w{3,64}):[ \t]{0,4}\n(?:[ \t]{2,20}\w{2,24}:[ \t][^\n]{0,80}\n){0,4}[ \t]{2,20}$/;
const given = /:[ \t]{1,3}["']?([^\s"'#\f]{4,128})/y;
const spacedPassword = /(?:convertto-securestring(?:\s-\w{1,12}){0,2}|identified\s(?:by|with\s\S{1,30}\s(?:by|as))(?:\s(?:values|password))?|\w{2,12}(?:\swas)?)\s{1,4}(?:[05-9]\s)?(["'`]?)([^\s"'`\\,;\f]{6,128})/iy;
/** `password for the staging box: …`, `password changed to …`. */
const toldPassword = /\w{2,12}\s(?:(?:for|to|of|on|at)\s[^\n:=\f]{2,48}(?::|=|\sis)|(?:is\s|was\s|has\sbeen\s)?(?:now\s)?(?:changed|reset|set|updated)\s(?:to|as))\s{1,3}[*_]{0,2}["'`]?([^\s"'`\\,;\f]{6,128})/iy;
/** `credentials: admin / …`, `the creds are admin / …`. */
const login = /(?:credentials?|creds|log-?in)(?:\sfor\s[^\n:=\f]{2,40})?(?:[:=]|\sare)\s{1,3}["'`]?[\w.@+-]{2,64}["'`]?\s\/\s["'`]?([^\s"'`\\,;\f]{6,128})/iy;
/** `pulumi config set dbPassword …`. */
const setting = /config(?:ure)? set (?:-\S{1,24} ){0,3}["']?([\w.:/-]{3,96})["']?[ =]["']?([^\s"'-][^\s"'\f]{3,512})/iy;
const phrase = /[^\n\f]{4,60}?((?:[a-z]{3,8} ){11,23}[a-z]{3,8})(?![a-z])/y;
/** `docker login -u bob -p …`. */
const logsIn = /(?:docker|podman|helm registry|az|oc) login\s[^\n]{0,160}?\s-p\s?["']?([^\s"'-][^\s"']{3,128})/iy;
const keysOfNetwork = /(?:tacacs|radius)-server (?:host \S{1,64} )?(?:auth-port \d{1,5} acct-port \d{1,5} )?key (?:\d )?["']?([^\s"']{4,128})/iy;
const opensDesk = /x?freerdp\d?\s[^\n]{0,160}?\/p:["']?([^\s"']{4,128})/iy;
const packs = /(?:un)?zip\s(?:-\w{1,8}\s){0,3}-P\s?["']?([^\s"'-][^\s"']{3,128})/y;
const element = /[\w-]{3,16}>([^<>\s\f]{4,512})<\//y;
/** A user and a password, given as a pair to what signs in: `auth=("ci", "…")`. */
const pair = /(?:(?:httpbasicauth|httpdigestauth|basic_?auth|auth=|setbasicauth|networkcredential|wifi\.begin|login|authenticate)\(|getconnection\([^,\n\f]{1,160},)\s{0,4}["'][^"'\n\f]{1,64}["'],\s{0,4}["']([^"'\s\f]{6,128})["']/iy;
/** Where a command takes its password: after its name, up to 160 characters of its line. */
const commands: readonly (readonly [begin: string, pattern: RegExp])[] = [
  ["sshpass", /sshpass\s[^\n]{0,40}?-p\s?["']?([^\s"']{4,128})/iy],
  ["m", /(?:mysql(?:dump|admin)?|mariadb)\s[^\n]{0,120}?\s?-p["']?([^\s"'-][^\s"']{3,128})/iy],
  ["htpasswd", /htpasswd\s(?:-\w{1,8}\s){0,3}\S{0,120}\s[^\s]{1,64}\s["']?([^\s"']{4,128})/iy],
  ["redis-cli", /redis-cli\s[^\n]{0,120}?-a\s["']?([^\s"']{4,128})/iy],
  ["openssl", /openssl\s[^\n]{0,120}?(?:-k\s|pass:)["']?([^\s"']{4,128})/iy],
  ["7z", /7za?\s[^\n]{0,80}?\s-p["']?([^\s"']{4,128})/iy],
  ["net user", /net user \S{1,64} ([^\s/"'][^\s"']{5,128})/iy],
  ["net use", /net use\s(?:\S{1,128}\s){0,4}\/user:\S{1,64}\s["']?([^\s/"'][^\s"']{3,128})/iy],
  ["cmdkey", /cmdkey\s[^\n]{0,120}?\/pass:["']?([^\s"']{4,128})/iy],
  ["docker login", logsIn],
  ["podman login", logsIn],
  ["helm registry login", logsIn],
  ["az login", logsIn],
  ["oc login", logsIn],
  ["psexec", /psexec\S{0,8}\s[^\n]{0,120}?\s-p\s["']?([^\s"'-][^\s"']{3,128})/iy],
  ["sqlcmd", /sqlcmd\s[^\n]{0,120}?-P\s?["']?([^\s"'-][^\s"']{3,128})/y],
  ["sqlplus", /sqlplus\s(?:-\w{1,8}\s){0,3}["']?[^\s/"']{1,64}\/([^\s@/"']{3,128})(?=@)/iy],
  ["ldap", /ldap(?:search|add|modify|delete|whoami|passwd|compare)\s[^\n]{0,160}?\s-w\s?["']?([^\s"'-][^\s"']{3,128})/y],
  ["mosquitto_", /mosquitto_(?:pub|sub|rr)\s[^\n]{0,160}?\s-P\s["']?([^\s"'-][^\s"']{3,128})/y],
  ["zip ", packs],
  ["unzip ", packs],
  ["smbclient", /smbclient\s[^\n]{0,120}?\s-U\s?["']?[^\s%"']{1,64}%([^\s"']{4,128})/y],
  ["mc alias set", /mc alias set\s\S{1,64}\shttps?:\S{1,128}\s\S{1,64}\s["']?([^\s"'-][^\s"']{3,128})/iy],
  ["chpasswd:", /chpasswd:\s{1,12}(?:expire:\s\w{4,5}\s{1,12})?list:\s\|?\s{0,16}[\w.-]{1,32}:([^\s:"']{4,128})/iy],
  ["snmp-server community", /snmp-server community (?!public\b|private\b)["']?([^\s"']{4,64})/iy],
  ["tacacs-server", keysOfNetwork],
  ["radius-server", keysOfNetwork],
  ["crypto isakmp key", /crypto isakmp key (?:\d )?([^\s"']{4,128})(?= address)/iy],
  ["pre-shared-key", /pre-shared-key (?:local |remote )?(?:[06] |ascii-text )?["']?([^\s"']{6,128})/iy],
  ["ssh-keygen", /ssh-keygen\s[^\n]{0,120}?-P\s["']?([^\s"'-][^\s"']{3,128})/y],
  ["ssh-keygen", /ssh-keygen\s[^\n]{0,160}?-N\s["']?([^\s"'-][^\s"']{3,128})/y],
  ["xfreerdp", opensDesk],
  ["freerdp", opensDesk],
  ["rabbitmqctl", /rabbitmqctl\s(?:-\S{1,32}\s){0,3}(?:add_user|change_password)\s\S{1,64}\s["']?([^\s"'-][^\s"']{3,128})/iy],
  ["echo", /echo\s(?:-\w{1,3}\s)?["']?(?:[\w.-]{1,32}:)?([^\s"'`|$:][^\s"'`|]{3,128})(?=["']?\s{0,2}\|\s{0,2}(?:sudo\s(?:-\w{1,8}\s){0,2}(?:-S|chpasswd|cryptsetup)|chpasswd|cryptsetup|passwd\s--stdin|\S[^\n|]{0,120}?(?:--password-stdin|--with-token)))/iy],
];
const pgpass = /:\d{4,5}:[^\s:]{1,64}:[^\s:]{1,64}:([^\s:"']{4,128})(?=\s|$)/y;
const puttyLines = /\d{1,4}\r?\n((?:[A-Za-z0-9+/=]{16,80}\r?\n?){1,200})/y;

const placeholder = /^(?:\u00a4|&lt;|v\d+\.\d+\.\d+|\$|<|\{|%[({]|\*{3}|\.{3}|x{4,}$|your|my[-_]|\[|null$|none$|undefined$|true$|false$|string$|token$|redacted|os\.|process\.|env\.|hidden|masked|replace[-_ ]?(?:me|with|this)|\((?:sensitive|known|hidden|redacted))/i;
/** Whether a value is only a stand-in: a variable, a template, stars, `your-key-here`. */
export const isStandIn = (value: string): boolean =>
  placeholder.test(value) || /^[~^<>=v]{0,3}\d+(?:\.[\dx*]+){1,3}(?:-[a-z]+[\d.]*)?$/.test(value) || /^(.)\1{3,}$/.test(value) || /^(?:example|sample|dummy|placeholder|changeme|insert|enter|todo|fixme|n\/a|abc|foo|bar|baz|test|(?:scram-|hmac-)?sha-?\d{1,3}(?:-plus)?|aes-?\d{3}(?:-\w{3})?|[hrep]s(?:256|384|512))$/i.test(value);

/** Words, code, paths, addresses and files, which may follow the word `password`, too. */
const isNoPassword = (value: string): boolean => isStandIn(value) || /^[A-Z]?[a-z]+\d?[.!?)]?$/.test(value) || /[([{<>]|^\/|^https?:|=$|\.[a-z0-9]{1,5}$|^[a-z\d.-]+\.[a-z]+$/.test(value);

/** JWTs, private keys, Authorization and key headers, cookies, credentials on a command line. */
export function findSecrets({ text, cues, heads, signs }: Survey, emit: Emit): void {
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
    const size = text.slice(at, at + 40_000).indexOf(`-----END ${found[1]}-----`);
    // A key that was cut off (the next end is another key's, or another text's) runs to where its base64 ends.
    const isWhole = size > 0 && !/\f|-----BEGIN/.test(text.slice(at + 5, at + size));
    const end = isWhole ? at + size + `-----END ${found[1]}-----`.length : endOfKey(text, at + found[0].length);
    put(at, end - at, "private-key");
    keyEnd = end;
  }
  for (const at of cues.authorization) {
    const found = matchAt(authorization, text, at);
    if (found === null) continue;
    const [start, value] = last(at, found, 2);
    if (!isStandIn(value) && /\d|[A-Z]{2}|[=+/]/.test(value) && !/^(?:\/|[A-Za-z_][\w.]*[[(])/.test(value)) put(start, value.length, "authorization");
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
  for (const at of cues.quotedName) {
    const quote = text.indexOf(text[at] === undefined ? "" : /["']/.exec(text.slice(at, at + 14))?.[0] ?? "\f", at);
    const found = quote < 0 ? null : matchAt(argument, text, quote);
    const name = /([\w.-]{1,64})\]?$/.exec(text.slice(Math.max(0, at - 52), quote))?.[1] ?? "";
    const value = found?.[1] ?? "";
    if (value === "" || isStandIn(value) || /^[A-Za-z][A-Za-z _.-]*$/.test(value) || /\s/.test(value) || !/\d/.test(value)) continue;
    const sense = senseOfKey({ key: name, parents: [], siblings: [] });
    if (sense?.secret === true) put(argument.lastIndex - 1 - value.length, value.length, "secret-argument", "likely", sense.kind);
  }
  for (const at of signs) {
    const [name, value] = text.charCodeAt(at) === 61 ? constantAt(text, at) : parameterAt(text, at);
    if (name === "" || isStandIn(value) || !/\d|[^\w-]/.test(value) || /^(?:https?:\/\/[^@]*|\/\S*)$/.test(value)) continue;
    const sense = senseOfKey({ key: name, parents: [], siblings: [] });
    if (sense?.secret === true) put(text.indexOf(value, at), value.length, "labelled-secret", "likely", sense.kind);
  }
  for (const at of cues.password) {
    const told = matchAt(toldPassword, text, at);
    if (told !== null) {
      putStrong(at + told[0].length, told[1] ?? "", "password-told");
      continue;
    }
    const found = matchAt(spacedPassword, text, at);
    if (found === null) continue;
    const [, quote = "", value = ""] = found;
    if (!/^(?:convert|identified)/i.test(found[0])) putStrong(at + found[0].length, value, "password-after-word");
    else if (quote !== "" && !isNoPassword(value)) put(at + found[0].length - value.length, value.replace(/[.,:)]+$/, "").length, "password-after-word", "likely", "PASSWORD");
  }
  for (const at of cues.login) {
    const found = matchAt(login, text, at);
    if (found !== null) putStrong(at + found[0].length, found[1] ?? "", "password-told");
  }
  for (const at of cues.setting) {
    const found = matchAt(setting, text, at);
    const value = found?.[2] ?? "";
    if (found === null || isStandIn(value) || !/\d|[^\w-]/.test(value)) continue;
    const sense = senseOfKey({ key: found[1] ?? "", parents: [], siblings: [] });
    if (sense?.secret === true) put(setting.lastIndex - value.length, value.length, "secret-argument", "likely", sense.kind);
  }
  for (const at of cues.command)
    for (const [begin, pattern] of commands) {
      if (text.slice(at, at + begin.length).toLowerCase() !== begin) continue;
      const found = matchAt(pattern, text, at);
      const value = found?.[1] ?? "";
      if (found !== null && !isStandIn(value) && !/^[a-z]+$/.test(value)) put(at + found[0].length - value.length, value.length, "shell", "likely", "PASSWORD");
    }
  for (const at of cues.element) {
    const value = /<[\w.:-]{0,40}$/.test(text.slice(Math.max(0, at - 42), at)) ? matchAt(element, text, at)?.[1] : undefined;
    const key = /<[\w.:-]{1,56}$/.exec(text.slice(Math.max(0, at - 42), text.indexOf(">", at)))?.[0].slice(1) ?? "";
    if (value === undefined || !text.startsWith(`${key}>`, element.lastIndex) || isStandIn(value) || /^\/[a-z]+\//.test(value) || !/\d|[^\w-]/.test(value)) continue;
    const sense = senseOfKey({ key, parents: [], siblings: [] });
    if (sense?.secret === true) put(element.lastIndex - 2 - value.length, value.length, "secret-element", "likely", sense.kind);
  }
  for (const at of cues.pair) {
    const value = matchAt(pair, text, at)?.[1];
    if (value !== undefined) putStrong(pair.lastIndex - 1, value, "secret-argument");
  }
  for (const at of cues.phrase) {
    const found = matchAt(phrase, text, at);
    const words = found?.[1]?.split(" ") ?? [];
    // Prose repeats its little words, a phrase hardly one.
    if (found !== null && words.length % 3 === 0 && new Set(words).size > words.length - 2 && !words.some((word) => /^(?:the|and|for|with|that|from|was|are|not|your|you|has|have|its|which|but)$/.test(word))) put(at + found[0].length - (found[1] ?? "").length, (found[1] ?? "").length, "seed-phrase");
  }
  for (const at of signs) {
    const next = text.charCodeAt(at + 1);
    if (next < 48 || next > 57 || (text.charCodeAt(at + 5) !== 58 && text.charCodeAt(at + 6) !== 58) || text.charCodeAt(at) !== 58) continue;
    const value = matchAt(pgpass, text, at)?.[1];
    if (value !== undefined && !/^[\d.*]+$/.test(value) && !isStandIn(value) && !/^\d+$/.test(value)) put(pgpass.lastIndex - value.length, value.length, "pgpass", "likely", "PASSWORD");
  }
  for (const at of signs) {
    if (text.charCodeAt(at + 1) !== 32 || text.charCodeAt(at - 1) !== 115 || !text.startsWith("Private-Lines:", at - 13)) continue;
    const lines = matchAt(puttyLines, text, at + 2)?.[1];
    if (lines !== undefined) put(puttyLines.lastIndex - lines.length, lines.trimEnd().length, "private-key");
  }
  for (let at = text.indexOf("-"); at >= 0; at = text.indexOf("-", at + 1)) {
    const next = text.charCodeAt(at + 1);
    if (text.charCodeAt(at - 1) === 32 && next !== 32) {
      shell(at, shellUser, 2, "certain");
      shell(at, shellSecret, 1, "likely");
      shell(at, shellBoth, 1, "likely", "PASSWORD");
    }
    // Rules drawn in dashes are passed in one step.
    if (next === 45) while (text.charCodeAt(at + 1) === 45) at += 1;
  }

  /** A password that nothing but a word tells of must look like one. */
  function putStrong(end: number, given: string, rule: string): void {
    const value = given.replace(/(?:[.,:)]|\*\*)+$/, "");
    const shape = shapeOf(value);
    const strong = shape.digits > 0 && (shape.upper > 0 || shape.other > 0 || shape.digits > 1) && shape.lower + shape.upper > 2 && shape.distinct > 4;
    if (strong && !isNoPassword(given)) put(end - given.length, value.length, rule, "likely", "PASSWORD");
  }

  function shell(at: number, pattern: RegExp, group: number, tier: "certain" | "likely", kind = group === 2 ? "PASSWORD" : "SECRET"): void {
    const found = matchAt(pattern, text, at);
    if (found === null) return;
    const [start, value] = last(at, found, group);
    if (!isStandIn(value) && (group === 2 || /\d|[^\w-]/.test(value))) put(start, value.length, "shell", tier, kind);
  }
}

const nothing = ["", ""] as const;
/** What is assigned to a name that its type, `||` or `??` follows, or whose value a sign begins: `password string = "…"`, `= @"…"`. */
function constantAt(text: string, at: number): readonly [name: string, value: string] {
  const back = text.charCodeAt(at - 1) === 32 ? text.charCodeAt(at - 2) : text.charCodeAt(at - 1);
  const first = text.charAt(at + 1) === " " ? at + 2 : at + 1;
  // `string`, `str`; `||`, `??`; `@"`, `b"`.
  const typed = back === 103 || back === 114;
  const other = back === 124 || back === 63;
  if (!typed && !other && !"@brufBRUF".includes(text.charAt(first) || " ")) return nothing;
  const value = matchAt(constant, text, at)?.[1];
  if (value === undefined) return nothing;
  const head = text.slice(Math.max(0, at - 90), at);
  return [(typed ? typedBefore.exec(head)?.[1] : undefined) ?? namedBefore.exec(head)?.[1] ?? "", value];
}

/** What a template gives a parameter that is given nothing. */
function parameterAt(text: string, at: number): readonly [name: string, value: string] {
  if (text.charCodeAt(at - 1) !== 116 || !text.startsWith("Default", at - 7)) return nothing;
  return [parameter.exec(text.slice(Math.max(0, at - 260), at - 7))?.[1] ?? "", matchAt(given, text, at)?.[1] ?? ""];
}

const keyBody = /(?:[A-Za-z0-9+/=\s\\:,-]){0,20000}/y;
function endOfKey(text: string, from: number): number {
  keyBody.lastIndex = from;
  keyBody.exec(text);
  return keyBody.lastIndex;
}
