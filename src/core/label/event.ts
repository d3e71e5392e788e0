import * as z from "zod";
import { format } from "../base/format.ts";
import { labelSchema, type Label } from "./label.ts";
import { codeIdSchema } from "./taxonomy.ts";

const common = { schema: z.literal("casebook/label-event@1"), at: z.string(), trace_id: z.string() };
const place = { path: z.string(), start: z.int(), end: z.int() };

/**
 * One line of a person's label journal. Lines are only ever added: what is in effect is what `historyOf` makes of them.
 * Text a person typed has been redacted before it is in an event.
 */
const labelEventSchema = z.discriminatedUnion("kind", [
  /** A decision: this trace is judged. */
  z.strictObject({
    ...common,
    kind: z.literal("label"),
    label: labelSchema,
    /** How the trace came to be asked about: labels of traces drawn at random may speak for the store. */
    picked: z.strictObject({ why: z.string(), probability: z.number() }).optional(),
  }),
  /** A decision: not now. The trace is asked again in a later session. */
  z.strictObject({ ...common, kind: z.literal("skip") }),
  /** The last decision on this trace is taken back. */
  z.strictObject({ ...common, kind: z.literal("undo") }),
  /** Not a decision: where the person is and what they chose so far, so that a session goes on at the exact place. */
  z.strictObject({
    ...common,
    kind: z.literal("draft"),
    /** Position of the cursor in the transcript on screen, from 0. */
    step: z.int(),
    seconds: z.number(),
    verdict: z.enum(["pass", "fail"]).optional(),
    codes: z.array(codeIdSchema),
    first_failing_span: z.string().optional(),
    expected: z.string().optional(),
    note: z.string().optional(),
    facets: labelSchema.pick({ fault_owner: true, severity: true, recovered: true, confidence: true }).optional(),
  }),
  /** A suspect of redaction is personal or secret: mask it. `token` is what takes its place. */
  z.strictObject({ ...common, ...place, kind: z.literal("mask"), finding: z.string(), token: z.string() }),
  /** A suspect is harmless, here and everywhere. `token` holds the HMAC of its value, never the value. */
  z.strictObject({ ...common, ...place, kind: z.literal("allow"), finding: z.string(), token: z.string() }),
  /** Only a part of a suspect is personal or secret: mask that part. Offsets as in a finding. */
  z.strictObject({
    ...common,
    ...place,
    kind: z.literal("split"),
    finding: z.string(),
    token: z.string(),
    mask: z.strictObject({ start: z.int(), end: z.int() }),
  }),
]);
export type LabelEvent = z.infer<typeof labelEventSchema>;
export type DraftEvent = Extract<LabelEvent, { kind: "draft" }>;
export type SuspectEvent = Extract<LabelEvent, { kind: "mask" | "allow" | "split" }>;
export const labelEventFormat = format("casebook/label-event", labelEventSchema);

/** What a journal amounts to. */
export type History = {
  /** Decisions in effect, oldest first: what undo takes back, from the end. */
  readonly decisions: readonly { readonly trace_id: string; readonly label: Label | undefined }[];
  /** The last label in effect of each trace. */
  readonly labels: ReadonlyMap<string, Label>;
  /** Traces whose only decisions are skips. */
  readonly skipped: ReadonlySet<string>;
  /** The last draft of each trace that has not been labelled since. */
  readonly drafts: ReadonlyMap<string, DraftEvent>;
  /** The trace a session was left on, with its draft. */
  readonly left: DraftEvent | undefined;
  /** What was decided on suspects of redaction, last word on each place. */
  readonly suspects: ReadonlyMap<string, SuspectEvent>;
};

/** Names one suspect: a trace and a place in it. */
export const suspectKey = (at: { trace_id: string; path: string; start: number; end: number }): string =>
  `${at.trace_id} ${at.path} ${at.start} ${at.end}`;

/** Folds a journal: undo takes back the last decision on its trace that is still in effect; one with none does nothing. */
export function historyOf(events: Iterable<LabelEvent>): History {
  let decisions: { trace_id: string; label: Label | undefined }[] = [];
  const drafts = new Map<string, DraftEvent>();
  const suspects = new Map<string, SuspectEvent>();
  let left: DraftEvent | undefined;
  for (const event of events) {
    const { trace_id } = event;
    switch (event.kind) {
      case "label":
      case "skip":
        decisions.push({ trace_id, label: event.kind === "label" ? event.label : undefined });
        if (event.kind === "label") drafts.delete(trace_id);
        left = undefined;
        break;
      case "undo": {
        const last = decisions.findLastIndex((decision) => decision.trace_id === trace_id);
        if (last >= 0) decisions = decisions.toSpliced(last, 1);
        break;
      }
      case "draft":
        drafts.set(trace_id, event);
        left = event;
        break;
      default:
        suspects.set(suspectKey(event), event);
    }
  }
  const labels = new Map<string, Label>();
  for (const { trace_id, label } of decisions) if (label !== undefined) labels.set(trace_id, label);
  const skipped = new Set(decisions.map(({ trace_id }) => trace_id).filter((id) => !labels.has(id)));
  return { decisions, labels, skipped, drafts, left, suspects };
}

/** The labels one person's journal leaves in effect, in the order they were decided. What build reads. */
export const effectiveLabels = (events: Iterable<LabelEvent>): readonly Label[] => [...historyOf(events).labels.values()];
