import type { Emit } from "../hit.ts";
import { before as lineHead, type Survey } from "../survey.ts";
import { randomness, shapeOf } from "./randomness.ts";

const longest = 1024;

const secretNear = /secret|token|api[\s_-]{0,2}key|apikey|access[\s_-]{0,2}key|private[\s_-]{0,2}key|auth|password|passwd|pwd|passphrase|credential|bearer|client[\s_-]{0,2}(?:id|secret)|webhook|signature|(?:licen[cs]e|subscription|session)[\s_-]{0,2}(?:key|id|token)|\bkeys?\b|_key\b|[a-z]Key\b|\bpat\b|\bdsn\b/i;
const digestNear = /sha\d{0,3}|md5|hash|checksum|digest|integrity|etag|commit|revision|\brev\b|blob|tree|parent|index\b|merge|HEAD|fingerprint|crc|version|nonce|uuid|guid|trace|span|request|build|layer|image|docker|git|diff|cache|chunk|snapshot|content-?id|resource/i;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const hex = /^(?:0x)?[0-9a-f]+$/i;

/**
 * Tokens that look made by a machine and say not whose they are. Near a word such as `token` or `key` on their line:
 * likely. Alone: suspect, as commit ids, checksums and cache keys are made by machines too.
 */
export function findMachineTokens({ text, runs }: Survey, emit: Emit): void {
  for (let i = 0; i < runs.length; i += 2) {
    // `%3D` before a value is an escape, no part of it.
    const start = (runs[i] ?? 0) + (/^%[0-9A-Fa-f]{2}/.test(text.slice((runs[i] ?? 0) - 1, (runs[i] ?? 0) + 2)) ? 2 : 0);
    const end = runs[i + 1] ?? 0;
    if (end - start > longest) {
      emit({ start, end, kind: "BLOB", tier: "suspect", rule: "long-run" });
      continue;
    }
    const padding = /^={0,2}/.exec(text.slice(end, end + 2))?.[0].length ?? 0;
    const whole = text.slice(start, end);
    // Words, and the checksums of lock files, which say that they are.
    if (/^(?:[a-z_/-]+$|sha\d{1,3}-)/.test(whole)) continue;
    for (const [offset, token] of parts(whole)) {
      const padded = offset + token.length === whole.length ? token + "=".repeat(padding) : token;
      judge(text, start + offset, padded, emit);
    }
  }
}

/** A path's segments are judged one by one; base64 may hold slashes itself. */
function parts(whole: string): readonly (readonly [number, string])[] {
  if (!whole.includes("/")) return [[0, whole]];
  const segments = whole.split("/");
  // Base64 with slashes: no segment is a plain word, and it is random as a whole.
  const plain = segments.filter((segment) => segment.length > 2 && (/^[a-z_-]+$/.test(segment) || randomness(segment.padEnd(8, segment)) < 0.45));
  if (plain.length === 0 && randomness(whole) > 0.6) return [[0, whole]];
  let at = 0;
  const out: [number, string][] = [];
  for (const segment of segments) {
    if (segment.length >= 12) out.push([at, segment]);
    at += segment.length + 1;
  }
  return out;
}

function judge(text: string, start: number, token: string, emit: Emit): void {
  const before = lineBefore(text, start);
  const put = (tier: "likely" | "suspect", rule: string): void => emit({ start, end: start + token.length, kind: "SECRET", tier, rule });
  const near = nearSecret(before);
  if (uuid.test(token)) {
    if (near) put("likely", "uuid-near-secret-word");
    return;
  }
  const shape = shapeOf(token);
  if (hex.test(token)) {
    if (token.length < 20 || shape.digits === 0 || shape.lower + shape.upper < 2) return;
    if (near && !digestNear.test(before.slice(-40))) put("likely", "hex-near-secret-word");
    else if (token.length >= 32 && !digestNear.test(before)) put(isAssigned(text, start, token) ? "likely" : "suspect", "hex");
    return;
  }
  if (shape.digits === token.length || shape.distinct < 7) return;
  const score = randomness(token);
  if (near) {
    const machine = shape.digits === 0 ? token.length >= 16 && shape.upper > 0 && shape.lower > 0 && shape.word < 4.5 && !isCamel(token) : shape.digits > 2 || shape.word < 4.8;
    if (score > 0.5 && machine && !/^\d+[-+~]/.test(token)) put("likely", "token-near-secret-word");
    return;
  }
  if (shape.digits === 0 || score < 0.62 || token.length < 20) return;
  put(isSurelyMade(text, start, token, score) && !digestNear.test(before) ? "likely" : "suspect", "machine-made");
}

/** `snapshotMcpTools`: humps as long as words are. */
const isCamel = (token: string): boolean => token.length / (token.match(/[A-Z]?[a-z]+|[A-Z]+/g) ?? [""]).length >= 3.5;

/** A quoted constant: `name = "…"`. */
const isAssigned = (text: string, start: number, token: string): boolean => /^["'`]/.test(text[start + token.length] ?? "") && /[=:]\s{0,2}["'`]$/.test(text.slice(Math.max(0, start - 4), start));

/**
 * A token that nobody would write by hand: letters of both cases and digits well mixed, no parts with dashes that are words,
 * no row of the alphabet, and no whole line of base64, which is a piece of a picture or a certificate.
 */
function isSurelyMade(text: string, start: number, token: string, score: number): boolean {
  if (score < 0.72 || token.length > 200 || /abcdef|ABCDEF|012345|123456789/.test(token)) return false;
  const parts = token.split(/[-_]/);
  if (parts.length > 1 && parts.some((part) => part.length > 2 && /^[a-z]+$/i.test(part) && shapeOf(part).word > 4.4)) return false;
  const alone = /^[\n\r]?$/.test(text[start - 1] ?? "") && /^[\n\r]?$/.test(text[start + token.length] ?? "");
  if (alone && token.length >= 56 && token.length <= 80) return false;
  const { digits, upper, lower } = shapeOf(token);
  return digits >= 2 && (upper > 1 && lower > 1 ? true : token.length >= 24);
}

/** The line up to `start`, at most 120 characters, and the line before where it ends in a label (`token:`). */
function lineBefore(text: string, start: number): string {
  const head = lineHead(text, start, 120);
  const newline = head.lastIndexOf("\n");
  return newline < 0 || (head.length - newline < 8 && /[:=]\s*$/.test(head.slice(0, newline))) ? head : head.slice(newline + 1);
}

const nearSecret = (before: string): boolean => secretNear.test(before.slice(-64)) && !/(?:sha\d{3}-|integrity\W{1,4})$/i.test(before.slice(-16));
