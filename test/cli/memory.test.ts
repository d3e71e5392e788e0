import { getHeapSpaceStatistics } from "node:v8";
import { expect, test } from "vitest";
import { sparing } from "../../src/cli/memory.ts";

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
