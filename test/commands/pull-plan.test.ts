import fc from "fast-check";
import { expect, test } from "vitest";
import { planPull, reachedBy, type PlanOptions } from "../../src/commands/pull-plan.ts";
import type { Checkpoint } from "../../src/core/ports.ts";

const day = (number: number): string => new Date(Date.UTC(2026, 0, number)).toISOString();
const plan = (options: Partial<PlanOptions>, saved?: Checkpoint, now = 50) => planPull({ overlap: 0, firstDays: 7, ...options }, saved, Date.parse(day(now)));
const broken: Checkpoint = { from: day(10), to: day(30), cursor: "c" };
const finish = { from: day(10), to: day(30), cursor: "c" };

test.each<[string, Partial<PlanOptions>, Checkpoint | undefined, object]>([
  ["the first time a week back", {}, undefined, { ask: { from: day(43), to: day(50) } }],
  ["then from where the last one ended", {}, { from: day(1), to: day(40) }, { ask: { from: day(40), to: day(50) }, reached: day(40) }],
  ["a window that broke off first, then what came since", {}, broken, { finish, ask: { from: day(30), to: day(50) } }],
  ["the same words go on, and ask for nothing twice", { since: day(11), until: day(30) }, broken, { finish }],
  ["more than what broke off: it first, then all of it", { since: day(5) }, broken, { finish, ask: { from: day(5), to: day(50) } }],
  ["later than what broke off: both, and what lies between is named", { since: day(35) }, broken, { finish, ask: { from: day(35), to: day(50) }, gap: { from: day(30), to: day(35) } }],
  ["earlier than what broke off", { since: day(2), until: day(4) }, broken, { finish, ask: { from: day(2), to: day(4) } }],
  ["a window that had begun and stored nothing", {}, { from: day(10), to: day(30), open: true }, { finish: { from: day(10), to: day(30), cursor: undefined }, ask: { from: day(30), to: day(50) } }],
  ["left on request: as if it had not been", { restart: true, since: day(45) }, { ...broken, reached: day(9) }, { ask: { from: day(45), to: day(50) }, gap: { from: day(9), to: day(45) }, reached: day(9) }],
])("%s", (_, options, saved, wanted) => {
  expect(plan(options, saved)).toEqual(wanted);
});

test("an empty window is refused, and the sentence fits what was typed", () => {
  expect(() => plan({ since: day(9), until: day(9) })).toThrow("--since is not before --until");
  expect(() => plan({ until: day(9) }, { from: day(1), to: day(20) })).toThrow("Everything before 2026-01-09T00:00Z was pulled already");
});

const step = fc.record({ since: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }), length: fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined }), killed: fc.boolean() });
test("whatever was asked for and killed before, a plain pull leaves nothing out since the first window", () => {
  fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), leavesNothingOut));
});

function leavesNothingOut(steps: readonly { readonly since: number | undefined; readonly length: number | undefined; readonly killed: boolean }[]): void {
  const pulled = new Set<number>();
  const daysOf = ({ from, to }: { from: string; to: string }): number[] => Array.from({ length: 60 }, (_, at) => at + 1).filter((at) => day(at) >= from && day(at) < to);
  let saved: Checkpoint | undefined;
  let first: string | undefined;
  let now = 41;
  for (const { since, length, killed } of [...steps, { since: undefined, length: undefined, killed: false }]) {
    now += 1;
    const until = since !== undefined && length !== undefined ? { until: day(since + length) } : {};
    const { finish: left, ask, reached } = plan({ ...(since === undefined ? {} : { since: day(since) }), ...until }, saved, now);
    let at = reached;
    for (const window of [left, ask]) {
      if (window === undefined) continue;
      first ??= window.from;
      if (killed) {
        saved = { from: window.from, to: window.to, open: true, reached: at };
        break;
      }
      for (const one of daysOf(window)) pulled.add(one);
      at = reachedBy(window, at);
      saved = { from: window.from, to: at };
    }
  }
  expect(daysOf({ from: first as string, to: day(now) }).filter((one) => !pulled.has(one))).toEqual([]);
}
