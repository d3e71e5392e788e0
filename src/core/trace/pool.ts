import { sha256 } from "../base/hash.ts";
import { canonicalJson } from "../base/json.ts";

/** Distinct values in order of first use. `add` answers the position of a value that is equal in content. */
export type Pool<T extends object> = { readonly values: readonly T[]; readonly add: (value: T) => number };

/**
 * A pool by content. The key of an object is made once in its life (histories are resent, and readers hand out the same
 * object for the same text), so that adding a known object costs one look-up.
 */
export function createPool<T extends object>(): Pool<T> {
  const values: T[] = [];
  const byObject = new Map<T, number>();
  const byContent = new Map<string, number>();
  return {
    values,
    add(value) {
      const known = byObject.get(value);
      if (known !== undefined) return known;
      const key = contentKey(value);
      let at = byContent.get(key);
      if (at === undefined) {
        at = values.push(value) - 1;
        byContent.set(key, at);
      }
      byObject.set(value, at);
      return at;
    },
  };
}

const keys = new WeakMap<object, string>();

/** Equal for values of equal content, whatever the order of their keys. Remembered for as long as the object lives. */
export function contentKey(value: object): string {
  let key = keys.get(value);
  if (key === undefined) {
    const text = canonicalJson(value);
    keys.set(value, (key = text.length < 64 ? text : sha256(text)));
  }
  return key;
}
