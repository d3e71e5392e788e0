import type { AddCommand, Answer } from "../program.ts";
import { exit } from "../exit.ts";
import { plural, printJson, say } from "../render.ts";
import type { PastLeak, Verified } from "../../commands/verify.ts";
import type { Workspace } from "../../adapters/files/workspace.ts";
import type { Io } from "../io.ts";

const examples = `
Examples:
  $ casebook verify                     shapes, references, locks, leaks
  $ casebook verify support --version 1.2.0
  $ casebook verify --raw traces.jsonl  look for the raw file's values as well
  $ casebook verify --staged            what the next commit would hold
  $ casebook verify --history           every version that git holds

Exit 1 when anything is wrong, 0 when all is well.`;

type Flags = { json?: boolean; version?: string; raw?: string[]; staged?: boolean; history?: boolean };

/** `casebook verify [DATASET]` */
export const addVerify: AddCommand = (program, io, answer) => {
  program
    .command("verify")
    .description("check datasets: hashes, references, shapes, leaks")
    .argument("[dataset]", "NAME or NAME@VERSION (else every dataset)")
    .option("--version <version>", "hold the files against this version instead of the last")
    .option("--raw <file...>", "raw exports whose sensitive values must not be in it")
    .option("--staged", "check what is staged in git, leaks only")
    .option("--history", "look for leaks in every commit, and name the commits")
    .option("--json", "print the result as JSON")
    .addHelpText("after", examples)
    .action(async (typed: string | undefined, given: Flags) => {
      const [named, at] = typed?.split("@") ?? [];
      const flags = { ...given, ...(at === undefined ? {} : { version: at }) };
      const { openWorkspace } = await import("../../adapters/files/workspace.ts");
      const workspace = openWorkspace(io.cwd);
      if (flags.staged === true) await staged(io, answer, { workspace, flags });
      else if (flags.history === true) await history(io, answer, { workspace, flags });
      else await datasets(io, answer, { workspace, flags, named });
    });
};

type At = { readonly workspace: Workspace; readonly flags: Flags };

async function datasets(io: Io, answer: Answer, { workspace, flags, named }: At & { readonly named: string | undefined }): Promise<void> {
  const { CasebookError } = await import("../../core/base/error.ts");
  const { listDatasets } = await import("../../adapters/files/datasets.ts");
  const { openDataset, openGates } = await import("../datasets.ts");
  const { sayFindings, sayLeaks } = await import("../leaks.ts");
  const { verify } = await import("../../commands/verify.ts");
  const names = named === undefined ? listDatasets(workspace.paths.datasets) : [named];
  if (names.length === 0) throw new CasebookError("usage", "There is no dataset here.", { hint: "Make one: casebook build support" });
  if (flags.version !== undefined && names.length > 1) throw new CasebookError("usage", "--version is of one dataset.", { hint: `casebook verify ${names[0]} --version ${flags.version}` });
  const gated = await openGates(workspace, io, flags.raw ?? []);
  const results: Verified[] = [];
  for (const name of names) {
    const { tree, taxonomy } = openDataset(workspace, name);
    results.push(await verify(tree, { ...gated, name, taxonomy, version: flags.version }));
  }
  const ok = results.every((one) => one.findings.length + one.leaks.length === 0);
  if (flags.json === true) printJson(io, { schema: "casebook/verify-result@1", ok, datasets: results });
  for (const one of results) {
    if (flags.json !== true) io.stdout.write(`${lineOf(one)}\n`);
    sayFindings(io, one.findings);
    sayLeaks(io, one.leaks);
  }
  if (!ok) answer(exit.no);
}

function lineOf({ dataset, version, cases, findings, leaks }: Verified): string {
  const against = version === undefined ? "not released yet" : `version ${version}`;
  const wrong = findings.length + leaks.length;
  return `${dataset}: ${wrong === 0 ? "ok" : `${plural(findings.length, "finding")}, ${plural(leaks.length, "leak")}`}, ${plural(cases, "case")}, ${against}`;
}

async function staged(io: Io, answer: Answer, { workspace, flags }: At): Promise<void> {
  const { stagedFiles } = await import("../../adapters/command/git.ts");
  const { openGates } = await import("../datasets.ts");
  const { sayFindings, sayLeaks } = await import("../leaks.ts");
  const { verifyStaged } = await import("../../commands/verify.ts");
  const files = stagedFiles(workspace.root).filter(({ path }) => /(?:^|\/)(?:datasets|prompts|\.casebook)\/|(?:^|\/)(?:casebook|taxonomy)\.yaml$/.test(path));
  const result = await verifyStaged(files, await openGates(workspace, io, flags.raw ?? []));
  const ok = result.findings.length + result.leaks.length === 0;
  if (flags.json === true) printJson(io, { schema: "casebook/verify-staged-result@1", ok, ...result });
  else if (!ok || result.files > 0) io.stdout.write(`staged: ${ok ? "ok" : `${plural(result.findings.length, "finding")}, ${plural(result.leaks.length, "leak")}`}, ${plural(result.files, "file")}\n`);
  sayFindings(io, result.findings);
  sayLeaks(io, result.leaks);
  if (!ok) answer(exit.no);
}

async function history(io: Io, answer: Answer, { workspace, flags }: At): Promise<void> {
  const { blobsBelow, commitsOf, presentBelow, readBlobs } = await import("../../adapters/command/git.ts");
  const { openGates } = await import("../datasets.ts");
  const { progressFor } = await import("../progress.ts");
  const { oneLine } = await import("../../core/base/text.ts");
  const { verifyHistory } = await import("../../commands/verify.ts");
  const { root } = workspace;
  const below = ["datasets", "prompts"];
  const { blobs, leaks } = await verifyHistory(await openGates(workspace, io, flags.raw ?? []), {
    blobs: blobsBelow(root, below),
    read: (list) => readBlobs(root, list),
    commits: (oid) => commitsOf(root, oid),
    present: presentBelow(root, below),
    progress: progressFor(io),
  });
  if (flags.json === true) printJson(io, { schema: "casebook/verify-history-result@1", ok: leaks.length === 0, blobs, leaks });
  else io.stdout.write(`history: ${leaks.length === 0 ? "ok" : plural(leaks.length, "leak")}, ${plural(blobs, "file version")}\n`);
  for (const leak of leaks.slice(0, 30)) say(io, `${oneLine(leak.path)}:${leak.line}: ${leak.gate}/${leak.rule} ${leak.token} ${since(leak)}`);
  if (leaks.length === 0) return;
  if (leaks.length > 30) say(io, `… and ${leaks.length - 30} more (all with --json)`);
  say(io, "Treat these values as known: change secrets first. A new commit does not remove them; rewriting history\n(git filter-repo --path FILE --invert-paths, on every clone) does.");
  answer(exit.no);
}

const since = ({ commits, present }: PastLeak): string => `commits ${commits.slice(0, 6).join(", ")}${present ? " (still there)" : " (gone from the present tree)"}`;
