import { expect, test } from "vitest";
import { plantCanaries } from "../../../bench/canaries/plant.mjs";
import { loadNames, namesDetector } from "../../../src/core/redact/detect/names.ts";
import type { Hit } from "../../../src/core/redact/hit.ts";
import { sheetOf } from "../../../src/core/redact/sheet.ts";

test("what is seen in a text is the same whatever texts are scanned with it, values cut anywhere among them", () => {
  const detectors = [namesDetector(loadNames())];
  const texts = plantCanaries({ count: 1600, seed: 77 })
    .flatMap(({ text, parts }) => parts ?? [text ?? ""])
    .flatMap((text, at) => (at % 3 === 0 ? [text.slice(0, (at * 7) % text.length), text.slice((at * 7) % text.length)] : [text]))
    .filter((text) => text.length > 1);
  const keys = texts.map((_, at) => ["", "", "note", "password", "id", "full_name"][(at * 5) % 6] ?? "");
  const told = (hits: readonly Hit[]): string[] => hits.map(({ start, end, kind, tier, rule }) => `${start}-${end} ${kind} ${tier} ${rule}`).sort();
  const alone = texts.map((text, at) => {
    const hits: Hit[] = [];
    const sheet = sheetOf(detectors);
    sheet.add(keys[at] ?? "", text, (hit) => hits.push(hit));
    sheet.scan();
    return told(hits);
  });
  const together: Hit[][] = texts.map(() => []);
  const sheet = sheetOf(detectors);
  for (const [at, text] of texts.entries()) sheet.add(keys[at] ?? "", text, (hit) => together[at]?.push(hit));
  sheet.scan();
  expect(together.map(told)).toEqual(alone);
  expect(alone.flat().length).toBeGreaterThan(1000);
});
