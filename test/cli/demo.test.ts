import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { casebook, scratch, type Ran } from "../support/io.ts";

const { planted } = (await import(join(import.meta.dirname, "../../examples/support-agent/shop.mjs"))) as { planted: readonly string[] };

describe("the demo", () => {
  let cwd = "";
  let ran: Ran;
  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), "casebook-test-"));
    ran = await casebook(cwd, ["demo", "--keep", "workspace", "--json"], { env: { OPENAI_API_KEY: "sk-not-for-the-demo", OPENAI_BASE_URL: "http://127.0.0.1:9" } });
  }, 120_000);
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  test("goes the whole way and sees one changed prompt caught and the other passed", () => {
    expect([ran.code, ran.json().ok, ran.json().differs]).toEqual([0, true, []]);
    expect(ran.json().steps.map((step: { command: string; code: number }) => `${step.command.split(" ")[1]} ${step.code}`)).toEqual([
      "init 0", "pull 0", "dedup 0", "label 0", "build 0", "release 0", "verify 0", "replay 0", "bless 0", "replay 0", "gate 0", "replay 0", "gate 1",
    ]);
    const [passed, caught] = ran.json().steps.filter((step: { command: string }) => step.command === "casebook gate");
    expect(passed.figures[0]).toMatch(/^PASS: \d+ cases compared, none got worse, 4 better\.$/);
    expect(caught.figures.slice(0, 2)).toEqual(["REGRESSED: 6 cases that passed before are broken, and not by chance.", "By the totals alone it passes: 6 worse, 4 better, p 0.38."]);
    expect(caught.figures.filter((line: string) => line.endsWith("at step 4, tool issue_refund"))).toHaveLength(6);
  });

  test("prints each command as it can be typed, on lines of at most 80 columns", () => {
    expect(ran.err).toContain("\n$ casebook pull support-agent/traces\n");
    expect(ran.err).toContain("\n$ casebook replay support-triage --prompt support@3 --depth tape --repeat 5 \\\n    --target module:");
    expect(ran.err.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  test("leaves none of the planted personal values and secrets anywhere in the workspace", () => {
    const files = readdirSync(join(cwd, "workspace"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(100);
    expect(planted.length).toBeGreaterThan(40);
    const leaks = files.flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      const text = `${path}\n${readFileSync(path, "latin1")}\n${readFileSync(path, "utf8")}`.toLowerCase();
      return planted.flatMap((value) => spellings(value).filter((one) => text.includes(one)).map((one) => `${path}: ${one}`));
    });
    expect(leaks).toEqual([]);
    expect(ran.json().planted).toEqual({ values: planted.length, files: files.length, found: 0 });
  });

  test("the same search finds what was planted where it is: in the example's own traces", () => {
    const folder = join(import.meta.dirname, "../../examples/support-agent/traces");
    const text = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8")).join("").toLowerCase();
    expect(planted.filter((value) => !spellings(value).some((one) => text.includes(one)))).toEqual([]);
  });
});

test("a folder that holds something is left alone", async () => {
  const cwd = scratch();
  writeFileSync(join(cwd, "mine.txt"), "mine");
  const { code, err } = await casebook(cwd, ["demo", "--keep", "."]);
  expect([code, err.split("\n")[0], readdirSync(cwd)]).toEqual([2, "error: . is not empty.", ["mine.txt"]]);
});

/** As written, without white space, as JSON escapes it, in base64. */
function spellings(value: string): string[] {
  const bare = value.replace(/\s/g, "");
  return [...new Set([value, bare, JSON.stringify(value).slice(1, -1), JSON.stringify(JSON.stringify(value)).slice(3, -3), Buffer.from(value).toString("base64")])].map((one) => one.toLowerCase());
}
