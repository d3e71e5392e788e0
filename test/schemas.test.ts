import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import * as z from "zod";
import { formats } from "../src/index.ts";

/** The JSON Schema of a format as we publish it. */
const publish = (format: (typeof formats)[number]): string =>
  `${JSON.stringify({ $id: `urn:${format.name.replace("/", ":")}`, title: format.tag, ...z.toJSONSchema(format.schema, { io: "input" }) }, null, 2)}\n`;
const fileOf = (format: (typeof formats)[number]): string => `${format.name.split("/")[1]}.json`;

test.each(formats.map((format) => [format.tag, format] as const))(
  "schemas/ holds the present schema of %s (vitest -u writes it anew)",
  async (_, format) => {
    await expect(publish(format)).toMatchFileSnapshot(`../schemas/${fileOf(format)}`);
  },
);

test("schemas/ holds nothing else", () => {
  expect(readdirSync("schemas").sort()).toEqual(formats.map(fileOf).sort());
});
