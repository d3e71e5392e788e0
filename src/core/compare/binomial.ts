/** Natural logarithm of n!, exact to rounding: a running sum, kept between calls. */
function logFactorial(n: number): number {
  for (let k = logFactorials.length; k <= n; k += 1) logFactorials.push((logFactorials[k - 1] ?? 0) + Math.log(k));
  return logFactorials[n] ?? 0;
}
const logFactorials: number[] = [0];

/** log C(n, k); -Infinity where there is no such choice. */
export function logChoose(n: number, k: number): number {
  return k < 0 || k > n ? Number.NEGATIVE_INFINITY : logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/** P(X >= k) for X ~ Binomial(n, 1/2): the sign test's tail. */
export function signTail(k: number, n: number): number {
  let sum = 0;
  for (let i = Math.max(0, k); i <= n; i += 1) sum += Math.exp(logChoose(n, i) - n * Math.LN2);
  return Math.min(1, sum);
}
