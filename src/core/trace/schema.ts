import * as z from "zod";
import { format } from "../base/format.ts";
import { jsonObjectSchema, jsonSchema } from "../base/json.ts";

/**
 * The canonical model: what every source is read into and everything later reads. What we write is snake_case, in
 * memory and on disk alike. A trace holds facts only; status, completeness, transcript, tape and usage are derived.
 *
 * Model spans resend the whole conversation, so messages and tool specs live once in a pool of the trace and spans
 * point into it: each distinct message is parsed, redacted, sketched and shown once.
 */

/** ISO-8601 in UTC with exactly nine fraction digits (`2026-11-22T06:28:16.877000000Z`): sorts as text. */
export const instantSchema = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);

/** The 13 kinds of the Agents SDK, `retrieval` of other tracers, and `unknown` (its `native_type` says what it was). */
export const spanKinds = [
  "task",
  "agent",
  "turn",
  "generation",
  "response",
  "function",
  "handoff",
  "guardrail",
  "mcp_tools",
  "transcription",
  "speech",
  "speech_group",
  "custom",
  "retrieval",
  "unknown",
] as const;
export const spanKindSchema = z.enum(spanKinds);
export type SpanKind = z.infer<typeof spanKindSchema>;

/** Base64 audio, images and files, replaced at reading: `digest` is sha-256 (keyed once redacted), `bytes` decoded size. */
const binaryPartSchema = z.strictObject({
  type: z.literal("binary"),
  media: z.enum(["image", "audio", "file"]),
  mime: z.string().optional(),
  bytes: z.int(),
  digest: z.string(),
});

export const partSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text"), text: z.string() }),
  z.strictObject({ type: z.literal("refusal"), text: z.string() }),
  /** Readable reasoning summary. Encrypted reasoning is dropped at reading. */
  z.strictObject({ type: z.literal("reasoning"), text: z.string() }),
  /** `arguments` is the text the model wrote: usually JSON, not always valid. */
  z.strictObject({
    type: z.literal("tool_call"),
    call_id: z.string().optional(),
    name: z.string(),
    arguments: z.string(),
  }),
  /** `output` is what the model was shown, as text. */
  z.strictObject({
    type: z.literal("tool_result"),
    call_id: z.string().optional(),
    name: z.string().optional(),
    output: z.string(),
  }),
  binaryPartSchema,
  /** A remote image, file or stored prompt, by reference. */
  z.strictObject({ type: z.literal("ref"), media: z.enum(["image", "audio", "file"]), ref: z.string() }),
  /** Anything else a model span held; `native_type` is its own `type`. */
  z.strictObject({ type: z.literal("json"), native_type: z.string().optional(), value: jsonSchema }),
]);
export type Part = z.infer<typeof partSchema>;

export const messageSchema = z.strictObject({
  role: z.enum(["system", "developer", "user", "assistant", "tool"]),
  name: z.string().optional(),
  parts: z.array(partSchema),
});
export type Message = z.infer<typeof messageSchema>;

/** A tool as the model was offered it. `parameters` is its JSON Schema. Hosted tools carry their `type` only. */
export const toolSpecSchema = z.strictObject({
  type: z.string(),
  name: z.string().optional(),
  description: z.string().optional(),
  parameters: jsonSchema.optional(),
  strict: z.boolean().optional(),
});
export type ToolSpec = z.infer<typeof toolSpecSchema>;

/** Tokens. Where a source gives none, the member is absent, never 0. */
export const usageSchema = z.strictObject({
  requests: z.int().optional(),
  input: z.int().optional(),
  output: z.int().optional(),
  total: z.int().optional(),
  cached_input: z.int().optional(),
  reasoning: z.int().optional(),
});
export type Usage = z.infer<typeof usageSchema>;

export const spanErrorSchema = z.strictObject({ message: z.string(), data: jsonSchema.optional() });

/** What a model was asked and said. Numbers are positions in the trace's `messages` and `tools`. */
const modelCallSchema = z.strictObject({
  api: z.enum(["responses", "chat", "other"]),
  model: z.string().optional(),
  response_id: z.string().optional(),
  previous_response_id: z.string().optional(),
  conversation_id: z.string().optional(),
  /** System text, beside the input on the Responses API and inside it on others: always here, never in `input`. */
  instructions: z.int().optional(),
  /** Absent: not recorded. Empty: recorded as empty. */
  input: z.array(z.int()).optional(),
  /** The input holds only what is new since `previous_response_id` or the conversation. */
  input_is_delta: z.boolean().optional(),
  output: z.array(z.int()).optional(),
  tools: z.array(z.int()).optional(),
  /** temperature, top_p, tool_choice, reasoning, … as recorded. */
  settings: jsonObjectSchema.optional(),
  /** `text.format` / `response_format` when it is a JSON schema. */
  output_schema: jsonSchema.optional(),
  /** A stored prompt: its id, version and variables. */
  prompt: z
    .strictObject({ id: z.string(), version: z.string().optional(), variables: jsonObjectSchema.optional() })
    .optional(),
  finish: z.string().optional(),
  usage: usageSchema.optional(),
});
export type ModelCall = z.infer<typeof modelCallSchema>;

