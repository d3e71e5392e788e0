import * as z from "zod";
import { format } from "../base/format.ts";

/** Two traces are the same case on a level; levels have their own clusters and none overwrites another. */
export const dedupLevels = ["exact", "near", "same-task", "prefix"] as const;
export type DedupLevel = (typeof dedupLevels)[number];

/**
 * Why one trace is not shown: it was compared with the kept one, on this level, and passed. Representative-based, never
 * transitive: `kept` is never itself dropped on the same level.
 */
const dedupDecisionSchema = z.strictObject({
  schema: z.literal("casebook/dedup@1"),
  level: z.enum(dedupLevels),
  dropped: z.string(),
  kept: z.string(),
  /** 0..1; 1 on the exact level. */
  score: z.number(),
  threshold: z.number(),
  /** What was compared: `content`, `user-words-idf2`, … */
  view: z.string(),
  /** Version of the rule that decided; versions are never mixed. */
  rule: z.string(),
});
export type DedupDecision = z.infer<typeof dedupDecisionSchema>;
export const dedupFormat = format("casebook/dedup", dedupDecisionSchema);
