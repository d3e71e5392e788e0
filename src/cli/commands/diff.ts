import type { AddCommand } from "../program.ts";
import { exit } from "../exit.ts";
import { printJson } from "../render.ts";
import type { Side } from "../../commands/diff.ts";
import type { Workspace } from "../../adapters/files/workspace.ts";
import type { DatasetAt } from "../datasets.ts";

const examples = `
Examples:
  $ casebook diff                          the last version against the files
  $ casebook diff 1.0.0 1.1.0              two versions
  $ casebook diff @origin/main --markdown  a branch, for a pull request

A side is a version, work (the files as they are), or @ and a commit, branch or
tag of git.`;

type Flags = { dataset?: string; json?: boolean; markdown?: boolean; exitCode?: boolean };

/** `casebook diff [FROM] [TO]` */
export const addDiff: AddCommand = (program, io, answer) => {
  program
    .command("diff")
    .description("what changed between two versions, commits or the files")
    .argument("[from]", "version, work, or @REF (default: the last version)")
    .argument("[to]", "version, work, or @REF", "work")
    .option("-d, --dataset <name>", "name of the dataset (else the config's, else the only one)")
    .option("--markdown", "print Markdown for a pull request")
    .option("--json", "print the result as JSON")
    .option("--exit-code", "exit 1 when there is a difference")
    .addHelpText("after", examples)
    .action(async (from: string | undefined, to: string, flags: Flags) => {
      const { openWorkspace } = await import("../../adapters/files/workspace.ts");
      const { openDataset } = await import("../datasets.ts");
      const { versionsOf } = await import("../../core/dataset/tree.ts");
      const { diffMarkdown, diffText } = await import("../../core/report/dataset-diff.ts");
      const { diff } = await import("../../commands/diff.ts");
      const { CasebookError } = await import("../../core/base/error.ts");
      const workspace = openWorkspace(io.cwd);
      const dataset = openDataset(workspace, flags.dataset);
      if (from === dataset.name) throw new CasebookError("usage", `${from} is a dataset, not a version of one.`, { hint: `casebook diff -d ${from}, or casebook diff 1.0.0 work -d ${from}` });
      const start = from ?? versionsOf(dataset.tree).at(-1);
      if (start === undefined) throw new CasebookError("usage", `${dataset.name} has no version to start from.`, { hint: "casebook release, or name a commit: casebook diff @HEAD" });
      const result = diff(dataset.tree, await sideOf(start, { workspace, dataset }), await sideOf(to, { workspace, dataset }));
      if (flags.json === true) printJson(io, { schema: "casebook/diff-result@1", dataset: dataset.name, ...result });
      else io.stdout.write(flags.markdown === true ? diffMarkdown(result) : diffText(result, io.stdout.columns ?? 80));
      if (flags.exitCode === true && result.changes.length > 0) answer(exit.no);
    });
};

async function sideOf(typed: string, { workspace, dataset }: { workspace: Workspace; dataset: DatasetAt }): Promise<Side> {
  if (typed === "work") return { kind: "tree", label: "the files as they are", tree: dataset.tree, taxonomy: dataset.taxonomy };
  if (!typed.startsWith("@")) return { kind: "version", version: typed };
  const { fileAt, treeAt } = await import("../../adapters/command/git.ts");
  const { readTaxonomy } = await import("../../core/label/codes.ts");
  const ref = typed.slice(1);
  const taxonomy = fileAt(workspace.root, ref, "taxonomy.yaml");
  return {
    kind: "tree",
    label: ref,
    tree: treeAt(workspace.root, ref, `datasets/${dataset.name}`),
    taxonomy: taxonomy === undefined ? dataset.taxonomy : readTaxonomy(taxonomy, `${ref}:taxonomy.yaml`),
  };
}
