import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../../src/core/base/random.ts";
import { decideGate } from "../../../src/core/compare/gate.ts";
import { gateRules } from "../../../src/core/compare/rules.ts";
import { armOfRun } from "../../../src/core/compare/arm.ts";
import { armOfBaseline, baselineOf, baselineText, readBaseline } from "../../../src/core/compare/baseline.ts";
import { madeRun } from "../../support/runs.ts";
import type { Arm, ArmCase, Counts } from "../../../src/core/compare/types.ts";

/** `p` a passed trial, `f` failed, `i` invalid, `e` error. */
function counts(trials: string): Counts {
  const of = (letter: string): number => trials.split(letter).length - 1;
  return { passed: of("p"), failed: of("f"), invalid: of("i"), errors: of("e") };
}

const setup = { depth: "tape", target: "trace", on_miss: "fail", settings: "s" } as const;

function arm(name: string, cases: Readonly<Record<string, string>>, more: Partial<ArmCase> = {}): Arm {
  return {
    name,
    dataset: { name: "support", version: "1.0.0" },
    prompt: { name: "support", version: name, hash: name },
    model: "m",
    complete: true,
    cases: Object.entries(cases).map(([case_id, trials]) => ({
      case_id,
      hash: "h",
      codes: [],
      setup,
      course: ["handoff Billing", trials.includes("f") ? "tool issue_refund" : "message"],
      counts: counts(trials),
      tokens: null,
      ...more,
    })),
  };
}

/** `n` cases that all did the same. */
const many = (n: number, trials: string, from = 0): Record<string, string> =>
  Object.fromEntries(Array.from({ length: n }, (_, at) => [`c${String(from + at).padStart(3, "0")}`, trials]));

const rules = gateRules({});
const decide = (before: Record<string, string>, after: Record<string, string>, more: Partial<ArmCase> = {}) =>
  decideGate(arm("1", before, more), arm("2", after, more), rules);

describe("the verdict", () => {
  const frozen = { setup: { ...setup, depth: "frozen" as const } };
  test.each<[string, Record<string, string>, Record<string, string>, Partial<ArmCase>, string, boolean]>([
    ["nothing changed, many cases", many(20, "p"), many(20, "p"), {}, "pass", true],
    ["everything fails as before", many(20, "f"), many(20, "f"), {}, "pass", true],
    ["only better", many(20, "f"), many(20, "p"), {}, "pass", true],
    ["one case broken, five repeats on both sides", many(12, "ppppp"), { ...many(12, "ppppp"), c003: "fffff" }, {}, "regressed", true],
    ["one case broken, three repeats are too few", many(12, "ppp"), { ...many(12, "ppp"), c003: "fff" }, {}, "inconclusive", true],
    ["one newly failing trial of a sampled model is no break", many(100, "p"), { ...many(100, "p"), c003: "f" }, {}, "inconclusive", true],
    ["one newly failing case where nothing is left to chance", many(12, "p"), { ...many(12, "p"), c003: "f" }, frozen, "regressed", true],
    ["four worse of single trials do not reach 0.05", many(20, "p"), { ...many(20, "p"), ...many(4, "f") }, {}, "inconclusive", true],
    ["five worse do", many(20, "p"), { ...many(20, "p"), ...many(5, "f") }, {}, "regressed", true],
    ["as many better as worse, flaky on both sides", many(20, "ppf"), { ...many(10, "pff"), ...many(10, "ppf", 10) }, {}, "regressed", true],
    ["flakier in two cases", many(20, "ppppp"), { ...many(20, "ppppp"), ...many(2, "ppfff") }, {}, "pass", true],
    ["one case nearly always fails now", many(20, "ppppp"), { ...many(20, "ppppp"), c001: "pffff" }, {}, "inconclusive", true],
    ["off the tape where it passed before", many(20, "p"), { ...many(20, "p"), c001: "i" }, {}, "inconclusive", true],
    ["the world failed where it passed before", many(20, "p"), { ...many(20, "p"), c001: "e" }, {}, "inconclusive", true],
    ["the world failed where it failed before anyway", { ...many(20, "p"), c001: "f" }, { ...many(20, "p"), c001: "e" }, {}, "pass", true],
    ["the world failed everywhere", many(20, "p"), many(20, "e"), {}, "inconclusive", false],
    ["the world failed in half", many(20, "p"), { ...many(20, "p"), ...many(10, "e") }, {}, "inconclusive", false],
    ["a regression shows through errors", many(20, "p"), { ...many(20, "p"), ...many(6, "f"), ...many(10, "e", 10) }, {}, "regressed", true],
    ["a new case beside old ones", many(20, "p"), many(21, "p"), {}, "pass", true],
    ["a case gone that passed before", many(20, "p"), many(19, "p"), {}, "inconclusive", true],
    ["all cases new", many(5, "p"), many(5, "p", 10), {}, "inconclusive", false],
    ["nothing at all", {}, {}, {}, "inconclusive", false],
  ])("%s", (_, before, after, more, verdict, judged) => {
    const result = decide(before, after, more);
    expect([result.verdict, result.judged]).toEqual([verdict, judged]);
    expect(result.reasons.length).toBeGreaterThan(0);
  });

  test("a stale fingerprint or another setup is not comparable and never a silent pass", () => {
    const before = arm("1", many(20, "p"));
    const edited = arm("2", many(20, "p"), { hash: "other" });
    expect(decideGate(before, edited, rules)).toMatchObject({ verdict: "inconclusive", judged: false, counts: { "not-comparable": 20 } });
    const frozen = arm("2", many(20, "p"), { setup: { ...setup, depth: "frozen" } });
    expect(decideGate(before, frozen, rules).cases[0]?.why).toBe("setup");
  });

  test("says where the two courses part", () => {
    const [first] = decide(many(12, "ppppp"), { ...many(12, "ppppp"), c003: "fffff" }).cases;
    expect(first).toMatchObject({ case_id: "c003", break: "confirmed", parts: { step: 2, baseline: "message", candidate: "tool issue_refund" } });
  });
});

