import * as z from "zod";

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export const jsonSchema: z.ZodType<Json> = z.json() as z.ZodType<Json>;
export const jsonObjectSchema: z.ZodType<JsonObject> = z.record(z.string(), z.json()) as z.ZodType<JsonObject>;

/** True for a plain object: not null, not an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `JSON.parse` that answers `undefined` where the text is not JSON. For text from outside, whose failure is data. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/**
 * Replaces, in place, what lies deeper than `levels` by a word that says so, and answers the value: `JSON.stringify` and whoever
 * walks it would overflow. For values that were just parsed and are nobody else's yet.
 */
export function pruned(value: Json, levels = 400): Json {
  let level: object[] = typeof value === "object" && value !== null ? [value] : [];
  for (let depth = 1; level.length > 0; depth += 1) {
    const next: object[] = [];
    for (const holder of level as Record<string, unknown>[])
      for (const key of Object.keys(holder)) {
        const inner = holder[key];
        if (typeof inner !== "object" || inner === null) continue;
        if (depth < levels) next.push(inner);
        else holder[key] = "[nested too deep]";
      }
    level = next;
  }
  return value;
}

/**
 * RFC 8785 canonical JSON: keys sorted by UTF-16 unit, no white space, numbers as ECMAScript prints them. Lone
 * surrogates become U+FFFD, so that two different strings never meet by accident of encoding but every value has bytes.
 * `undefined` members are left out. Throws a TypeError on a non-finite number.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError("a non-finite number has no JSON form");
    return JSON.stringify(value);
  }
  if (typeof value === "string") return JSON.stringify(value.toWellFormed());
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  const object = value as Record<string, unknown>;
  const members = Object.keys(object)
    .filter((key) => object[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key.toWellFormed())}:${canonicalJson(object[key])}`);
  return `{${members.join(",")}}`;
}

/** Canonical key order, printed with two spaces and a last newline: for JSON files that people see in a diff. */
export function prettyCanonicalJson(value: unknown): string {
  return `${JSON.stringify(sortKeys(value), null, 2)}\n`;
}

function sortKeys(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .filter((key) => value[key] !== undefined)
      .sort()
      .map((key) => [key, sortKeys(value[key])]),
  );
}
