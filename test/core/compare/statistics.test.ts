import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { logChoose, signTail } from "../../../src/core/compare/binomial.ts";
import { fisherWorse, leastDiscordant, mcnemar } from "../../../src/core/compare/paired.ts";
import { benjaminiHochberg, clusterBootstrap, passAtK, passHatK, wilson } from "../../../src/core/compare/rates.ts";

describe("the paired test of two runs", () => {
  test.each([
    // worse, better, one-sided, two-sided: binomial tails at 1/2
    [0, 0, 1, 1],
    [1, 0, 0.5, 1],
    [4, 0, 0.0625, 0.125],
    [5, 0, 0.03125, 0.0625],
    [8, 2, 0.0546875, 0.109375],
    [9, 1, 0.0107421875, 0.021484375],
    [2, 8, 0.9892578125, 0.109375],
    [12, 0, 1 / 4096, 2 / 4096],
    // Agresti's approval ratings, exact instead of his chi-square (z = 4.17).
    [150, 86, 1.857968e-5, 3.715936e-5],
  ])("%i worse and %i better", (worse, better, one, two) => {
    const { one_sided, two_sided } = mcnemar(worse, better);
    expect(one_sided).toBeCloseTo(one, 9);
    expect(two_sided).toBeCloseTo(two, 9);
  });

  test("five changed cases, all for the worse, are the least that reach 0.05; seven reach 0.01", () => {
    expect([leastDiscordant(0.05), leastDiscordant(0.0625), leastDiscordant(0.01)]).toEqual([5, 4, 7]);
  });

  test("one more worse case never makes the p larger, and the two tails make one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(60), (worse, better) => {
        const p = mcnemar(worse, better).one_sided;
        expect(mcnemar(worse + 1, better).one_sided).toBeLessThanOrEqual(p + 1e-12);
        expect(p + mcnemar(better + 1, worse - 1).one_sided).toBeCloseTo(1, 9);
      }),
    );
  });

  test("a thousand changed cases are no trouble", () => {
    expect(mcnemar(500, 500).one_sided).toBeCloseTo(0.5126125, 6);
    expect(signTail(0, 1000)).toBeCloseTo(1, 9);
  });
});

describe("Fisher's test of one case", () => {
  test.each([
    [5, 5, 0, 5, 1 / 252],
    [3, 3, 0, 3, 1 / 20],
    [4, 4, 0, 4, 1 / 70],
    [5, 5, 1, 5, 6 / 252],
    [5, 5, 5, 5, 1],
    [1, 1, 0, 1, 0.5],
    [0, 5, 0, 5, 1],
    // Fisher's tea: 3 of 4 right against 1 of 4, 17/70.
    [3, 4, 1, 4, 17 / 70],
  ])("%i of %i against %i of %i", (was, of, is, now, p) => {
    expect(fisherWorse({ passed: was, trials: of }, { passed: is, trials: now })).toBeCloseTo(p, 12);
  });

  test("agrees with counting every arrangement", () => {
    const tally = fc.nat(6).chain((trials) => fc.record({ trials: fc.constant(trials), passed: fc.nat(trials) }));
    fc.assert(
      fc.property(tally, tally, (before, after) => {
        const n = before.trials + after.trials;
        const passes = before.passed + after.passed;
        let all = 0;
        let few = 0;
        for (let bits = 0; bits < 2 ** n; bits += 1) {
          const ones = (from: number, to: number): number => bits.toString(2).padStart(n, "0").slice(from, to).replaceAll("0", "").length;
          if (ones(0, n) !== passes) continue;
          all += 1;
          if (ones(before.trials, n) <= after.passed) few += 1;
        }
        expect(fisherWorse(before, after)).toBeCloseTo(few / all, 9);
      }),
      { numRuns: 60 },
    );
  });
});

describe("rates", () => {
  test.each([
    // Newcombe 1998, table I: 81/263, 15/148, 0/20, 1/29.
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
    [20, 20, 0.8389, 1],
    [0, 0, 0, 1],
  ])("Wilson of %i of %i", (passed, of, low, high) => {
    const interval = wilson(passed, of);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  test.each([
    [3, 5, 2, 9 / 10, 3 / 10],
    [5, 5, 5, 1, 1],
    [0, 4, 1, 0, 0],
    [1, 4, 1, 0.25, 0.25],
    [2, 5, 4, 1, 0],
  ])("%i of %i passed, k = %i", (passed, trials, k, at, hat) => {
    expect(passAtK({ passed, trials }, k)).toBeCloseTo(at, 12);
    expect(passHatK({ passed, trials }, k)).toBeCloseTo(hat, 12);
  });

  test("pass^k averaged over all outcomes is the true power: it is unbiased", () => {
    for (const [p, n, k] of [[0.7, 6, 3], [0.3, 5, 2], [0.9, 8, 8]] as const) {
      let mean = 0;
      for (let c = 0; c <= n; c += 1) mean += Math.exp(logChoose(n, c)) * p ** c * (1 - p) ** (n - c) * passHatK({ passed: c, trials: n }, k);
      expect(mean).toBeCloseTo(p ** k, 9);
    }
  });

  test("Benjamini–Hochberg gives the q-values of R's p.adjust", () => {
    const ps = [0.01, 0.04, 0.03, 0.005, 0.5];
    expect(benjaminiHochberg(ps).map((q) => Number(q.toFixed(6)))).toEqual([0.025, 0.05, 0.05, 0.025, 0.5]);
    expect(benjaminiHochberg([])).toEqual([]);
  });

  test("q is never under p, keeps the order of p, and stays in [0, 1]", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), (ps) => {
        const qs = benjaminiHochberg(ps);
        for (const [i, q] of qs.entries()) {
          expect(q).toBeGreaterThanOrEqual(ps[i] ?? 0);
          expect(q).toBeLessThanOrEqual(1);
          expect(qs.every((other, j) => (ps[i] ?? 0) >= (ps[j] ?? 0) || q <= other)).toBe(true);
        }
      }),
    );
  });
});

describe("the bootstrap over clusters", () => {
  const scores = [1, 0, 1, 1, 0, 1, 1, 1, 0, 1].map((value, at) => ({ cluster: `c${at}`, value }));

  test("the same seed gives the same interval, around the mean", () => {
    const one = clusterBootstrap(scores, { seed: 7 });
    expect(clusterBootstrap(scores, { seed: 7 })).toEqual(one);
    expect(one.mean).toBeCloseTo(0.7, 12);
    expect(one.low).toBeLessThan(0.7);
    expect(one.high).toBeGreaterThan(0.7);
  });

  test("repeats of a case do not narrow it: the case is the unit", () => {
    const repeated = scores.flatMap((score) => Array.from({ length: 20 }, () => score));
    expect(clusterBootstrap(repeated, { seed: 7 })).toEqual(clusterBootstrap(scores, { seed: 7 }));
  });

  test("matches the binomial it imitates", () => {
    const wide = clusterBootstrap(Array.from({ length: 400 }, (_, at) => ({ cluster: String(at), value: at % 4 === 0 ? 0 : 1 })));
    expect(wide.low).toBeCloseTo(0.7076, 1);
    expect(wide.high).toBeCloseTo(0.7924, 1);
  });
});
