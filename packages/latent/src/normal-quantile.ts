/** @module The inverse of the normal distribution function; the same bits in every JavaScript engine. */

import { naturalLog, polynomial } from './portable-math.ts';

// Coefficients of PPND16, lowest power first; M. J. Wichura, "Algorithm AS 241: The percentage points of the normal
// distribution", Applied Statistics 37 (1988). Accurate to about 1 part in 10^16.
const CENTRE_ABOVE = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
  33430.57558358813, 2509.0809287301227,
];
const CENTRE_BELOW = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943,
  5226.495278852854,
];
const TAIL_ABOVE = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506,
  0.022723844989269184, 0.0007745450142783414,
];
const TAIL_BELOW = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
];

/**
 * Standard normal quantile of (word + 1/2) / 2^32, within about ±6.34; `word` is an unsigned 32-bit integer.
 * The probability is at least 2^-33 from 0 and 1, so AS 241's third branch (probabilities below e^-25) is unreachable.
 */
export function normalFromWord(word: number): number {
  const probability = (word + 0.5) / 0x1_0000_0000;
  const fromCentre = probability - 0.5;
  if (fromCentre >= -0.425 && fromCentre <= 0.425) {
    const r = 0.180625 - fromCentre * fromCentre;
    return (fromCentre * polynomial(CENTRE_ABOVE, r)) / polynomial(CENTRE_BELOW, r);
  }
  const r = Math.sqrt(-naturalLog(fromCentre < 0 ? probability : 1 - probability)) - 1.6;
  const distance = polynomial(TAIL_ABOVE, r) / polynomial(TAIL_BELOW, r);
  return fromCentre < 0 ? -distance : distance;
}
