// Writes what documentation shows: docs/cli.md and schemas/ (through their tests), and every console block that stands
// under a directive in README.md and docs/*.md:
//
//   <!-- $ casebook ls --limit 3 -->        run in the page's scratch folder; its output replaces the block below
//   <!-- quietly: cp … -->                  run, shown nowhere
//   <!-- server: langfuse -->               a loopback server in the shape of that vendor, from the bundled traces
//   <!-- background: casebook collect … --> started, ended with the page
//
// One page is one shell session in an empty folder, so a page is what its reader does.
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startLangfuse } from "./fake-langfuse.mjs";

const root = join(import.meta.dirname, "..");
const directive = /^<!-- (\$|quietly:|server:|background:) (.*?) -->$/;

/** Runs the directives of one page and answers the page with fresh blocks. */
async function renew(path) {
  const folder = mkdtempSync(join(tmpdir(), "casebook-docs-"));
  const bin = join(folder, ".bin");
  const work = join(folder, "shop");
  mkdirSync(bin);
  mkdirSync(work);
  writeFileSync(join(bin, "casebook"), `#!/bin/sh\nexec "${process.execPath}" "${join(root, "bin/casebook.js")}" "$@"\n`);
  chmodSync(join(bin, "casebook"), 0o755);
  cpSync(join(root, "examples"), join(folder, "examples"), { recursive: true });
  const env = {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env.PATH}`,
    CASEBOOK_KEY: "5eed".repeat(16),
    CASEBOOK_ANNOTATOR: "you",
    COLUMNS: "80",
    NO_COLOR: "1",
    EXAMPLES: join(folder, "examples"),
    PROJECT: root,
  };
  delete env.CI;
  const ends = [];
  const shell = (command) => spawnSync("bash", ["-c", `${command} 2>&1`], { cwd: work, env, encoding: "utf8" });
  const out = [];
  const lines = readFileSync(path, "utf8").split("\n");
  try {
    for (let at = 0; at < lines.length; at += 1) {
      const found = directive.exec(lines[at]);
      out.push(lines[at]);
      if (found === null) continue;
      const [, kind, what] = found;
      if (kind === "quietly:") {
        const ran = shell(what);
        if (ran.status !== 0) throw new Error(`${path}: ${what}: exit ${ran.status}\n${ran.stdout}`);
      } else if (kind === "server:") {
        const server = await startLangfuse(join(root, "examples/support-agent/traces"));
        ends.push(() => server.close());
        Object.assign(env, server.env);
      } else if (kind === "background:") {
        const child = spawn("bash", ["-c", `exec ${what}`], { cwd: work, env, stdio: "ignore" });
        ends.push(() => child.kill("SIGTERM"));
        await sleep(4000);
      } else {
        const ran = await new Promise((resolve) => {
          const child = spawn("bash", ["-c", `${what} 2>&1`], { cwd: work, env, stdio: ["ignore", "pipe", "inherit"] });
          let stdout = "";
          child.stdout.on("data", (chunk) => (stdout += chunk));
          child.on("close", (status) => resolve({ status, stdout }));
        });
        const shown = ran.stdout.replaceAll(folder, "~").replace(/\s+$/, "");
        out.push("```console", `$ ${what}`, ...(shown === "" ? [] : shown.split("\n")), "```");
        if (ran.status !== 0 && !/exit [1-9]/.test(lines[at + 1] ?? "") && !what.includes("gate")) throw new Error(`${path}: ${what}: exit ${ran.status}\n${ran.stdout}`);
        if (lines[at + 1]?.startsWith("```")) {
          at += 2;
          while (at < lines.length && !lines[at].startsWith("```")) at += 1;
        }
      }
    }
  } finally {
    for (const end of ends.reverse()) await end();
    rmSync(folder, { recursive: true, force: true });
  }
  writeFileSync(path, out.join("\n"));
}

spawnSync(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), "run", "test/cli/reference.test.ts", "test/schemas.test.ts", "test/formats.test.ts", "-u"], { cwd: root, stdio: "inherit" });
const asked = process.argv.slice(2);
const pages = ["README.md", ...readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md") && name !== "cli.md").map((name) => `docs/${name}`)];
for (const page of asked.length > 0 ? asked : pages) {
  await renew(join(root, page));
  console.log(`${page}: renewed`);
}
