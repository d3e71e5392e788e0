import * as z from "zod";
import { format } from "../base/format.ts";

/**
 * A line between the revisions of a store: a pull begins here, or the one that began last ended well here, having read these
 * sources. What an unfinished pull stored is kept, and read again by the next.
 */
export const pullMarkFormat = format(
  "casebook/pull",
  z.strictObject({ schema: z.literal("casebook/pull@1"), state: z.enum(["begun", "ended"]), sources: z.array(z.string()) }),
);
export type PullMark = z.infer<typeof pullMarkFormat.schema>;
