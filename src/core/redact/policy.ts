import * as z from "zod";
import { CasebookError } from "../base/error.ts";
import { issues } from "../base/format.ts";
import { sha256 } from "../base/hash.ts";
import { canonicalJson } from "../base/json.ts";
import { spanKinds } from "../trace/schema.ts";
import { tiers } from "./types.ts";

/** Goes into the policy's hash: raise it whenever a detector finds more, less or other things. */
const detectorsVersion = 3;

/** What happens to a field. `scan` finds and replaces; on an id it keeps what a machine made and renames the rest. */
export const actions = ["keep", "scan", "token", "drop"] as const;
export type Action = (typeof actions)[number];

/** Rows of the matrix: the trace itself, its pooled messages and tool specs, and every kind of span. */
export const places = ["trace", "message", "tool_spec", ...spanKinds] as const;
export type Place = (typeof places)[number];

/** `redact:` of casebook.yaml, or a policy file. Everything may be left out. */
export const policySchema = z.strictObject({
  /** What replaces a finding: `[EMAIL:7f3k…]`, `[EMAIL]`, or a plausible value from a reserved range. */
  style: z.enum(["token", "type", "surrogate"]).default("token"),
  /** `place.field: action`; either side may be `*`. The most exact line wins. */
  fields: z.record(z.string().regex(/^(?:[a-z_]+|\*)\.(?:[a-z_.]+|\*)$/), z.enum(actions)).default({}),
  /** Kinds that are not looked for (`IP`, `ZIP`, …). */
  ignore: z.array(z.string()).default([]),
  /** Tiers that are masked; the others are listed only. `certain` always is. */
  mask: z.array(z.enum(tiers)).default(["certain", "likely"]),
  /** Tokens of values that are left alone (`[EMAIL:7f3k…]`, or `leak:…` of a gate): they are HMACs, so the list itself tells nothing. */
  allow: z.array(z.string().regex(/^(?:\[[A-Z][A-Z0-9_]*:[a-z2-7]{16}\][ .'’-]*)+$|^leak:[0-9a-f]+$/)).default([]),
  /** Your own patterns (RE2 syntax: no back-references, linear time). */
  patterns: z.array(z.strictObject({ name: z.string().regex(/^[A-Z][A-Z0-9_]{1,31}$/), pattern: z.string().min(1).max(1000), tier: z.enum(tiers).default("certain") })).default([]),
  /** Your own member names: `{passenger_ref: USER_ID}`. `keep` makes a name harmless. */
  keys: z.record(z.string(), z.string().regex(/^(?:[A-Z][A-Z0-9_]{1,31}|keep)$/)).default({}),
  /** Look for names of people in prose with the list of names. */
  names: z.boolean().default(true),
  /** A program that reads `{id,text}` lines and writes `{id,findings}` lines. */
  detector: z.strictObject({ command: z.array(z.string()).min(1), timeout_ms: z.int().min(1).default(60_000) }).optional(),
});
export type Policy = z.output<typeof policySchema>;

/** The policy when nobody wrote one. */
export const defaultPolicy: Policy = policySchema.parse({});

/** Reads `redact:` of the config or a policy file. Throws `usage` naming the member that is wrong. */
export function readPolicy(value: unknown, where: string): Policy {
  const parsed = policySchema.safeParse(value ?? {});
  if (!parsed.success)
    throw new CasebookError("usage", `${where}: ${issues(parsed.error)}.`, { hint: "casebook check --policy prints the policy in effect." });
  for (const line of Object.keys(parsed.data.fields)) {
    const [place = "", ...field] = line.split(".");
    const name = field.join(".");
    const known = rows.some((row) => (place === "*" || row.place === place) && (name === "*" || row.field === name));
    if (!known) throw new CasebookError("usage", `${where}: fields: no field is called ${line}.`, { hint: "casebook check --policy lists the fields." });
  }
  return parsed.data;
}

/** Sixteen hex digits over the whole policy and the detectors' version: equal digits, equal treatment. */
export const policyHash = (policy: Policy): string => sha256(canonicalJson({ policy, detectors: detectorsVersion })).slice(0, 16);

type Row = { readonly place: Place; readonly field: string; readonly action: Action };

const spanFields: Readonly<Record<string, Action>> = {
  id: "scan",
  native_type: "scan",
  name: "scan",
  time: "keep",
  "error.message": "scan",
  "error.data": "scan",
  usage: "keep",
  data: "scan",
};
const modelFields: Readonly<Record<string, Action>> = {
  "model.name": "scan",
  "model.ids": "scan",
  "model.settings": "scan",
  "model.output_schema": "scan",
  "model.prompt.id": "scan",
  "model.prompt.variables": "scan",
  "model.finish": "scan",
};
const own: Partial<Record<Place, Readonly<Record<string, Action>>>> = {
  trace: { id: "scan", alt_ids: "scan", sdk: "scan", workflow_name: "scan", group_id: "scan", user_id: "token", metadata: "scan", tags: "scan", notes: "scan" },
  message: {
    name: "scan",
    system: "scan",
    developer: "scan",
    user: "scan",
    assistant: "scan",
    tool: "scan",
    refusal: "scan",
    reasoning: "scan",
    "tool_call.name": "scan",
    "tool_call.arguments": "scan",
    "tool_result.output": "scan",
    call_id: "scan",
    binary: "keep",
    ref: "scan",
    json: "scan",
  },
  tool_spec: { name: "scan", description: "scan", parameters: "scan" },
  generation: { ...spanFields, ...modelFields },
  response: { ...spanFields, ...modelFields },
  function: { ...spanFields, "tool.name": "scan", "tool.call_id": "scan", "tool.arguments": "scan", "tool.output": "scan", "tool.mcp_server": "scan" },
  agent: { ...spanFields, "agent.name": "scan", "agent.handoffs": "scan", "agent.tools": "scan", "agent.output_type": "scan" },
  turn: { ...spanFields, "turn.agent_name": "scan" },
  task: { ...spanFields, "turn.agent_name": "scan" },
  handoff: { ...spanFields, "handoff.from": "scan", "handoff.to": "scan" },
  guardrail: { ...spanFields, "guardrail.name": "scan" },
  mcp_tools: { ...spanFields, "mcp.server": "scan", "mcp.tools": "scan" },
};
const rows: readonly Row[] = places.flatMap((place) => Object.entries(own[place] ?? spanFields).map(([field, action]) => ({ place, field, action })));
const defaults = new Map(rows.map((row) => [`${row.place}.${row.field}`, row.action]));

/**
 * What the policy does with one field. A field that no row names (an SDK added it, or it stands in a span of a kind that
 * should not have it) is treated by the most restrictive action: dropped.
 */
export function actionOf(policy: Policy, place: Place, field: string): Action {
  const exact = policy.fields[`${place}.${field}`] ?? policy.fields[`*.${field}`] ?? policy.fields[`${place}.*`] ?? policy.fields["*.*"];
  return exact ?? defaults.get(`${place}.${field}`) ?? "drop";
}

/** The matrix in effect, for review: one row for each place and field. The last row is for fields nobody has named yet. */
export function policyTable(policy: Policy): readonly { readonly span: string; readonly field: string; readonly action: Action; readonly changed: boolean }[] {
  return [
    ...rows.map(({ place, field, action }) => {
      const now = actionOf(policy, place, field);
      return { span: place, field, action: now, changed: now !== action };
    }),
    { span: "*", field: "(any other)", action: "drop" as const, changed: false },
  ];
}
