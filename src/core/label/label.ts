import * as z from "zod";
import { format } from "../base/format.ts";
import { codeIdSchema } from "./taxonomy.ts";

/**
 * One person's judgement of one trace. `expected` is what should have happened, in their words; lines of it in the
 * expectation language (`must call NAME {…}`, `must not call NAME`, …) become checks at build.
 */
export const labelSchema = z.strictObject({
  schema: z.literal("casebook/label@1"),
  trace_id: z.string(),
  /** Revision of the stored trace that was on screen. */
  trace_revision: z.int(),
  annotator: z.string(),
  verdict: z.enum(["pass", "fail"]),
  /** `root` first: the first unrecovered failure. Empty on pass. */
  codes: z.array(z.strictObject({ id: codeIdSchema, role: z.enum(["root", "downstream"]) })),
  first_failing_span: z.string().optional(),
  expected: z.string().optional(),
  note: z.string().optional(),
  fault_owner: z.enum(["agent", "user", "tool", "harness", "spec"]).optional(),
  severity: z.enum(["low", "medium", "high"]).optional(),
  recovered: z.boolean().optional(),
  confidence: z.enum(["low", "medium", "high"]).optional(),
  taxonomy: z.string(),
  /** ISO time of the decision and the seconds the trace was on screen. */
  at: z.string(),
  seconds: z.number(),
});
export type Label = z.infer<typeof labelSchema>;
export const labelFormat = format("casebook/label", labelSchema);
