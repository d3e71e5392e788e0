import { createHash, createHmac } from "node:crypto";

/** SHA-256 of a text (as UTF-8) or of bytes, in lower-case hex. */
export const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** HMAC-SHA-256, in lower-case hex. Deterministic, so core may own it; the key comes in as an argument. */
export const hmacSha256 = (key: Uint8Array | string, data: string | Uint8Array): string =>
  createHmac("sha256", key).update(data).digest("hex");

/** The finaliser of MurmurHash3: 32 bits in, 32 well-mixed bits out. */
export function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** 53 bits of a text, quickly and for counting only: two 32-bit multiplicative hashes put together. Whoever means it can make two texts collide. */
export function hash53(text: string): number {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    b = Math.imul(b ^ unit, 0x5f356495);
  }
  return (mix(a ^ (b >>> 15)) & 0x1fffff) * 0x100000000 + mix(b ^ (a >>> 13));
}
