import { CasebookError } from "../core/base/error.ts";
import type { Progress, RawRecord, TraceWriter } from "../core/ports.ts";
import type { Redactor } from "../core/redact/redactor.ts";
import { pull } from "./pull.ts";

/** What a running collector has taken so far. */
export type Collected = { posts: number; objects: number; added: number; readonly problems: Map<string, number> };

export type CollectPorts = {
  readonly store: TraceWriter;
  readonly redactor: Redactor;
  readonly key: Uint8Array;
};

const silent: Progress = { tick() {}, end() {} };

/**
 * Stores the posts that came in together: one pull over them, so that a post that is sent again adds nothing and what rests
 * on disk is redacted. Durable when it returns. Trouble in a post is counted; the others are stored all the same.
 */
export async function collectPosts(records: readonly RawRecord[], ports: CollectPorts, so: Collected): Promise<void> {
  so.posts += records.length;
  const byPath = [...records].sort((a, b) => (a.where.file < b.where.file ? -1 : a.where.file > b.where.file ? 1 : 0));
  const reader = {
    async *batches() {
      for (const record of byPath) yield { file: record.where.file, records: [record], problems: [], read: record.bytes.length };
    },
  };
  try {
    const summary = await pull({ remember: [] }, { ...ports, reader, progress: silent });
    so.objects += summary.objects;
    so.added += summary.traces.new;
    for (const [code, count] of Object.entries(summary.problem_counts)) so.problems.set(code, (so.problems.get(code) ?? 0) + count);
  } catch (error) {
    if (!isNothing(error)) throw error;
    so.problems.set("no-traces", (so.problems.get("no-traces") ?? 0) + records.length);
  }
}

/** `pull` says so when nothing of what it was given was a trace: here that is the sender's trouble, not ours. */
const isNothing = (error: unknown): boolean => error instanceof CasebookError && error.code === "bad-file";
