import { join } from "node:path";
import { expect, test } from "vitest";
import { listPrompts, openPrompts } from "../../../src/adapters/files/prompts.ts";
import { scratch } from "../../support/io.ts";
import { put } from "../../support/replay.ts";

function workspace(): { cwd: string; prompt: (ref: string) => ReturnType<ReturnType<typeof openPrompts>["prompt"]>; folder: string } {
  const cwd = scratch();
  const folder = join(cwd, "prompts");
  put(join(folder, "support", "v1.md"), "One.");
  put(join(folder, "support", "v1.10.md"), "Ten.");
  put(join(folder, "support", "v2", "triage.md"), "Route.");
  put(join(folder, "support", "v2", "billing.md"), "Bill.");
  put(join(folder, "support", "v2", "notes.txt"), "not a prompt");
  put(join(folder, "other", "a.md"), "Other.");
  put(join(folder, ".hidden", "a.md"), "Hidden.");
  put(join(cwd, "drafts", "idea.md"), "Draft.");
  return { cwd, folder, prompt: (ref) => openPrompts(folder, cwd).prompt(ref) };
}

test("a version is a file, or a folder with a file for each agent", () => {
  const { prompt } = workspace();
  expect(prompt("support@v1")).toMatchObject({ name: "support", version: "v1", parts: [{ instructions: "One." }] });
  expect(prompt("support@v1.10").parts[0]?.instructions).toBe("Ten.");
  expect(prompt("support@v2")).toMatchObject({ version: "v2", parts: [{ agent: "billing" }, { agent: "triage" }] });
});

test("a path is a version too, and the same one by name or by path", () => {
  const { prompt } = workspace();
  expect(prompt("drafts/idea.md")).toMatchObject({ name: "drafts", version: "idea", parts: [{ instructions: "Draft." }] });
  expect(prompt("prompts/support/v1.md")).toEqual(prompt("support@v1"));
  expect(prompt("prompts/support/v2")).toEqual(prompt("support@v2"));
});

test("what is not there is refused, with what is", () => {
  const { prompt, folder } = workspace();
  expect(listPrompts(folder)).toEqual(["other@a", "support@v1", "support@v1.10", "support@v2"]);
  const refused = (ref: string, hint: string) => expect(() => prompt(ref)).toThrow(expect.objectContaining({ code: "usage", hint: expect.stringContaining(hint) as string }));
  refused("support@v9", "support@v1, support@v1.10, support@v2.");
  refused("nobody@v1", "other@a");
  refused("support", "support@v1");
  refused("../../etc@..", "other@a");
  expect(() => openPrompts(join(scratch(), "prompts"), scratch()).prompt("a@1")).toThrow(expect.objectContaining({ hint: expect.stringContaining("prompts/NAME/VERSION.md") as string }));
});
