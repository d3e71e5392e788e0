import * as z from "zod";
import { CasebookError } from "../base/error.ts";
import { issues } from "../base/format.ts";
import { codeIdSchema } from "../label/taxonomy.ts";
import type { Config } from "../config/config.ts";

/** `gate:` of `casebook.yaml`. */
const gateConfigSchema = z.strictObject({
  /** Level of the paired test over all cases, one-sided. 0.05 unless told otherwise. */
  alpha: z.number().gt(0).lt(1).optional(),
  /** Level at which a newly failing case counts as broken by its repeats. 0.01 unless told otherwise. */
  confirm_p: z.number().gt(0).lt(1).optional(),
  /** Share of cases that may be invalid, in error or not comparable before there is no answer at all. 0.2. */
  max_unknown: z.number().min(0).max(1).optional(),
  /** How many cases of a failure code may fail at all, whatever the baseline did: `privacy.leak: 0`. */
  codes: z.record(codeIdSchema, z.int().min(0)).optional(),
});

export type GateRules = {
  readonly alpha: number;
  readonly confirm_p: number;
  readonly max_unknown: number;
  readonly codes: Readonly<Record<string, number>>;
};

/** The gate's rules of a workspace. Throws `usage` naming the member that cannot be. */
export function gateRules(config: Pick<Config, "gate">): GateRules {
  const parsed = gateConfigSchema.safeParse(config.gate ?? {});
  if (!parsed.success)
    throw new CasebookError("usage", `casebook.yaml: gate: ${issues(parsed.error)}`, {
      hint: "Members: alpha, confirm_p, max_unknown, codes (a failure code and how many of its cases may fail).",
    });
  const { alpha = 0.05, confirm_p = 0.01, max_unknown = 0.2, codes = {} } = parsed.data;
  return { alpha, confirm_p, max_unknown, codes };
}
