import type { Readable, Writable } from "node:stream";

/** Everything the command line may touch of the process it runs in. Only `main.ts` names `process`; tests pass their own. */
export type Io = {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a person can be asked: stdin and stderr are terminals and `CI` is not set. */
  readonly interactive: boolean;
  /** Aborted on SIGINT and SIGTERM: finish the step in hand, save, stop. */
  readonly signal?: AbortSignal;
};
