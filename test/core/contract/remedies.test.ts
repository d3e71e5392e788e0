import { spawnSync } from "node:child_process";
import { symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { dataContract } from "../../../src/core/contract/contract.ts";
import { createContractCheck, type ContractFinding } from "../../../src/core/contract/check-contract.ts";
import { remedies, type ContractCode } from "../../../src/core/contract/remedies.ts";
import { contractText } from "../../../src/core/report/contract-text.ts";
import { scratch } from "../../support/io.ts";
import { traceOf } from "../../support/trace.ts";

const codes = Object.keys(remedies) as ContractCode[];
/** The findings as `check` gives them: one of each code, and the advice on metadata with its keys filled in. */
function findings(): ContractFinding[] {
  const check = createContractCheck({ metadata_max_length: 200, group_id: "optional", sensitive_data: "on" });
  check.add(traceOf([], { id: "trace_1", metadata: {} }), []);
  const metadata = check.report().findings.filter(({ code }) => code === "metadata-missing");
  expect(metadata[0]?.fix.python.split("\n").length).toBeGreaterThan(dataContract.length);
  return [...metadata, ...codes.filter((code) => code !== "metadata-missing").map((code): ContractFinding => ({ code, level: "problem", message: remedies[code].words, traces: 1, examples: ["trace_1"], fix: remedies[code] }))];
}

test("no line that check prints is wider than 80 columns", () => {
  for (const line of contractText({ traces: 1, findings: findings() }, { width: 80 }).split("\n")) expect([line.length <= 80, line]).toEqual([true, line]);
});

const words = ["requestId", "promptVersion", "modelAlias", "toolSchemaVersion", "approvalState", "environment", "release", "conversationId", "path"];

test("each TypeScript line compiles against the installed SDK and our recorder", () => {
  const root = resolve(import.meta.dirname, "../../..");
  const folder = scratch();
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const file = join(folder, "remedies.mts");
  const bodies = findings().map(({ fix }, at) => `async function line${at}() {\n${fix.typescript}\n}\n`);
  writeFileSync(
    file,
    `import { addTraceProcessor, getGlobalTraceProvider, Runner, withGenerationSpan, type Agent } from "@openai/agents";
import { createRecorder, type RecorderOptions } from ${JSON.stringify(join(root, "src/recorder/index.ts"))};
declare const ${words.map((word) => `${word}: string`).join(", ")}, redact: NonNullable<RecorderOptions["redact"]>;
declare const runner: Runner, agent: Agent, model: string, answer: Record<string, unknown>;
declare const input: string & Record<string, unknown>[];
${bodies.join("")}export const all = [${bodies.map((_, at) => `line${at}`).join(", ")}];
`,
  );
  const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
  const ran = spawnSync(process.execPath, [tsc, "--ignoreConfig", "--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2024", "--allowImportingTsExtensions", file], { encoding: "utf8", cwd: folder });
  expect(ran.stdout).toBe("");
  expect(ran.status).toBe(0);
});

test("each Python line is Python", () => {
  const program = findings().map(({ fix }, at) => `async def line${at}():\n${fix.python.split("\n").map((line) => `    ${line}`).join("\n")}\n`).join("\n");
  const ran = spawnSync("python3", ["-c", "import ast, sys; ast.parse(sys.stdin.read())"], { input: program, encoding: "utf8" });
  if (ran.error === undefined) expect([ran.status, ran.stderr]).toEqual([0, ""]);
  else expect((ran.error as NodeJS.ErrnoException).code).toBe("ENOENT");
});
