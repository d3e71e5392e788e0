import { isObject, type Json } from "../base/json.ts";

/** Steps of a plain path: `$.order.items[0]["ship to"]`, or the same without `$.`. Undefined: not such a path. */
export function parsePath(path: string): readonly (string | number)[] | undefined {
  const steps: (string | number)[] = [];
  let rest = path.startsWith("$") ? path.slice(1) : path.startsWith("[") ? path : `.${path}`;
  while (rest !== "") {
    const match = /^(?:\.([^.[\]"'*]+)|\[(\d{1,9})\]|\["([^"\\]*)"\]|\['([^'\\]*)'\])/.exec(rest);
    if (match === null) return undefined;
    const [whole, name, index, double, single] = match;
    steps.push(index === undefined ? (name ?? double ?? single ?? "") : Number(index));
    rest = rest.slice(whole.length);
  }
  return steps;
}

/** The value at a path, or undefined where there is none. */
export function valueAt(value: Json, steps: readonly (string | number)[]): Json | undefined {
  let at: Json | undefined = value;
  for (const step of steps) {
    if (typeof step === "number" && Array.isArray(at)) at = at[step] as Json | undefined;
    else if (typeof step === "string" && isObject(at) && Object.hasOwn(at, step)) at = at[step] as Json;
    else return undefined;
  }
  return at;
}
