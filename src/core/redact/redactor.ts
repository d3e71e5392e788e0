import type { Trace } from "../trace/schema.ts";
import type { Finding, RedactionStamp } from "./types.ts";

/** What became of one trace. Redacting it again changes nothing. */
export type Redacted = { readonly trace: Trace; readonly findings: readonly Finding[] };

/**
 * Redaction with one policy and one key. Made by `createRedactor`. Holds, in memory only, the strong values learned so
 * far (bounded), so that what one trace reveals under a key is masked in the others too.
 */
export type Redactor = {
  readonly stamp: RedactionStamp;
  /** Harvests values of a raw trace that identify somebody anywhere. Call for a whole batch before redacting it. */
  learn(trace: Trace): void;
  /**
   * Masks a raw trace, or one that is partly redacted already (new spans joined to stored ones): tokens it already holds are
   * matched by HMAC against the new text, so values masked earlier are masked again without having been kept.
   */
  redactTrace(trace: Trace): Redacted;
  /** Text that a person typed (note, expectation) or a name; `known` are tokens of the trace it is about. */
  redactText(text: string, known?: Iterable<string>): { readonly text: string; readonly findings: readonly Finding[] };
  /** What stands for a value of a kind, whoever said that it is one. */
  tokenOf(kind: string, value: string): string;
  /** An id fit to be kept: as it is when it has the form of a machine-made id, else `<prefix><32 hex of HMAC>`. */
  safeId(id: string, prefix: string): string;
};
