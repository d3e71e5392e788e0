import { createHash, createHmac } from "node:crypto";

/** SHA-256 of a text (as UTF-8) or of bytes, in lower-case hex. */
export const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** HMAC-SHA-256, in lower-case hex. Deterministic, so core may own it; the key comes in as an argument. */
export const hmacSha256 = (key: Uint8Array | string, data: string | Uint8Array): string =>
  createHmac("sha256", key).update(data).digest("hex");
