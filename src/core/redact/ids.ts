import { iban } from "./detect/checksum.ts";
import { findVendorTokens } from "./detect/vendors.ts";
import type { Tokens } from "./token.ts";

const prefixes = "trace|span|group|call|resp|msg|rs|fc|fco|ctc|tc|toolu|chatcmpl|cmpl|gen|run|item|thread|conv|conversation|session|sess|step|task|turn|agent|file|vs|asst|pmpt|prompt|req|evt|event|ws|ig|cu|lsh|mcp|mcpr|mcpl|batch|tool|obs|id";
const machineMade = new RegExp(`^(?:(?:${prefixes})[-_])?(?:[0-9a-f]{16,64}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?=[A-Za-z0-9]*\\d)(?=[A-Za-z0-9]*[A-Za-z])[A-Za-z0-9]{20,40})$`, "i");
const prefix = new RegExp(`^(?:${prefixes})[-_]`, "i");
const counter = new RegExp(`^(?:${prefixes})?[-_]?\\d{1,3}$`, "i");

/**
 * An id that may be kept: a machine made it (hex, uuid, random letters and digits behind a known prefix, a small
 * counter). Anything else, and anything that decodes to readable text or has a vendor's token form, becomes prefix + 32 hex digits.
 */
export function safeIdOf(tokens: Tokens, id: string, prefix: string): string {
  return isMachineId(id) ? id : prefix + tokens.hmac(`id\u0000${id}`).slice(0, 32);
}

export function isMachineId(id: string): boolean {
  if (counter.test(id)) return true;
  if (!machineMade.test(id)) return false;
  const body = id.replace(prefix, "");
  if (/^\d+$/.test(body)) return false;
  if (/^[0-9a-f]+$/i.test(body) && hidesText(body.length >> 1, (at) => Number.parseInt(body.slice(at * 2, at * 2 + 2), 16))) return false;
  if (/^[A-Z]{2}\d{2}[A-Z\d]{11,30}$/i.test(id) && iban(id.toUpperCase())) return false;
  let token = false;
  findVendorTokens({ text: id, heads: [0, id.length - body.length], signs: [] }, () => (token = true));
  if (token) return false;
  const bytes = fromBase64(body);
  return !hidesText(bytes.length, (at) => bytes.charCodeAt(at));
}

function fromBase64(text: string): string {
  try {
    return atob(text);
  } catch {
    return "";
  }
}

/** Whether bytes are readable text: most are not, and say so at once. */
function hidesText(size: number, byteAt: (at: number) => number): boolean {
  for (let at = 0; at < size; at += 1) {
    const byte = byteAt(at);
    if (byte < 32 || byte >= 127) return false;
  }
  return size > 4;
}
