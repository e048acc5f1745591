/** @module Medians and spreads of measurements. */

export interface Spread {
  median: number;
  least: number;
  most: number;
}

/** @throws RangeError if there are no values */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** Linear interpolation between the two nearest values. @param percent 0 to 100 @throws RangeError if there are no values */
export function percentile(values: readonly number[], percent: number): number {
  if (values.length === 0) throw new RangeError('no values');
  const sorted = values.toSorted((a, b) => a - b);
  const place = ((sorted.length - 1) * percent) / 100;
  const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  return below + (above - below) * (place % 1);
}

export function spread(values: readonly number[]): Spread {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
}

/**
 * The spread of `own[round] / reference[round]`. Both were measured in the same rounds, so other load on the machine
 * cancels out; it would not in a ratio of two medians.
 */
export function pairedRatio(own: readonly number[], reference: readonly number[]): Spread {
  if (own.length !== reference.length) throw new RangeError(`${own.length} values against ${reference.length}`);
  return spread(own.map((value, round) => value / reference[round]!));
}
