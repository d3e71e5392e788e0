import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { DemoPorts, Ran } from "../../commands/demo.ts";
import { exit } from "../exit.ts";
import type { Io } from "../io.ts";
import type { AddCommand } from "../program.ts";

const examples = `
Examples:
  $ casebook demo             the whole way, offline, in a folder deleted after
  $ casebook demo --keep try  keep the workspace, to look at its files

Takes the recorded runs of examples/support-agent from pull to gate, with the
real commands. No key and no network. Exit 0 only if the changed prompt that
breaks something was caught and the other one passed.`;

type Flags = { keep?: string; json?: boolean };
const example = fileURLToPath(new URL("../../../examples/support-agent", import.meta.url));

/** `casebook demo` */
export const addDemo: AddCommand = (program, io, answer) => {
  program
    .command("demo")
    .description("the whole way on sample traces, offline")
    .option("--keep <dir>", "work in this new folder and leave it there")
    .option("--json", "print what was done as JSON")
    .addHelpText("after", examples)
    .action(async (flags: Flags) => {
      const { demo } = await import("../../commands/demo.ts");
      const { CasebookError } = await import("../../core/base/error.ts");
      const { printJson, say } = await import("../render.ts");
      const { planted } = (await import(pathToFileURL(join(example, "shop.mjs")).href)) as { planted: readonly string[] };
      const kept = flags.keep === undefined ? undefined : resolve(io.cwd, flags.keep);
      if (kept !== undefined && existsSync(kept) && readdirSync(kept).length > 0)
        throw new CasebookError("usage", `${flags.keep} is not empty.`, { hint: "Name a new folder: casebook demo --keep casebook-demo" });
      if (!installed("@openai/agents"))
        throw new CasebookError("usage", "The demo runs an agent on @openai/agents, which is not installed beside casebook.", {
          hint: "npm install @openai/agents, or without installing: npx -p casebook -p @openai/agents casebook demo",
        });
      const root = kept ?? mkdtempSync(join(tmpdir(), "casebook-demo-"));
      mkdirSync(root, { recursive: true });
      // The example stays where its own dependencies are found; the workspace only points at it.
      symlinkSync(example, join(root, "support-agent"), "junction");
      const print = (line: string): void => void (flags.json === true ? say(io, line) : io.stdout.write(`${line}\n`));
      const began = Date.now();
      try {
        print("Recorded runs of a support agent, and two changed prompts. Offline, no key.");
        const result = await demo({
          run: (argv) => inside(io, root, argv),
          say: print,
          placePrompts() {
            rmSync(join(root, "prompts"), { recursive: true, force: true });
            cpSync(join(example, "prompts"), join(root, "prompts"), { recursive: true });
          },
          promptDiff: (from, to) => diffOf(linesOf(from), linesOf(to)),
          findPlanted: () => search(root, planted),
        } satisfies DemoPorts);
        if (flags.json === true) printJson(io, result);
        if (!result.ok) {
          for (const line of result.differs) say(io, `This is not as it should be: ${line}.`);
          answer(io.signal?.aborted === true ? exit.interrupted : exit.no);
          return;
        }
        print(`All of it in ${((Date.now() - began) / 1000).toFixed(1)} s.${kept === undefined ? "" : ` The workspace is in ${flags.keep}.`}\n${next}`);
      } finally {
        if (kept === undefined) rmSync(root, { recursive: true, force: true });
      }
    });
};

/** Whether the example's agent would find a package. */
function installed(name: string): boolean {
  try {
    createRequire(join(example, "agent.mjs")).resolve(name);
    return true;
  } catch {
    return false;
  }
}

const next = `
Now with your own traces:
  npx casebook init                 in your repository
  npx casebook pull traces.jsonl    recorded with casebook/recorder, or exported
  npx casebook label                judge the first ones; ? shows the keys`;

/** Runs one command line in the demo's workspace, with what it prints kept. Nothing of the caller's model settings gets in. */
async function inside(io: Io, cwd: string, argv: readonly string[]): Promise<Ran> {
  const { run } = await import("../run.ts");
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  const sink = (into: Buffer[]): PassThrough => new PassThrough().on("data", (chunk: Buffer) => into.push(chunk));
  const env = Object.fromEntries(Object.entries(io.env).filter(([name]) => !/^(OPENAI|CASEBOOK)_/.test(name)));
  const code = await run([...argv, "--json"], {
    stdin: Readable.from([]),
    stdout: sink(out),
    stderr: sink(err),
    cwd,
    env: { ...env, CASEBOOK_ANNOTATOR: "demo" },
    interactive: false,
    ...(io.signal === undefined ? {} : { signal: io.signal }),
  });
  const text = Buffer.concat(out).toString("utf8");
  return { code, json: text === "" ? undefined : (JSON.parse(text) as unknown), err: Buffer.concat(err).toString("utf8") };
}

function linesOf(version: string): string[] {
  const folder = join(example, "prompts", "support", version);
  return readdirSync(folder).sort().flatMap((file) => readFileSync(join(folder, file), "utf8").split("\n"));
}

function diffOf(from: readonly string[], to: readonly string[]): { out: string[]; in: string[] } {
  return { out: from.filter((line) => !to.includes(line)), in: to.filter((line) => !from.includes(line)) };
}

/** Files of the workspace (not of the example it points at) that hold a planted value, also as JSON writes it or without its spaces. */
function search(root: string, planted: readonly string[]): { values: number; files: number; found: number } {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const texts = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8").toLowerCase() + entry.name.toLowerCase());
  const spelled = (value: string): string[] => [value, value.replace(/\s/g, ""), JSON.stringify(value).slice(1, -1)].map((one) => one.toLowerCase());
  const found = planted.filter((value) => spelled(value).some((one) => texts.some((text) => text.includes(one)))).length;
  return { values: planted.length, files: files.length, found };
}