export const spanSchema = z.strictObject({
  id: z.string().min(1),
  parent_id: z.string().min(1).nullable(),
  /** The recorded parent where it had to be cut: missing in this trace, itself, or part of a cycle. */
  original_parent_id: z.string().optional(),
  kind: spanKindSchema,
  /** The source's own word where it says more than `kind` (`custom/task`, `LLM`, `execute_tool`, …). */
  native_type: z.string().optional(),
  name: z.string().optional(),
  started_at: instantSchema.optional(),
  ended_at: instantSchema.optional(),
  error: spanErrorSchema.optional(),
  /** generation, response */
  model: modelCallSchema.optional(),
  /** function. Absent `arguments`/`output`: not recorded (null, or sensitive data off). `""` is kept as recorded. */
  tool: z
    .strictObject({
      name: z.string(),
      call_id: z.string().optional(),
      arguments: z.string().optional(),
      output: z.string().optional(),
      /** Python's `str(obj)` is not JSON. */
      output_encoding: z.enum(["json", "python-repr", "text"]).optional(),
      mcp_server: z.string().optional(),
    })
    .optional(),
  agent: z
    .strictObject({
      name: z.string(),
      handoffs: z.array(z.string()).optional(),
      tools: z.array(z.string()).optional(),
      output_type: z.string().optional(),
    })
    .optional(),
  /** task, turn. `turn` is 1-based. */
  turn: z.strictObject({ turn: z.int().optional(), agent_name: z.string().optional() }).optional(),
  handoff: z.strictObject({ from: z.string().optional(), to: z.string().optional() }).optional(),
  guardrail: z
    .strictObject({ name: z.string(), triggered: z.boolean(), stage: z.enum(["input", "output", "tool"]).optional() })
    .optional(),
  /** mcp_tools */
  mcp: z.strictObject({ server: z.string().optional(), tools: z.array(z.string()).optional() }).optional(),
  /** Usage of a task or turn span, which includes what is nested in it. Model spans carry theirs in `model.usage`. */
  usage: usageSchema.optional(),
  /** What no member above holds: custom data, unknown kinds, unmapped attributes, span metadata. */
  data: jsonObjectSchema.optional(),
});
export type Span = z.infer<typeof spanSchema>;

export const sourceKinds = ["native", "otlp", "langfuse", "langsmith", "phoenix"] as const;

/** What reading noticed and a person or a later stage should know: `truncated`, `merged-variant`, `lone-surrogate`, … */
export const noteSchema = z.strictObject({ code: z.string(), span_id: z.string().optional(), detail: z.string().optional() });
export type Note = z.infer<typeof noteSchema>;

export const traceSchema = z.strictObject({
  schema: z.literal("casebook/trace@1"),
  id: z.string().min(1),
  source: z.strictObject({
    kind: z.enum(sourceKinds),
    /** OTLP: `openinference`, `genai`, `traceloop`, … Native: absent. */
    dialect: z.string().optional(),
    /** `Agents/JavaScript 0.20.0` */
    sdk: z.string().optional(),
  }),
  /** Ids of the same run elsewhere: `openai_trace_id`, `otel_trace_id`, `langsmith_trace_id`, … */
  alt_ids: z.record(z.string(), z.string()).optional(),
  /** A trace record was seen, not only spans. */
  recorded: z.boolean(),
  workflow_name: z.string().optional(),
  group_id: z.string().optional(),
  user_id: z.string().optional(),
  metadata: jsonObjectSchema.optional(),
  tags: z.array(z.string()).optional(),
  messages: z.array(messageSchema),
  tools: z.array(toolSpecSchema),
  /** Pre-order: a parent before its children, siblings by (started_at, arrival). Parents exist or are null; no cycles. */
  spans: z.array(spanSchema),
  notes: z.array(noteSchema).optional(),
});
export type Trace = z.infer<typeof traceSchema>;
export const traceFormat = format("casebook/trace", traceSchema);
