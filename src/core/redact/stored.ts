import * as z from "zod";
import { format } from "../base/format.ts";
import { traceSchema } from "../trace/schema.ts";
import { findingSchema, redactionStampSchema } from "./types.ts";

/** Where a trace came from: the file as the user named it (redacted), and the first line seen there. */
const originSchema = z.strictObject({ file: z.string(), line: z.int().optional() });
export type Origin = z.infer<typeof originSchema>;

/**
 * One line of a store segment: a revision of one trace, after redaction. A later revision of the same id stands for all
 * earlier ones. `records` are keyed digests of the raw records this revision was made of (never unkeyed: a short
 * record could be guessed from its hash).
 */
export const storedTraceSchema = z.strictObject({
  schema: z.literal("casebook/stored-trace@1"),
  revision: z.int().min(1),
  trace: traceSchema,
  origins: z.array(originSchema),
  records: z.array(z.string()),
  redaction: redactionStampSchema,
  findings: z.array(findingSchema),
});
export type StoredTrace = z.infer<typeof storedTraceSchema>;
export const storedTraceFormat = format("casebook/stored-trace", storedTraceSchema);
