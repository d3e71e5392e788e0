import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { places, plantCanaries, writeExports } from "../bench/canaries/plant.mjs";
import { canaryFinder } from "../bench/canaries/scan.mjs";
import { leftBehind, walk } from "../bench/canaries/street.mjs";
import { distFile } from "./support/dist.ts";
import { casebook, scratch } from "./support/io.ts";

test("of every kind of sensitive value in every encoding, somewhere in a trace, an answer or a file's name, nothing is found after the whole street", async () => {
  const home = scratch();
  const exported = writeExports(plantCanaries({ count: 800, seed: 11 }));
  expect(exported.planted).toHaveLength(800);
  expect(new Set(exported.planted.map(({ place }) => place.name)).size).toBe(places.length);
  const find = canaryFinder(exported.planted);
  const start = (cwd: string, argv: readonly string[]) => spawn(process.execPath, [distFile("cli/main.js"), ...argv], { cwd, env: { ...process.env, CASEBOOK_KEY: "00".repeat(32) } });
  const { codes } = await walk(home, exported, casebook, { start });
  // 3 of gate: the recordings are no runs of one agent, so few of them can be compared.
  expect(codes.filter(({ name, code }) => code > 1 && !(code === 3 && name.includes("gate")))).toEqual([]);

  const leaks: string[] = [];
  const seen = new Set<string>();
  for (const [where, name, bytes] of leftBehind(home)) {
    seen.add(where);
    for (const { kind, encoding, place } of find(bytes)) leaks.push(`${kind.name}, ${encoding.name}, planted in ${place.name}: found in ${where} (${name.length} characters of name)`);
  }
  expect(leaks).toEqual([]);
  // The search looked where it should, and finds them where they are.
  for (const where of [".casebook/traces", ".casebook/labels", ".casebook/runs", "case.yaml", "trace.json", "case labels", "git objects", "printed by show", "printed by report", "printed by collect", "printed by hydrate", "printed by compare"]) expect([...seen]).toContain(where);
  const raw = [...exported.files].flatMap(([name, text]) => [...find(Buffer.from(text.replaceAll("\\\\", "\\"))), ...find(Buffer.from(name))]);
  const answers = [...find(readFileSync(join(home, "given/answers.jsonl")))];
  expect(new Set([...raw, ...answers]).size).toBeGreaterThan(700);
}, 120_000);
