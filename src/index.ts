/**
 * The public library: an explicit list. Reading records into traces, what is derived from a trace, redaction, checks, and
 * the formats of every file casebook writes. All pure: values in, values out.
 */
import { baselineFormat } from "./core/compare/baseline.ts";
import { configFormat } from "./core/config/config.ts";
import { caseFormat, datasetFormat, lockFormat } from "./core/dataset/case.ts";
import { dedupFormat } from "./core/dedup/types.ts";
import { labelEventFormat } from "./core/label/event.ts";
import { labelFormat } from "./core/label/label.ts";
import { taxonomyFormat } from "./core/label/taxonomy.ts";
import { storedTraceFormat } from "./core/redact/stored.ts";
import { runFormat, trialFormat } from "./core/replay/run.ts";
import { checkpointFormat } from "./core/sources/checkpoint.ts";
import { pullMarkFormat } from "./core/sources/pull-mark.ts";
import { traceFormat } from "./core/trace/schema.ts";

export { CasebookError, type ErrorCode } from "./core/base/error.ts";
export type { Format } from "./core/base/format.ts";
export type { Problem, Where } from "./core/base/problem.ts";

export { sniffSource, sources } from "./core/sources/sources.ts";
export type { Read, Source } from "./core/sources/source.ts";
export { assembleTrace } from "./core/trace/assemble.ts";
export type { Piece, SpanPiece, TracePiece } from "./core/trace/piece.ts";

export { completenessOf } from "./core/trace/completeness.ts";
export { statusOf } from "./core/trace/status.ts";
export { tapeOf } from "./core/trace/tape.ts";
export { transcriptOf } from "./core/trace/transcript.ts";
export { usageOf } from "./core/trace/usage.ts";
export type { Completeness, Status, Step, Suspicion, Tape, Transcript } from "./core/trace/derived.ts";
export type { Message, Part, Span, ToolSpec, Trace, Usage } from "./core/trace/schema.ts";

export { createRedactor } from "./core/redact/create.ts";
export { defaultPolicy, type Policy } from "./core/redact/policy.ts";
export type { Redacted, Redactor } from "./core/redact/redactor.ts";
export type { Finding } from "./core/redact/types.ts";

export { parseExpectation } from "./core/grade/expectation.ts";
export { gradeChecks } from "./core/grade/grade.ts";
export { subjectOf, type Subject } from "./core/grade/subject.ts";
export type { Check, CheckResult } from "./core/grade/check.ts";

export type { Case, Dataset, Lock } from "./core/dataset/case.ts";
export type { Label } from "./core/label/label.ts";
export type { Taxonomy } from "./core/label/taxonomy.ts";
export type { RunHeader, Trial } from "./core/replay/run.ts";

/** Every kind of record casebook writes: its name, its schema, and a reader of all its versions. */
export const formats = [
  configFormat,
  taxonomyFormat,
  traceFormat,
  storedTraceFormat,
  dedupFormat,
  labelFormat,
  labelEventFormat,
  caseFormat,
  datasetFormat,
  lockFormat,
  runFormat,
  trialFormat,
  baselineFormat,
  checkpointFormat,
  pullMarkFormat,
] as const;
