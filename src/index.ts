/** The public library: an explicit list. */
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
import { traceFormat } from "./core/trace/schema.ts";

export type { Case, Dataset, Lock } from "./core/dataset/case.ts";
export type { Check, CheckResult } from "./core/grade/check.ts";
export type { Label } from "./core/label/label.ts";
export type { Taxonomy } from "./core/label/taxonomy.ts";
export type { Message, Part, Span, ToolSpec, Trace } from "./core/trace/schema.ts";
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
] as const;
