import { PassThrough, Writable } from "node:stream";
import { render } from "@inquirer/testing";
import { expect, test } from "vitest";
import { labelOnScreen, type Terminal } from "../../../src/adapters/terminal/labeler.ts";
import type { LabelEvent } from "../../../src/core/label/event.ts";
import { startSession } from "../../../src/core/label/session.ts";
import { deskOf, refund } from "../../support/labelling.ts";

const traces = [refund(1), refund(2)];
const start = () => startSession(deskOf(traces), { items: traces.map(({ trace }) => ({ id: trace.id, why: "test" })), events: [], now: 0 });

/** Lets @inquirer/testing drive the screen as if it were any prompt; every key a second after the one before. */
const prompted = (kept: LabelEvent[]) => {
  let now = 0;
  return (_: unknown, { input, output }: { input?: unknown; output?: unknown } = {}) =>
    labelOnScreen(start(), (event) => kept.push(event), {
      input: input as Terminal["input"],
      output: output as Terminal["output"],
      colour: false,
      clock: { now: () => (now += 1000) },
    }) as never;
};
const turn = (): Promise<void> => new Promise((later) => setImmediate(() => setImmediate(later)));

test("keys of a prompt act as on the screen", async () => {
  const kept: LabelEvent[] = [];
  const { answer, events, getScreen } = await render(prompted(kept), {});
  await turn();
  expect(getScreen()).toContain("1 of 2");
  events.keypress("p");
  expect(getScreen()).toContain("PASS");
  events.keypress("enter");
  await turn();
  expect(getScreen()).toContain("2 of 2");
  events.keypress("u");
  await turn();
  expect(getScreen()).toContain("Label undone");
  events.keypress("q");
  await expect(answer).resolves.toMatchObject({ interrupted: false });
  expect(kept.map(({ kind }) => kind)).toEqual(["draft", "label", "undo", "draft", "draft"]);
});

test("a failure to keep a decision ends the session, with the screen restored, and is not swallowed", async () => {
  let raw = "";
  const output = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _, done) {
      raw += chunk.toString();
      done();
    },
  });
  const input = new PassThrough();
  let now = 0;
  const full = (): never => {
    throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
  };
  const ended = labelOnScreen(start(), full, { input, output, colour: false, clock: { now: () => (now += 1000) } });
  await turn();
  input.write("p");
  await expect(ended).rejects.toThrow("no space left");
  expect(raw.split("\u001b[?1049h")).toHaveLength(2);
  expect(raw.split("\u001b[?1049l")).toHaveLength(2);
});
