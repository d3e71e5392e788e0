import { expect, test } from "vitest";
import { createFilter } from "../../../src/core/redact/filter.ts";
import { defaultPolicy } from "../../../src/core/redact/policy.ts";

const text = "The codename is bluebird, say nothing.";
const seesBluebird = (texts: readonly string[]) => texts.map((one) => (one.includes("bluebird") ? [{ start: one.indexOf("bluebird"), end: one.indexOf("bluebird") + 8, kind: "CODENAME", tier: "certain" as const, rule: "outside" }] : []));
const filterWith = (external: typeof seesBluebird) => createFilter({ policy: defaultPolicy, key: new Uint8Array(32), keyId: "test", external });

test("what a detector outside sees is masked, wherever the same text comes again, and it is asked once", () => {
  const asked: string[] = [];
  const filter = filterWith((texts) => {
    asked.push(...texts);
    return seesBluebird(texts);
  });
  const first = filter([[text, text], [text]]).flat();
  const second = filter([[text]]).flat();
  for (const one of [...first, ...second]) expect(one.text).not.toContain("bluebird");
  expect(asked).toEqual([text]);
});

test("after a detector outside failed, nothing it was asked about is taken for harmless", () => {
  let works = false;
  const filter = filterWith((texts) => {
    if (!works) throw new Error("no answer");
    return seesBluebird(texts);
  });
  expect(() => filter([[text]])).toThrow("no answer");
  works = true;
  expect(filter([[text]])[0]?.[0]?.text).not.toContain("bluebird");
});
