import * as z from "zod";
import { format } from "../base/format.ts";

/**
 * How far a pull from an API came. ISO times in UTC. With `cursor` or `open` the window is unfinished: it goes on at the cursor, or
 * at its beginning; `reached` is then where the finished pulls before it had come to. Else everything before `to` was asked for.
 */
export const checkpointFormat = format(
  "casebook/checkpoint",
  z.strictObject({ schema: z.literal("casebook/checkpoint@1"), from: z.string(), to: z.string(), cursor: z.string().optional(), open: z.literal(true).optional(), reached: z.string().optional() }),
);
