import * as z from "zod";
import { format } from "../base/format.ts";

/**
 * `casebook.yaml`. Every member but `schema` may be left out. `redact` is the policy's own business and is read by the
 * redact room; `contract` by `check`.
 */
export const configSchema = z.strictObject({
  schema: z.literal("casebook/config@1"),
  /** Name written into labels where neither `--annotator` nor `CASEBOOK_ANNOTATOR` says one; else git's user.name, or the login name. */
  annotator: z.string().optional(),
  /** Dataset that `build`, `release`, `replay` use when none is named. */
  dataset: z.string().optional(),
  redact: z.record(z.string(), z.unknown()).optional(),
  contract: z.record(z.string(), z.unknown()).optional(),
  dedup: z.strictObject({ same_task: z.number().min(0).max(1).optional(), near: z.number().min(0).max(1).optional() }).optional(),
  replay: z.record(z.string(), z.unknown()).optional(),
  gate: z.record(z.string(), z.unknown()).optional(),
});
export type Config = z.infer<typeof configSchema>;
export const configFormat = format("casebook/config", configSchema);
