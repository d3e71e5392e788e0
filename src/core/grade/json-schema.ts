import { canonicalJson, isObject, type Json } from "../base/json.ts";
import { linearRegex } from "../base/regex.ts";

/** Valid, or the first place that is not; or a keyword we do not know, which makes the question unanswerable. */
export type SchemaAnswer =
  | { readonly kind: "valid" }
  | { readonly kind: "invalid"; readonly path: string; readonly why: string }
  | { readonly kind: "unsupported"; readonly keyword: string };

const annotations = new Set(["$schema", "$id", "$comment", "$defs", "definitions", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly"]);
const deepest = 100;
/** A schema that refers to itself twice could ask 2^depth questions. */
const mostSteps = 200_000;

/**
 * Validates by JSON Schema 2020-12: type, enum, const, numbers, strings (lengths in code points, `pattern` in RE2),
 * items, prefixItems, contains, uniqueItems, properties, patternProperties, additionalProperties, propertyNames, required,
 * dependentRequired, size bounds, allOf, anyOf, oneOf, not, and `$ref` inside the document. Any other keyword
 * (`format`, `if`, `unevaluatedProperties`, …) is answered `unsupported`, never passed over.
 */
export function validateJson(schema: Json, value: Json): SchemaAnswer {
  return validate(schema, value, { root: schema, path: "$", depth: 0, budget: { left: mostSteps } });
}

type At = { readonly root: Json; readonly path: string; readonly depth: number; readonly budget: { left: number } };
const valid: SchemaAnswer = { kind: "valid" };
const unsupported = (keyword: string): SchemaAnswer => ({ kind: "unsupported", keyword });

function validate(schema: Json, value: Json, at: At): SchemaAnswer {
  if (schema === true) return valid;
  if (schema === false) return { kind: "invalid", path: at.path, why: "nothing is allowed here" };
  if (!isObject(schema)) return unsupported("(a schema that is no object)");
  at.budget.left -= 1;
  if (at.depth > deepest || at.budget.left < 0) return unsupported("$ref (too deep)");
  // An unknown keyword anywhere in this schema object leaves the answer open, whatever the others say.
  const unknown = Object.keys(schema).find((key) => !annotations.has(key) && !Object.hasOwn(keywords, key));
  if (unknown !== undefined) return unsupported(unknown);
  const malformed = Object.keys(schema).find((key) => wellFormed(key, schema[key] as Json) === false);
  if (malformed !== undefined) return unsupported(`${malformed} (malformed)`);
  return all(
    Object.keys(schema).filter((key) => !annotations.has(key)),
    (key) => (keywords[key] as Keyword)(schema[key] as Json, value, at, schema as Record<string, Json>),
  );
}

function wellFormed(key: string, rule: Json): boolean {
  if (/^(minimum|maximum|exclusiveM|multipleOf|min[LIP]|max[LIP])/.test(key)) return typeof rule === "number";
  if (["enum", "required", "prefixItems", "allOf", "anyOf", "oneOf"].includes(key)) return isList(rule);
  if (["properties", "patternProperties", "dependentRequired"].includes(key)) return isObject(rule);
  return key === "uniqueItems" ? typeof rule === "boolean" : true;
}

/** The first answer that is not `valid`; `unsupported` before `invalid`, since it may hide in any branch. */
function all<T>(items: Iterable<T>, answer: (item: T) => SchemaAnswer): SchemaAnswer {
  let worst: SchemaAnswer = valid;
  for (const item of items) {
    const one = answer(item);
    if (one.kind === "unsupported") return one;
    if (worst.kind === "valid") worst = one;
  }
  return worst;
}

type Keyword = (rule: Json, value: Json, at: At, schema: Record<string, Json>) => SchemaAnswer;
const check = (ok: boolean, at: At, why: string): SchemaAnswer => (ok ? valid : { kind: "invalid", path: at.path, why });
const into = (at: At, key: string | number): At => ({ ...at, path: typeof key === "number" ? `${at.path}[${key}]` : `${at.path}.${key}`, depth: at.depth + 1 });
const deeper = (at: At): At => ({ ...at, depth: at.depth + 1 });
const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
const same = (a: Json, b: Json): boolean => canonicalJson(a) === canonicalJson(b);
const list = (rule: Json): readonly Json[] => (isList(rule) ? rule : []);
const members = (rule: Json): [string, Json][] => (isObject(rule) ? (Object.entries(rule) as [string, Json][]) : []);

const types: Readonly<Record<string, (value: Json) => boolean>> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === "boolean",
  number: (value) => typeof value === "number",
  integer: (value) => Number.isInteger(value),
  string: (value) => typeof value === "string",
  array: isList,
  object: isObject,
};

const onNumber = (holds: (value: number, rule: number) => boolean, word: string): Keyword => (rule, value, at) =>
  typeof value !== "number" ? valid : check(holds(value, rule as number), at, `should be ${word} ${canonicalJson(rule)}`);
const onSize = (size: (value: Json) => number | undefined, holds: (size: number, rule: number) => boolean, word: string): Keyword =>
  (rule, value, at) => {
    const found = size(value);
    return found === undefined ? valid : check(holds(found, rule as number), at, `has size ${found}, should be ${word} ${canonicalJson(rule)}`);
  };
const least = (a: number, b: number): boolean => a >= b;
const most = (a: number, b: number): boolean => a <= b;
const points = (value: Json): number | undefined => (typeof value === "string" ? Array.from(value).length : undefined);
const items = (value: Json): number | undefined => (isList(value) ? value.length : undefined);
const keys = (value: Json): number | undefined => (isObject(value) ? Object.keys(value).length : undefined);

const multiple = (value: number, step: number): boolean => {
  const times = value / step;
  return Math.abs(times - Math.round(times)) < 1e-9;
};

const keywords: Readonly<Record<string, Keyword>> = {
  type: (rule, value, at) => {
    const names = typeof rule === "string" ? [rule] : list(rule).map(String);
    return check(names.some((name) => Object.hasOwn(types, name) && types[name]?.(value) === true), at, `should be ${names.join(" or ")}`);
  },
  enum: (rule, value, at) => check(list(rule).some((item) => same(item, value)), at, "is not one of the allowed values"),
  const: (rule, value, at) => check(same(rule, value), at, "is not the one allowed value"),
  minimum: onNumber(least, "at least"),
  maximum: onNumber(most, "at most"),
  exclusiveMinimum: onNumber((value, rule) => value > rule, "more than"),
  exclusiveMaximum: onNumber((value, rule) => value < rule, "less than"),
  multipleOf: onNumber(multiple, "a multiple of"),
  minLength: onSize(points, least, "at least"),
  maxLength: onSize(points, most, "at most"),
  minItems: onSize(items, least, "at least"),
  maxItems: onSize(items, most, "at most"),
  minProperties: onSize(keys, least, "at least"),
  maxProperties: onSize(keys, most, "at most"),
  pattern: (rule, value, at) => {
    const regex = typeof rule === "string" ? linearRegex(rule) : undefined;
    if (regex === undefined) return unsupported("pattern (not RE2)");
    return typeof value !== "string" ? valid : check(regex.test(value), at, "does not match the pattern");
  },
  uniqueItems: (rule, value, at) =>
    rule !== true || !isList(value) ? valid : check(new Set(value.map((item) => canonicalJson(item))).size === value.length, at, "holds an item twice"),
  prefixItems: (rule, value, at) => (isList(value) ? all(list(rule).slice(0, value.length).entries(), ([i, sub]) => validate(sub, value[i] as Json, into(at, i))) : valid),
  items: (rule, value, at, schema) => {
    if (isList(rule)) return unsupported("items (an array; use prefixItems)");
    const from = list(schema["prefixItems"] ?? null).length;
    return isList(value) ? all(value.slice(from).entries(), ([i, item]) => validate(rule, item, into(at, i + from))) : valid;
  },
  contains: (rule, value, at) => {
    if (!isList(value)) return valid;
    const answers = value.map((item, i) => validate(rule, item, into(at, i)));
    return answers.find((answer) => answer.kind === "unsupported") ?? check(answers.some((answer) => answer.kind === "valid"), at, "holds no item of the kind asked for");
  },
  required: (rule, value, at) => lacks(rule, value, at),
  dependentRequired: (rule, value, at) =>
    all(members(rule).filter(([key]) => isObject(value) && Object.hasOwn(value, key)), ([, needs]) => lacks(needs, value, at)),
  properties: (rule, value, at) =>
    isObject(value) ? all(members(rule).filter(([key]) => Object.hasOwn(value, key)), ([key, sub]) => validate(sub, value[key] as Json, into(at, key))) : valid,
  patternProperties: (rule, value, at) =>
    all(members(rule), ([pattern, sub]) => {
      const regex = linearRegex(pattern);
      if (regex === undefined) return unsupported("patternProperties (not RE2)");
      return all(members(value).filter(([key]) => regex.test(key)), ([key, item]) => validate(sub, item, into(at, key)));
    }),
  additionalProperties: (rule, value, at, schema) => {
    const named = new Set(members(schema["properties"] ?? null).map(([key]) => key));
    const patterns = members(schema["patternProperties"] ?? null).map(([pattern]) => linearRegex(pattern));
    const rest = members(value).filter(([key]) => !named.has(key) && !patterns.some((regex) => regex?.test(key)));
    return all(rest, ([key, item]) => (rule === false ? check(false, into(at, key), "is not a known member") : validate(rule, item, into(at, key))));
  },
  propertyNames: (rule, value, at) => all(members(value), ([key]) => validate(rule, key, into(at, key))),
  allOf: (rule, value, at) => all(list(rule), (sub) => validate(sub, value, deeper(at))),
  anyOf: (rule, value, at) => branches(rule, value, at, (n) => n >= 1, "fits none of the alternatives"),
  oneOf: (rule, value, at) => branches(rule, value, at, (n) => n === 1, "does not fit exactly one of the alternatives"),
  not: (rule, value, at) => {
    const answer = validate(rule, value, deeper(at));
    return answer.kind === "unsupported" ? answer : check(answer.kind === "invalid", at, "is of the kind that is ruled out");
  },
  $ref: (rule, value, at) => {
    const target = typeof rule === "string" ? pointed(at.root, rule) : undefined;
    return target === undefined ? unsupported("$ref (outside the document)") : validate(target, value, deeper(at));
  },
};

function lacks(names: Json, value: Json, at: At): SchemaAnswer {
  if (!isObject(value)) return valid;
  return all(list(names), (name) => (typeof name !== "string" ? unsupported("required (malformed)") : check(Object.hasOwn(value, name), at, `lacks ${name}`)));
}

function branches(rule: Json, value: Json, at: At, enough: (valid: number) => boolean, why: string): SchemaAnswer {
  const answers = list(rule).map((sub) => validate(sub, value, deeper(at)));
  return answers.find((answer) => answer.kind === "unsupported") ?? check(enough(answers.filter((answer) => answer.kind === "valid").length), at, why);
}

function pointed(root: Json, ref: string): Json | undefined {
  if (ref !== "#" && !ref.startsWith("#/")) return undefined;
  let at: Json | undefined = root;
  for (const part of ref.slice(2).split("/").filter((step) => step !== "")) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    at = (isObject(at) || Array.isArray(at)) && Object.hasOwn(at, key) ? (at as Record<string, Json>)[key] : undefined;
  }
  return at;
}
