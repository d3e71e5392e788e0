import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import type { AddCommand } from "../program.ts";
import { printJson, say } from "../render.ts";

const examples = `
Examples:
  $ casebook init                    set up this folder; existing files stay
  $ casebook init --dataset billing  with another name for the first dataset
  $ casebook init --hooks            also look for leaks before every commit
  $ casebook init --dry-run          say what would be written

Next: casebook pull traces.jsonl`;

type Flags = { dataset: string; hooks?: boolean; dryRun?: boolean; json?: boolean };

/** `casebook init` */
export const addInit: AddCommand = (program, io) => {
  program
    .command("init")
    .description("set up a repository: config, taxonomy, prompts, git files, CI")
    .option("--dataset <name>", "name of the first dataset", "main")
    .option("--hooks", "install a pre-commit hook that looks for leaks")
    .option("--dry-run", "write nothing")
    .option("--json", "print the result as JSON")
    .addHelpText("after", examples)
    .action(async (flags: Flags) => {
      const { CasebookError } = await import("../../core/base/error.ts");
      const { datasetNamePattern } = await import("../../core/dataset/case.ts");
      const { hookText } = await import("../../core/config/starter.ts");
      const { writeFileAtomic } = await import("../../adapters/files/atomic.ts");
      const { loadKey, openWorkspace } = await import("../../adapters/files/workspace.ts");
      const { planInit } = await import("../../commands/init.ts");
      if (!datasetNamePattern.test(flags.dataset))
        throw new CasebookError("usage", "A dataset's name is lower-case letters, digits, dots, dashes and underscores.", { hint: "casebook init --dataset support-triage" });
      const dry = flags.dryRun === true;
      const root = io.cwd;
      const steps: { path: string; action: "create" | "append" | "keep"; text: string; mode?: number }[] = planInit({
        dataset: flags.dataset,
        read: (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined),
        has: (folder) => existsSync(join(root, folder)) && readdirSync(join(root, folder)).length > 0,
      });
      if (flags.hooks === true) {
        const { hooksFolder } = await import("../../adapters/command/git.ts");
        const path = join(relative(root, hooksFolder(root)), "pre-commit");
        steps.push({ path, action: existsSync(join(root, path)) ? "keep" : "create", text: hookText, mode: 0o755 });
      }
      const above = openWorkspace(join(root, "..")).paths.config;
      if (!existsSync(join(root, "casebook.yaml")) && existsSync(above))
        say(io, `There is a workspace above this folder (${relative(root, above)}). From here on this folder is one of its own.`);
      if (!dry) for (const { path, action, text, mode } of steps) if (action !== "keep") writeFileAtomic(join(root, path), text, mode);
      const workspace = openWorkspace(root);
      const keyed = (io.env["CASEBOOK_KEY"] ?? "") !== "";
      const fresh = !keyed && !existsSync(workspace.paths.key);
      if (!dry && !keyed) loadKey(workspace, io.env);
      const files = [...steps.map(({ path, action }) => ({ path, action })), ...(keyed ? [] : [{ path: ".casebook/key", action: fresh ? "create" : "keep" }])];
      if (flags.json === true) printJson(io, { schema: "casebook/init-result@1", written: !dry, files });
      else for (const { path, action } of files) io.stdout.write(`${action.padEnd(7)}${path}\n`);
      const hook = steps.find((step) => step.mode !== undefined);
      if (hook?.action === "keep" && readFileSync(join(root, hook.path), "utf8") !== hookText)
        say(io, `There is a ${hook.path} already. Add this line to it: ./node_modules/.bin/casebook verify --staged`);
      if (fresh) say(io, "The key makes the pseudonyms and stays out of git: your team needs it too, as CASEBOOK_KEY.");
      say(io, dry ? "Nothing was written (--dry-run). To write it: casebook init" : "Next: casebook pull traces.jsonl");
    });
};
