import * as z from "zod";
import { format } from "../base/format.ts";

/** How far a pull from an API came: the window it is in, and the cursor where it was left unfinished. ISO times in UTC. */
export const checkpointFormat = format(
  "casebook/checkpoint",
  z.strictObject({ schema: z.literal("casebook/checkpoint@1"), from: z.string(), to: z.string(), cursor: z.string().optional() }),
);
