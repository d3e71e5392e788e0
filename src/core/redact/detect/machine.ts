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
    const start = runs[i] ?? 0;
    const end = runs[i + 1] ?? 0;
    if (end - start > longest) {
      emit({ start, end, kind: "BLOB", tier: "suspect", rule: "long-run" });
      continue;
    }
    const padding = /^={0,2}/.exec(text.slice(end, end + 2))?.[0].length ?? 0;
    const whole = text.slice(start, end);
    if (/^[a-z_/-]+$/.test(whole)) continue;
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
  if (uuid.test(token)) {
    if (nearSecret(before)) put("likely", "uuid-near-secret-word");
    return;
  }
  const shape = shapeOf(token);
  if (hex.test(token)) {
    if (token.length < 20 || shape.digits === 0 || (shape.lower + shape.upper < 2)) return;
    if (nearSecret(before) && !digestNear.test(before.slice(-40))) put("likely", "hex-near-secret-word");
    else if (token.length >= 32 && !digestNear.test(before)) put("suspect", "hex");
    return;
  }
  if (shape.digits === token.length || shape.distinct < 7) return;
  const score = randomness(token);
  if (nearSecret(before)) {
    if (score > 0.5 && !/^\d+[-+~]/.test(token) && (shape.digits === 0 ? token.length >= 16 && shape.upper > 0 && shape.lower > 0 && shape.word < 4.5 : shape.digits > 2 || shape.word < 4.8)) put("likely", "token-near-secret-word");
    return;
  }
  if (shape.digits === 0 || score < 0.62) return;
  if (token.length >= 20) put("suspect", "machine-made");
}

/** The line up to `start`, at most 120 characters, and the line before where it ends in a label (`token:`). */
function lineBefore(text: string, start: number): string {
  const head = lineHead(text, start, 120);
  const newline = head.lastIndexOf("\n");
  return newline < 0 || (head.length - newline < 8 && /[:=]\s*$/.test(head.slice(0, newline))) ? head : head.slice(newline + 1);
}

const nearSecret = (before: string): boolean => secretNear.test(before.slice(-64)) && !/(?:sha\d{3}-|integrity\W{1,4})$/i.test(before.slice(-16));
