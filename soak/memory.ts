/** @module Whether memory stays flat. */

/** Memory of a process at a time. */
export interface Sample {
  minutes: number;
  megabytes: number;
}

/**
 * The slope of a least-squares line through the second half of the samples, when caches are full and code is compiled.
 *
 * @param samples in order of time, at least four
 * @returns megabytes per minute
 */
export function slopeOfSecondHalf(samples: readonly Sample[]): number {
  const half = samples.slice(Math.floor(samples.length / 2));
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const [middle, level] = [mean(half.map((one) => one.minutes)), mean(half.map((one) => one.megabytes))];
  const covariance = mean(half.map((one) => (one.minutes - middle) * (one.megabytes - level)));
  return covariance / mean(half.map((one) => (one.minutes - middle) ** 2));
}
