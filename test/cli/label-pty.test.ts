import { readFileSync } from "node:fs";
import { join } from "node:path";
import pty from "@lydell/node-pty";
import { expect, onTestFinished, test } from "vitest";
import { distUrl } from "../support/dist.ts";
import { scratch } from "../support/io.ts";
import { refund, workspaceOf } from "../support/labelling.ts";
import { emulator, until } from "../support/screen.ts";

/** The built program in a real terminal of this size, its screen, and how it ended. */
function terminal(cwd: string, columns: number, rows: number) {
  const screen = emulator(columns, rows, { raw: true });
  const code = `process.argv.splice(1, 0, "casebook"); await import(${JSON.stringify(distUrl("cli/main.js"))});`;
  const child = pty.spawn(process.execPath, ["--input-type=module", "-e", code, "label", "--codes", "always"], {
    cols: columns,
    rows,
    cwd,
    env: { PATH: process.env["PATH"] ?? "", TERM: "xterm-256color", CASEBOOK_KEY: "00".repeat(32), CASEBOOK_ANNOTATOR: "ann" },
  });
  let exitCode: number | undefined;
  child.onData((data) => screen.write(data));
  child.onExit((end) => (exitCode = end.exitCode));
  onTestFinished(() => child.kill());
  return {
    screen,
    write: (keys: string) => child.write(keys),
    see: (text: string) => until(screen, (seen) => seen.includes(text), text),
    resize(cols: number, lines: number): void {
      screen.resize(cols, lines);
      child.resize(cols, lines);
    },
    async ended(): Promise<number> {
      await until(screen, () => exitCode !== undefined, "the end");
      return exitCode ?? -1;
    },
  };
}

test("in a real terminal: keys, a resize, Escape, Ctrl-C, and on again at the same place", async () => {
  const cwd = await workspaceOf(scratch(), [refund(1), refund(2)]);
  const first = terminal(cwd, 80, 24);
  await first.see("1 of 2");
  expect(first.screen.alternate()).toBe(true);
  first.write("3");
  await first.see("x 3 wrong tool");
  first.write("/");
  await first.see("code: /");
  first.write("\u001b");
  await first.see("Enter commit");
  first.resize(120, 40);
  await first.see("wrong agent  handoff.wrong-target");
  expect(first.screen.rows().filter((row) => row.startsWith("FAIL  root"))).toHaveLength(1);
  expect(first.screen.rows().at(-1)).toContain("q quit");
  first.write("\r");
  await first.see("2 of 2");
  first.write("j");
  await first.see("part 3 of 5");
  first.write("\u0003");
  expect(await first.ended()).toBe(130);
  await first.see("1 labelled (0 pass, 1 fail)");
  expect(first.screen.alternate()).toBe(false);

  const second = terminal(cwd, 80, 24);
  await second.see("Here is where you left");
  expect(await second.see("part 3 of 5")).toContain("0002abcd");
  second.write("q");
  expect(await second.ended()).toBe(0);
  expect(readFileSync(join(cwd, ".casebook/labels/ann.jsonl"), "utf8").match(/"kind":"label"/g)).toHaveLength(1);
});
