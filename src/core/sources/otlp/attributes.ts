import { isObject, parseJson, type Json } from "../../base/json.ts";

/** Attributes by name. A Map, because a name may be `__proto__`. */
export type Attributes = ReadonlyMap<string, Json>;

/** Nested deeper than this, a value is cut: nothing an exporter means goes this deep. */
const maxDepth = 64;

/** `[{key, value: AnyValue}]` of OTLP JSON (camelCase or snake_case), or a plain object of dotted names (Phoenix). */
export function attributesOf(value: unknown): Attributes {
  const out = new Map<string, Json>();
  if (Array.isArray(value)) {
    for (const item of value)
      if (isObject(item) && typeof item["key"] === "string") out.set(item["key"], anyValue(item["value"], 0));
  } else if (isObject(value)) flatten(value, "", out, 0);
  return out;
}

function flatten(object: Record<string, unknown>, prefix: string, out: Map<string, Json>, depth: number): void {
  for (const [key, value] of Object.entries(object)) {
    const name = prefix === "" ? key : `${prefix}.${key}`;
    if (isObject(value) && depth < 12) flatten(value, name, out, depth + 1);
    else if (Array.isArray(value) && value.some(isObject) && depth < 12)
      flatten(Object.fromEntries(value.map((item, index) => [String(index), item])), name, out, depth + 1);
    else if (value !== undefined) out.set(name, value as Json);
  }
}

/** Numbers may be text. Anything else is none: an object could throw when it is asked for its number. */
const numberOf = (value: unknown): number => (typeof value === "number" || typeof value === "string" ? Number(value) : Number.NaN);

/** An OTLP AnyValue as JSON. 64-bit integers that a double cannot hold stay text. `{}` is null. */
function anyValue(value: unknown, depth: number): Json {
  if (!isObject(value)) return (value ?? null) as Json;
  if (depth > maxDepth) return null;
  for (const [key, inner] of Object.entries(value)) {
    switch (key) {
      case "stringValue":
      case "string_value":
        return typeof inner === "string" ? inner : null;
      case "boolValue":
      case "bool_value":
        return inner === true;
      case "intValue":
      case "int_value": {
        const number = numberOf(inner);
        return Number.isSafeInteger(number) ? number : typeof inner === "string" ? inner : null;
      }
      case "doubleValue":
      case "double_value": {
        const number = numberOf(inner);
        return Number.isFinite(number) ? number : null;
      }
      case "bytesValue":
      case "bytes_value":
        return typeof inner === "string" ? inner : null;
      case "arrayValue":
      case "array_value": {
        const values = isObject(inner) ? inner["values"] : undefined;
        return Array.isArray(values) ? values.map((item) => anyValue(item, depth + 1)) : [];
      }
      case "kvlistValue":
      case "kvlist_value": {
        const values = isObject(inner) && Array.isArray(inner["values"]) ? inner["values"] : [];
        const pairs = values.flatMap((item) =>
          isObject(item) && typeof item["key"] === "string" ? [[item["key"], anyValue(item["value"], depth + 1)] as const] : [],
        );
        return Object.fromEntries(pairs);
      }
    }
  }
  return null;
}

/** The first of these attributes that is text and not empty. Numbers and booleans count as their text. */
export function text(attributes: Attributes, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = attributes.get(name);
    if (typeof value === "string" && value !== "") return value;
    if (typeof value === "number" || typeof value === "boolean") return String(value);
  }
  return undefined;
}

/** The first of these attributes that is a whole number of tokens, also when written as text. */
export function count(attributes: Attributes, ...names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = attributes.get(name);
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof number === "number" && Number.isSafeInteger(number) && number >= 0) return number;
  }
  return undefined;
}

/** The first of these attributes as a structure: as it is, or parsed when it is JSON in text. */
export function structure(attributes: Attributes, ...names: readonly string[]): Json | undefined {
  for (const name of names) {
    const value = attributes.get(name);
    if (typeof value === "string") {
      const parsed = parseJson(value);
      if (parsed !== undefined && parsed !== null) return parsed;
    } else if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/**
 * The numbered groups under a prefix (`llm.input_messages.<i>.…`) in numeric order, each with the rest of its names.
 * Indices may have gaps, come out of order, or be as large as a sender likes: they are sorted, never allocated.
 */
export function indexed(attributes: Attributes, prefix: string): readonly Attributes[] {
  const groups = new Map<number, Map<string, Json>>();
  const start = `${prefix}.`;
  for (const [name, value] of attributes) {
    if (!name.startsWith(start)) continue;
    const rest = name.slice(start.length);
    const dot = rest.indexOf(".");
    const index = dot < 0 ? rest : rest.slice(0, dot);
    if (!/^\d{1,15}$/.test(index)) continue;
    const group = groups.get(Number(index)) ?? new Map<string, Json>();
    group.set(dot < 0 ? "" : rest.slice(dot + 1), value);
    groups.set(Number(index), group);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, group]) => group);
}
