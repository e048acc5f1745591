/** @module The order of the dogs in the endless grid: by number, but the first rows are dogs that a person found good. */

const SEEDS = 2 ** 32;

/** What the grid begins with, until the visitor jumps elsewhere. */
export const FIRST_SEED = 1;

/**
 * The seed of the grid's i-th dog. After the opening come the numbers from 1 on that are not in it; after the largest seed
 * comes 0.
 *
 * @param from the first seed; with another one than `FIRST_SEED` there is no opening
 */
export function seedAt(from: number, i: number, opening: readonly number[]): number {
  if (from !== FIRST_SEED || opening.length === 0) return (from + i) % SEEDS;
  if (i < opening.length) return opening[i]!;
  let seed = FIRST_SEED + i - opening.length;
  for (const shown of opening.toSorted((a, b) => a - b)) if (shown >= FIRST_SEED && shown <= seed) seed++;
  return seed % SEEDS;
}
