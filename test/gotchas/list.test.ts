import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

test("each of the forty traps of trace files has a test of its number", () => {
  const named = readdirSync(import.meta.dirname)
    .flatMap((file) => [...readFileSync(join(import.meta.dirname, file), "utf8").matchAll(/^test(?:\.each\([^\n]*\))?\("E(\d+) [^"]{20,}"/gm)])
    .map(([, number]) => Number(number));
  expect([...new Set(named)].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
});
