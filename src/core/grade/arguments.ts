import { canonicalJson, isObject, parseJson, type Json } from "../base/json.ts";

/** How expected arguments relate to found ones. `subset`: objects may hold more; arrays have the same length and order. */
export type ArgumentMatch = "exact" | "subset";

/** Where and how two values first differ. `path` is dotted, empty for the whole. */
export type Difference = { readonly path: string; readonly expected: Json | undefined; readonly found: Json | undefined };

/** Recorded arguments as data: JSON where they are JSON, else the text itself. An empty text is no arguments. */
export function readArguments(text: string): Json {
  return text.trim() === "" ? {} : (parseJson(text) ?? text);
}

/** The first difference between expected and found, or undefined where they match. `ignore` names dotted members. */
export function firstDifference(
  expected: Json,
  found: Json,
  options: { match: ArgumentMatch; ignore?: readonly string[] | undefined },
): Difference | undefined {
  const ignored = new Set(options.ignore);
  return differ(expected, found, "");

  function differ(want: Json | undefined, have: Json | undefined, path: string): Difference | undefined {
    if (ignored.has(path)) return undefined;
    if (want === undefined || have === undefined) return want === have ? undefined : { path, expected: want, found: have };
    if (Array.isArray(want) && Array.isArray(have) && want.length === have.length)
      return firstOf(want.map((_, i) => String(i)), (key) => differ(want[Number(key)], have[Number(key)], join(path, key)));
    if (isObject(want) && isObject(have)) {
      const keys = options.match === "exact" ? new Set([...Object.keys(want), ...Object.keys(have)]) : Object.keys(want);
      return firstOf([...keys].sort(), (key) => differ(own(want, key), own(have, key), join(path, key)));
    }
    return canonicalJson(want) === canonicalJson(have) ? undefined : { path, expected: want, found: have };
  }
}

const join = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`);
const own = (object: object, key: string): Json | undefined =>
  Object.hasOwn(object, key) ? (object as Record<string, Json>)[key] : undefined;

function firstOf(keys: readonly string[], differ: (key: string) => Difference | undefined): Difference | undefined {
  for (const key of keys) {
    const found = differ(key);
    if (found !== undefined) return found;
  }
  return undefined;
}
