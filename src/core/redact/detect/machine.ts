import type { Emit } from "../hit.ts";
import { isEncodedProse } from "../decode.ts";
import { before as lineHead, inRun, type Survey } from "../survey.ts";
import { randomness, shapeOf } from "./randomness.ts";
import { namesVendor } from "./vendor-words.ts";

const longest = 1024;

const secretNear =
  /secret|token|api[\s_-]{0,2}key|apikey|access[\s_-]{0,2}key|private[\s_-]{0,2}key|auth|password|passwd|pwd|passphrase|credential|\bcreds\b|bearer|client[\s_-]{0,2}(?:id|secret)|webhook|signature|(?:licen[cs]e|subscription|session)[\s_-]{0,2}(?:key|id|token)|\bkeys?\b|_key\b|_KEY\b|[a-z]Key\b|\bpat\b|_PAT\b|\bdsn\b|\bjwt\b|hmac|\bencrypt|\bdecrypt|\blogin\b|\bappid\b|\{s?sha\d{0,3}\}$/i;
const digestNear =
  /\bsha\d{0,3}|md5|(?<!api_|api)hash|checksum|digest|integrity|etag|commit|revision|\brev\b|blob|\btree\b|\bparent\b|\bindex\b|\bmerge\b|\bHEAD\b|fingerprint|\bcrc|version|nonce|uuid|guid|trace|span|request|\bbuild|(?<![a-z])layer|image(?!kit)|docker|\bgit\b|\bdiff\b|cache|chunk|snapshot|content-?id|resource|githead|restored|-ray\b|certificate|x509|\bgpg\b|\bpgp\b|set-output|signing key|key ?id|\bh1:/i;
const idNear = /(?:^|[\W_])(?:id|ids|uid|ref|run|job|node|page|issue|event|batch|digest|hash|sha\d*|record|row|entity|object|item|task|session|trace|span|request|message|thread)\W{0,4}$|[a-z](?:Id|ID|Ref)\W{0,4}$/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const hex = /^(?:0x)?[0-9a-f]+$/i;
/** Beginnings of identifiers that clouds, model APIs and build tools give to things. */
const ids = new Set(
  `call toolu tool chatcmpl cmpl msg message resp response run thread step asst assistant file fc rs ws req request trace span evt event fp ft ftjob batch item conv conversation gen task job pod sha sha1 sha256 sha384 sha512 md5 h1
  commit build vs obj id cus pi ch seti in price prod si cs acct txn tx order user usr org proj project team cache chunk index idx img image blob node doc page snap snapshot layer vol pvc vpc subnet sg ami i eni rtb igw lt
  tmp temp asset hash digest etag rev ref uid uuid guid inv invoice customer ses session model models ckpt dataset ds env func pkg lib mod module class component css js bundle main vendor vendors app style fonts media static worker
  ctx context state checkpoint cp interrupt agent handoff group grp dir fd mem addr ptr go cache key-v sandbox container instance cluster host machine vm ip request-id reqid amzn`.split(/\s+/),
);
const secretPrefix = /^(?:sk|pk|rk|ak|key|keys|token|tok|secret|sec|api|apikey|auth|access|pat|live|oat|pw|pass|priv|private|publishable|cred)$/;

/**
 * Tokens that look made by a machine and say not whose they are. Near a word such as `token` or `key` on their line, or
 * beside the name of a service: likely. Alone: suspect, as commit ids, checksums and cache keys are made by machines too.
 */
