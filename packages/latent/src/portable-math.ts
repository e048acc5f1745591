/**
 * @module Logarithm, sine and arc tangent with the same bits in every JavaScript engine.
 *
 * ECMAScript leaves the last digits of `Math.log`, `Math.sin` and `Math.atan` to the engine. IEEE 754 fully specifies
 * + - * / and the square root, and JavaScript forbids fusing them, so these functions use nothing else.
 * Their error is below 1e-15 (relative for results above 1, absolute otherwise).
 */

/** Sum of coefficients[k] * x^k by Horner's rule. */
export function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) sum = sum * x + coefficients[k]!;
  return sum;
}

const INVERSE_ODDS = Array.from({ length: 12 }, (_, k) => 1 / (2 * k + 1));
const ALTERNATING_INVERSE_ODDS = INVERSE_ODDS.map((coefficient, k) => (k % 2 === 0 ? coefficient : -coefficient));

/** Natural logarithm of a positive number that is not subnormal; one loop step per power of two away from 1. */
export function naturalLog(x: number): number {
  let exponent = 0;
  let mantissa = x;
  for (; mantissa < Math.SQRT1_2; exponent--) mantissa *= 2;
  for (; mantissa > Math.SQRT2; exponent++) mantissa /= 2;
  // log m = 2 artanh((m - 1) / (m + 1)); |s| < 0.172, so the twelfth term is below 1e-18.
  const s = (mantissa - 1) / (mantissa + 1);
  return exponent * Math.LN2 + 2 * s * polynomial(INVERSE_ODDS, s * s);
}

/** Arc tangent of x in [0, 1], radians. */
export function arcTangent(x: number): number {
  // atan x = 2 atan(x / (1 + sqrt(1 + x^2))): two halvings bring x below 0.2, where the series converges fast.
  const half = x / (1 + Math.sqrt(1 + x * x));
  const quarter = half / (1 + Math.sqrt(1 + half * half));
  return 4 * quarter * polynomial(ALTERNATING_INVERSE_ODDS, quarter * quarter);
}

const SINE_TAYLOR = [1];
for (let k = 1; k < 12; k++) SINE_TAYLOR.push(-SINE_TAYLOR[k - 1]! / (2 * k * (2 * k + 1)));

/** Sine of x in [-pi / 2, pi], radians. */
export function sine(x: number): number {
  const folded = x > Math.PI / 2 ? Math.PI - x : x;
  return folded * polynomial(SINE_TAYLOR, folded * folded);
}
