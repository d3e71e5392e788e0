import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { answer, failed, labelOf, refund, seed } from "../support/dataset.ts";
import { casebook, scratch } from "../support/io.ts";

/** Every file of the datasets folder, by path. */
const tree = (cwd: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(join(cwd, "datasets"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => [join(entry.parentPath, entry.name).slice(cwd.length), readFileSync(join(entry.parentPath, entry.name), "utf8")]),
  );

test("labels become case folders, and building again changes no byte", async () => {
  const cwd = scratch();
  await seed(cwd, [refund("trace_1"), answer("trace_2", "Where is my parcel?", "It arrives on Monday.")], [failed("trace_1"), labelOf("trace_2")]);
  const ran = await casebook(cwd, ["build", "support"]);
  expect(ran.err).toContain("2 added");
  expect(ran.code).toBe(0);
  const cases = readdirSync(join(cwd, "datasets/support/cases"));
  expect(cases.map((id) => id.replace(/[0-9a-f]{8}$/, "#"))).toEqual(["refund-invoice-charged-twice-#", "where-parcel-#"].sort());
  const files = tree(cwd);
  const again = await casebook(cwd, ["build", "support"]);
  expect(again.err).toContain("0 added, 0 changed, 2 unchanged");
  expect(tree(cwd)).toEqual(files);
  expect(existsSync(join(cwd, "datasets/.support.staging"))).toBe(false);
});
