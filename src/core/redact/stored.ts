import * as z from "zod";
import { format } from "../base/format.ts";
import { identityKeys, ownIdOf } from "../trace/identity.ts";
import { traceSchema, type Trace } from "../trace/schema.ts";
import { findingSchema, redactionStampSchema } from "./types.ts";

/** Where a trace came from: the file as the user named it (redacted), and the first line seen there. */
const originSchema = z.strictObject({ file: z.string(), line: z.int().optional() });
export type Origin = z.infer<typeof originSchema>;

/** Another source's recording of the same run, kept so that what comes for it later joins it. Its id is that of its source. */
const viewSchema = z.strictObject({ trace: traceSchema, findings: z.array(findingSchema) });
export type View = z.infer<typeof viewSchema>;

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
  /** Of a run that several sources saw: the views beside the one whose content stands in `trace`. */
  views: z.array(viewSchema).optional(),
});
export type StoredTrace = z.infer<typeof storedTraceSchema>;
/** Every key of identity of a stored run, with the view that has it. What an index of identities is made of. */
export function keysOf({ trace, views = [] }: StoredTrace): readonly (readonly [key: string, view: { readonly kind: Trace["source"]["kind"]; readonly id: string }])[] {
  return [trace, ...views.map((view) => view.trace)].flatMap((view) => {
    const name = { kind: view.source.kind, id: ownIdOf(view) };
    return identityKeys(view).map((key) => [key, name] as const);
  });
}
export const storedTraceFormat = format("casebook/stored-trace", storedTraceSchema);
