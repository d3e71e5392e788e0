import * as z from "zod";
import { jsonObjectSchema } from "../base/json.ts";

/** One agent's instructions under test. `agent` absent: the run's first agent. */
const promptPartSchema = z.strictObject({
  agent: z.string().optional(),
  model: z.string().optional(),
  settings: jsonObjectSchema.optional(),
  instructions: z.string(),
});
export type PromptPart = z.infer<typeof promptPartSchema>;

/** A file `prompts/NAME/VERSION.md` or a folder `prompts/NAME/VERSION/*.md`; `hash` is sha-256 of its content. */
export type PromptVersion = {
  readonly name: string;
  readonly version: string;
  readonly hash: string;
  readonly parts: readonly PromptPart[];
};
