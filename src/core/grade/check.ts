import * as z from "zod";
import { jsonSchema } from "../base/json.ts";

/**
 * One executable expectation of a case, editable by hand in `case.yaml`. Every check answers with what was expected,
 * what was found and where. `not: true` turns any check around.
 */
const common = {
  /** Stable inside its case, kebab-case; made from the content when generated. */
  id: z.string(),
  not: z.boolean().optional(),
  /** Why it is there, for reviewers. */
  why: z.string().optional(),
};

/** How recorded or expected arguments are compared: all equal, expected ⊆ found, or not at all. */
const argumentMatch = z.enum(["exact", "subset"]);

const leafCheckSchema = z.discriminatedUnion("type", [
  /** A tool was called: with these arguments if given, `times` if given (else at least once). */
  z.strictObject({
    ...common,
    type: z.literal("called"),
    tool: z.string(),
    arguments: jsonSchema.optional(),
    match: argumentMatch.optional(),
    ignore: z.array(z.string()).optional(),
    times: z.strictObject({ min: z.int().optional(), max: z.int().optional() }).optional(),
    agent: z.string().optional(),
  }),
  /** These tools, in this order, other calls allowed between (a subsequence). */
  z.strictObject({ ...common, type: z.literal("call_order"), tools: z.array(z.string()).min(1) }),
  /** The whole tool-name sequence against a reference. */
  z.strictObject({
    ...common,
    type: z.literal("trajectory"),
    tools: z.array(z.string()),
    mode: z.enum(["strict", "unordered", "subset", "superset"]),
  }),
  /** A handoff happened, to (and from) this agent. */
  z.strictObject({ ...common, type: z.literal("handoff"), to: z.string(), from: z.string().optional() }),
  /** A guardrail ran and did (or did not) trip. */
  z.strictObject({ ...common, type: z.literal("guardrail"), name: z.string(), triggered: z.boolean() }),
  /** The final answer. Exactly one of the members says how. `contains` ignores case unless `case_sensitive`. */
  z.strictObject({
    ...common,
    type: z.literal("output"),
    equals: z.string().optional(),
    contains: z.string().optional(),
    matches: z.string().optional(),
    json_schema: jsonSchema.optional(),
    json_path: z.strictObject({ path: z.string(), equals: jsonSchema }).optional(),
    asks_question: z.boolean().optional(),
    case_sensitive: z.boolean().optional(),
  }),
  /** The run ends without an error (or, `not`, with one). */
  z.strictObject({ ...common, type: z.literal("no_error") }),
  /** Ceilings. */
  z.strictObject({
    ...common,
    type: z.literal("budget"),
    max_turns: z.int().optional(),
    max_calls: z.int().optional(),
    max_tokens: z.int().optional(),
  }),
  /** A rubric for a model. Ungraded (and never red-provable) where no judge is at hand. */
  z.strictObject({ ...common, type: z.literal("judge"), rubric: z.string() }),
]);

export type LeafCheck = z.infer<typeof leafCheckSchema>;
export type GroupCheck = {
  id: string;
  not?: boolean | undefined;
  why?: string | undefined;
  type: "all_of" | "any_of";
  checks: Check[];
};
export type Check = LeafCheck | GroupCheck;

export const checkSchema: z.ZodType<Check> = z.union([
  leafCheckSchema,
  z.strictObject({
    ...common,
    type: z.enum(["all_of", "any_of"]),
    get checks() {
      return z.array(checkSchema).min(1);
    },
  }),
]) as z.ZodType<Check>;

/** What a check found. `ungraded`: nothing here could answer it (a judge without a model). */
export const checkResultSchema = z.strictObject({
  id: z.string(),
  type: z.string(),
  result: z.enum(["pass", "fail", "ungraded"]),
  expected: z.string(),
  found: z.string(),
  span_id: z.string().optional(),
});
export type CheckResult = z.infer<typeof checkResultSchema>;
