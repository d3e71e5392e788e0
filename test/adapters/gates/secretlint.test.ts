import { expect, test } from "vitest";
import { secretlintGate } from "../../../src/adapters/gates/secretlint.ts";

const token = ["gh", "p_", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"].join("");
const scan = (text: string): ReturnType<ReturnType<typeof secretlintGate>["scan"]> => secretlintGate((value) => `named ${value.length}`).scan({ path: "it", text });

test("secretlint sees a token as it lies there and inside JSON inside JSON, with the line of the file", async () => {
  expect(await scan(`one\ntwo ${token}\n`)).toMatchObject([{ gate: "secretlint", line: 2, path: "it" }]);
  const nested = `{\n  "a": 1,\n  "b": ${JSON.stringify(JSON.stringify({ x: `\n${token}\n` }))}\n}\n`;
  expect((await scan(nested)).map((leak) => leak.line)).toContain(3);
  expect(JSON.stringify(await scan(nested))).not.toContain(token);
});
