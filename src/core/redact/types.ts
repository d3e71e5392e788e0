import * as z from "zod";

/** How sure a detector is. `certain` and `likely` are replaced (`likely` is listed too); `suspect` waits for a person. */
export const tiers = ["certain", "likely", "suspect"] as const;
export type Tier = (typeof tiers)[number];

/**
 * A place where redaction saw something. `path` is a JSON pointer into the canonical trace (`/messages/3/parts/0/text`);
 * `start`/`end` are UTF-16 offsets in the *redacted* string there. Never holds the value; `token` is its keyed name.
 */
export const findingSchema = z.strictObject({
  kind: z.string(),
  tier: z.enum(tiers),
  path: z.string(),
  start: z.int(),
  end: z.int(),
  /** `[EMAIL:7f3kq2…]`: what stands for the value everywhere. For a suspect, what would. */
  token: z.string(),
  /** The detector or rule that saw it. */
  rule: z.string(),
});
export type Finding = z.infer<typeof findingSchema>;

/** What redacted a trace: recorded in the store, in every case and in each dataset lock. Never the key itself. */
export const redactionStampSchema = z.strictObject({
  /** Hash of the whole policy, detectors' version included. */
  policy: z.string(),
  /** Name of the key: a short keyed digest of nothing secret. */
  key: z.string(),
  style: z.enum(["token", "type", "surrogate"]),
});
export type RedactionStamp = z.infer<typeof redactionStampSchema>;
