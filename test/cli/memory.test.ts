import { spawnSync } from "node:child_process";
import { getHeapSpaceStatistics } from "node:v8";
import { expect, test } from "vitest";
import { hasHeapFlags, sparing } from "../../src/cli/memory.ts";

test("a command that spares memory tells its progress as before, and the space for new objects stops growing", () => {
  const told: unknown[] = [];
  const progress = sparing({ tick: (...what) => told.push(what), end: () => told.push("end") });
  const young = (): number => getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space")?.space_size ?? 0;
  const sizes: number[] = [];
  let held: unknown[] = [];
  for (let round = 0; round < 400; round += 1) {
    // Half of what is made survives, which is what makes V8 widen the space.
    held = [...held.slice(-20_000), ...Array.from({ length: 4000 }, (_, at) => ({ round, at }))];
    progress.tick(round, 400, "records");
    sizes.push(young());
  }
  progress.end();
  expect(told.slice(0, 2)).toEqual([[0, 400, "records"], [1, 400, "records"]]);
  expect(told.at(-1)).toBe("end");
  // The process may have been larger before.
  expect(Math.max(...sizes)).toBeLessThanOrEqual(Math.max(sizes[0] ?? 0, 16 * 1024 * 1024));
});

test.each([
  ["11.3.244.8-node.38", true],
  ["12.4.254.21-node.57", true],
  ["12.9.202.28-node.13", true],
  ["13.6.233.17-node.53", true],
  ["11.2.214.9", false],
  ["13.7.152.1", false],
  ["14.1.146.11-node.14", false],
  ["10.2.154.26-node.36", false],
  ["", false],
  ["next", false],
])("V8 %s is given flags of the heap: %s", (version, given) => {
  expect(hasHeapFlags(version)).toBe(given);
});

test("this V8 knows the flags it is given", () => {
  const options = spawnSync(process.execPath, ["--v8-options"], { encoding: "utf8" }).stdout;
  if (hasHeapFlags(process.versions.v8)) expect(options).toMatch(/--heap-growing-percent[^]*--semi-space-growth-factor|--semi-space-growth-factor[^]*--heap-growing-percent/);
  else expect(sparing(quiet)).toBe(quiet);
});

const quiet = { tick() {}, end() {} };
