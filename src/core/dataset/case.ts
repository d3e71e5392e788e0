import * as z from "zod";
import { format } from "../base/format.ts";
import { checkSchema } from "../grade/check.ts";
import { codeIdSchema } from "../label/taxonomy.ts";
import { redactionStampSchema } from "../redact/types.ts";

/**
 * `cases/<id>/case.yaml`: what a reviewer reads. The recording is beside it in `trace.json`. The content hash covers
 * everything but `provenance`; the id is made from the content of the input, so the same case is the same folder.
 */
export const caseSchema = z.strictObject({
  schema: z.literal("casebook/case@1"),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  /** One line for lists: the first user words, redacted. */
  title: z.string(),
  input: z.strictObject({
    /** What the run was given: the user's text, or the conversation so far. */
    messages: z.array(z.strictObject({ role: z.string(), text: z.string() })),
    agent: z.string().optional(),
  }),
  label: z.strictObject({
    verdict: z.enum(["pass", "fail"]),
    codes: z.array(codeIdSchema),
    first_failing_span: z.string().optional(),
    note: z.string().optional(),
  }),
  /** What should happen, in words. */
  expected: z.string().optional(),
  checks: z.array(checkSchema),
  /** A recorded exception to red-first (`--allow-vacuous`), with who said so. */
  vacuous: z.strictObject({ reason: z.string() }).optional(),
  tags: z.array(z.string()).optional(),
  provenance: z.strictObject({
    trace_id: z.string(),
    trace_revision: z.int(),
    source: z.string(),
    /** How many exact duplicates of this trace there were. */
    duplicates: z.int().optional(),
    annotators: z.array(z.string()),
    taxonomy: z.string(),
    redaction: redactionStampSchema,
  }),
});
export type Case = z.infer<typeof caseSchema>;
export const caseFormat = format("casebook/case", caseSchema);

/** `dataset.yaml` */
export const datasetSchema = z.strictObject({
  schema: z.literal("casebook/dataset@1"),
  name: z.string(),
  description: z.string(),
  taxonomy: z.string(),
});
export type Dataset = z.infer<typeof datasetSchema>;
export const datasetFormat = format("casebook/dataset", datasetSchema);

/** `versions/X.Y.Z.json`: the lock. Sorted, so the same cases give the same bytes. */
export const lockSchema = z.strictObject({
  schema: z.literal("casebook/lock@1"),
  dataset: z.string(),
  version: z.string(),
  /** sha-256 over the sorted case hashes. */
  hash: z.string(),
  /**
   * `case`: content hash of the case (provenance left out); `trace`: sha-256 of trace.json; `checks`: of the checks
   * alone; `meaning`: of input + label + checks, so that a PATCH (same meaning) can be told from a MAJOR.
   */
  cases: z.record(
    z.string(),
    z.strictObject({ case: z.string(), trace: z.string(), meaning: z.string() }),
  ),
  taxonomy: z.strictObject({ version: z.string(), hash: z.string() }),
  redaction: z.array(redactionStampSchema),
  bump: z.enum(["initial", "patch", "minor", "major"]),
  /** Why that bump: one sentence per changed case, sorted. */
  why: z.array(z.string()),
  previous: z.string().optional(),
});
export type Lock = z.infer<typeof lockSchema>;
export const lockFormat = format("casebook/lock", lockSchema);
