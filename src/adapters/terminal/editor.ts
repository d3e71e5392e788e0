import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const help = [
  "",
  "# What should have happened? Your words, and lines that become checks:",
  '#   must call TOOL {"key": "value"}     must not call TOOL',
  "#   must hand off to AGENT              must ask a question",
  '#   answer must contain "words"         answer must not contain "words"',
  "# Lines that begin with # are left out. Save and close to keep it.",
];

/** The command of the editor a person has chosen, if any. */
export const editorOf = (env: Readonly<Record<string, string | undefined>>): string | undefined => env["VISUAL"] || env["EDITOR"] || undefined;

/**
 * Opens an editor on a text and answers what was saved; `undefined` when the editor failed. The file is in a private folder
 * inside `home`, which is removed with whatever the editor left there: what is typed is redacted before it is kept.
 */
export function editText(text: string, { command, home }: { command: string; home: string }): string | undefined {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(home, "edit-"));
  try {
    const file = join(folder, "expected.md");
    writeFileSync(file, `${text}\n${help.join("\n")}\n`, { mode: 0o600 });
    const { status } = spawnSync(`${command} "${file}"`, { stdio: "inherit", shell: true });
    if (status !== 0) return undefined;
    const kept = readFileSync(file, "utf8").split(/\r?\n/).filter((line) => !line.startsWith("#"));
    return kept.join("\n").trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
