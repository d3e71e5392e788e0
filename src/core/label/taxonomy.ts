import * as z from "zod";
import { format } from "../base/format.ts";

/** `tool.args-wrong`: immutable and opaque once released. */
export const codeIdSchema = z.string().regex(/^[a-z]+(\.[a-z0-9]+(-[a-z0-9]+)*)+$/);

const codeSchema = z.strictObject({
  id: codeIdSchema,
  /** What a person reads in lists; may change. */
  name: z.string(),
  definition: z.string(),
  include: z.string().optional(),
  exclude: z.string().optional(),
  /** Kinds of span where it shows. */
  spans: z.array(z.string()).optional(),
  since: z.string(),
  deprecated: z.boolean().optional(),
  replaced_by: z.array(codeIdSchema).optional(),
  aliases: z.array(z.string()).optional(),
});
export type Code = z.infer<typeof codeSchema>;

/** One step from a taxonomy version to the next; labels are lifted through them. */
const migrationSchema = z.strictObject({
  to: z.string(),
  kind: z.enum(["add", "rename", "merge", "split", "deprecate"]),
  from: z.array(codeIdSchema),
  into: z.array(codeIdSchema),
  note: z.string().optional(),
});

const taxonomySchema = z.strictObject({
  schema: z.literal("casebook/taxonomy@1"),
  version: z.string(),
  codes: z.array(codeSchema),
  migrations: z.array(migrationSchema),
});
export type Taxonomy = z.infer<typeof taxonomySchema>;
export const taxonomyFormat = format("casebook/taxonomy", taxonomySchema);
