import * as z from "zod";
import { format } from "../base/format.ts";
import { jsonObjectSchema } from "../base/json.ts";
import { usageSchema } from "../trace/schema.ts";
import { checkResultSchema } from "../grade/check.ts";

/** `.casebook/runs/<id>/run.json`: what is being replayed, written once before the first trial. */
const runHeaderSchema = z.strictObject({
  schema: z.literal("casebook/run@1"),
  id: z.string(),
  dataset: z.strictObject({ name: z.string(), version: z.string(), hash: z.string() }),
  prompt: z.strictObject({ name: z.string(), version: z.string(), hash: z.string() }),
  target: z.strictObject({ kind: z.enum(["trace", "module"]), ref: z.string().optional() }),
  depth: z.enum(["frozen", "tape"]),
  /** What answers at depth `tape`: a model at an endpoint (host only, never a key) or a module. */
  model: z.strictObject({ name: z.string().optional(), endpoint: z.string().optional(), module: z.string().optional() }),
  settings: jsonObjectSchema,
  on_miss: z.enum(["fail", "error", "stub"]),
  repeat: z.int().min(1),
  seed: z.int(),
  /** Every trial there will be is (case, 0..repeat-1); missing ones make the run incomplete. */
  cases: z.array(z.strictObject({ id: z.string(), hash: z.string(), label: z.enum(["pass", "fail"]), codes: z.array(z.string()) })),
  started_at: z.string(),
});
export type RunHeader = z.infer<typeof runHeaderSchema>;
export const runFormat = format("casebook/run", runHeaderSchema);

/** How faithful the tape was to one trial. Calls: served exactly, served with drift, missed; takes never asked for. */
const fidelitySchema = z.strictObject({
  served: z.int(),
  drifted: z.int(),
  missed: z.int(),
  unconsumed: z.int(),
});
export type Fidelity = z.infer<typeof fidelitySchema>;

/** What one trial did, for reports: the calls in order and the last words. */
const trialStepSchema = z.strictObject({
  kind: z.enum(["message", "tool", "handoff", "guardrail", "error"]),
  name: z.string().optional(),
  text: z.string().optional(),
  arguments: z.string().optional(),
  output: z.string().optional(),
  /** How the tape answered a tool call. */
  match: z.enum(["exact", "rule", "sequence", "elsewhere", "miss"]).optional(),
});
export type TrialStep = z.infer<typeof trialStepSchema>;

/**
 * One line of `trials.jsonl`, appended and fsynced. Exactly one `outcome`: `pass`/`fail` graded; `invalid` the tape was
 * too far from the run to judge it; `error` the world failed (infra), not the agent.
 */
const trialSchema = z.strictObject({
  schema: z.literal("casebook/trial@1"),
  case_id: z.string(),
  repeat: z.int(),
  outcome: z.enum(["pass", "fail", "invalid", "error"]),
  checks: z.array(checkResultSchema),
  fidelity: fidelitySchema,
  steps: z.array(trialStepSchema),
  output: z.string().optional(),
  error: z.strictObject({ code: z.string(), message: z.string() }).optional(),
  usage: usageSchema.optional(),
  ms: z.number(),
});
export type Trial = z.infer<typeof trialSchema>;
export const trialFormat = format("casebook/trial", trialSchema);

/** A run as read back: its header and the trials finished so far, one per (case, repeat). */
export type Run = { readonly header: RunHeader; readonly trials: readonly Trial[]; readonly complete: boolean };
