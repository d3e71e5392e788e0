import { seededRandom } from "../base/random.ts";
import { logChoose } from "./binomial.ts";

export type Interval = { readonly low: number; readonly high: number };

/** Wilson score interval of a rate, 95 % unless told otherwise. Nothing tried: anything is possible, [0, 1]. */
export function wilson(passed: number, trials: number, z = 1.959963984540054): Interval {
  if (trials === 0) return { low: 0, high: 1 };
  const rate = passed / trials;
  const z2 = z * z;
  const middle = rate + z2 / (2 * trials);
  const half = z * Math.sqrt((rate * (1 - rate)) / trials + z2 / (4 * trials * trials));
  const scale = 1 + z2 / trials;
  return {
    low: passed === 0 ? 0 : Math.max(0, (middle - half) / scale),
    high: passed === trials ? 1 : Math.min(1, (middle + half) / scale),
  };
}

/** pass@k: the chance that at least one of k attempts passes, unbiased from c passes of n (Chen et al. 2021). Needs k <= n. */
export function passAtK({ passed, trials }: { passed: number; trials: number }, k: number): number {
  return 1 - Math.exp(logChoose(trials - passed, k) - logChoose(trials, k));
}

/** pass^k: the chance that all of k attempts pass, unbiased as C(c,k)/C(n,k) (tau-bench); never the k-th power of c/n. */
export function passHatK({ passed, trials }: { passed: number; trials: number }, k: number): number {
  return Math.exp(logChoose(passed, k) - logChoose(trials, k));
}

export type Scored = { readonly cluster: string; readonly value: number };

/**
 * 95 % interval of a mean by resampling whole clusters (a case, or near-duplicates that are one case in disguise), so that
 * repeats of one case do not count as independent. Percentile method, seeded: same data and seed, same interval.
 */
export function clusterBootstrap(scores: readonly Scored[], { seed = 1, rounds = 2000 } = {}): Interval & { readonly mean: number } {
  const byCluster = new Map<string, { sum: number; n: number }>();
  for (const { cluster, value } of scores) {
    const so = byCluster.get(cluster) ?? { sum: 0, n: 0 };
    byCluster.set(cluster, { sum: so.sum + value, n: so.n + 1 });
  }
  const clusters = [...byCluster.values()];
  const total = clusters.reduce((all, { sum, n }) => ({ sum: all.sum + sum, n: all.n + n }), { sum: 0, n: 0 });
  if (total.n === 0) return { mean: Number.NaN, low: Number.NaN, high: Number.NaN };
  const random = seededRandom(seed);
  const means = Array.from({ length: rounds }, () => {
    let sum = 0;
    let n = 0;
    for (let i = 0; i < clusters.length; i += 1) {
      const drawn = clusters[Math.floor(random() * clusters.length)];
      sum += drawn?.sum ?? 0;
      n += drawn?.n ?? 0;
    }
    return sum / n;
  }).sort((a, b) => a - b);
  const at = (share: number): number => means[Math.min(rounds - 1, Math.floor(share * rounds))] ?? Number.NaN;
  return { mean: total.sum / total.n, low: at(0.025), high: at(0.975) };
}

/**
 * Benjamini–Hochberg: p-values of several questions as q-values, in the order given. Those at or under a level keep the
 * expected share of false alarms among the alarms at that level.
 */
export function benjaminiHochberg(ps: readonly number[]): number[] {
  const order = ps.map((p, index) => ({ p, index })).sort((a, b) => b.p - a.p);
  const qs = ps.map(() => 1);
  let least = 1;
  for (const [place, { p, index }] of order.entries()) {
    least = Math.min(least, p * (ps.length / (ps.length - place)));
    qs[index] = least;
  }
  return qs;
}
