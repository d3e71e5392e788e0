import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { onTestFinished } from "vitest";
import type { Io } from "../../src/cli/io.ts";
import { run } from "../../src/cli/run.ts";

/** A new empty folder, gone after the test. */
export function scratch(): string {
  const path = mkdtempSync(join(tmpdir(), "casebook-test-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** What one command line printed and answered. `json()` reads stdout as JSON. */
export type Ran = { readonly code: number; readonly out: string; readonly err: string; json(): any };

/** Runs casebook in this process, in `cwd`, without a terminal. A fixed key, so that tokens are the same every time. */
export async function casebook(
  cwd: string,
  argv: readonly string[],
  options: { stdin?: string | Buffer; env?: Record<string, string>; io?: Partial<Io> } = {},
): Promise<Ran> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  const sink = (into: Buffer[]): PassThrough => {
    const stream = new PassThrough();
    stream.on("data", (chunk: Buffer) => into.push(Buffer.from(chunk)));
    return stream;
  };
  const code = await run(argv, {
    stdin: Readable.from(options.stdin === undefined ? [] : [Buffer.from(options.stdin)]),
    stdout: sink(out),
    // Wide, so that a test may look for a sentence whole.
    stderr: Object.assign(sink(err), { columns: 10_000 }),
    cwd,
    env: { CASEBOOK_KEY: "00".repeat(32), CASEBOOK_ANNOTATOR: "ann", ...options.env },
    interactive: false,
    ...options.io,
  });
  const text = (parts: readonly Buffer[]): string => Buffer.concat(parts).toString("utf8");
  return { code, out: text(out), err: text(err), json: () => JSON.parse(text(out)) };
}
