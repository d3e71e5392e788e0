import * as z from "zod";
import { CasebookError } from "../base/error.ts";
import { issues } from "../base/format.ts";
import type { Config } from "../config/config.ts";
import { matchRuleSchema, type MatchRule } from "./match-rule.ts";

const replayConfigSchema = z.strictObject({ rules: z.array(matchRuleSchema).optional() });

/** The `replay` member of `casebook.yaml`. Throws `usage` naming what is wrong in it. */
export function matchRulesOf(config: Config): readonly MatchRule[] {
  const read = replayConfigSchema.safeParse(config.replay ?? {});
  if (!read.success)
    throw new CasebookError("usage", `casebook.yaml: replay: ${issues(read.error)}`, {
      hint: "rules: a list of {tool, ignore, defaults, numbers: loose, strings: loose, dates: loose}",
    });
  return read.data.rules ?? [];
}
