import * as z from "zod";
import { format } from "../base/format.ts";
import { checkSchema } from "../grade/check.ts";
import { codeIdSchema } from "../label/taxonomy.ts";
import { redactionStampSchema } from "../redact/types.ts";

const saidSchema = z.strictObject({ role: z.string(), text: z.string() });

/**
 * `cases/<id>/case.yaml`: what a reviewer reads. The recording is beside it in `trace.json`, the judgements in
 * `labels/`. The content hash covers everything but `provenance`; the id is made from `input`, so the same case is the
 * same folder. Members are written in the order given here.
 */
const caseSchema = z.strictObject({
  schema: z.literal("casebook/case@1"),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  /** One line for lists: the first user words, redacted. Kept when edited by hand. */
  title: z.string(),
  input: z.strictObject({
    /** What the run was given at its start: the user's text, or the conversation so far. */
    messages: z.array(saidSchema),
    /** What the user said later in the same run, in order. */
    later: z.array(saidSchema).optional(),
    agent: z.string().optional(),
  }),
  label: z.strictObject({
    verdict: z.enum(["pass", "fail"]),
    /** The root cause first. */
    codes: z.array(codeIdSchema),
    first_failing_span: z.string().optional(),
    note: z.string().optional(),
  }),
  /** What should happen, in words. */
  expected: z.string().optional(),
  checks: z.array(checkSchema),
  /** A recorded exception to red-first (`--allow-vacuous`). */
  vacuous: z.strictObject({ reason: z.string() }).optional(),
  tags: z.array(z.string()).optional(),
  provenance: z.strictObject({
    trace_id: z.string(),
    trace_revision: z.int(),
    source: z.string(),
    /** How many exact duplicates of this trace there were. */
    duplicates: z.int().optional(),
    annotators: z.array(z.string()),
    taxonomy: z.string(),
    redaction: redactionStampSchema,
    /** Digests of what build made of the labels, so that the next build knows an edit by hand from its own words. */
    generated: z.strictObject({ checks: z.string(), expected: z.string() }),
  }),
});
export type Case = z.infer<typeof caseSchema>;
export const caseFormat = format("casebook/case", caseSchema);

export const datasetNamePattern = /^[a-z0-9][a-z0-9._-]*$/;

/** `dataset.yaml` */
const datasetSchema = z.strictObject({
  schema: z.literal("casebook/dataset@1"),
  name: z.string().regex(datasetNamePattern),
  description: z.string(),
  taxonomy: z.string(),
});
export type Dataset = z.infer<typeof datasetSchema>;
export const datasetFormat = format("casebook/dataset", datasetSchema);

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * One case in a lock. `case`: content hash, provenance left out. `trace`: sha-256 of the bytes of trace.json. `meaning`: of what
 * a replay is judged by (the four parts but `words`). `files`: sha-256 of every file of the case, by path inside it.
 */
const lockedCaseSchema = z.strictObject({
  case: digest,
  trace: digest,
  meaning: digest,
  /** Digests by part, so that a change can be named. `words`: title, note, expected text, tags. */
  parts: z.strictObject({ input: z.string(), verdict: z.string(), checks: z.string(), recording: z.string(), words: z.string() }),
  verdict: z.enum(["pass", "fail"]),
  codes: z.array(z.string()),
  files: z.record(z.string(), digest),
});
export type LockedCase = z.infer<typeof lockedCaseSchema>;

const bumps = ["initial", "patch", "minor", "major"] as const;
export type Bump = (typeof bumps)[number];

/** `versions/X.Y.Z.json`: the lock. Canonical JSON, so the same cases give the same bytes. */
const lockSchema = z.strictObject({
  schema: z.literal("casebook/lock@1"),
  dataset: z.string(),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  /** sha-256 over the sorted case hashes: names the content, whatever its version is called. */
  hash: digest,
  cases: z.record(z.string(), lockedCaseSchema),
  taxonomy: z.strictObject({ version: z.string(), hash: digest }),
  redaction: z.array(redactionStampSchema),
  bump: z.enum(bumps),
  /** Why that bump: one sentence per change, sorted. */
  why: z.array(z.string()),
  /** The lock before this one and the sha-256 of its bytes: locks form a chain. */
  previous: z.strictObject({ version: z.string(), sha256: digest }).optional(),
  /** sha-256 of this lock's canonical JSON without `seal`. */
  seal: digest,
});
export type Lock = z.infer<typeof lockSchema>;
export const lockFormat = format("casebook/lock", lockSchema);
