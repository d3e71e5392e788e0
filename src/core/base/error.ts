/**
 * Why a run of casebook stops. Each code has one exit, by the table in `cli/exit.ts`.
 *
 * - `usage`: flags, config or a missing terminal; the user's to fix.
 * - `bad-file`: a file of another kind, or one that cannot be read as what it should be.
 * - `newer-file`: a file written by a later casebook.
 * - `refused`: the answer is no (a leak, a failed verify, a vacuous expectation).
 * - `remote`: auth, rate limit or network.
 * - `incomplete`: work was left undone (a budget, an unreachable endpoint, a partial run).
 * - `interrupted`: the person stopped it; what was answered is saved.
 */
export type ErrorCode =
  | "usage"
  | "bad-file"
  | "newer-file"
  | "refused"
  | "remote"
  | "incomplete"
  | "interrupted";

/**
 * The only error thrown on purpose. Caught once, in `cli/run.ts`. `message` says what is wrong and where, `hint` the
 * next command to type. Neither ever quotes trace text. Trouble *inside* data is a `Problem`, which is not thrown.
 */
export class CasebookError extends Error {
  override readonly name = "CasebookError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}
