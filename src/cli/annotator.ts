import { existsSync, readFileSync } from "node:fs";
import { gitUserName } from "../adapters/command/git.ts";
import { writeFileAtomic } from "../adapters/files/atomic.ts";
import { checkAnnotator } from "../adapters/files/journal.ts";
import type { Workspace } from "../adapters/files/workspace.ts";
import { CasebookError } from "../core/base/error.ts";
import { annotatorFrom, withAnnotator } from "../core/config/annotator.ts";
import type { Io } from "./io.ts";
import { say } from "./render.ts";

/**
 * Who judges, where no flag says so: `CASEBOOK_ANNOTATOR`, `annotator` of casebook.yaml, git's user.name; else a person is
 * asked (`ask`: at a screen), and the answer kept if they like; else the login name.
 */
export async function annotatorOf(workspace: Workspace, io: Io, { ask }: { readonly ask: boolean }): Promise<string> {
  const { env } = io;
  const said = env["CASEBOOK_ANNOTATOR"] || workspace.config.annotator;
  if (said !== undefined && said !== "") return said;
  const git = annotatorFrom(gitUserName(workspace.root, env) ?? "");
  if (git !== "") return git;
  const login = annotatorFrom(env["USER"] ?? env["LOGNAME"] ?? env["USERNAME"] ?? "") || "me";
  if (!ask || !io.interactive) return login;
  const { askName } = await import("../adapters/terminal/ask-name.ts");
  const { config } = workspace.paths;
  const answer = await askName(
    { suggestion: login, check: (typed) => fault(typed) ?? true, keepIn: existsSync(config) ? "casebook.yaml" : undefined },
    { input: io.stdin, output: io.stderr, signal: io.signal },
  );
  const name = checkAnnotator(answer.name);
  if (answer.keep) {
    writeFileAtomic(config, withAnnotator(readFileSync(config, "utf8"), name));
    say(io, "Kept in casebook.yaml.");
  }
  return name;
}

/** Why a name will not do. */
function fault(typed: string): string | undefined {
  try {
    checkAnnotator(typed);
    return undefined;
  } catch (error) {
    if (error instanceof CasebookError) return error.message;
    throw error;
  }
}
