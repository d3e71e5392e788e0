import { hmacSha256 } from "../base/hash.ts";

/**
 * What stands instead of a value. `[EMAIL:<13><3>]`: thirteen base32 characters (65 bits) of an HMAC of the value's
 * canonical form, then three that prove the first thirteen were made with this key: text that merely looks like a token of
 * ours is not trusted. The kind is no part of the digest, so one value has one name whatever saw it.
 */
export type Tokens = {
  /** The sixteen characters for a canonical value. */
  digest(value: string): string;
  /** Whether sixteen characters were made with this key. */
  isOurs(digest: string): boolean;
  token(kind: string, value: string): string;
  /** A whole number below `bound` that depends on the value and the key. */
  number(value: string, bound: number): number;
  hmac(value: string): string;
};

const base32 = "abcdefghijklmnopqrstuvwxyz234567";

/** Tokens of one key. HMACs are remembered (bounded): the same names come again and again. */
export function tokensOf(key: Uint8Array): Tokens {
  const known = new Map<string, string>();
  const hmac = (value: string): string => hmacSha256(key, value);
  const check = (head: string): string => encode(hmac(`check\u0000${head}`), 3);
  const digest = (value: string): string => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const head = encode(hmac(`value\u0000${value}`), 13);
    const made = head + check(head);
    if (known.size > 50_000) known.clear();
    if (value.length < 200) known.set(value, made);
    return made;
  };
  return {
    digest,
    isOurs: (made) => made.length === 16 && check(made.slice(0, 13)) === made.slice(13),
    token: (kind, value) => `[${kind}:${digest(value)}]`,
    number: (value, bound) => Number(BigInt(`0x${hmac(`number\u0000${value}`).slice(0, 24)}`) % BigInt(bound)),
    hmac,
  };
}

function encode(hex: string, length: number): string {
  let bits = BigInt(`0x${hex.slice(0, 24)}`);
  let out = "";
  for (let i = 0; i < length; i += 1) {
    out += base32[Number(bits & 31n)] ?? "";
    bits >>= 5n;
  }
  return out;
}

/** A token as it stands in text: kind and digest. */
export const tokenPattern = /\[([A-Z][A-Z0-9_]{1,31}):([a-z2-7]{16})\]/g;
