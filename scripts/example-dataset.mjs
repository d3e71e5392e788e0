// Builds datasets/support-triage again from the example's traces, with casebook's own commands. Run after `npm run build`
// whenever the traces, the redaction or a format changed: node scripts/example-dataset.mjs
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const workspace = mkdtempSync(join(tmpdir(), "example-dataset-"));
// A key that everybody knows, so that the same traces give the same bytes (but for when they were labelled): nobody in them exists.
const env = { ...process.env, CASEBOOK_KEY: "5e".repeat(32), CASEBOOK_ANNOTATOR: "example" };
const casebook = (...argv) => execFileSync(process.execPath, [join(root, "bin", "casebook.js"), ...argv], { cwd: workspace, env, stdio: "inherit" });

try {
  symlinkSync(join(root, "examples", "support-agent"), join(workspace, "support-agent"), "junction");
  cpSync(join(root, "examples", "support-agent", "prompts"), join(workspace, "prompts"), { recursive: true });
  casebook("pull", "support-agent/traces");
  casebook("dedup");
  casebook("label", "--answers", "support-agent/answers.jsonl");
  casebook("build", "support-triage", "--description", "Requests to the support agent of an invented shop, as recorded in examples/support-agent.");
  casebook("release", "support-triage");
  const target = ["--target", "module:support-agent/agent.mjs#createAgent"];
  const model = ["--model-module", "support-agent/rule-model.mjs#createModel"];
  casebook("replay", "support-triage", "--prompt", "support@1", "--depth", "tape", "--repeat", "5", ...target, ...model);
  casebook("bless", "latest");
  rmSync(join(root, "datasets", "support-triage"), { recursive: true, force: true });
  cpSync(join(workspace, "datasets", "support-triage"), join(root, "datasets", "support-triage"), { recursive: true });
} finally {
  rmSync(workspace, { recursive: true, force: true });
}