describe("limits of failure codes", () => {
  const leak = { codes: ["privacy.leak"] };
  const limited = gateRules({ gate: { codes: { "privacy.leak": 0 } } });
  const gate = (before: Record<string, string>, after: Record<string, string>) => decideGate(arm("1", before, leak), arm("2", after, leak), limited);

  test("a limit is absolute: failing as before is still over it", () => {
    expect(gate(many(5, "f"), many(5, "f")).verdict).toBe("regressed");
    expect(gate(many(5, "f"), many(5, "p")).verdict).toBe("pass");
  });

  test("one leak in five trials is a leak", () => {
    expect(gate(many(5, "ppppp"), { ...many(5, "ppppp"), c001: "ppppf" }).reasons[0]).toBe("privacy.leak: 1 case fails, none may.");
  });

  test("a case of the code that could not be judged leaves the answer open", () => {
    expect(gate({ ...many(5, "p"), c001: "f" }, { ...many(5, "p"), c001: "i" }).verdict).toBe("inconclusive");
  });

  test("a limit without a case to show it is said", () => {
    expect(decideGate(arm("1", many(9, "p")), arm("2", many(9, "p")), limited).reasons).toContain("privacy.leak has a limit and no case to show it.");
  });

  test.each([[{ alhpa: 1 }], [{ alpha: 2 }], [{ codes: { leak: 0 } }], [{ codes: { "privacy.leak": -1 } }]])("%j is refused by name", (gate) => {
    expect(() => gateRules({ gate })).toThrow(/casebook\.yaml: gate/);
  });
});

test("every case is in exactly one bucket and the bounds hold, whatever the two sides hold", () => {
  const trials = fc.string({ unit: fc.constantFrom("p", "f", "i", "e"), minLength: 1, maxLength: 5 });
  const side = fc.dictionary(fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h"), trials);
  fc.assert(
    fc.property(side, side, (before, after) => {
      const result = decide(before, after);
      const ids = new Set([...Object.keys(before), ...Object.keys(after)]);
      expect(result.cases.map(({ case_id }) => case_id).toSorted()).toEqual([...ids].toSorted());
      expect(Object.values(result.counts).reduce((a, b) => a + b, 0)).toBe(ids.size);
      expect(result.bounds.worst).toBeLessThanOrEqual(result.bounds.best);
      expect(result.comparable > 0 || (result.verdict === "inconclusive" && !result.judged)).toBe(true);
    }),
  );
});

const side = fc.dictionary(fc.constantFrom("a", "b", "c", "d", "e", "f"), fc.string({ unit: fc.constantFrom("p", "f", "i", "e"), minLength: 1, maxLength: 5 }), { minKeys: 1 });

test("a run against itself is never a regression, and two runs the other way round are the other way round", () => {
  fc.assert(
    fc.property(side, side, (one, other) => {
      expect(decide(one, one).verdict).not.toBe("regressed");
      const [there, back] = [decide(one, other), decide(other, one)];
      expect([there.mcnemar.worse, there.mcnemar.better, there.comparable]).toEqual([back.mcnemar.better, back.mcnemar.worse, back.comparable]);
      expect(there.change?.mean ?? 0).toBeCloseTo(-(back.change?.mean ?? 0), 9);
    }),
  );
});

test("more failing trials never turn a regression into a pass", () => {
  fc.assert(
    fc.property(side, side, (before, after) => {
      const worse = Object.fromEntries(Object.entries(after).map(([id, trials]) => [id, trials.replace("p", "f")]));
      expect([decide(before, after).verdict, decide(before, worse).verdict]).not.toEqual(["regressed", "pass"]);
    }),
  );
});

test("a blessed run gates as the run itself does", () => {
  fc.assert(
    fc.property(side, side, (before, after) => {
      // Every case of a run has the same number of trials.
      const square = (cases: Record<string, string>): Record<string, string> => Object.fromEntries(Object.entries(cases).map(([id, trials]) => [id, trials.padEnd(5, trials)]));
      const [was, is] = [madeRun({ id: "was", cases: square(before) }), madeRun({ id: "is", cases: square(after) })];
      const blessed = armOfBaseline(readBaseline(baselineText(baselineOf(was)), "baseline.jsonl"), "was");
      expect(decideGate(blessed, armOfRun(is), rules)).toEqual(decideGate(armOfRun(was), armOfRun(is), rules));
    }),
  );
});

test("two hundred changes that change nothing, on 100 cases that pass 98 % of the time: at most two are called a regression", () => {
  const random = seededRandom(11);
  const draw = (): Record<string, string> =>
    Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`c${at}`, Array.from({ length: 5 }, () => (random() < 0.98 ? "p" : "f")).join("")]));
  let regressed = 0;
  for (let i = 0; i < 200; i += 1) if (decideGate(arm("1", draw()), arm("2", draw()), { ...rules, seed: 1 }).verdict === "regressed") regressed += 1;
  expect(regressed).toBeLessThanOrEqual(2);
});
