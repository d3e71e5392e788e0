import * as z from "zod";
import { canonicalJson, isObject, jsonObjectSchema, parseJson, type Json } from "../base/json.ts";

/**
 * What may differ between recorded and asked arguments and still be the same call; declared by the user in
 * `casebook.yaml` under `replay.rules`. `tool` absent: every tool. `ignore` names dotted members; `defaults` are values a
 * missing top-level member stands for.
 */
export const matchRuleSchema = z.strictObject({
  tool: z.string().optional(),
  ignore: z.array(z.string()).optional(),
  defaults: jsonObjectSchema.optional(),
  /** `loose`: "5", 5 and "5.0" are one number. */
  numbers: z.literal("loose").optional(),
  /** `loose`: case and white space do not count. */
  strings: z.literal("loose").optional(),
  /** `loose`: ISO dates of the same instant are one; a date alone is its midnight in UTC. */
  dates: z.literal("loose").optional(),
});
export type MatchRule = z.infer<typeof matchRuleSchema>;

/** Arguments as data: JSON where they are JSON, else the text; no text is no arguments. */
const readArguments = (text: string): Json => (text.trim() === "" ? {} : (parseJson(text) ?? text));

/** Equal arguments have equal keys, whatever their white space and order of members. */
export const exactKey = (text: string): string => canonicalJson(readArguments(text));

/** The same under the rules for a tool; undefined where no rule is about it. */
export function ruleKey(tool: string, text: string, rules: readonly MatchRule[]): string | undefined {
  const mine = rules.filter((rule) => rule.tool === undefined || rule.tool === tool);
  if (mine.length === 0) return undefined;
  return canonicalJson(mine.reduce<Json>((value, rule) => loosen(withDefaults(value, rule), rule, ""), readArguments(text)));
}

const withDefaults = (value: Json, rule: MatchRule): Json => (isObject(value) ? { ...rule.defaults, ...value } : value);

function loosen(value: Json, rule: MatchRule, path: string): Json {
  const inside = (key: string): string => (path === "" ? key : `${path}.${key}`);
  if (Array.isArray(value)) return (value as readonly Json[]).map((item, i) => loosen(item, rule, inside(String(i))));
  if (isObject(value))
    return Object.fromEntries(
      Object.entries(value as { readonly [key: string]: Json })
        .filter(([key]) => rule.ignore?.includes(inside(key)) !== true)
        .map(([key, item]) => [key, loosen(item, rule, inside(key))]),
    );
  return typeof value === "string" ? loosenText(value, rule) : value;
}

const isoDate = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/i;
const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i;

function loosenText(text: string, rule: MatchRule): Json {
  const trimmed = text.trim();
  if (rule.dates === "loose") {
    const date = isoDate.exec(trimmed);
    const instant = date === null ? Number.NaN : Date.parse(date[1] === undefined && trimmed.length > 10 ? `${trimmed.replace(" ", "T")}Z` : trimmed);
    if (!Number.isNaN(instant)) return `date:${instant}`;
  }
  if (rule.numbers === "loose" && number.test(trimmed) && Number.isFinite(Number(trimmed))) return Number(trimmed);
  return rule.strings === "loose" ? trimmed.replace(/\s+/g, " ").toLowerCase().normalize("NFC") : text;
}