export function findMachineTokens({ text, runs }: Survey, emit: Emit): void {
  for (let i = 0; i < runs.length; i += 3) {
    // `%3D` before a value is an escape, no part of it.
    const start = (runs[i] ?? 0) + (text[(runs[i] ?? 0) - 1] === "%" && /^[0-9A-Fa-f]{2}/.test(text.slice(runs[i] ?? 0, (runs[i] ?? 0) + 2)) ? 2 : 0);
    const end = runs[i + 1] ?? 0;
    if (end - start > longest) {
      emit({ start, end, kind: "BLOB", tier: "suspect", rule: "long-run" });
      continue;
    }
    const held = runs[i + 2] ?? 0;
    // Without digits there must be capitals and small letters, unlike those of words, and more than a few.
    if ((held & inRun.digits) === 0 && ((held & inRun.capitals) === 0 || (held & inRun.smalls) === 0 || end - start < 14)) continue;
    const whole = text.slice(start, end);
    if ((held & inRun.digits) === 0 && whole.length < 34 && !whole.includes("/") && shapeOf(whole).word >= 4.6) continue;
    // Words, public keys of SSH, what a file's content is called, and the checksums of lock files, which say that they are.
    if (/^(?:[a-z_/-]+$|sha\d{1,3}-|AAAA(?:B3NzaC1|C3NzaC1|E2VjZHNh)|(?:\/\/)?baf[yk][a-z2-7]{55})/.test(whole) || /h1:$|integrity="$/.test(text.slice(start - 11, start))) continue;
    const line = isLineOfBase64(text, start, end);
    for (const [offset, token] of parts(whole, text, start)) {
      const padded = offset + token.length === whole.length ? token + paddingAt(text, end) : token;
      judge({ text, start: start + offset, token: padded, line }, emit);
    }
  }
}

const paddingAt = (text: string, end: number): string => (text[end] === "=" ? (text[end + 1] === "=" ? "==" : "=") : "");

/** A whole line of base64 is a piece of a picture or a certificate. Blanks, a line's number, an escaped line break may stand around. */
function isLineOfBase64(text: string, start: number, end: number): boolean {
  const size = end - start;
  if (size < 20 || size > 120 || /[-_]/.test(text.slice(start, end))) return false;
  const head = text.slice(Math.max(0, start - 32), start);
  const tail = text.slice(end, end + 32);
  return /(?:^|[\n\r\t]|\\[nt])[ >|+]{0,8}$/.test(head) && /^={0,2}\s{0,2}(?:$|[\n\r]|\\[nr])/.test(tail) && (/[A-Za-z0-9+/]{16}={0,2}\s{0,4}(?:\\[nr])*[\s\d>|+]{0,14}$/.test(head) || /^={0,2}(?:\\[nr]|\s)+[\s\d>|+]{0,14}[A-Za-z0-9+/]{12}/.test(tail));
}

/** A path's segments are judged one by one; base64 may hold slashes itself. */
function parts(whole: string, text: string, start: number): readonly (readonly [number, string])[] {
  if (!whole.includes("/")) return [[0, whole]];
  const segments = whole.split("/");
  if (segments.some((segment) => uuid.test(segment)) || inAddress.test(text.slice(Math.max(0, start - 60), start))) return segmentsOf(segments);
  // Base64 with slashes: hardly any of it is a plain word, and it is random as a whole.
  const plain = segments.reduce((sum, segment) => sum + (segment.length > 2 && (/^[a-z_-]+$/.test(segment) || /^[A-Z]?[a-z]+$/.test(segment) || (segment.length > 5 && randomness(segment.padEnd(8, segment)) < 0.45)) ? segment.length : 0), 0);
  if (plain < whole.length * 0.24 && whole.length >= 24 && randomness(whole) > 0.6) return [[0, whole]];
  return segmentsOf(segments);
}

/** The host of an address, up to its last point: what follows is its end and a path. */
const inAddress = /:\/\/(?:[\w-]{1,40}\.){1,4}$/;

function segmentsOf(segments: readonly string[]): readonly (readonly [number, string])[] {
  let at = 0;
  const out: [number, string][] = [];
  for (const segment of segments) {
    if (segment.length >= 12) out.push([at, segment]);
    at += segment.length + 1;
  }
  return out;
}

type Candidate = { readonly text: string; readonly start: number; readonly token: string; readonly line: boolean };

function judge({ text, start, token, line }: Candidate, emit: Emit): void {
  const end = start + token.length;
  const shape = shapeOf(token);
  if (shape.digits === 0 ? shape.upper === 0 || shape.lower === 0 : isIdentifier(token)) return;
  const before = lineBefore(text, start);
  const inPath = /[/#]/.test(text[start - 1] ?? "") || /^(?:\/|\.[a-z]{1,5}\b)/.test(text.slice(end, end + 7));
  const near = nearSecret(before);
  const put = (tier: "likely" | "suspect", rule: string): void => {
    const [from, to] = tier === "likely" ? widen(text, start, end) : [start, end];
    emit({ start: from, end: to, kind: "SECRET", tier, rule });
  };
  if (uuid.test(token)) {
    if (inPath || digestNear.test(before.slice(-24)) || idNear.test(before.slice(-16))) return;
    if (near) put("likely", "uuid-near-secret-word");
    else if (vendorNear(before)) put("likely", "uuid-near-vendor");
    return;
  }
  if (hex.test(token)) {
    if (token.length < (near && token.length === 16 && vendorNear(before) ? 16 : 20) || shape.digits === 0 || shape.lower + shape.upper < 2) return;
    const digest = digestNear.test(before.slice(-40));
    // `3f2a…\trefs/heads/token`: a commit, whatever the line before is about.
    if (/^\s(?:refs\/|HEAD\b)/.test(text.slice(end, end + 6))) return;
    if (near && !digest && !inPath) return put("likely", "hex-near-secret-word");
    if (vendorNear(before) && !digest && !inPath && !idNear.test(before.slice(-16))) return put("likely", "hex-near-vendor");
    if (token.length >= 32 && !digestNear.test(before)) put(isAssigned(text, start, token) ? "likely" : "suspect", "hex");
    return;
  }
  if (shape.digits === token.length || shape.distinct < 7) return;
  if (/^[0-9a-f]{32}-(?:us\d{1,2}|[0-9a-f]{8}-[0-9a-f]{8})$/.test(token)) return put("likely", "mail-service");
  const [from, body] = bodyOf(token);
  const prefix = token.slice(0, Math.max(0, from - 1)).toLowerCase();
  const named = prefix.split(/[-_]/);
  const isId = from > 0 && /^[a-z]/.test(token) && ids.has(named[0] ?? "") && !named.some((word) => secretPrefix.test(word));
  if (isId && /^[0-9a-f]{8,64}$/.test(body)) return;
  const score = randomness(token);
  if (near && !line) {
    const digest = hex.test(body) && /\bcache|restored/i.test(before);
    const machine = digest ? false : shape.digits === 0 ? token.length >= 16 && shape.word < 4.5 && !isCamel(token) : shape.digits > 2 || shape.word < 4.8;
    if ((score > 0.5 || (from > 0 && body.length >= 28 && hex.test(body))) && machine && !isId && !/^\d+[-+~]/.test(token) && !(inPath && !isMade(body))) put("likely", "token-near-secret-word");
    return;
  }
  if (from > 0 && uuid.test(body)) {
    if (named.some((word) => secretPrefix.test(word)) || vendorNear(before)) put("likely", "uuid-behind-prefix");
    return;
  }
  if (shape.digits < 2 && !line && !isId && token.length >= 16 && shape.upper > 1 && shape.lower > 1 && shape.word < 4.6 && !isCamel(token) && vendorNear(before)) return put("likely", "token-near-vendor");
  if (shape.digits === 0 || token.length < 12) return;
  if (!line && !isId && !digestNear.test(before)) {
    if (from > 0 && hex.test(body) && body.length >= 28 && !inPath && (/^[a-z]{2,6}$/.test(prefix) || named.some((word) => secretPrefix.test(word)))) return put("likely", "hex-behind-prefix");
    if (token.length >= 20 && score >= 0.6 && isMade(body, from > 0) && (from > 0 || score >= 0.72)) return put(isEncodedProse(token) || isAmidPath(text, start, end, before) ? "suspect" : "likely", "machine-made");
    if ((score >= 0.5 || (score > 0.36 && shape.digits > 3)) && vendorNear(before) && shape.digits > 1 && (token.length >= 15 || !/^[a-z]+-?\d+$/i.test(token)) && !inPath && !idNear.test(before.slice(-16))) return put("likely", "token-near-vendor");
  }
  if (token.length >= 20 && score >= 0.62) put("suspect", "machine-made");
}

/** `ECDSA_WITH_SHA384`, `x509-workload-identity`, `_ZN3foo…`: names made of words, with a number here and there. */
function isIdentifier(token: string): boolean {
  if (/^_{0,2}Z[A-Z]{0,4}\d/.test(token) || /^(?:i|vpc|subnet|sg|ami|vol|eni|rtb|igw|snap|lt|acl|nat|eipalloc)-[0-9a-f]{8,17}$|^\d[\d.]*[~+-]|^[0-9a-f]{16}-[A-Z]{3}$|--.*--/.test(token)) return true;
  const parts = token.split(/[-_]+/).filter((part) => part !== "");
  const worded = (part: string): boolean => /^(?:[A-Z]{1,16}|[a-z]{1,16}|[A-Z][a-z]{1,15})\d{0,5}$|^\d{1,6}$|^[a-z]{1,3}\d{1,6}[a-z]{0,3}$|^[A-Z]{1,3}\d{1,6}[A-Z]{0,3}$|^[A-Z]?[a-z]{2,12}[A-Z][a-z]{2,12}$/.test(part);
  if (parts.length > 1) return parts.every((part) => worded(part) && (part.length < 9 || /\d$/.test(part) || shapeOf(part).word > 4.2)) || parts.every((part) => /^\d{1,4}$/.test(part) || isHumps(part));
  return isHumps(token);
}

/** `hmacWithSHA512-224`, `Ed25519PublicKey`, `LN_pbe_WithSHA1And40BitRC2_CBC`: humps that are mostly words. */
function isHumps(token: string): boolean {
  const humps = token.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g) ?? [];
  if (humps.length > token.length / 3.2) return false;
  const letters = humps.filter((hump) => hump.length > 3 && /[a-z]/i.test(hump) && shapeOf(hump).word > 4.4).join("").length;
  return letters >= token.length * 0.5;
}

/** Where the random part of a token begins: behind up to four short words with dashes or underscores (`sk_live_`, `railway_`). */
function bodyOf(token: string): readonly [number, string] {
  let from = 0;
  for (let n = 0; n < 4; n += 1) {
    const found = /^(?:[a-z]{1,14}|[A-Z]{1,10}|[A-Z][a-z]{1,12}|[a-z]{1,5}\d{1,2}|v?\d{1,2})[-_]+/.exec(token.slice(from));
    if (found === null || token.length - from - found[0].length < 12) break;
    from += found[0].length;
  }
  return [from, token.slice(from)];
}

/**
 * A body that nobody would write by hand: letters of both cases and digits well mixed (or long, in one case), hardly a part
 * that is a word, no row of the alphabet.
 */
function isMade(body: string, prefixed = false): boolean {
  if (body.length < 16 || body.length > 400 || /abcdef|ABCDEF|012345|123456789/.test(body)) return false;
  const { digits, upper, lower, word } = shapeOf(body);
  if (digits < (prefixed && upper > 3 && lower > 3 && word < 4.6 ? 1 : 2)) return false;
  const parts = body.split(/[-_]/);
  const words = parts.reduce((sum, part) => sum + (part.length > 3 && /^(?:[a-z]+|[A-Z]+|[A-Z][a-z]+)$/.test(part) && shapeOf(part).word > 4.4 ? part.length : 0), 0);
  if (words > body.length * 0.25) return false;
  if (upper > 1 && lower > 1) return randomness(body) >= 0.66;
  return parts.some((part) => part.length >= 24 && !hex.test(part)) && randomness(body) >= 0.6;
}

const joint = /[.:|!~]/;
const outside = /[\s"'`,;()<>{}[\]&?#@=]/;
/** A token may have several parts, joined by dots and the like: the neighbours that have digits, or are as short as `v2`, belong to it. */
function widen(text: string, start: number, end: number): readonly [number, number] {
  let from = start - (text[start - 1] === ":" ? (/(?<![\w.-])[\w-]{6}\.[\w-]{6}:$/.exec(text.slice(Math.max(0, start - 15), start))?.[0].length ?? 0) : 0);
  while (start - from < 200 && joint.test(text[from - 1] ?? "")) {
    const part = /[\w+/-]{1,80}$/.exec(text.slice(Math.max(0, from - 81), from - 1))?.[0];
    const edge = part === undefined ? "" : (text[from - 2 - part.length] ?? " ");
    if (part === undefined || !(joint.test(edge) || outside.test(edge)) || part.startsWith("//")) break;
    const made = /^\d{8,20}$/.test(part) || text[from - 1] === ":" ? /^(?:\d{8,20}|[A-Z]{2,6}-\d+)$/.test(part) || (part.length >= 5 && /\d/.test(part) && /[A-Z]/.test(part) && randomness(part.padEnd(8, part)) > 0.5) : part.length <= 6 ? !/^\d{1,3}$/.test(part) : /\d/.test(part) && randomness(part.padEnd(8, part)) > 0.45;
    if (!made) break;
    from -= part.length + 1;
  }
  let to = end;
  while (to - end < 400 && joint.test(text[to] ?? "")) {
    const part = /^[\w+/-]{4,200}={0,2}/.exec(text.slice(to + 1, to + 204))?.[0];
    if (part === undefined || !/\d/.test(part) || !(joint.test(text[to + 1 + part.length] ?? " ") || outside.test(text[to + 1 + part.length] ?? " ")) || (text[to] === ":" && /^\d{1,5}$/.test(part))) break;
    to += part.length + 1;
  }
  return [from, to];
}

/** `snapshotMcpTools`: humps as long as words are. */
const isCamel = (token: string): boolean => token.length / (token.match(/[A-Z]?[a-z]+|[A-Z]+/g) ?? [""]).length >= 3.5;

/** A document's or a build's name amid the path of an address: `/d/1kT7w…/edit`. What stands in a hook's is its secret. */
const isAmidPath = (text: string, start: number, end: number, before: string): boolean => text[start - 1] === "/" && /^\/\w/.test(text.slice(end, end + 2)) && /:\/\/\S{1,80}$/.test(before) && !/hook|trigger|bot\/|token|secret|invite|share|api\//i.test(before.slice(-48));

/** A quoted constant: `name = "…"`. */
const isAssigned = (text: string, start: number, token: string): boolean => /^["'`]/.test(text[start + token.length] ?? "") && /[=:]\s{0,2}["'`]$/.test(text.slice(Math.max(0, start - 4), start));

/** What ends a line that the next one answers: `token:`, `API KEY`, `os.environ.get("API_KEY")`, `echo $API_KEY`. */
const label = /[:=]\s*$|\b(?:key|token|secret|password)\s*$|[a-z](?:key|token|secret|password)["'][)\]]{0,2}\s*$|_(?:key|token|secret|password)["'}]?[)\]]{0,2}\s*$/i;
/** The line up to `start`, at most 120 characters, and the line before where it ends in a label. */
function lineBefore(text: string, start: number): string {
  const head = lineHead(text, start, 120);
  const newline = head.lastIndexOf("\n");
  return newline < 0 || (head.length - newline < 8 && label.test(head.slice(0, newline))) ? head : head.slice(newline + 1);
}

/** `"total_tokens": 5178`: a count is no secret, and none follows it. */
const counted = /tokens["'\\]{0,4}\s?[:=]\s?\d{1,9}\b/gi;
const nearSecret = (before: string): boolean => secretNear.test((before.includes("okens") ? before.replace(counted, "") : before).slice(-64)) && !/(?:sha\d{3}-|integrity\W{1,4})$/i.test(before.slice(-16));

/** The name of a service among the last words before a token. */
const vendorNear = (before: string): boolean => namesVendor(before.slice(-48));
