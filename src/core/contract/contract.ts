import * as z from "zod";
import { CasebookError } from "../base/error.ts";
import { issues } from "../base/format.ts";

/** What each trace should say of itself, so that a case can later be joined to a request, a prompt and a release. */
export const dataContract = [
  "request_id",
  "prompt_version",
  "model_alias",
  "tool_schema_version",
  "approval_state",
  "environment",
  "release",
] as const;

/** `contract:` of casebook.yaml. Everything may be left out. */
const contractSchema = z.strictObject({
  /** The workflows there are. With none named, names are only looked at for what no name should be. */
  workflow_names: z.array(z.string().min(1)).optional(),
  /** Members every trace's metadata must have; spelling (`prompt_version`, `promptVersion`) does not matter. */
  metadata: z.array(z.string().min(1)).optional(),
  /** A metadata value longer than this is text, not a dimension to query by. */
  metadata_max_length: z.int().min(1).default(200),
  /** Whether every trace belongs to a conversation. */
  group_id: z.enum(["required", "optional"]).default("optional"),
  /** `on`: content must be there. `off`: it must not (zero data retention). `any`: not looked at. */
  sensitive_data: z.enum(["on", "off", "any"]).default("on"),
});
export type Contract = z.output<typeof contractSchema>;

/** Reads `contract:` of the config. Throws `usage` naming the member that is wrong. */
export function readContract(value: unknown, where: string): Contract {
  const parsed = contractSchema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  throw new CasebookError("usage", `${where}: ${issues(parsed.error)}.`, {
    hint: `Members: ${Object.keys(contractSchema.shape).join(", ")}.`,
  });
}
