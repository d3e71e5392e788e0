import { sha256 } from "../base/hash.ts";
import { isObject, type Json, type JsonObject } from "../base/json.ts";
import type { Part } from "../trace/schema.ts";

/** What was noticed while one record was read; each code becomes a note of the span. */
export type Noticed = Set<string>;

/** Never kept, whoever wrote them: secrets, and bulk that says nothing to a person. */
const dropped = new Set(["tracing_api_key", "logprobs", "encrypted_content", "embedding", "embeddings", "__proto__"]);
const dataUrl = /^data:([\w.+-]+\/[\w.+-]+)?(?:;[\w=.+-]+)*;base64,/;
const base64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
/** Base64 under this many characters may be anything and is left alone. */
const binaryFrom = 1366;

type Binary = Extract<Part, { type: "binary" }>;
type Media = Binary["media"];

/** Text as it is kept: no lone surrogates (noticed), and the mark of an exporter's cut noticed. */
export function textOf(text: string, noticed: Noticed): string {
  if (text.endsWith("... [truncated]")) noticed.add("truncated");
  if (text.isWellFormed()) return text;
  noticed.add("lone-surrogate");
  return text.toWellFormed();
}

/**
 * A foreign JSON value fit to be kept: bulk and secrets gone, base64 over a kilobyte replaced by its type and size, text
 * well-formed. Depth is bounded by the reader, so this may recurse. Undefined where nothing is left to keep.
 */
export function clean(value: unknown, noticed: Noticed): Json {
  if (typeof value === "string") {
    const binary = value.length >= binaryFrom ? binaryIn(value, "file") : undefined;
    if (binary === undefined) return textOf(value, noticed);
    return { type: "binary", bytes: binary.bytes, ...(binary.mime === undefined ? {} : { mime: binary.mime }) };
  }
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map((item) => clean(item, noticed));
  if (!isObject(value)) return typeof value === "boolean" ? value : null;
  if (isPreview(value)) noticed.add("truncated");
  const out: Record<string, Json> = {};
  for (const key of Object.keys(value))
    if (!dropped.has(key) && value[key] !== undefined) out[textOf(key, noticed)] = clean(value[key], noticed);
  return out;
}

/** The same for an object; absent when it is none or holds nothing. */
export function cleanObject(value: unknown, noticed: Noticed): JsonObject | undefined {
  if (!isObject(value)) return undefined;
  const object = clean(value, noticed) as JsonObject;
  return Object.keys(object).length === 0 ? undefined : object;
}

/** What an exporter leaves of a value that was too large: `{truncated: true, original_type, preview}`. */
export const isPreview = (value: Record<string, unknown>): boolean =>
  value["truncated"] === true && typeof value["original_type"] === "string";

/** A value as text: strings as they are, anything else as JSON. */
export function asText(value: unknown, noticed: Noticed): string {
  return typeof value === "string" ? unbinary(value, noticed) : JSON.stringify(clean(value, noticed));
}

/** Text that is one large data URL, or nothing but base64, becomes a short word on it. */
function unbinary(text: string, noticed: Noticed): string {
  const binary = text.length >= binaryFrom && (text.startsWith("data:") || mixed(text.slice(0, binaryFrom))) ? binaryIn(text, "file") : undefined;
  return binary === undefined ? textOf(text, noticed) : `[${binary.mime ?? "binary"}, ${binary.bytes} bytes]`;
}

/** Base64 of anything real has all three; a long word repeated has not. */
const mixed = (text: string): boolean => /[A-Z]/.test(text) && /[a-z]/.test(text) && /\d/.test(text);

/** The binary part a data URL of any size, or bare base64 over a kilobyte, stands for; else undefined. */
export function binaryIn(text: string, media: Media, mime?: string): Binary | undefined {
  const url = dataUrl.exec(text.slice(0, 200));
  if (url === null && (text.length < binaryFrom || !base64.test(text))) return undefined;
  return binaryPart(url === null ? text : text.slice(url[0].length), media, url?.[1] ?? mime);
}

/** Base64 of a known place (an audio or image member), whatever its size. */
export function binaryPart(data: string, media: Media, mime?: string): Binary {
  const bytes = Buffer.from(data, "base64");
  const kind = /^(image|audio)\//.exec(mime ?? "")?.[1] as Media | undefined;
  return {
    type: "binary",
    media: kind ?? media,
    ...(mime === undefined ? {} : { mime }),
    bytes: bytes.length,
    digest: sha256(bytes),
  };
}
